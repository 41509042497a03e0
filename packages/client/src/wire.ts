import {
  type Caller,
  Cancellation,
  clip,
  forget,
  InFlight,
  type Notification,
  onAbort,
  type Params,
  type Reply,
  type Request,
  request,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import type { Headers } from '@interlock/transport'
import { Deadlines, type Timed } from './deadlines.ts'
import { never } from './signals.ts'

/** How long a call may take. */
export interface Timing {
  /** Without a sign of life: the response, or progress. */
  readonly timeoutMs: number
  /** In all, whatever the progress. */
  readonly maxTotalMs: number
}

/** A request that has been sent and not been answered. */
export class Flight implements Timed {
  readonly id: number
  readonly method: string
  /** Who is asked when the server has a question; absent for requests of the client's own, such as a handshake. */
  readonly caller: Caller | undefined
  /** Questions the server has asked during this call, for naming the next one. */
  questions = 0
  /** How far it has come, as the server said last. */
  progress: number = Number.NEGATIVE_INFINITY
  deadlineAt: number
  /** Ends the exchange. */
  readonly cancellation: Cancellation = new Cancellation()
  readonly #wire: Wire
  readonly #params: Params | undefined
  readonly #timing: Timing
  #totalAt: number
  /** Questions that are being answered: meanwhile the clock stands still, since it is not the server that is slow. */
  #held = 0
  #heldSince = 0
  #onStop: ((reason: unknown) => void) | undefined

  constructor(wire: Wire, id: number, method: string, timing: Timing, params?: Params, caller?: Caller) {
    const now = Date.now()
    this.id = id
    this.method = method
    this.caller = caller
    this.#wire = wire
    this.#params = params
    this.#timing = timing
    this.#totalAt = now + timing.maxTotalMs
    this.deadlineAt = Math.min(now + timing.timeoutMs, this.#totalAt)
  }

  /** A sign of life: the time without one starts anew. */
  touch(): void {
    if (this.deadlineAt === Number.POSITIVE_INFINITY) return
    this.deadlineAt = Math.min(Date.now() + this.#timing.timeoutMs, this.#totalAt)
  }

  hold(): void {
    this.#held += 1
    if (this.#held > 1) return
    this.#heldSince = Date.now()
    this.deadlineAt = Number.POSITIVE_INFINITY
  }

  resume(): void {
    this.#held -= 1
    if (this.#held > 0) return
    const now = Date.now()
    this.#totalAt += now - this.#heldSince
    this.deadlineAt = Math.min(now + this.#timing.timeoutMs, this.#totalAt)
    this.#wire.reschedule(this)
  }

  /** It may take as long as it likes from now on. */
  endless(): void {
    this.#totalAt = Number.POSITIVE_INFINITY
    this.deadlineAt = Number.POSITIVE_INFINITY
  }

  expire(): void {
    this.deadlineAt = Number.POSITIVE_INFINITY
    const ms = Date.now() < this.#totalAt ? this.#timing.timeoutMs : this.#timing.maxTotalMs
    const sentence = `${describe(this.method, this.#params)} got no answer from ${this.#wire.name} within ${seconds(ms)}`
    this.stop(new TransportError('timeout', `${sentence}; it was cancelled. Allow more with "timeoutMs"`))
  }

  /**
   * Stops when its caller does.
   * @throws the reason, when the caller has stopped already
   */
  listen(): void {
    const { caller } = this
    if (caller === undefined) return
    // Who passes calls on for others has something that needs no signal to be made.
    const stop = caller.cancellation ?? caller.signal
    if (stop.aborted) throw stop.reason
    if (stop === never) return
    this.#onStop = reason => this.stop(reason)
    onAbort(stop, this.#onStop)
  }

  leave(): void {
    const { caller } = this
    if (this.#onStop !== undefined && caller !== undefined) forget(caller.cancellation ?? caller.signal, this.#onStop)
  }

  /** Gives up: the request is cancelled at the server, and whoever waits for it gets the reason. */
  stop(reason: unknown): void {
    this.#wire.stop(this, reason)
  }
}

const seconds = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`)

/** Sends requests over a transport, knows which are in flight, and ends those that take too long or are not wanted. */
export class Wire {
  /** Replaced at most once, before a session is opened: by the same server's older transport. */
  transport: Transport
  /** What the server is called in messages. */
  readonly name: string
  /** Tells the server that a request is not wanted any more. Set by the era once one is chosen. */
  onStop: (flight: Flight, reason: unknown) => void = () => {}
  readonly #flights = new InFlight<number, Flight>()
  readonly #deadlines = new Deadlines(() => this.#flights.values())
  #lastId = 0

  constructor(transport: Transport, name: string) {
    this.transport = transport
    this.name = name
  }

  get isHttp(): boolean {
    return this.transport.kind === 'http'
  }

  /** Those under way, the oldest first. */
  get flights(): Flight[] {
    return [...this.#flights.values()]
  }

  /** The one under way with this id. */
  find(id: number): Flight | undefined {
    return this.#flights.get(id)
  }

  flight(method: string, timing: Timing, params?: Params, caller?: Caller): Flight {
    this.#lastId += 1
    return new Flight(this, this.#lastId, method, timing, params, caller)
  }

  /** Rejects with `TransportError`, or with the reason of a stop. */
  async exchange(
    flight: Flight,
    params: Params,
    headers?: Headers,
    onMessage?: (message: Request | Notification) => void,
  ): Promise<Reply> {
    const { cancellation } = flight
    flight.listen()
    this.#flights.set(flight.id, flight)
    this.#deadlines.watch(flight)
    const message = request(flight.id, flight.method, params)
    const { transport } = this
    try {
      if (!transport.takesCancellation) {
        const { signal } = cancellation
        return await transport.exchange(message, headers === undefined ? { signal } : { signal, headers, onMessage })
      }
      return await transport.exchange(
        message,
        headers === undefined ? { cancellation } : { cancellation, headers, onMessage },
      )
    } catch (error) {
      throw cancellation.aborted ? cancellation.reason : error
    } finally {
      flight.leave()
      this.#flights.delete(flight.id)
      if (this.#flights.size === 0) this.#deadlines.rest()
    }
  }

  stop(flight: Flight, reason: unknown): void {
    if (this.#flights.get(flight.id) !== flight || flight.cancellation.aborted) return
    this.onStop(flight, reason)
    flight.cancellation.abort(reason)
  }

  reschedule(flight: Flight): void {
    if (this.#flights.get(flight.id) === flight) this.#deadlines.watch(flight)
  }

  /** Stops everything in flight. */
  stopAll(reason: unknown): void {
    this.onStop = () => {}
    for (const flight of this.flights) flight.stop(reason)
  }
}

/** What a person would call the request: the tool, prompt or resource it is about. */
function describe(method: string, params: Params | undefined): string {
  const subject = params?.['name'] ?? params?.['uri']
  return typeof subject === 'string' ? `${method} of "${clip(subject)}"` : method
}
