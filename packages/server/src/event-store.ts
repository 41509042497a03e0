import { InFlight } from '@interlock/protocol'

/** One event of a stream, kept for a client that lost it. */
export interface StoredEvent {
  readonly session: string
  /** Of the session's streams, as text. */
  readonly stream: string
  /** Place in its stream, from 1. */
  readonly sequence: number
  /** A JSON-RPC message. */
  readonly text: string
}

/**
 * Keeps what was sent on the streams of sessions, so that clients can go on where they lost one (specification of the
 * revisions with sessions: Transports, Resumability and Redelivery). What it keeps no longer cannot be resumed; a store that
 * fails costs that, and nothing else.
 */
export interface EventStore {
  /** Called in the order of the events of a stream, without waiting for the one before. */
  append(event: StoredEvent): void | Promise<void>
  /**
   * What followed on a stream after an event, in order; undefined when some of it is kept no longer. Called when every
   * `append` for the stream has settled.
   */
  after(session: string, stream: string, sequence: number): Promise<readonly StoredEvent[] | undefined>
  /** Forgets one stream. */
  drop(session: string, stream: string): void | Promise<void>
}

export interface EventStoreLimits {
  /** Characters kept for one stream; its oldest events make room. */
  readonly streamCharacters: number
  /** Characters kept for one session; its stream that was begun first makes room. */
  readonly sessionCharacters: number
  /** Characters kept for all; the stream that was begun first makes room. */
  readonly characters: number
  /** How long a stream is kept after its last event. Who has lost one comes back in seconds. */
  readonly keptMs: number
}

export const eventStoreLimits: EventStoreLimits = {
  streamCharacters: 1024 * 1024,
  sessionCharacters: 4 * 1024 * 1024,
  characters: 64 * 1024 * 1024,
  keptMs: 10 * 60_000,
}

/** Keeps events in this process, bounded: enough for connections that break, or are let go on purpose. */
export function memoryEventStore(limits: Partial<EventStoreLimits> = {}): EventStore {
  return new MemoryEventStore({ ...eventStoreLimits, ...limits })
}

interface Log {
  readonly session: string
  readonly stream: string
  readonly events: StoredEvent[]
  characters: number
  /** Place of the last event that made room. */
  dropped: number
  lastUsed: number
}

/** The logs of one session, by stream, those begun first in front. */
interface Shelf {
  readonly logs: InFlight<string, Log>
  characters: number
}

class MemoryEventStore implements EventStore {
  readonly #limits: EventStoreLimits
  readonly #shelves = new Map<string, Shelf>()
  /** All logs, those begun first in front. */
  readonly #logs = new InFlight<Log, Log>()
  #characters = 0
  #sweeper: NodeJS.Timeout | undefined

  constructor(limits: EventStoreLimits) {
    this.#limits = limits
  }

  append(event: StoredEvent): void {
    const { streamCharacters, sessionCharacters, characters } = this.#limits
    const shelf = this.#shelves.get(event.session) ?? { logs: new InFlight<string, Log>(), characters: 0 }
    const log = shelf.logs.get(event.stream) ?? this.#begin(shelf, event)
    log.events.push(event)
    log.lastUsed = Date.now()
    this.#count(shelf, log, event.text.length)
    while (log.characters > streamCharacters) {
      const oldest = log.events.shift()
      if (oldest === undefined) break
      this.#count(shelf, log, -oldest.text.length)
      log.dropped = oldest.sequence
    }
    for (const first of shelf.logs.values()) {
      if (shelf.characters <= sessionCharacters) break
      this.#forget(first)
    }
    for (const first of this.#logs.values()) {
      if (this.#characters <= characters) break
      this.#forget(first)
    }
  }

  async after(session: string, stream: string, sequence: number): Promise<readonly StoredEvent[] | undefined> {
    const log = this.#shelves.get(session)?.logs.get(stream)
    if (log === undefined || sequence < log.dropped) return undefined
    return log.events.filter(event => event.sequence > sequence)
  }

  drop(session: string, stream: string): void {
    const log = this.#shelves.get(session)?.logs.get(stream)
    if (log !== undefined) this.#forget(log)
  }

  #begin(shelf: Shelf, { session, stream, sequence }: StoredEvent): Log {
    const log: Log = { session, stream, events: [], characters: 0, dropped: sequence - 1, lastUsed: 0 }
    shelf.logs.set(stream, log)
    this.#shelves.set(session, shelf)
    this.#logs.set(log, log)
    this.#sweeper ??= setInterval(() => this.#sweep(), Math.min(60_000, this.#limits.keptMs)).unref()
    return log
  }

  #count(shelf: Shelf, log: Log, characters: number): void {
    log.characters += characters
    shelf.characters += characters
    this.#characters += characters
  }

  #sweep(): void {
    const oldest = Date.now() - this.#limits.keptMs
    for (const log of this.#logs.values()) if (log.lastUsed <= oldest) this.#forget(log)
  }

  #forget(log: Log): void {
    const shelf = this.#shelves.get(log.session)
    if (shelf === undefined || !this.#logs.delete(log)) return
    this.#count(shelf, log, -log.characters)
    shelf.logs.delete(log.stream)
    if (shelf.logs.size === 0) this.#shelves.delete(log.session)
    if (this.#logs.size > 0) return
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }
}
