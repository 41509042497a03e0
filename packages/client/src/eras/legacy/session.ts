import {
  clip,
  code,
  explain,
  type Implementation,
  isObject,
  notification,
  ProtocolError,
  type Reply,
  type Revision,
  receivedByClients,
  type ServerCapabilities,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import type { Headers } from '@interlock/transport'
import type { Host } from '../../host.ts'
import { resultOf } from '../../results.ts'
import { unlessAborted } from '../../signals.ts'
import type { Timing, Wire } from '../../wire.ts'
import type { ServerDescription } from '../conversation.ts'

/** What `initialize` agreed on. */
export interface Session {
  readonly server: ServerDescription
  readonly id: string | undefined
  /** Sent with everything in the session; undefined where there are no headers. */
  readonly headers: Headers | undefined
}

/** Opens a session: `initialize`, then `notifications/initialized` (specification, revisions with sessions: Lifecycle). */
export async function openSession(wire: Wire, host: Host, timing: Timing): Promise<Session> {
  const startedAt = Date.now()
  const session = await initialize(wire, host, timing)
  return initialized(wire, session, timing.maxTotalMs - (Date.now() - startedAt))
}

/** Sends `initialize` only, for a client that does not know yet whether it wants this era. */
export async function initialize(wire: Wire, host: Host, timing: Timing): Promise<Session> {
  const spoken = host.revisions.filter(({ features }) => features.era === 'legacy')
  const [preferred] = spoken
  const flight = wire.flight('initialize', timing)
  const reply = await wire.exchange(
    flight,
    { protocolVersion: preferred?.version, capabilities: host.sessionCapabilities, clientInfo: host.info },
    wire.isHttp ? {} : undefined,
  )
  const result = initializeResult(reply)
  const revision = agreed(result, spoken, wire.name)
  const received = receivedByClients(revision)
  const checks = received.requests['initialize']
  if (checks?.result(result) === false) {
    const fault = await explain(received, checks.names.result, result, 'result')
    throw new ProtocolError(
      code.internalError,
      `${wire.name} answered initialize with a result that breaks the specification: ${fault}`,
    )
  }
  const { serverInfo, capabilities, instructions } = result as InitializeResult // just checked
  const id = reply.header?.('mcp-session-id')
  return {
    server: { revision, info: serverInfo, capabilities, instructions },
    id,
    headers: wire.isHttp || wire.transport.kind === 'sse' ? headersOf(revision, id) : undefined,
  }
}

/** @throws ProtocolError caused by a TransportError with the HTTP status, where that is one of failure */
function initializeResult(reply: Reply): object {
  try {
    return resultOf(reply)
  } catch (error) {
    const { status = 200 } = reply
    if (!(error instanceof ProtocolError) || status < 400) throw error
    const cause = new TransportError('http_status', `initialize was answered with HTTP ${status}`, { status })
    throw new ProtocolError(error.code, error.message, error.data, { cause })
  }
}

/** Tells the server that the session may begin. @throws TransportError when it does not take that in time */
export async function initialized(wire: Wire, session: Session, ms: number): Promise<Session> {
  await tell(wire, session, 'notifications/initialized', ms)
  return session
}

/** @throws TransportError when the server does not take the notification in time */
export async function tell(wire: Wire, session: Session, method: string, ms: number): Promise<void> {
  const stop = new AbortController()
  const { signal } = stop
  const late = new TransportError('timeout', `${wire.name} did not take ${method} in time`)
  const timer = setTimeout(() => stop.abort(late), ms)
  try {
    await unlessAborted(wire.transport.send(notification(method), { ...sendOptions(session), signal }), signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Ends the session at the server, where there is one to end. */
export async function endSession(transport: Transport, { id, headers }: Session): Promise<void> {
  if (id !== undefined && headers !== undefined) await transport.terminate?.({ headers })
}

export const sendOptions = ({ headers }: Session): { readonly headers?: Headers } =>
  headers === undefined ? {} : { headers }

interface InitializeResult {
  readonly serverInfo: Implementation
  readonly capabilities: ServerCapabilities
  readonly instructions?: string
}

function agreed(result: object, spoken: readonly Revision[], name: string): Revision {
  const version = isObject(result) ? result['protocolVersion'] : undefined
  const revision = spoken.find(known => known.version === version)
  if (revision !== undefined) return revision
  const ours = spoken.map(known => known.version).join(', ')
  throw new ProtocolError(
    code.unsupportedVersion,
    `${name} wants to speak protocol version ${clip(String(JSON.stringify(version)))}, and this client speaks ${ours} in sessions`,
  )
}

function headersOf({ version, features }: Revision, id: string | undefined): Headers {
  // Frozen, so that the transport knows that they stay what they are.
  return Object.freeze({
    ...(id === undefined ? {} : { 'mcp-session-id': id }),
    ...(features.versionHeader ? { 'mcp-protocol-version': version } : {}),
  })
}
