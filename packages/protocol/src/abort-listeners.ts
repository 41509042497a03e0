import type { Cancellation } from './cancellation.ts'
import { InFlight } from './in-flight.ts'

/** What says that work is to stop: a signal, or what is one only once somebody looks. */
export type Stop = AbortSignal | Cancellation

type Listener = (reason: unknown) => void

/** Who listens to one signal, by one event listener. */
class Audience {
  readonly #signal: AbortSignal
  readonly #all = new InFlight<Listener, Listener>()
  readonly #onAbort = (): void => {
    for (const tell of this.#all.values()) tell(this.#signal.reason)
  }

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  add(listener: Listener): void {
    this.#all.set(listener, listener)
  }

  /** @returns whether nobody is left */
  delete(listener: Listener): boolean {
    this.#all.delete(listener)
    if (this.#all.size > 0) return false
    // A signal made of others, or by a timer, is kept alive by whoever listens to it.
    this.#signal.removeEventListener('abort', this.#onAbort)
    return true
  }
}

const audiences = new WeakMap<AbortSignal, Audience>()

/**
 * Calls `listener` when a signal that is not aborted yet aborts, until it is told to `forget`. However many listen to one
 * signal, it has one event listener: many calls may share a signal, a platform takes many listeners for a leak, and one
 * that comes and goes with a call costs more than a microsecond on Node 20, against a tenth of that here.
 */
export function onAbort(stop: Stop, listener: Listener): void {
  if (isCancellation(stop)) return stop.onAbort(listener)
  const known = audiences.get(stop) ?? new Audience(stop)
  audiences.set(stop, known)
  known.add(listener)
}

export function forget(stop: Stop, listener: Listener): void {
  if (isCancellation(stop)) stop.forget(listener)
  else if (audiences.get(stop)?.delete(listener)) audiences.delete(stop)
}

const isCancellation = (stop: Stop): stop is Cancellation => 'onAbort' in stop
