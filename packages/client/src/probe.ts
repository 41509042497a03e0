import { code, ProtocolError, type Revision, TransportError } from '@interlock/protocol'
import { ConnectError, step } from './connect-error.ts'
import { listenEarly } from './early.ts'
import type { Conversation, ServerDescription } from './eras/conversation.ts'
import { LegacyConversation } from './eras/legacy/conversation.ts'
import { initialize, initialized, openSession, type Session } from './eras/legacy/session.ts'
import { ModernConversation } from './eras/modern/conversation.ts'
import { discover } from './eras/modern/discover.ts'
import type { Host } from './host.ts'
import { clientLimits } from './limits.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { Timing, Wire } from './wire.ts'

export type EraName = 'modern' | 'legacy'

export interface Opening {
  readonly wire: Wire
  readonly host: Host
  readonly subscriptions: Subscriptions
  /** Skips finding out. */
  readonly era?: EraName
  /** What the era is remembered under. */
  readonly key?: string
  /** When all of it must be done, in milliseconds since the epoch. */
  readonly deadlineAt: number
  /** A person may have to log in before the first answer comes, so that silence tells nothing. */
  readonly isPatient?: boolean
}

const remembered = new Map<string, EraName>()

/**
 * Finds out which era a server is of, and opens a conversation of it (specification: Versioning, Backward Compatibility;
 * stdio and Streamable HTTP, likewise). What was found out is remembered while this process runs.
 */
export async function open(opening: Opening): Promise<Conversation> {
  const early = listenEarly(opening.wire)
  const conversation = await choose(opening)
  early(conversation)
  const isFound = opening.era === undefined && onlyEra(opening.host.revisions) === undefined
  if (opening.key !== undefined && isFound) remember(opening.key, conversation.server.revision.features.era)
  return conversation
}

function choose(opening: Opening): Promise<Conversation> {
  const { key, wire, era = onlyEra(opening.host.revisions) } = opening
  if (era === 'legacy' || wire.transport.kind === 'sse') return asLegacy(opening)
  if (era === 'modern') return asModern(opening)
  if (key !== undefined && remembered.get(key) === 'legacy') {
    return asLegacy(opening).catch(error => {
      remembered.delete(key)
      if (wire.transport.kind === 'sse') throw error
      if (error instanceof ConnectError && hasEnded(error.cause)) throw error
      return wire.isHttp ? overHttp(opening) : overStream(opening)
    })
  }
  return wire.isHttp ? overHttp(opening) : overStream(opening)
}

/** The era of all these revisions, if it is one. */
function onlyEra([first, ...rest]: readonly Revision[]): EraName | undefined {
  const era = first?.features.era
  return rest.every(({ features }) => features.era === era) ? era : undefined
}

export function remember(key: string, era: EraName): void {
  remembered.delete(key)
  remembered.set(key, era)
  const [oldest] = remembered.keys()
  if (remembered.size > clientLimits.rememberedEras && oldest !== undefined) remembered.delete(oldest)
}

/** The time that is left; a step that begins too late fails as one that takes too long does. */
function timeLeft({ deadlineAt }: Opening): Timing {
  const timeoutMs = Math.max(deadlineAt - Date.now(), 1)
  return { timeoutMs, maxTotalMs: timeoutMs }
}

async function asLegacy(opening: Opening): Promise<Conversation> {
  const { wire, host } = opening
  const session = openSession(wire, host, timeLeft(opening)).catch(error => overOlder(opening, error))
  return begin(opening, await step(wire, 'initialize', session))
}

/**
 * A server that takes no `initialize` where it was sent may be one of the oldest revision, on HTTP+SSE (specification,
 * 2025-11-25: Transports, Backwards Compatibility). If it is not, what it said first stands.
 */
async function overOlder(opening: Opening, refused: unknown): Promise<Session> {
  const { wire, host } = opening
  const older = mayBeOlder(refused) ? await wire.transport.older?.(timeLeft(opening).timeoutMs) : undefined
  if (older === undefined) throw refused
  wire.transport = older
  return openSession(wire, host, timeLeft(opening))
}

