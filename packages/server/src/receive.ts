import { type Exchange, type Receiver, revisionsNamed, type Service } from '@interlock/protocol'
import { legacyEra } from './eras/legacy/serve.ts'
import type { StreamLimits } from './eras/legacy/streams.ts'
import { Seal } from './eras/modern/seal.ts'
import { modernEra } from './eras/modern/serve.ts'
import type { EventStore } from './event-store.ts'
import { Work } from './work.ts'

/** Limits on what clients may make one server do. */
export interface ServerLimits extends StreamLimits {
  /** Requests being worked on at once. Above it new ones are refused, so that memory stays bounded. */
  readonly inFlight: number
  /** Sessions of legacy HTTP clients. The one idle longest makes room for a new one; those with calls in flight stay. */
  readonly sessions: number
  /** Of one principal: a further one ends the idlest of its own, never somebody else's. */
  readonly sessionsPerPrincipal: number
  /** Of all clients that did not log in, together: the rest is for those that do. */
  readonly anonymousSessions: number
  /** A session that nobody used for this long is ended. */
  readonly sessionIdleMs: number
  /** Messages kept for a legacy HTTP client that has no stream open. */
  readonly queuedMessages: number
  /** How long a client may take to answer a question; people look things up. */
  readonly answerMs: number
  /** Longest sealed state given to a client to bring back. */
  readonly stateBytes: number
  /** Open `subscriptions/listen` streams of all clients together. */
  readonly subscriptions: number
  /** Resources one client may watch; of tasks as many. */
  readonly watchedResources: number
  /** Time that calls in flight get to finish when the server closes; then they are answered with an error. */
  readonly closeMs: number
}

export const serverLimits: ServerLimits = {
  inFlight: 1024,
  sessions: 12_000,
  sessionsPerPrincipal: 100,
  anonymousSessions: 11_000,
  sessionIdleMs: 30 * 60_000,
  keptStreams: 16,
  resumeMs: 60_000,
  queuedMessages: 100,
  answerMs: 15 * 60_000,
  stateBytes: 16 * 1024,
  subscriptions: 10_000,
  watchedResources: 1000,
  closeMs: 10_000,
}

export interface ReceiveOptions {
  /** Keys of 32 bytes that seal what clients carry: the first one seals, all of them open. Default: one made at start. */
  readonly seal?: readonly Uint8Array[]
  readonly limits?: Partial<ServerLimits>
  /** Revisions that are served, by name. Others are refused, or negotiated down to one of these. Default: all. */
  readonly revisions?: readonly string[]
  /** Keeps what was sent on streams, for clients that lose them. Default: in this process. */
  readonly events?: EventStore
}

/** One way of holding a conversation. */
export interface Era {
  claims(exchange: Exchange): boolean
  /** Answers the exchange; never throws. */
  serve(exchange: Exchange): void
  /** Ends streams and sessions. */
  close(): void
}

/**
 * Serves a service to clients of every revision: the first era that claims a message answers it.
 * @throws TypeError for a revision that is none
 */
export function receive(service: Service, options: ReceiveOptions = {}): Receiver {
  const limits: ServerLimits = { ...serverLimits, ...options.limits }
  const work = new Work(limits.inFlight)
  const served = revisionsNamed(options.revisions)
  const modern = modernEra(service, work, limits, new Seal(options.seal), served)
  const legacy = legacyEra(service, work, limits, served, options.events)
  return {
    receive: exchange => (modern.claims(exchange) ? modern : legacy).serve(exchange),
    takesBatches: binding => legacy.takesBatches(binding),
    listen: stream => legacy.listen(stream),
    terminate: binding => legacy.terminate(binding),
    async close(graceMs = limits.closeMs) {
      modern.close()
      await work.close(graceMs)
      await service.tasks?.close()
      legacy.close()
    },
  }
}
