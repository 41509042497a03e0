import { forget, onAbort } from '@interlock/protocol'

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
