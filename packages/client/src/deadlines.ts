import { InFlight } from '@interlock/protocol'

/** Something that ends when its time has come. */
export interface Timed {
  /** Milliseconds since the epoch; `Infinity` while it has all the time in the world. */
  readonly deadlineAt: number
  expire(): void
}

/**
 * One timer for everything that waits. It is set when there is something to wait for and looks through the entries when
 * it fires, so that an entry costs nothing when it comes and goes in time. An idle timer keeps no process alive.
 */
export class Deadlines {
  readonly #entries = new InFlight<Timed, Timed>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #timerAt = Number.POSITIVE_INFINITY

  /** Also called when the deadline of an entry has moved. */
  set(entry: Timed): void {
    if (this.#entries.size === 0) this.#timer?.ref?.()
    this.#entries.set(entry, entry)
    if (entry.deadlineAt < this.#timerAt) this.#arm(entry.deadlineAt)
  }

  clear(entry: Timed): void {
    this.#entries.delete(entry)
    if (this.#entries.size === 0) this.#timer?.unref?.()
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
    for (const entry of this.#entries.values()) {
      if (entry.deadlineAt > now) next = Math.min(next, entry.deadlineAt)
      else {
        this.clear(entry)
        entry.expire()
      }
    }
    if (next < this.#timerAt) this.#arm(next)
  }
}

/** What platforms keep a delay in: above it they fire at once. */
const longestTimer = 2 ** 31 - 1
