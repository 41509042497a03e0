import { type Binding, type Cancellation, type Connection, code, ProtocolError } from '@interlock/protocol'
import { type EventStore, memoryEventStore } from '../../event-store.ts'
import type { ServerLimits } from '../../receive.ts'
import type { Session } from './session.ts'

/** A session is refused: those there are have calls in flight, or belong to others. */
export class NoRoom extends ProtocolError {
  constructor(message: string) {
    super(code.internalError, message)
    this.name = 'NoRoom'
  }
}

/** Sessions by what identifies them: a header on Streamable HTTP, the connection elsewhere. */
export class Sessions {
  readonly events: EventStore
  readonly #limits: ServerLimits
  /** Those that the limits count, in order of use: the first is the one idle longest. */
  readonly #counted = new Map<string, Session>()
  /** The last one of those. */
  #latest: Session | undefined
  /** How many of them each principal has. */
  readonly #shares = new Map<string | undefined, number>()
  readonly #byConnection = new WeakMap<Connection, Session>()
  readonly #connections = new Map<Session, Connection>()
  /** Not counted, and never asked for their ids: a server has one client on stdio, but many elsewhere. */
  readonly #alone = new WeakSet<Session>()
  #sweeper: NodeJS.Timeout | undefined

  constructor(limits: ServerLimits, events: EventStore = memoryEventStore()) {
    this.#limits = limits
    this.events = events
  }

  /** The session that a message belongs to. One of another principal is as good as none. */
  find(binding: Binding): Session | undefined {
    const session = this.#named(binding)
    if (session === undefined || this.#alone.has(session) || !this.#counted.has(session.id)) return session
    this.#touch(session)
    return session
  }

  #named(binding: Binding): Session | undefined {
    if (binding.connection !== undefined) return this.#byConnection.get(binding.connection)
    const session = this.#counted.get(binding.header?.('mcp-session-id') ?? '')
    if (session === undefined || this.#connections.has(session)) return undefined
    return ownerOf(session) === binding.principal?.subject ? session : undefined
  }

  /**
   * Takes the place of the connection's session before, if there was one.
   * @throws NoRoom
   */
  addConnected(connection: Connection, session: Session): void {
    const previous = this.#byConnection.get(connection)
    if (previous !== undefined) this.#drop(previous)
    if (connection.close === undefined) this.#alone.add(session)
    else this.add(session)
    this.#byConnection.set(connection, session)
    this.#connections.set(session, connection)
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

  /**
   * When the store is full, or the principal has its share, the idlest session makes room: of the principal itself, or
   * else of somebody who did not log in; never that of a principal for somebody who did not.
   * @throws NoRoom when there is none that may
   */
  add(session: Session): void {
    const owner = ownerOf(session)
    const { sessions, sessionsPerPrincipal, anonymousSessions } = this.#limits
    const isOwn = (known: Session): boolean => ownerOf(known) === owner
    if ((this.#shares.get(owner) ?? 0) >= (owner === undefined ? anonymousSessions : sessionsPerPrincipal)) {
      if (!this.#endIdlest(isOwn)) throw new NoRoom(owner === undefined ? full : shareTaken(sessionsPerPrincipal))
    } else if (this.#counted.size >= sessions) {
      const madeRoom = this.#endIdlest(isAnonymous) || (owner !== undefined && this.#endIdlest(() => true))
      if (!madeRoom) throw new NoRoom(full)
    }
    this.#counted.set(session.id, session)
    this.#latest = session
    this.#shares.set(owner, (this.#shares.get(owner) ?? 0) + 1)
    this.#sweeper ??= setInterval(() => this.#sweep(), Math.min(60_000, this.#limits.sessionIdleMs)).unref()
  }

  /** @returns whether there was such a session */
  terminate(binding: Binding): boolean {
    const session = this.find(binding)
    if (session !== undefined) this.#end(session)
    return session !== undefined
  }

  close(): void {
    for (const session of [...this.#counted.values(), ...this.#connections.keys()]) this.#end(session)
  }

  /** One that hears nothing goes before one that does; one that has calls in flight stays. */
  #endIdlest(mayEnd: (session: Session) => boolean): boolean {
    let idlest: Session | undefined
    for (const session of this.#counted.values()) {
      if (session.isBusy || !mayEnd(session)) continue
      idlest ??= session
      if (session.isListening) continue
      idlest = session
      break
    }
    if (idlest !== undefined) this.#end(idlest)
    return idlest !== undefined
  }

  #sweep(): void {
    const oldest = Date.now() - this.#limits.sessionIdleMs
    for (const session of this.#counted.values()) {
      if (session.lastUsed >= oldest) break
      if (!session.isBusy && !session.isListening) this.#end(session)
      else this.#touch(session) // it will be idle from when that ends
    }
  }

  #touch(session: Session): void {
    session.lastUsed = Date.now()
    if (session === this.#latest) return
    this.#latest = session
    this.#counted.delete(session.id)
    this.#counted.set(session.id, session)
  }

  #end(session: Session): void {
    const connection = this.#connections.get(session)
    this.#drop(session)
    connection?.close?.()
  }

  #drop(session: Session): void {
    this.#connections.delete(session)
    session.close()
    if (this.#latest === session) this.#latest = undefined
    if (this.#alone.has(session) || !this.#counted.delete(session.id)) return
    const owner = ownerOf(session)
    const share = (this.#shares.get(owner) ?? 0) - 1
    if (share > 0) this.#shares.set(owner, share)
    else this.#shares.delete(owner)
    if (this.#counted.size > 0) return
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }
}

const full = 'the server has no room for another session: all that could end have calls in flight; try again later'

const shareTaken = (share: number): string =>
  `you have ${share} sessions, and calls are in flight in all of them; end one with DELETE, or wait for a call`

const ownerOf = ({ peer }: Session): string | undefined => peer.principal?.subject
const isAnonymous = (session: Session): boolean => ownerOf(session) === undefined

function whenAborted(cancellation: Cancellation | undefined, listener: () => void): void {
  if (cancellation?.aborted) listener()
  else cancellation?.signal.addEventListener('abort', listener, { once: true })
}
