import {
  type Binding,
  code,
  decodeHeaderValue,
  type Exchange,
  type Implementation,
  invalidParams,
  isObject,
  type Meta,
  metaKey,
  methodNotFound,
  nameMember,
  nearest,
  type Params,
  type Peer,
  ProtocolError,
  type Request,
  type RequestChecks,
  type Revision,
  revision,
} from '@interlock/protocol'
import { FaultyParams } from '../faulty-params.ts'

/** A request refused before anything was run for it, with the HTTP status that this takes. */
export class Refused extends Error {
  readonly error: ProtocolError
  readonly status: number
  constructor(error: ProtocolError, status: number) {
    super(error.message)
    this.error = error
    this.status = status
  }
}

const envelopeKeys = [metaKey.protocolVersion, metaKey.clientCapabilities, metaKey.clientInfo]

/** Whether a message speaks of itself on every request, as modern revisions do. */
export function hasEnvelope({ message, binding }: Exchange): boolean {
  const meta = 'params' in message ? message.params?._meta : undefined
  if (isObject(meta) && envelopeKeys.some(key => key in meta)) return true
  const version = binding.header?.('mcp-protocol-version')
  if (version === undefined || binding.header?.('mcp-session-id') !== undefined) return false
  return revision(version)?.features.era !== 'legacy'
}

/**
 * Reads who is calling and checks all that can be checked without running anything.
 * @throws Refused, FaultyParams
 */
export function open(
  message: Request,
  binding: Binding,
  revisions: readonly Revision[],
  extended: Extended,
): { readonly peer: Peer; readonly params: Params } {
  const sent: Params = message.params ?? {}
  const meta = isObject(sent._meta) ? sent._meta : {}
  const version = meta[metaKey.protocolVersion]
  if (typeof version !== 'string') {
    throw new Refused(invalidParams(`Invalid params: params._meta["${metaKey.protocolVersion}"] must be a string`), 400)
  }
  if (binding.header !== undefined) compare('MCP-Protocol-Version', binding.header('mcp-protocol-version'), version)
  const served = revisions.find(known => known.version === version)
  if (served === undefined) throw unsupported(version, revisions)
  const checks = checksOf(served, message.method, extended)
  if (checks === undefined || checks.from === 'server') {
    throw new Refused(methodNotFound(message.method, nearest(message.method, Object.keys(served.requests))), 404)
  }
  const params = withReadableResponses(sent, served)
  if (binding.header !== undefined) compareHeaders(message.method, params, binding.header.bind(binding))
  if (!checks.params(params)) throw faultOf(served, checks, params)
  return { peer: peerOf(served, meta, binding), params }
}

/** Whether a method is one that an extension adds. */
type Extended = Pick<ReadonlySet<string>, 'has'>

/** Of what an extension adds only the envelope is known. */
function checksOf({ requests }: Revision, method: string, extended: Extended): RequestChecks | undefined {
  if (Object.hasOwn(requests, method)) return requests[method]
  return extended.has(method) ? requests['server/discover'] : undefined
}

/** What no question of ours can have as its answer is ignored (specification: Multi Round-Trip Requests, Error Handling). */
function withReadableResponses(params: Params, served: Revision): Params {
  const { inputResponses } = params
  if (!isObject(inputResponses)) return params
  const questions = Object.values(served.requests).filter(({ from }) => from === 'server')
  const entries = Object.entries(inputResponses)
  const readable = entries.filter(([, answer]) => questions.some(question => question.result(answer)))
  return readable.length === entries.length ? params : { ...params, inputResponses: Object.fromEntries(readable) }
}

/** A faulty envelope comes first, and must be 400 (specification: Base Protocol, `_meta`). */
function faultOf(served: Revision, checks: RequestChecks, params: Params): FaultyParams {
  const bare = served.requests['server/discover']
  const envelope = { _meta: params._meta }
  if (bare?.params(envelope) === false) return new FaultyParams(served, bare.names.params, envelope, 400)
  return new FaultyParams(served, checks.names.params, params)
}

function unsupported(requested: string, revisions: readonly Revision[]): Refused {
  const supported = revisions.map(known => known.version)
  const error = new ProtocolError(code.unsupportedVersion, 'Unsupported protocol version', { supported, requested })
  return new Refused(error, 400)
}

function peerOf(served: Revision, meta: Meta, { principal, transport }: Binding): Peer {
  const info = meta[metaKey.clientInfo] as Implementation | undefined // checked by the revision's schema, as the next
  const capabilities = meta[metaKey.clientCapabilities] as Peer['capabilities']
  return {
    revision: served,
    capabilities,
    ...(info === undefined ? {} : { info }),
    ...(principal === undefined ? {} : { principal }),
    ...(transport === 'http' ? {} : { isLocal: true }),
  }
}

function compareHeaders(method: string, params: Params, header: (name: string) => string | undefined): void {
  compare('Mcp-Method', header('mcp-method'), method)
  const member = nameMember(method)
  if (member === undefined) return
  const name = header('mcp-name')
  const decoded = name === undefined ? undefined : decodeHeaderValue(name.trim())
  if (name !== undefined && decoded === undefined) throw mismatch('Mcp-Name header is not validly encoded')
  compare('Mcp-Name', decoded, params[member])
}

function compare(header: string, value: string | undefined, expected: unknown): void {
  if (value === undefined) throw mismatch(`${header} header is missing`)
  if (value.trim() !== expected) throw mismatch(`${header} header does not match the body`)
}

const mismatch = (what: string): Refused =>
  new Refused(new ProtocolError(code.headerMismatch, `Header mismatch: ${what}`), 400)
