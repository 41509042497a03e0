/** What a closed loop did: every call is answered before the next one takes its place. */
export interface Load {
  readonly calls: number
  readonly ms: number
  readonly wrong: number
  /** The first answer that was wrong, clipped. */
  readonly firstWrong?: string
}

/** A contestant that is ready to be called. */
export interface Driver {
  /** Opens connections and uses each once, so that a loop measures calls only. */
  open(): Promise<Loop>
}

export interface Loop {
  /** Calls for this long, then waits for the answers in flight. Rejects when the contestant goes away. */
  run(ms: number): Promise<Load>
  close(): void
}

/** Counts answers. */
export class Tally {
  #calls = 0
  #wrong = 0
  #firstWrong: string | undefined
  readonly #started = performance.now()

  count(isRight: boolean, answer: string): void {
    this.#calls += 1
    if (isRight) return
    this.#wrong += 1
    this.#firstWrong ??= answer.slice(0, 500)
  }

  /** How long it has been counting. */
  get ms(): number {
    return performance.now() - this.#started
  }

  load(): Load {
    const load = { calls: this.#calls, ms: this.ms, wrong: this.#wrong }
    return this.#firstWrong === undefined ? load : { ...load, firstWrong: this.#firstWrong }
  }
}
