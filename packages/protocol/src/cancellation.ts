type Listener = (reason: unknown) => void

/**
 * A right to stop work that costs nothing until somebody looks: the `AbortSignal` is made on first use, because most
 * calls end before anybody asks for it.
 */
export class Cancellation {
  #controller: AbortController | undefined
  #isAborted = false
  #reason: unknown
  #listeners: Listener | Listener[] | undefined

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
   * Calls back once when work is to stop, at once when it was stopped already, and not any more after `forget`. Costs no
   * `AbortSignal`, which with one listener takes a kilobyte of heap. `listener` must not throw.
   */
  onAbort(listener: Listener): void {
    if (this.#isAborted) return listener(this.reason)
    const known = this.#listeners
    if (known === undefined) this.#listeners = listener
    else if (typeof known === 'function') this.#listeners = [known, listener]
    else known.push(listener)
  }

  forget(listener: Listener): void {
    const known = this.#listeners
    if (known === listener) this.#listeners = undefined
    else if (typeof known === 'object') this.#listeners = known.filter(other => other !== listener)
  }

  abort(reason?: unknown): void {
    if (this.#isAborted) return
    this.#isAborted = true
    this.#reason = reason
    this.#controller?.abort(reason)
    const listeners = this.#listeners
    this.#listeners = undefined
    if (typeof listeners === 'function') listeners(this.reason)
    else for (const listener of listeners ?? []) listener(this.reason)
  }
}