function mayBeOlder(refused: unknown): boolean {
  if (refused instanceof ProtocolError && statelessCodes.has(refused.code)) return false
  const error = refused instanceof ProtocolError ? refused.cause : refused
  return error instanceof TransportError && olderStatuses.has(error.status)
}

/** What servers say who know newer revisions only (specification: Streamable HTTP, HTTP+SSE Transport). */
const statelessCodes: ReadonlySet<number> = new Set([
  code.unsupportedVersion,
  code.missingCapability,
  code.headerMismatch,
  code.methodNotFound,
])
const olderStatuses: ReadonlySet<number | undefined> = new Set([400, 404, 405])

async function asModern(opening: Opening): Promise<Conversation> {
  const { wire, host } = opening
  const found = await step(wire, 'server/discover', discover(wire, host, timeLeft(opening)))
  if (found !== 'legacy') return converse(opening, found)
  throw new ConnectError(
    wire.name,
    'server/discover',
    new Error('the server holds sessions, and era "modern" was asked for'),
  )
}

/** One request after the other: a server that does not know the first one says so with a status. */
async function overHttp(opening: Opening): Promise<Conversation> {
  const { wire, host } = opening
  const left = timeLeft(opening).timeoutMs
  const timeoutMs = opening.isPatient ? left : Math.min(clientLimits.discoverHttpMs, left)
  const found = await step(
    wire,
    'server/discover',
    discover(wire, host, { timeoutMs, maxTotalMs: timeoutMs }).catch(error => {
      if (mayHoldSessions(error)) return 'legacy' as const
      throw error
    }),
  )
  return found === 'legacy' ? asLegacy(opening) : converse(opening, found)
}

/** Whether a failed probe leaves hope for `initialize`: not when nobody answers, or when credentials are missing. */
function mayHoldSessions(error: unknown): boolean {
  if (!(error instanceof TransportError)) return false
  switch (error.code) {
    case 'bad_reply':
    case 'broken':
    case 'timeout':
      return true
    default:
      return error.code === 'http_status' && error.status !== 401
  }
}

/** A server of the other era may say nothing at all, and a slow one not yet: then both are asked, and one answers. */
async function overStream(opening: Opening): Promise<Conversation> {
  const { wire, host } = opening
  const discovery = discover(wire, host, timeLeft(opening))
  const found = await step(wire, 'server/discover', withPatience(discovery), hasEnded)
  if (found === 'legacy') return asLegacy(opening)
  if (found !== 'silent') return converse(opening, found)
  let isUnanswered = true
  const isModern = discovery.then(late => {
    isUnanswered = false
    return late === 'legacy' ? Promise.reject(new Error('it holds sessions')) : late
  })
  const session = initialize(wire, host, timeLeft(opening))
  const answer = await step(
    wire,
    'initialize',
    Promise.any([isModern, session]).catch(() => session),
    error => hasEnded(error) && isUnanswered,
  )
  wire.stopAll(new Error('another answer came first'))
  return 'server' in answer
    ? begin(opening, await step(wire, 'initialize', initialized(wire, answer, timeLeft(opening).timeoutMs)))
    : converse(opening, answer)
}

function withPatience<Value>(promise: Promise<Value>): Promise<Value | 'silent'> {
  let timer: ReturnType<typeof setTimeout>
  const silence = new Promise<'silent'>(resolve => {
    timer = setTimeout(resolve, clientLimits.discoverMs, 'silent')
  })
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer))
}

const begin = ({ wire, host, subscriptions }: Opening, session: Session): Conversation =>
  new LegacyConversation(wire, host, session, subscriptions)

const converse = ({ wire, host, subscriptions }: Opening, server: ServerDescription): Conversation =>
  new ModernConversation(wire, host, server, subscriptions)

const hasEnded = (error: unknown): boolean => error instanceof TransportError && error.code === 'exited'
