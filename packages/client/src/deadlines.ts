/** Something that ends when its time has come. */
export interface Timed {
  /** Milliseconds since the epoch; `Infinity` while it has all the time in the world. */
  readonly deadlineAt: number
  /** It waits no more, or for as long as it likes. */
  expire(): void
}

/**
 * One timer for everything that waits. It is set when there is something to wait for and looks through the entries when
 * it fires, so that an entry costs nothing when it comes and goes in time. An idle timer keeps no process alive.
 */
export class Deadlines {
  readonly #entries: () => Iterable<Timed>
  #timer: ReturnType<typeof setTimeout> | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #isIdle = true

  /** @param entries gives all that waits */
  constructor(entries: () => Iterable<Timed>) {
    this.#entries = entries
  }

  /** Called when an entry has come, or its deadline has moved. */
  watch({ deadlineAt }: Timed): void {
    if (this.#isIdle) this.#timer?.ref?.()
    this.#isIdle = false
    if (deadlineAt < this.#timerAt) this.#arm(deadlineAt)
  }

  /** Called when the last entry has gone. */
  rest(): void {
    this.#isIdle = true
    this.#timer?.unref?.()
  }

  #arm(at: number): void {
    clearTimeout(this.#timer)
    this.#timerAt = at
    this.#timer = setTimeout(() => this.#fire(), Math.min(Math.max(at - Date.now(), 1), longestTimer))
  }

  #fire(): void {
    this.#timer = undefined
    this.#timerAt = Number.POSITIVE_INFINITY
    const now = Date.now()
    let next = Number.POSITIVE_INFINITY
    for (const entry of this.#entries()) {
      if (entry.deadlineAt > now) next = Math.min(next, entry.deadlineAt)
      else entry.expire()
    }
    if (next < this.#timerAt) this.#arm(next)
  }
}

/** What platforms keep a delay in: above it they fire at once. */
const longestTimer = 2 ** 31 - 1
