/** How long work goes on that nobody waits for any more: a caller that tries again at once finds it still under way. */
const lingerMs = 1_000

interface Flight<Value> {
  readonly result: Promise<Value>
  readonly stop: AbortController
  waiting: number
}

/** Work that is done once for all who want it at the same time. */
export class Flights<Value> {
  readonly #open = new Map<string, Flight<Value>>()

  /**
   * Joins the work under this key, or begins it. Rejects with the signal's reason when this caller gives up; the work's
   * own signal is aborted when all have.
   */
  async join(
    key: string,
    work: (signal: AbortSignal) => Promise<Value>,
    signal: AbortSignal | undefined,
  ): Promise<Value> {
    signal?.throwIfAborted()
    const flight = this.#open.get(key) ?? this.#begin(key, work)
    flight.waiting += 1
    let giveUp: (() => void) | undefined
    try {
      if (signal === undefined) return await flight.result
      const given = new Promise<never>((_resolve, reject) => {
        giveUp = () => reject(signal.reason)
        signal.addEventListener('abort', giveUp, { once: true })
      })
      return await Promise.race([flight.result, given])
    } finally {
      if (giveUp !== undefined) signal?.removeEventListener('abort', giveUp)
      flight.waiting -= 1
      if (flight.waiting === 0 && this.#open.get(key) === flight) this.#leave(flight)
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const stop = new AbortController()
    const close = (): void => {
      if (this.#open.get(key)?.stop === stop) this.#open.delete(key)
    }
    stop.signal.addEventListener('abort', close) // what was stopped is nothing to join, even when it takes long to end
    const result = work(stop.signal).finally(close)
    result.catch(() => undefined) // all who waited may have gone
    const flight = { result, stop, waiting: 0 }
    this.#open.set(key, flight)
    return flight
  }

  #leave(flight: Flight<Value>): void {
    const timer = setTimeout(() => {
      if (flight.waiting === 0) flight.stop.abort(new Error('nobody waits for the login any more'))
    }, lingerMs)
    void flight.result.catch(() => undefined).finally(() => clearTimeout(timer))
  }
}
