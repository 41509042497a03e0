import { type ExchangeOptions, TransportError } from '@interlock/protocol'
import { noAnswer } from './failure.ts'
import { type Headers, none } from './headers.ts'
import { readStart } from './read.ts'
import type { HttpAnswer, HttpCall, HttpSend } from './send.ts'

/** Redirects within the origin that one request follows. A missing slash at the end of a path takes one. */
const redirects = 3

/** What is read of a body that is no message, to be quoted or to find an error in. */
const errorBytes = 64 * 1024

/** One URL and its open requests. */
export class Endpoint {
  readonly url: URL
  readonly #headers: Headers
  readonly #send: HttpSend
  readonly #open = new Set<HttpAnswer>()
  /** Requests that nobody else can stop and that have no answer yet. */
  readonly #pending = new Set<AbortController>()
  readonly #closing = new AbortController()

  constructor(url: URL, headers: Headers, send: HttpSend) {
    this.url = url
    this.#headers = { ...headers, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    this.#send = send
  }

  /** The answer's headers have come; `release` or `start` ends what this begins. Rejects with the reason of a stop. */
  async call(
    method: HttpCall['method'],
    options: Pick<ExchangeOptions, 'headers' | 'signal'>,
    body?: string,
  ): Promise<HttpAnswer> {
    let call = this.#request(method, options, body)
    for (let followed = 0; ; followed += 1) {
      const answer = await this.#ask(call, options.signal)
      const target = followed < redirects ? redirection(call.url, answer) : undefined
      if (target === undefined) {
        this.#open.add(answer)
        return answer
      }
      answer.close()
      call = { ...call, url: target }
    }
  }

  /** The rest of the answer is somebody else's business. */
  release(answer: HttpAnswer): void {
    this.#open.delete(answer)
  }

  /** Reads the start of a body that is no message and lets go of the rest. */
  async start(answer: HttpAnswer): Promise<string> {
    const text = await readStart(answer, errorBytes)
    this.#open.delete(answer)
    return text
  }

  /** Why nobody waits any more: the signal's reason, or that this side closed. */
  stopReason(signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason
    return this.#closing.signal.aborted ? this.#closing.signal.reason : undefined
  }

  /** Rejects with the reason of a stop, or that this side closed. */
  pause(ms: number, wanted?: AbortSignal): Promise<void> {
    const { signal: closing } = this.#closing
    const signal = wanted === undefined ? closing : AbortSignal.any([closing, wanted])
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop)
        resolve()
      }, ms)
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
    })
  }

  close(): void {
    const reason = new TransportError('closed', 'the connection was closed')
    this.#closing.abort(reason)
    for (const pending of this.#pending) pending.abort(reason)
    for (const answer of this.#open) answer.close()
    this.#open.clear()
  }

  #request(
    method: HttpCall['method'],
    { headers = none, signal }: Pick<ExchangeOptions, 'headers' | 'signal'>,
    body?: string,
  ): HttpCall {
    const all = { ...this.#headers, ...headers, ...(method === 'POST' ? {} : { accept: 'text/event-stream' }) }
    return { url: this.url, method, headers: all, ...(signal && { signal }), ...(body !== undefined && { body }) }
  }

  async #ask(call: HttpCall, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    const { signal: closing } = this.#closing
    if (closing.aborted) throw closing.reason
    const pending = signal === undefined ? new AbortController() : undefined
    if (pending !== undefined) this.#pending.add(pending)
    let answer: HttpAnswer
    try {
      answer = await this.#send(pending === undefined ? call : { ...call, signal: pending.signal })
    } catch (error) {
      throw this.stopReason(signal) ?? (error instanceof TransportError ? error : noAnswer(call.url, error))
    } finally {
      if (pending !== undefined) this.#pending.delete(pending)
    }
    if (!closing.aborted) return answer
    answer.close()
    throw closing.reason
  }
}

/** Where a redirect that keeps method and body leads; undefined for others, and for other origins. */
function redirection(from: URL, answer: HttpAnswer): URL | undefined {
  if (answer.status !== 307 && answer.status !== 308) return undefined
  const location = answer.header('location')
  if (location === undefined || !URL.canParse(location, from.href)) return undefined
  const target = new URL(location, from)
  return target.origin === from.origin ? target : undefined
}
