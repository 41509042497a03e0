import { type Cancellation, code, type Exchange, errorResponse, InFlight, isRequest } from '@interlock/protocol'

/** Requests being worked on: bounded in number, let to finish when the server closes, and none left without an answer. */
export class Work {
  readonly #limit: number
  readonly #running = new InFlight<Exchange, Cancellation>()
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

  /** @param cancellation what stops the work, where that is not the end of the exchange */
  begin(exchange: Exchange, cancellation: Cancellation = exchange.cancellation): void {
    this.#running.set(exchange, cancellation)
  }

  end(exchange: Exchange): void {
    this.#running.delete(exchange)
    if (this.#running.size === 0) this.#onIdle?.()
  }

  /** Takes no more, waits for what runs for at most `graceMs`, then answers it with an error and cancels it. */
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
    for (const [exchange, cancellation] of this.#running) {
      // Before it is cancelled: nothing is delivered after. Who has cancelled it waits for no answer.
      if (!cancellation.aborted) giveUp(exchange)
      cancellation.abort(new Error('the server is shutting down'))
    }
  }
}

/** Not the status of a refusal: what may have taken effect must not look as if it could be sent again. */
function giveUp(exchange: Exchange): void {
  if (!isRequest(exchange.message)) return
  const message = 'the server is shutting down; whether the call took effect is unknown'
  exchange.reply(errorResponse(exchange.message.id, { code: code.internalError, message }))
}
