import {
  clip,
  code,
  type Implementation,
  isObject,
  metaKey,
  newest,
  ProtocolError,
  type Revision,
  receivedByClients,
  type ServerCapabilities,
} from '@interlock/protocol'
import { standardHeaders } from '@interlock/transport'
import type { Host } from '../../host.ts'
import { resultOf } from '../../results.ts'
import type { Timing, Wire } from '../../wire.ts'
import type { ServerDescription } from '../conversation.ts'
import { enveloped } from './envelope.ts'

/**
 * Asks a server what it is. Resolves with 'legacy' when it answers as servers do that hold sessions.
 * @throws ProtocolError when it is stateless and refuses, or speaks no revision that is known here.
 */
export async function discover(wire: Wire, host: Host, timing: Timing): Promise<ServerDescription | 'legacy'> {
  const startedAt = Date.now()
  const preferred = host.revisions.find(isStateless) ?? newest
  const first = await ask(wire, host, preferred, timing)
  if (first === 'legacy' || 'info' in first) return first
  const timeoutMs = Math.max(timing.maxTotalMs - (Date.now() - startedAt), 1)
  const rest = { timeoutMs, maxTotalMs: timeoutMs }
  // Also when it is the version that was just refused: behind one address there may be servers of different age.
  const second = await ask(wire, host, first, rest)
  if (second === 'legacy' || 'info' in second) return second
  throw new ProtocolError(
    code.unsupportedVersion,
    `${wire.name} offers protocol version ${first.version} and refuses it`,
  )
}

const isStateless = ({ features }: Revision): boolean => features.era === 'modern'

/** A description; or the revision the server would rather be asked in. */
async function ask(
  wire: Wire,
  host: Host,
  revision: Revision,
  timing: Timing,
): Promise<ServerDescription | Revision | 'legacy'> {
  const { version } = revision
  const flight = wire.flight('server/discover', timing)
  const params = enveloped({}, { version, info: host.info, capabilities: host.capabilities })
  const reply = await wire.exchange(
    flight,
    params,
    wire.isHttp ? standardHeaders(flight.method, params, version) : undefined,
  )
  const { response } = reply
  if ('result' in response) return describe(response.result, host.revisions, wire.name)
  const { error } = response
  switch (error.code) {
    case code.unsupportedVersion: {
      const supported = isObject(error.data) ? error.data['supported'] : undefined
      return choose(Array.isArray(supported) ? supported : [], host.revisions, wire.name)
    }
    case code.headerMismatch:
    case code.missingCapability:
      resultOf(reply) // throws the error
      return 'legacy'
    default:
      return 'legacy'
  }
}

function describe(result: object, spoken: readonly Revision[], name: string): ServerDescription | 'legacy' {
  if (!isDiscoverResult(result)) return 'legacy'
  const chosen = choose(result.supportedVersions, spoken, name)
  if (chosen === 'legacy') return 'legacy'
  return {
    revision: chosen,
    info: implementationOf(result._meta?.[metaKey.serverInfo]),
    capabilities: result.capabilities,
    instructions: result.instructions,
  }
}

/** The newest stateless revision that both sides speak; else 'legacy', when the server has sessions to offer as well. */
function choose(versions: readonly unknown[], spoken: readonly Revision[], name: string): Revision | 'legacy' {
  const revision = spoken.find(({ version }) => versions.includes(version))
  if (revision !== undefined) return isStateless(revision) ? revision : 'legacy'
  const named = versions.filter(version => typeof version === 'string')
  const theirs = named.length === 0 ? 'none that it names' : clip(named.join(', '), 200)
  const ours = spoken.map(({ version }) => version).join(', ')
  throw new ProtocolError(
    code.unsupportedVersion,
    `no common protocol version: ${name} speaks ${theirs}, this client ${ours}`,
  )
}

interface DiscoverResult {
  readonly supportedVersions: readonly unknown[]
  readonly capabilities: ServerCapabilities
  readonly instructions?: string
  readonly _meta?: Readonly<Record<string, unknown>>
}

/** Lenient about what only a cache needs. */
function isDiscoverResult(result: object): result is DiscoverResult {
  return (
    receivedByClients(newest).requests['server/discover']?.result({
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      ...result,
    }) === true
  )
}

const implementationOf = (info: unknown): Implementation | undefined =>
  isObject(info) && typeof info['name'] === 'string' && typeof info['version'] === 'string'
    ? (info as unknown as Implementation) // its required members were just checked
    : undefined
