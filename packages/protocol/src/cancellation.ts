/**
 * A right to stop work that costs nothing until somebody looks: the `AbortSignal` is made on first use, because most
 * calls end before anybody asks for it.
 */
export class Cancellation {
  #controller: AbortController | undefined
  #isAborted = false
  #reason: unknown
  #listeners: Set<(reason: unknown) => void> | undefined

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

  /** The reason given, once it is aborted; as the signal has it. */
  get reason(): unknown {
    return this.#isAborted && this.#reason === undefined ? this.signal.reason : this.#reason
  }

  /**
   * Calls `listener` once when the work is to stop, until it is told to `forget`; never for what has happened already.
   * For whoever waits and nothing more: on a gateway's way a signal with its listener cost a tenth of a call.
   */
  listen(listener: (reason: unknown) => void): void {
    this.#listeners ??= new Set()
    this.#listeners.add(listener)
  }

  forget(listener: (reason: unknown) => void): void {
    this.#listeners?.delete(listener)
  }

  abort(reason?: unknown): void {
    if (this.#isAborted) return
    this.#isAborted = true
    this.#reason = reason
    this.#controller?.abort(reason)
    const listeners = this.#listeners ?? []
    this.#listeners = undefined
    for (const tell of listeners) tell(this.reason)
  }
}
