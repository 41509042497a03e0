import { type Call, interactiveMethods, type Params } from '@interlock/protocol'

/**
 * Whether a call sends a progress token: somebody listens, or progress shall keep it alive. Only calls that do work can
 * take long enough for that.
 */
export const sendsToken = ({ method, caller }: Call): boolean => caller.wantsProgress || interactiveMethods.has(method)

/** Params without the answers to questions of another hop: they are not this server's. */
export function withoutAnswers(params: Params): Params {
  if (!('inputResponses' in params) && !('requestState' in params)) return params
  const { inputResponses: _, requestState: __, ...rest } = params
  return rest
}
