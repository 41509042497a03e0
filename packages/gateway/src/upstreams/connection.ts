import type { Client } from '@interlock/client'
import {
  type Call,
  type Ended,
  interactiveMethods,
  type LoggingLevel,
  loggingLevels,
  type Outcome,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import { upstreamLimits } from './limits.ts'
import { Listing, type ListingOptions } from './listing.ts'
import type { Parking } from './parked.ts'

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
    if (isLegacy) this.#raiseLevel(call.caller.logLevel)
    // A server with sessions asks while it works; a client without cannot be asked while it waits.
    const mustPark = isLegacy && interactiveMethods.has(call.method) && !call.caller.input.isLive
    this.#calls += 1
    try {
      return await (mustPark ? this.#parking.handle(call, client.handle) : client.handle(call))
    } catch (error) {
      // Nobody answers there any more. A connection that breaks under one call says nothing about the next one.
      if (error instanceof TransportError && error.code === 'unreachable') this.#giveUp(error)
      throw error
    } finally {
      this.#calls -= 1
      if (this.#calls === 0) this.#onIdle()
    }
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
  #raiseLevel(level: LoggingLevel | undefined): void {
    if (level === undefined || this.client.server.capabilities.logging === undefined) return
    if (this.#level !== undefined && loggingLevels.indexOf(level) >= loggingLevels.indexOf(this.#level)) return
    this.#level = level
    // Nobody's call fails or waits because its server cannot be told.
    this.client.setLogLevel(level).catch(() => {})
  }
}
