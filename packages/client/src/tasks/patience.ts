import { Deadlines, type Timed } from '../deadlines.ts'

const deadlines = new Deadlines()

/** How long somebody waits for a task in all. While a person answers a question the clock stands still. */
export class Patience implements Timed, Disposable {
  deadlineAt: number
  readonly #onEnd: () => void
  #held = 0
  #leftMs = 0
  #isOver = false

  constructor(ms: number, onEnd: () => void) {
    this.deadlineAt = Date.now() + ms
    this.#onEnd = onEnd
    deadlines.set(this)
  }

  hold(): void {
    this.#held += 1
    if (this.#held > 1 || this.#isOver) return
    this.#leftMs = this.deadlineAt - Date.now()
    this.deadlineAt = Number.POSITIVE_INFINITY
    deadlines.clear(this)
  }

  resume(): void {
    this.#held -= 1
    if (this.#held > 0 || this.#isOver) return
    this.deadlineAt = Date.now() + this.#leftMs
    deadlines.set(this)
  }

  expire(): void {
    this.#onEnd()
  }

  [Symbol.dispose](): void {
    this.deadlineAt = Number.POSITIVE_INFINITY
    this.#isOver = true // though somebody may still be asked, and resume later
    deadlines.clear(this)
  }
}
