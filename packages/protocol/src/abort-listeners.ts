import { InFlight } from './in-flight.ts'

type Listener = (reason: unknown) => void

const listeners = new WeakMap<AbortSignal, InFlight<Listener, Listener>>()

/**
 * Calls `listener` when the signal aborts, until it is told to `forget`. However many listen to one signal, it has one
 * event listener, which stays: many calls may share a signal, a platform takes many listeners for a leak, and one that
 * comes and goes with a call costs more than a microsecond on Node 20, against a tenth of that here.
 */
export function onAbort(signal: AbortSignal, listener: Listener): void {
  const known = listeners.get(signal)
  if (known !== undefined) {
    known.set(listener, listener)
    return
  }
  const all = new InFlight<Listener, Listener>()
  all.set(listener, listener)
  listeners.set(signal, all)
  signal.addEventListener(
    'abort',
    () => {
      for (const tell of all.values()) tell(signal.reason)
    },
    { once: true },
  )
}

export function forget(signal: AbortSignal, listener: Listener): void {
  listeners.get(signal)?.delete(listener)
}
