import {
  type Call,
  clip,
  code,
  isObject,
  type Outcome,
  type Peer,
  ProtocolError,
  TransportError,
} from '@interlock/protocol'
import { loginNeededIn } from './upstreams/login-needed.ts'
import { isOutcomeUnknown, publicReason, Unavailable } from './upstreams/reason.ts'

/** Who an error comes from. */
export interface Origin {
  readonly name: string
}

/**
 * That the server has no such method is for the client to know: it has asked for this very method, at this very server.
 */
export class MethodNotFoundThere extends ProtocolError {
  constructor({ name }: Origin, method: string) {
    super(code.methodNotFound, `Method not found: server "${name}" has no method ${clip(method)}`)
  }
}

/** How a tool's call ends that its server did not answer. @throws what the client itself is to be told */
export function toldOf(error: unknown, server: Origin, { caller }: Call): Outcome {
  if (caller.signal.aborted) throw error
  if (!(error instanceof TransportError)) throw inWordsOf(caller.peer, error, server)
  // The model is told, since it can go another way.
  return { kind: 'complete', result: { content: [{ type: 'text', text: sentence(error, server) }], isError: true } }
}

/** An answer, or an error that names the server, where that is the one that fails. */
export async function naming<Value>(server: Origin, { caller }: Call, answer: Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    if (caller.signal.aborted) throw error
    if (!(error instanceof TransportError)) throw inWordsOf(caller.peer, error, server)
    throw new ProtocolError(code.internalError, sentence(error, server), undefined, { cause: error })
  }
}

/** What a server answers to a request that is the gateway's, but made for a client. */
export function refusal(server: Origin, method: string, error: ProtocolError): ProtocolError {
  if (error.code === code.methodNotFound) return new MethodNotFoundThere(server, method)
  return hopCodes.has(error.code) ? failed(server, error) : error
}

function sentence(error: TransportError, { name }: Origin): string {
  if (error instanceof Unavailable) return error.message
  const need = loginNeededIn(error)
  if (need !== undefined) return `server "${name}" ${need.told}`
  const told = `server "${name}": ${publicReason(error)}`
  return isOutcomeUnknown(error) ? `${told}; whether the call took effect is unknown` : told
}

/** Errors about how the gateway spoke to a server: the client has spoken to the gateway, and rightly. */
const hopCodes: ReadonlySet<number> = new Set([
  code.headerMismatch,
  code.unsupportedVersion,
  code.methodNotFound,
  code.parseError,
  code.invalidRequest,
])

/** Characters of a server's error message that are repeated. */
const repeatedLength = 200

/**
 * A server's error as this client may be told it. Codes pass as they are, but for those that mean something else here:
 * those of the hop between gateway and server, and those that the client's revision forbids (`isForbidden`). They become
 * −32603, and the message says what it was.
 */
function inWordsOf({ revision }: Peer, error: unknown, server: Origin): unknown {
  if (!(error instanceof ProtocolError) || error instanceof MethodNotFoundThere) return error
  const isStateless = revision.features.era === 'modern'
  const pages = isStateless ? pagesOf(error) : undefined
  if (pages !== undefined) return pageMissing(error, pages)
  if (hopCodes.has(error.code)) return failed(server, error)
  if (!isStateless || !isForbidden(error.code)) return error
  const message = `server "${server.name}" failed with code ${error.code}: ${clip(error.message, repeatedLength)}`
  return new ProtocolError(code.internalError, message, error.data, { cause: error })
}

const failed = ({ name }: Origin, error: ProtocolError): ProtocolError =>
  new ProtocolError(code.internalError, `server "${name}" failed: ${clip(error.message, repeatedLength)}`, undefined, {
    cause: error,
  })

/**
 * Whether stateless clients must not be sent a code: the specification keeps these for itself, has not given them a
 * meaning, or has taken it back (Base Protocol, Error Codes). Servers of older revisions were free to choose them.
 */
const isForbidden = (number: number): boolean =>
  number >= -32099 && number <= -32020 && number !== code.missingCapability

function pagesOf({ code: number, data }: ProtocolError): readonly unknown[] | undefined {
  const pages = number === code.urlElicitationRequired && isObject(data) ? data['elicitations'] : undefined
  return Array.isArray(pages) ? pages : undefined
}

/**
 * That the user has to go to a page first has an error of its own in sessions only. Clients without are told in the words
 * of a capability that they lack; the pages stay with it.
 */
function pageMissing(error: ProtocolError, elicitations: readonly unknown[]): ProtocolError {
  const data = { requiredCapabilities: { elicitation: { url: {} } }, elicitations }
  return new ProtocolError(code.missingCapability, error.message, data, { cause: error })
}
