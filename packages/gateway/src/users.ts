import type { ChangeBus, Interest, Peer, ServiceView } from '@interlock/protocol'
import type { Offering } from './offering.ts'
import type { Upstream } from './upstreams/upstream.ts'

export interface UsersOptions {
  /** What is offered to whoever has no name. */
  readonly common: Offering
  /** Makes what is offered to one user. */
  readonly offeringFor: (subject: string) => Offering
  /** Makes what is offered to those for whom there is no room. */
  readonly withoutRoom: () => Offering
  /** What a client is told of an offering. */
  readonly view: (offering: Offering) => Pick<ServiceView, 'instructions' | 'capabilities'>
  /** How long the first request of a user waits for servers that are still starting. */
  readonly startupMs: number
  /** Users who have connections of their own at once. */
  readonly most: number
  /** How long those stay that nobody uses. */
  readonly idleMs: number
  /** Told that somebody's connections are gone. */
  readonly onGone: () => void
}

/** What is offered to whom. */
export interface Offered {
  readonly offering: Offering
  /** Settles when the servers have started, or have taken too long; undefined afterwards. */
  starting(): Promise<void> | undefined
}

/**
 * The users of the gateway who have connections of their own: made when one first comes, kept while a call or a subscription
 * is open and for a while after that. What one is offered leads to no other's connections.
 */
export class Users {
  readonly #options: UsersOptions
  readonly #users = new Map<string, User>()
  readonly #leaving = new Set<Promise<void>>()
  /** By user: who listens since there was no room, each to be moved to what the user is offered once there is some. */
  readonly #waiting = new Map<string, Set<(user: User) => void>>()
  #withoutRoom: Offering | undefined
  #isClosed = false

  constructor(options: UsersOptions) {
    this.#options = options
  }

  /** Runs work with what is offered to a client; its connections stay until that is done. */
  async serve<Value>({ principal }: Peer, work: (offered: Offered) => Promise<Value>): Promise<Value> {
    if (principal === undefined) return work({ offering: this.#options.common, starting: () => undefined })
    using hold = this.#hold(principal.subject)
    return await work(hold.offered)
  }

  /** What a client is offered now, whether that stays or not. */
  offeringOf({ principal }: Peer): Offering {
    return principal === undefined ? this.#options.common : this.#enter(principal.subject).offered.offering
  }

  /** What a client learns and hears; undefined for one without a name, who is told what all are told. */
  viewOf({ principal }: Peer): ServiceView | undefined {
    if (principal === undefined) return undefined
    const { subject } = principal
    const now = (): Offering => this.#enter(subject).offered.offering
    const { view } = this.#options
    return {
      get instructions() {
        return view(now()).instructions
      },
      capabilities: () => view(now()).capabilities(),
      changes: {
        publish: change => now().changes.publish(change),
        subscribe: (interest, listener) => this.#subscribe(subject, interest, listener),
      },
      watching: uri => now().watching(uri),
    }
  }

  /** The connections of all users to one server. */
  connections(server: string): readonly (readonly [subject: string, upstream: Upstream])[] {
    return [...this.#users].flatMap(([subject, { offered }]) => {
      const upstream = offered.offering.own(server)
      return upstream === undefined ? [] : [[subject, upstream] as const]
    })
  }

  /** Ends the connections of all users. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const subject of this.#users.keys()) this.#leave(subject)
    await Promise.all(this.#leaving)
    await this.#withoutRoom?.close()
  }

  #subscribe(subject: string, interest: Interest, listener: Parameters<ChangeBus['subscribe']>[1]): Disposable {
    const listen = (user: User): Disposable => {
      const hold = this.#hold(subject, user)
      const told = user.offered.offering.changes.subscribe(interest, listener)
      return {
        [Symbol.dispose]() {
          told[Symbol.dispose]()
          hold[Symbol.dispose]()
        },
      }
    }
    const user = this.#enter(subject)
    let current = listen(user)
    if (this.#users.get(subject) === user) return current
    const waiting = this.#waiting.get(subject) ?? new Set()
    this.#waiting.set(subject, waiting)
    const move = (own: User): void => {
      current[Symbol.dispose]()
      current = listen(own)
    }
    waiting.add(move)
    return {
      [Symbol.dispose]: () => {
        current[Symbol.dispose]()
        waiting.delete(move)
        if (waiting.size === 0 && this.#waiting.get(subject) === waiting) this.#waiting.delete(subject)
      },
    }
  }

  #hold(subject: string, user: User = this.#enter(subject)): Disposable & { readonly offered: Offered } {
    let isHeld = true
    user.uses += 1
    return {
      offered: user.offered,
      [Symbol.dispose]: () => {
        if (!isHeld) return
        isHeld = false
        user.uses -= 1
        this.#rest(subject, user)
      },
    }
  }

  #enter(subject: string): User {
    const known = this.#users.get(subject)
    if (known !== undefined) {
      this.#rest(subject, known)
      return known
    }
    if (this.#isClosed) return new User(this.#options.common, 0)
    if (!this.#hasRoom()) return this.#turnedAway()
    const { offeringFor, startupMs } = this.#options
    const user = new User(offeringFor(subject), startupMs)
    this.#users.set(subject, user)
    for (const move of this.#waiting.get(subject) ?? []) move(user)
    this.#waiting.delete(subject)
    user.start()
    this.#rest(subject, user)
    return user
  }

  /** From now on nobody uses the connections, as far as is known. */
  #rest(subject: string, user: User): void {
    user.restsSince = Date.now()
    clearTimeout(user.timer)
    if (user.uses > 0 || this.#users.get(subject) !== user) return
    user.timer = setTimeout(() => {
      if (user.isIdle) this.#leave(subject)
      else this.#rest(subject, user)
    }, this.#options.idleMs)
    user.timer.unref()
  }

  /** Whoever has not used theirs for longest makes room; who uses them keeps them. */
  #hasRoom(): boolean {
    if (this.#users.size < this.#options.most) return true
    const idle = [...this.#users].filter(([, user]) => user.isIdle)
    const [longest] = idle.sort(([, one], [, other]) => one.restsSince - other.restsSince)
    if (longest === undefined) return false
    this.#leave(longest[0])
    return true
  }

  #turnedAway(): User {
    if (this.#withoutRoom === undefined) {
      this.#withoutRoom = this.#options.withoutRoom()
      this.#withoutRoom.start()
    }
    return new User(this.#withoutRoom, 0)
  }

  #leave(subject: string): void {
    const user = this.#users.get(subject)
    if (user === undefined) return
    this.#users.delete(subject)
    clearTimeout(user.timer)
    const left = user.offered.offering.close().finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
    this.#options.onGone()
  }
}

class User {
  readonly offered: Offered
  /** Calls and subscriptions that are open. */
  uses = 0
  restsSince = 0
  timer: NodeJS.Timeout | undefined
  readonly #startupMs: number
  #starting: Promise<void> | undefined

  constructor(offering: Offering, startupMs: number) {
    this.offered = { offering, starting: () => this.#starting }
    this.#startupMs = startupMs
  }

  start(): void {
    const { offering } = this.offered
    offering.start()
    this.#starting = offering.settled(this.#startupMs).then(() => {
      this.#starting = undefined
    })
  }

  /** Calls go on without their request as tasks, and while their clients fetch answers. */
  get isIdle(): boolean {
    return this.uses === 0 && !this.offered.offering.isBusy
  }
}
