import { forget, onAbort } from '@interlock/protocol'

/**
 * Controllers that were not used to abort anything, to be used again: making one and its signal costs more than all else
 * that is made for a call.
 */
const spare: AbortController[] = []

/** Calls in flight at once in a busy process; more are simply made anew. */
const spareControllers = 256

export const takeController = (): AbortController => spare.pop() ?? new AbortController()

/** Nobody who was given the signal may still act on it. */
export function giveBack(controller: AbortController): void {
  if (!controller.signal.aborted && spare.length < spareControllers) spare.push(controller)
}

/** A signal of somebody who never stops. */
export const never: AbortSignal = new AbortController().signal

/** What the promise gives, unless the signal aborts first: then its reason, though the promise may never settle. */
export function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  if (signal === never) return promise
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    onAbort(signal, reject)
    promise.then(resolve, reject).finally(() => forget(signal, reject))
  })
}

/** Does `work` under a signal that aborts as soon as one of these does; then its reason is what comes of it. */
export async function underAll<Value>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController()
  const give = (reason: unknown): void => stop.abort(reason)
  for (const signal of signals) signal.throwIfAborted()
  for (const signal of signals) onAbort(signal, give)
  try {
    return await unlessAborted(work(stop.signal), stop.signal)
  } finally {
    for (const signal of signals) forget(signal, give)
  }
}
