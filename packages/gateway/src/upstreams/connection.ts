import type { Client } from '@interlock/client'
import {
  type Call,
  type Caller,
  type Ended,
  interactiveMethods,
  type LoggingLevel,
  loggingLevels,
  type Outcome,
  type Task,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import { upstreamLimits } from './limits.ts'
import { Listing, type ListingOptions } from './listing.ts'
import { inWordsOf } from './page-first.ts'
import type { Parking } from './parked.ts'

/** Whatever the caller takes, the gateway looks after the task. */
const takingTasks = (caller: Caller): Caller => ({
  peer: caller.peer,
  get signal() {
    return caller.signal
  },
  get input() {
    return caller.input
  },
  wantsProgress: caller.wantsProgress,
  logLevel: caller.logLevel,
  task: caller.task ?? {},
  notify: event => caller.notify(event),
})

/** One life of a server, from the moment it answers: what it offers, its calls in flight, and its end. */
export class Connection {
  readonly client: Client
  readonly listing: Listing
  /** Resolves with the reason when the transport has ended, or when nobody can be reached over it any more. */
  readonly over: Promise<Ended>
  readonly #transport: Transport
  readonly #parking: Parking
  #giveUp: (reason: TransportError) => void = () => {}
  #calls = 0
  #onIdle: () => void = () => {}
  #level: LoggingLevel | undefined
  #closing: Promise<void> | undefined

  constructor(client: Client, transport: Transport, parking: Parking, listing: ListingOptions) {
    this.client = client
    this.listing = new Listing(client, listing)
    this.#transport = transport
    this.#parking = parking
    const lost = new Promise<TransportError>(resolve => {
      this.#giveUp = resolve
    })
    this.over = Promise.race([transport.ended, lost])
  }

  /** Passes a call on under the server's own names. @throws TransportError when the server does not answer it. */
  async handle(call: Call): Promise<Outcome> {
    const { client } = this
    const isLegacy = client.server.revision.features.era === 'legacy'
    this.#calls += 1
    try {
      if (isLegacy) await this.#raiseLevel(call.caller.logLevel)
      if (!interactiveMethods.has(call.method) || call.caller.input.isLive) return await client.handle(call)
      // A server with sessions asks while it works; a client without cannot be asked while it waits.
      if (isLegacy || this.#parking.owns(call.resume?.state)) return await this.#parking.handle(call, client.handle)
      const outcome = await client.handle({ ...call, caller: takingTasks(call.caller) })
      if (outcome.kind !== 'task' || call.caller.task !== undefined) return outcome
      // Nor can it be asked while a task is looked after for it.
      return await this.#parking.handle(call, own => client.follow(outcome.task, own))
    } catch (error) {
      // Nobody answers there any more. A connection that breaks under one call says nothing about the next one.
      if (error instanceof TransportError && error.code === 'unreachable') this.#giveUp(error)
      throw inWordsOf(call.caller.peer, error)
    } finally {
      this.#done()
    }
  }

  /** Waits for a task that a call has become here: that is a call in flight as well. */
  async follow(task: Task, call: Call): Promise<Outcome> {
    this.#calls += 1
    try {
      return await this.client.follow(task, call)
    } finally {
      this.#done()
    }
  }

  #done(): void {
    this.#calls -= 1
    if (this.#calls === 0) this.#onIdle()
  }

  /** Closes when the calls in flight are done, or have had enough time. */
  async retire(): Promise<void> {
    this.listing.stop()
    if (this.#calls > 0) {
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>(resolve => {
        this.#onIdle = resolve
        timer = setTimeout(resolve, upstreamLimits.drainMs).unref()
      })
      clearTimeout(timer)
    }
    await this.close()
  }

  /** Ends the session, then the transport; settles when no process is left. */
  close(): Promise<void> {
    this.listing.stop()
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #end(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, upstreamLimits.closeMs)
    })
    await Promise.race([this.client.close().catch(() => {}), patience])
    clearTimeout(timer)
    await this.#transport[Symbol.asyncDispose]()
    this.#onIdle()
  }

  /** A session has one level for all callers, so it is the most verbose one that any of them asked for. */
  async #raiseLevel(level: LoggingLevel | undefined): Promise<void> {
    if (level === undefined || this.client.server.capabilities.logging === undefined) return
    if (this.#level !== undefined && loggingLevels.indexOf(level) >= loggingLevels.indexOf(this.#level)) return
    this.#level = level
    // Over HTTP nothing but its answer says that the server knows before the call comes. Nobody's call fails because its
    // server cannot be told.
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, upstreamLimits.levelMs)
    })
    await Promise.race([this.client.setLogLevel(level).catch(() => {}), patience])
    clearTimeout(timer)
  }
}
