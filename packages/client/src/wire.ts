import {
  type Caller,
  clip,
  forget,
  InFlight,
  type Notification,
  onAbort,
  type Params,
  type Reply,
  type Request,
  type RequestId,
  request,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import type { Headers } from '@interlock/transport'
import { Deadlines, type Timed } from './deadlines.ts'
import { giveBack, never, takeController } from './signals.ts'

/** How long a call may take. */
export interface Timing {
  /** Without a sign of life: the response, or progress. */
  readonly timeoutMs: number
  /** In all, whatever the progress. */
  readonly maxTotalMs: number
}

/** A request that has been sent and not been answered. */
export class Flight implements Timed {
  readonly id: RequestId
  readonly method: string
  /** Who is asked when the server has a question; absent for requests of the client's own, such as a handshake. */
  readonly caller: Caller | undefined
  /** Questions the server has asked during this call, for naming the next one. */
  questions = 0
  /** How far it has come, as the server said last. */
  progress: number = Number.NEGATIVE_INFINITY
  deadlineAt: number
  stopped: { readonly reason: unknown } | undefined
  /** Ends the exchange; only while it is under way. */
  controller: AbortController | undefined
  readonly #wire: Wire
  readonly #params: Params | undefined
  readonly #timing: Timing
  #totalAt: number
  /** Questions that are being answered: meanwhile the clock stands still, since it is not the server that is slow. */
  #held = 0
  #heldSince = 0

  constructor(wire: Wire, id: RequestId, method: string, timing: Timing, params?: Params, caller?: Caller) {
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
    const ms = Date.now() < this.#totalAt ? this.#timing.timeoutMs : this.#timing.maxTotalMs
    const sentence = `${describe(this.method, this.#params)} got no answer from ${this.#wire.name} within ${seconds(ms)}`
    this.stop(new TransportError('timeout', `${sentence}; it was cancelled. Allow more with "timeoutMs"`))
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
  readonly flights: InFlight<RequestId, Flight> = new InFlight()
  /** Tells the server that a request is not wanted any more. Set by the era once one is chosen. */
  onStop: (flight: Flight, reason: unknown) => void = () => {}
  readonly #deadlines = new Deadlines()
  #lastId = 0

  constructor(transport: Transport, name: string) {
    this.transport = transport
    this.name = name
  }

  get isHttp(): boolean {
    return this.transport.kind === 'http'
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
    // Who passes calls on for others has something that needs no signal to be made.
    const cancellation = flight.caller?.cancellation
    const callerSignal = cancellation === undefined ? (flight.caller?.signal ?? never) : never
    if (cancellation?.aborted) throw cancellation.reason
    if (callerSignal.aborted) throw callerSignal.reason
    const controller = takeController()
    const { signal } = controller
    const stop = (reason: unknown): void => flight.stop(reason)
    if (cancellation !== undefined) cancellation.onAbort(stop)
    else if (callerSignal !== never) onAbort(callerSignal, stop)
    this.flights.set(flight.id, flight)
    flight.controller = controller
    this.#deadlines.set(flight)
    const message = request(flight.id, flight.method, params)
    try {
      if (headers === undefined) return await this.transport.exchange(message, { signal })
      return await this.transport.exchange(
        message,
        onMessage === undefined ? { signal, headers } : { signal, headers, onMessage },
      )
    } catch (error) {
      throw flight.stopped === undefined ? error : flight.stopped.reason
    } finally {
      if (cancellation !== undefined) cancellation.forget(stop)
      else if (callerSignal !== never) forget(callerSignal, stop)
      this.flights.delete(flight.id)
      flight.controller = undefined
      this.#deadlines.clear(flight)
      giveBack(controller)
    }
  }

  stop(flight: Flight, reason: unknown): void {
    const { controller } = flight
    if (controller === undefined || flight.stopped !== undefined) return
    flight.stopped = { reason }
    this.onStop(flight, reason)
    controller.abort(reason)
  }

  reschedule(flight: Flight): void {
    if (flight.controller !== undefined) this.#deadlines.set(flight)
  }

  /** Stops everything in flight. */
  stopAll(reason: unknown): void {
    this.onStop = () => {}
    for (const flight of this.flights.values()) flight.stop(reason)
  }
}

/** What a person would call the request: the tool, prompt or resource it is about. */
function describe(method: string, params: Params | undefined): string {
  const subject = params?.['name'] ?? params?.['uri']
  return typeof subject === 'string' ? `${method} of "${clip(subject)}"` : method
}
