import {
  type Cancellation,
  code,
  type Exchange,
  type InputPort,
  type InputRequest,
  notification,
  type Params,
  ProtocolError,
  refusedQuestion,
  request,
  requireCapability,
} from '@interlock/protocol'
import { changedQuestion } from '../changed-question.ts'
import type { Session } from './session.ts'

/**
 * Asks over the live connection and waits: the handler runs once, or, when it asks by returning `input_required`, once a
 * round. What has been asked or done under a key is not asked or done again.
 */
export class LiveInput implements InputPort {
  readonly flow: string = crypto.randomUUID()
  readonly isLive = true
  readonly #session: Session
  readonly #exchange: Exchange
  readonly #cancellation: Cancellation
  readonly #answerMs: number
  readonly #answers = new Map<string, { readonly question: string; readonly answer: Promise<unknown> }>()
  readonly #steps = new Map<string, Promise<unknown>>()

  constructor(session: Session, exchange: Exchange, cancellation: Cancellation, answerMs: number) {
    this.#session = session
    this.#exchange = exchange
    this.#cancellation = cancellation
    this.#answerMs = answerMs
  }

  ask(key: string, question: InputRequest, wanted?: AbortSignal): Promise<unknown> {
    const text = JSON.stringify(question)
    const known = this.#answers.get(key)
    if (known === undefined) {
      const answer = this.#ask(key, question, wanted)
      this.#answers.set(key, { question: text, answer })
      return answer
    }
    return known.question === text ? known.answer : Promise.reject(changedQuestion(key))
  }

  step<T>(key: string, run: () => T | Promise<T>): Promise<T> {
    const known = this.#steps.get(key) as Promise<T> | undefined // it was put there by this very step
    if (known !== undefined) return known
    const running = Promise.resolve().then(run)
    this.#steps.set(key, running)
    running.catch(() => this.#steps.delete(key)) // what failed may be tried again
    return running
  }

  async #ask(key: string, question: InputRequest, wanted: AbortSignal | undefined): Promise<unknown> {
    const { peer } = this.#session
    const { params: asked } = requireCapability(peer, question)
    const lower = peer.revision.lower.requests?.[question.method]
    const params: Params | undefined = lower && asked ? lower({ ...asked }) : asked
    // Before it is asked, since the page may be done before the answer is there.
    this.#session.pages.expect(params?.['elicitationId'])
    const result = await this.#send(question.method, params, wanted).catch(reason => {
      // Whoever passes questions on learns late that its own client cannot be asked this.
      throw isRefusal(reason) ? refusedQuestion(question) : reason
    })
    const checks = peer.revision.requests[question.method]
    if (checks?.result(result) === false) {
      throw new ProtocolError(code.invalidParams, `the client's answer to "${key}" is not a ${question.method} result`)
    }
    const lift = peer.revision.lift[question.method]
    return lift === undefined ? result : lift(result as Record<string, unknown>, { ...question.params }) // just checked
  }

  async #send(method: string, params: Params | undefined, wanted: AbortSignal | undefined): Promise<unknown> {
    // Cancelled, not wanted any more, or the stream that would have carried the question is gone.
    const signals = [this.#cancellation.signal, this.#exchange.cancellation.signal]
    const signal = AbortSignal.any(wanted === undefined ? signals : [...signals, wanted])
    signal.throwIfAborted()
    // The answer may arrive before `send` returns, so the waiter is registered first.
    const { id, answer, fail, forget } = this.#session.expect()
    const giveUp = (reason: Error): void => {
      this.#session.send(notification('notifications/cancelled', { requestId: id, reason: reason.message }))
      fail(reason)
    }
    const onAbort = (): void =>
      giveUp(new Error(wanted?.aborted ? 'the answer is not wanted any more' : 'the call has ended'))
    const timer = setTimeout(
      () => giveUp(new ProtocolError(code.internalError, 'the client did not answer in time')),
      this.#answerMs,
    )
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      this.#exchange.send(request(id, method, params))
      return await answer
    } finally {
      forget()
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }
}

const isRefusal = (reason: unknown): boolean =>
  reason instanceof ProtocolError && (reason.code === code.methodNotFound || reason.code === code.missingCapability)
