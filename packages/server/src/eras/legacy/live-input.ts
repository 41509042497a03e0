import {
  code,
  type Exchange,
  type InputPort,
  type InputRequest,
  notification,
  type Params,
  ProtocolError,
  request,
} from '@interlock/protocol'
import { requireCapability } from '../ask.ts'
import type { Session } from './session.ts'

/** Asks over the live connection and waits: the handler runs once. */
export class LiveInput implements InputPort {
  readonly flow: string = crypto.randomUUID()
  readonly #session: Session
  readonly #exchange: Exchange
  readonly #signal: AbortSignal
  readonly #answerMs: number

  constructor(session: Session, exchange: Exchange, signal: AbortSignal, answerMs: number) {
    this.#session = session
    this.#exchange = exchange
    this.#signal = signal
    this.#answerMs = answerMs
  }

  async ask(key: string, question: InputRequest): Promise<unknown> {
    const { peer } = this.#session
    requireCapability(peer, question)
    const lower = peer.revision.lower.requests?.[question.method]
    const params: Params | undefined = lower && question.params ? lower({ ...question.params }) : question.params
    const result = await this.#send(question.method, params)
    const checks = peer.revision.requests[question.method]
    if (checks?.result(result) === false) {
      throw new ProtocolError(code.invalidParams, `the client's answer to "${key}" is not a ${question.method} result`)
    }
    const lift = peer.revision.lift[question.method]
    return lift === undefined ? result : lift(result as Record<string, unknown>, { ...question.params }) // just checked
  }

  async step<T>(_key: string, run: () => T | Promise<T>): Promise<T> {
    return run()
  }

  async #send(method: string, params: Params | undefined): Promise<unknown> {
    // The answer may arrive before `send` returns, so the waiter is registered first.
    const { id, answer, forget } = this.#session.expect()
    // Cancelled, or the stream that would have carried the question is gone.
    const signal = AbortSignal.any([this.#signal, this.#exchange.cancellation.signal])
    const giveUp = (reason: Error): void => {
      this.#session.send(notification('notifications/cancelled', { requestId: id, reason: reason.message }))
      forget(reason)
    }
    const onAbort = (): void => giveUp(new Error('the call has ended'))
    const timer = setTimeout(
      () => giveUp(new ProtocolError(code.internalError, 'the client did not answer in time')),
      this.#answerMs,
    )
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      signal.throwIfAborted()
      this.#exchange.send(request(id, method, params))
      return await answer
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }
}
