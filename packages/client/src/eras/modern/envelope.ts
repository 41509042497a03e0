import {
  type Call,
  type ClientCapabilities,
  type Implementation,
  interactiveMethods,
  type LoggingLevel,
  metaKey,
  type Params,
  type RequestId,
  withoutEnvelope,
} from '@interlock/protocol'
import { withMeta, withoutAnswers } from '../../params.ts'

/** Who a request comes from, as every stateless request says it. */
export interface Sender {
  readonly version: string
  readonly info: Implementation
  readonly capabilities: ClientCapabilities
}

/** What a request says besides who sends it. */
export interface Wishes {
  readonly progressToken?: RequestId | undefined
  readonly logLevel?: LoggingLevel | undefined
}

/** A request's params with its envelope (specification: Base Protocol, `_meta`). Other keys of `_meta` stay. */
export function enveloped(params: Params, sender: Sender, { progressToken, logLevel }: Wishes = {}): Params {
  const meta: Record<string, unknown> = params._meta === undefined ? {} : { ...withoutEnvelope(params._meta) }
  meta[metaKey.protocolVersion] = sender.version
  meta[metaKey.clientInfo] = sender.info
  meta[metaKey.clientCapabilities] = sender.capabilities
  if (progressToken !== undefined) meta[metaKey.progressToken] = progressToken
  if (logLevel !== undefined) meta[metaKey.logLevel] = logLevel
  return withMeta(params, meta)
}

/** The params of a call as this hop sends them: answers that came back from an earlier round are those of the call. */
export function ofThisRound({ method, params, resume }: Call): Params {
  if (!interactiveMethods.has(method)) return params
  const own = withoutAnswers(params)
  if (resume === undefined) return own
  const { responses, state } = resume
  return state === undefined
    ? { ...own, inputResponses: responses }
    : { ...own, inputResponses: responses, requestState: state }
}
