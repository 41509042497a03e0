import type { Client } from '@interlock/client'
import {
  type Call,
  code,
  type Ended,
  interactiveMethods,
  type LoggingLevel,
  loggingLevels,
  type MissingCapability,
  type Outcome,
  ProtocolError,
  type Task,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import { withPagesOf } from '../pages.ts'
import { upstreamLimits } from './limits.ts'
import { Listing, type ListingOptions } from './listing.ts'
import { loginNeededIn } from './login-needed.ts'
import type { Parking } from './parked.ts'
import { PassedOn, type Questions } from './passed-on.ts'
import { reworded } from './reworded.ts'

/** One life of a server, from the moment it answers: what it offers, its calls in flight, and its end. */
export class Connection {
  readonly client: Client
  readonly listing: Listing
  /** Resolves with the reason when the transport has ended, or when nobody can be reached over it any more. */
  readonly over: Promise<Ended>
  readonly #name: string
  readonly #transport: Transport
  readonly #parking: Parking
  #giveUp: (reason: TransportError) => void = () => {}
  #calls = 0
  #onIdle: () => void = () => {}
  #level: LoggingLevel | undefined
  #hasOtherRoots = false
  #isTelling = false
  #closing: Promise<void> | undefined

  constructor(name: string, client: Client, transport: Transport, parking: Parking, listing: ListingOptions) {
    this.#name = name
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
  handle(call: Call): Promise<Outcome> {
    return this.#counted(() => this.#handle(call))
  }

  /** Waits for a task that a call has become here: that is a call in flight as well. */
  follow(task: Task, call: Call): Promise<Outcome> {
    return this.#counted(() => this.#asked(call, own => this.client.follow(task, own)))
  }

  #handle(call: Call): Promise<Outcome> {
    const { logLevel } = call.caller
    const raised = this.#isLegacy && logLevel !== undefined ? this.#raiseLevel(logLevel) : undefined
    return raised === undefined ? this.#begin(call) : raised.then(() => this.#begin(call))
  }

  #begin(call: Call): Promise<Outcome> {
    const { caller, method } = call
    if (!interactiveMethods.has(method) || caller.input.isLive) return this.#perform(call)
    // A server with sessions asks while it works; a client without cannot be asked while it waits.
    if (this.#isLegacy) return this.#parking.begin(call, own => this.#counted(() => this.#perform(own)))
    return this.#beginStateless(call)
  }

  async #beginStateless(call: Call): Promise<Outcome> {
    const { caller } = call
    // Whatever the caller takes, the gateway looks after the task.
    const outcome = await this.client.handle({ ...call, caller: new PassedOn(caller, { task: caller.task ?? {} }) })
    if (outcome.kind !== 'task' || caller.task !== undefined) return outcome
    // Nor can it be asked while a task is looked after for it.
    return this.#parking.begin(call, own => this.follow(outcome.task, own))
  }

  #perform(call: Call): Promise<Outcome> {
    return this.#asked(call, own => this.client.handle(own))
  }

  /** Has work done for a call whose caller may be asked. A session knows many callers by the capabilities of one. */
  async #asked(call: Call, work: (call: Call) => Promise<Outcome>): Promise<Outcome> {
    if (!this.#isLegacy) return work(call)
    let refusal: MissingCapability | undefined
    const questions: Questions = {
      reword: question => reworded(this.#name, call.caller.peer, question),
      onRefused(reason) {
        refusal = reason
      },
    }
    try {
      return await work({ ...call, caller: new PassedOn(call.caller, { questions }) })
    } catch (error) {
      // Many a server fails with the very error that its question was refused with. The client is told why, and what to do.
      throw refusal !== undefined && repeatsRefusal(error) ? refusal : withPagesOf(this.#name, error)
    }
  }

  get isBusy(): boolean {
    return this.#calls > 0
  }

  get #isLegacy(): boolean {
    return this.client.server.revision.features.era === 'legacy'
  }

  /** A parked call is in flight between the rounds of its client as well. */
  async #counted(run: () => Promise<Outcome>): Promise<Outcome> {
    this.#calls += 1
    try {
      return await run()
    } catch (error) {
      // Nobody answers there any more. A connection that breaks under one call says nothing about the next one.
      if (error instanceof TransportError && isForAll(error)) this.#giveUp(error)
      throw error
    } finally {
      this.#calls -= 1
      if (this.#calls === 0) this.#onIdle()
    }
  }

  /** Tells the server that a client has other roots: one message at a time, however many clients say so. */
  async rootsChanged(): Promise<void> {
    this.#hasOtherRoots = true
    if (this.#isTelling) return
    this.#isTelling = true
    while (this.#hasOtherRoots) {
      this.#hasOtherRoots = false
      await this.client.rootsChanged().catch(() => {}) // it asks in its next call, if at all
    }
    this.#isTelling = false
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

  /**
   * A session has one level for all callers, so it is the most verbose one that any of them asked for. Undefined where
   * there is nothing to wait for.
   */
  #raiseLevel(level: LoggingLevel): Promise<void> | undefined {
    if (this.client.server.capabilities.logging === undefined) return undefined
    if (this.#level !== undefined && loggingLevels.indexOf(level) >= loggingLevels.indexOf(this.#level))
      return undefined
    this.#level = level
    return this.#setLevel(level)
  }

  async #setLevel(level: LoggingLevel): Promise<void> {
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

/** Whether nobody else would be answered either: it cannot be reached, or takes no requests without a new login. */
const isForAll = (error: TransportError): boolean =>
  error.code === 'unreachable' || loginNeededIn(error)?.isWhole === true

const refusals: ReadonlySet<number> = new Set([code.methodNotFound, code.invalidRequest, code.missingCapability])
const repeatsRefusal = (error: unknown): boolean => error instanceof ProtocolError && refusals.has(error.code)
