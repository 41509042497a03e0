/**
 * A right to stop work that costs nothing until somebody looks: the `AbortSignal` is made on first use, because most
 * calls end before anybody asks for it.
 */
export class Cancellation {
  #controller: AbortController | undefined
  #isAborted = false
  #reason: unknown

  get aborted(): boolean {
    return this.#isAborted
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#isAborted) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  abort(reason?: unknown): void {
    if (this.#isAborted) return
    this.#isAborted = true
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
