import type { Cancellation } from '@interlock/protocol'

/** Requests being worked on: bounded in number, and let to finish when the server closes. */
export class Work {
  readonly #limit: number
  readonly #running = new Set<Cancellation>()
  #isClosing = false
  #onIdle: (() => void) | undefined
  #closed: Promise<void> | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Why no request can be taken now; undefined when one can. */
  get refusal(): string | undefined {
    if (this.#isClosing) return 'the server is shutting down; connect again in a moment'
    return this.#running.size >= this.#limit ? 'the server has too many requests in flight; try again later' : undefined
  }

  begin(cancellation: Cancellation): void {
    this.#running.add(cancellation)
  }

  end(cancellation: Cancellation): void {
    this.#running.delete(cancellation)
    if (this.#running.size === 0) this.#onIdle?.()
  }

  /** Takes no more, waits for what runs for at most `graceMs`, then cancels it. */
  close(graceMs: number): Promise<void> {
    this.#isClosing = true
    this.#closed ??= this.#drain(graceMs)
    return this.#closed
  }

  async #drain(graceMs: number): Promise<void> {
    if (this.#running.size === 0) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>(resolve => {
      this.#onIdle = resolve
      timer = setTimeout(resolve, graceMs)
    })
    clearTimeout(timer)
    for (const cancellation of this.#running) cancellation.abort(new Error('the server is shutting down'))
  }
}
