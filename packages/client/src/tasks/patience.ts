import { Deadlines, type Timed } from '../deadlines.ts'

const waiting = new Set<Patience>()
const deadlines = new Deadlines(() => waiting)

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
    this.#begin()
  }

  hold(): void {
    this.#held += 1
    if (this.#held > 1 || this.#isOver) return
    this.#leftMs = this.deadlineAt - Date.now()
    this.#end()
  }

  resume(): void {
    this.#held -= 1
    if (this.#held > 0 || this.#isOver) return
    this.deadlineAt = Date.now() + this.#leftMs
    this.#begin()
  }

  expire(): void {
    this.#end()
    this.#onEnd()
  }

  [Symbol.dispose](): void {
    this.#isOver = true // though somebody may still be asked, and resume later
    this.#end()
  }

  #begin(): void {
    waiting.add(this)
    deadlines.watch(this)
  }

  #end(): void {
    this.deadlineAt = Number.POSITIVE_INFINITY
    waiting.delete(this)
    if (waiting.size === 0) deadlines.rest()
  }
}
