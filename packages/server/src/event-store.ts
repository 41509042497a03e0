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
 * revisions with sessions: Transports, Resumability and Redelivery). What it keeps no longer cannot be resumed.
 */
export interface EventStore {
  /** Called in the order of the events of a stream. */
  append(event: StoredEvent): void | Promise<void>
  /** What followed on a stream after an event, in order; undefined when some of it is kept no longer. */
  after(session: string, stream: string, sequence: number): Promise<readonly StoredEvent[] | undefined>
  /** Forgets one stream. */
  drop(session: string, stream: string): void | Promise<void>
}

export interface EventStoreLimits {
  /** Characters kept for one stream; the oldest events make room. */
  readonly streamCharacters: number
  /** Characters kept for all; the stream that was begun first makes room. */
  readonly characters: number
}

export const eventStoreLimits: EventStoreLimits = { streamCharacters: 1024 * 1024, characters: 64 * 1024 * 1024 }

interface Log {
  readonly events: StoredEvent[]
  characters: number
  /** Place of the last event that made room. */
  dropped: number
}

const nameOf = (session: string, stream: string): string => `${session} ${stream}`

/** Keeps events in this process, bounded: enough for connections that break, or are let go on purpose. */
export function memoryEventStore(limits: Partial<EventStoreLimits> = {}): EventStore {
  const { streamCharacters, characters } = { ...eventStoreLimits, ...limits }
  const logs = new Map<string, Log>()
  let total = 0

  const forget = (name: string): void => {
    total -= logs.get(name)?.characters ?? 0
    logs.delete(name)
  }

  return {
    append(event) {
      const name = nameOf(event.session, event.stream)
      const log = logs.get(name) ?? { events: [], characters: 0, dropped: event.sequence - 1 }
      logs.set(name, log)
      log.events.push(event)
      log.characters += event.text.length
      total += event.text.length
      while (log.characters > streamCharacters) {
        const oldest = log.events.shift()
        if (oldest === undefined) break
        log.characters -= oldest.text.length
        total -= oldest.text.length
        log.dropped = oldest.sequence
      }
      for (const first of logs.keys()) {
        if (total <= characters) break
        forget(first)
      }
    },
    async after(session, stream, sequence) {
      const log = logs.get(nameOf(session, stream))
      if (log === undefined || sequence < log.dropped) return undefined
      return log.events.filter(event => event.sequence > sequence)
    },
    drop: (session, stream) => forget(nameOf(session, stream)),
  }
}
