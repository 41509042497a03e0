import {
  code,
  type Exchange,
  expressible,
  type Message,
  type Params,
  type Peer,
  ProtocolError,
  type Request,
  type Revision,
  resultResponse,
  type Service,
  type ServiceView,
} from '@interlock/protocol'
import type { ServerLimits } from '../../receive.ts'
import { newSessionId } from '../../workers/membership.ts'
import { FaultyParams } from '../faulty-params.ts'
import { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import { deskOf, taskCapability } from './tasks.ts'

/**
 * Answers `initialize` and opens the session (specification 2025-11-25: Lifecycle). The session is there when this
 * returns: clients may send on without waiting for the answer.
 * @throws FaultyParams; ProtocolError −32022 where no revision with sessions is served
 */
export function initialize(
  service: Service,
  sessions: Sessions,
  limits: ServerLimits,
  revisions: readonly Revision[],
  exchange: Exchange,
  message: Request,
): void {
  const { binding } = exchange
  const negotiated = negotiate(message.params, revisions)
  const { connection } = binding
  const id = idOnDemand()
  const peer = peerOf(message.params ?? {}, negotiated, exchange, id)
  const outlet = connection && ((reply: Message) => connection.send(reply))
  const view = service.viewOf?.(peer) ?? service
  const session = new Session(id, peer, view.changes, limits, sessions.events, outlet)
  if (connection === undefined) sessions.add(session)
  else sessions.addConnected(connection, session)
  const response = resultResponse(message.id, describe(service, view, negotiated))
  exchange.reply(response, connection === undefined ? { headers: { 'mcp-session-id': id() } } : undefined)
}

/** The revision that the client asked for, or else the newest that has sessions. */
function negotiate(params: Params | undefined, revisions: readonly Revision[]): Revision {
  const requested = params?.['protocolVersion']
  const served = revisions.filter(({ features }) => features.era === 'legacy')
  const negotiated = served.find(({ version }) => version === requested) ?? served[0]
  if (negotiated === undefined) {
    const supported = revisions.map(({ version }) => version)
    throw new ProtocolError(code.unsupportedVersion, 'Unsupported protocol version', { supported, requested })
  }
  const checks = negotiated.requests['initialize']
  if (checks?.params(params) === false) throw new FaultyParams(negotiated, checks.names.params, params)
  return negotiated
}

function peerOf(params: Params, negotiated: Revision, { binding }: Exchange, session: () => string): Peer {
  return {
    revision: negotiated,
    get session() {
      return session()
    },
    // Both were checked by the revision's own schema.
    capabilities: expressible(params['capabilities'] as Peer['capabilities'], negotiated),
    info: params['clientInfo'] as NonNullable<Peer['info']>,
    ...(binding.principal === undefined ? {} : { principal: binding.principal }),
    ...(binding.transport === 'http' ? {} : { isLocal: true }),
  }
}

/** Made when somebody asks: on a connection nobody has to, and what it takes of Node takes 7 ms to load. */
function idOnDemand(): () => string {
  let id: string | undefined
  return () => {
    id ??= newSessionId()
    return id
  }
}

function describe(service: Service, view: ServiceView, negotiated: Revision): object {
  const { version, lower } = negotiated
  const offered = { ...view.capabilities() }
  const lowered = lower.capabilities?.(offered) ?? offered
  const capabilities = deskOf(service, negotiated) === undefined ? lowered : { ...lowered, tasks: taskCapability }
  const info = { ...service.info }
  return {
    protocolVersion: version,
    capabilities,
    serverInfo: lower.info?.(info) ?? info,
    ...(view.instructions === undefined ? {} : { instructions: view.instructions }),
  }
}
