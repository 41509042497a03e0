import type { Binding, Cancellation, Connection } from '@interlock/protocol'
import { type EventStore, memoryEventStore } from '../../event-store.ts'
import type { ServerLimits } from '../../receive.ts'
import type { Session } from './session.ts'

/** Sessions by what identifies them: a header on HTTP, the connection elsewhere. */
export class Sessions {
  readonly events: EventStore
  readonly #limits: ServerLimits
  readonly #byId = new Map<string, Session>()
  readonly #byConnection = new WeakMap<Connection, Session>()
  readonly #connected = new Set<Session>()
  #sweeper: NodeJS.Timeout | undefined

  constructor(limits: ServerLimits, events: EventStore = memoryEventStore()) {
    this.#limits = limits
    this.events = events
  }

  /** The session that a message belongs to. One of another principal is as good as none. */
  find(binding: Binding): Session | undefined {
    if (binding.connection !== undefined) return this.#byConnection.get(binding.connection)
    const session = this.#byId.get(binding.header?.('mcp-session-id') ?? '')
    if (session === undefined || session.peer.principal?.subject !== binding.principal?.subject) return undefined
    // The map stays in order of use, so that the first is the one idle longest.
    this.#byId.delete(session.id)
    this.#byId.set(session.id, session)
    session.lastUsed = Date.now()
    return session
  }

  addConnected(connection: Connection, session: Session): void {
    const previous = this.#byConnection.get(connection)
    if (previous !== undefined) this.#end(previous)
    this.#byConnection.set(connection, session)
    this.#connected.add(session)
    if (previous === undefined) {
      const last = (): Session | undefined => this.#byConnection.get(connection)
      whenAborted(connection.inputEnded, () => last()?.hangUp())
      whenAborted(connection.closed, () => {
        const session = last()
        if (session !== undefined) this.#end(session)
      })
    }
    if (connection.inputEnded?.aborted) session.hangUp()
  }

  /** Makes room when the store is full, or the principal has its share: then a session of its own ends. */
  add(session: Session): void {
    const { principal } = session.peer
    const own =
      principal && [...this.#byId.values()].filter(known => known.peer.principal?.subject === principal.subject)
    const isFull = this.#byId.size >= this.#limits.sessions
    if (own !== undefined && own.length >= this.#limits.sessionsPerPrincipal) this.#endIdlest(own)
    else if (isFull) this.#endIdlest(this.#byId.values())
    this.#byId.set(session.id, session)
    this.#sweeper ??= setInterval(() => this.#sweep(), Math.min(60_000, this.#limits.sessionIdleMs)).unref()
  }

  /** @returns whether there was such a session */
  terminate(binding: Binding): boolean {
    const session = this.find(binding)
    if (session !== undefined) this.#end(session)
    return session !== undefined
  }

  close(): void {
    for (const session of [...this.#byId.values(), ...this.#connected]) this.#end(session)
  }

  /** The sessions come in order of use. */
  #endIdlest(sessions: Iterable<Session>): void {
    for (const session of sessions) if (session.inFlight.size === 0) return this.#end(session)
  }

  #sweep(): void {
    const oldest = Date.now() - this.#limits.sessionIdleMs
    for (const session of this.#byId.values()) {
      if (session.lastUsed >= oldest) break
      if (session.inFlight.size === 0 && !session.isListening) this.#end(session)
    }
  }

  #end(session: Session): void {
    this.#byId.delete(session.id)
    this.#connected.delete(session)
    session.close()
    if (this.#byId.size > 0) return
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }
}

const whenAborted = (cancellation: Cancellation | undefined, listener: () => void): void =>
  cancellation?.signal.addEventListener('abort', listener, { once: true })
