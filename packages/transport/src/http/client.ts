import {
  clip,
  type Ended,
  type ErrorResponse,
  type ExchangeOptions,
  isResponse,
  type Message,
  messageLimits,
  type Notification,
  parse,
  type Reply,
  type Request,
  type Response,
  type Stop,
  serialise,
  type Transport,
  TransportError,
  Unreadable,
} from '@interlock/protocol'
import { isBatch, messagesIn } from '../batch.ts'
import { Endpoint, stopOf } from './endpoint.ts'
import { EventTooLarge } from './event-stream.ts'
import { badReply, brokenOff, isWebPage, quote, statusError } from './failure.ts'
import { eventStream, follow, isOk, isStream, mediaType } from './follow.ts'
import { type Headers, none } from './headers.ts'
import { readText, TooLarge } from './read.ts'
import { type HttpAnswer, type HttpSend, platformSend } from './send.ts'
import { sseClientLimits, sseTransport } from './sse-client.ts'
import { NoEndpoint } from './sse-session.ts'

export interface HttpClientLimits {
  /** Largest message that is read. */
  readonly messageBytes: number
  /** A stream is let go when it stays open this long after its response. Servers close it at once. */
  readonly lingerMs: number
}

export const httpClientLimits: HttpClientLimits = { messageBytes: messageLimits.messageBytes, lingerMs: 1_000 }

export interface HttpTransportOptions {
  /** Sent with every request, by lower-case name: credentials, for example. */
  readonly headers?: Headers
  /** Default: `node:http` on Node, `fetch` elsewhere. */
  readonly send?: HttpSend
  readonly limits?: Partial<HttpClientLimits>
}

/** The way to a server on Streamable HTTP. Opens no connection before the first exchange. */
export function httpTransport(url: URL, options: HttpTransportOptions = {}): Transport {
  return new HttpTransport(url, options)
}

type Listener = (message: Request | Notification) => void

class HttpTransport implements Transport {
  readonly kind = 'http'
  readonly takesCancellation = true
  readonly ended: Promise<Ended>
  readonly #endpoint: Endpoint
  readonly #limits: HttpClientLimits
  readonly #options: HttpTransportOptions
  #older: Transport | undefined
  #listener: Listener = () => {}
  #noise: (what: string) => void = () => {}
  #end: (reason: Ended) => void = () => {}

  constructor(url: URL, options: HttpTransportOptions) {
    const { headers = none, send = platformSend, limits } = options
    this.#options = options
    this.#endpoint = new Endpoint(url, headers, send)
    this.#limits = { ...httpClientLimits, ...limits }
    this.ended = new Promise(resolve => {
      this.#end = resolve
    })
  }

  onMessage(listener: Listener): void {
    this.#listener = listener
  }

  onNoise(listener: (what: string) => void): void {
    this.#noise = listener
  }

  async exchange(request: Request, options: ExchangeOptions = {}): Promise<Reply> {
    const answer = await this.#endpoint.call('POST', options, serialise(request))
    try {
      if (!isOk(answer)) return await this.#refusal(answer)
      const type = mediaType(answer)
      if (type === eventStream) return await this.#streamed(request, options, answer)
      if (type === 'application/json') return await this.#whole(request, answer)
      throw this.#notAReply(answer, await this.#endpoint.start(answer))
    } catch (error) {
      answer.close()
      throw this.#translate(error, stopOf(options))
    } finally {
      this.#endpoint.release(answer)
    }
  }

  async send(
    message: Notification | Response,
    options: Pick<ExchangeOptions, 'headers' | 'signal'> = {},
  ): Promise<void> {
    const answer = await this.#endpoint.call('POST', options, serialise(message))
    const text = await this.#endpoint.start(answer)
    if (!isOk(answer)) throw statusError(this.#endpoint.url, answer, text)
  }

  /** Resolves when the stream is over and nothing resumes it; rejects when there is none. */
  async listen(options: Pick<ExchangeOptions, 'headers' | 'signal'>): Promise<void> {
    const answer = await this.#endpoint.call('GET', options)
    if (!isStream(answer)) {
      const text = await this.#endpoint.start(answer)
      throw isOk(answer) ? this.#notAReply(answer, text) : statusError(this.#endpoint.url, answer, text)
    }
    const take = (message: Message): void => {
      if (isResponse(message)) this.#noise(stray(message))
      else this.#listener(message)
    }
    const onData = (data: string): void => this.#read(data, take)
    try {
      await follow(this.#endpoint, answer, options, { limit: this.#limits.messageBytes, onData, isOver: () => false })
    } catch (error) {
      throw this.#translate(error, stopOf(options))
    }
  }

  async terminate(options: Pick<ExchangeOptions, 'headers'>): Promise<void> {
    const answer = await this.#endpoint.call('DELETE', options)
    const text = await this.#endpoint.start(answer)
    if (!isOk(answer) && answer.status !== 405) throw statusError(this.#endpoint.url, answer, text)
  }

  async older(timeoutMs: number): Promise<Transport | undefined> {
    const { limits: _, ...options } = this.#options
    const { messageBytes } = this.#limits
    const endpointMs = Math.min(timeoutMs, sseClientLimits.endpointMs)
    const older = sseTransport(this.#endpoint.url, { ...options, limits: { messageBytes, endpointMs } })
    older.onMessage(message => this.#listener(message))
    older.onNoise(what => this.#noise(what))
    this.#older = older
    try {
      await older.open()
      return older
    } catch (error) {
      await older[Symbol.asyncDispose]()
      if (error instanceof NoEndpoint) return undefined
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#endpoint.close()
    await this.#older?.[Symbol.asyncDispose]()
    this.#end(undefined)
  }

  /** An error status: the reply is the JSON-RPC error in it, whatever its id, since nothing else was asked here. */
  async #refusal(answer: HttpAnswer): Promise<Reply> {
    const text = await this.#endpoint.start(answer)
    const message = text === '' ? undefined : parse(text)
    if (message !== undefined && isErrorResponse(message)) return new HttpReply(message, answer)
    throw statusError(this.#endpoint.url, answer, text)
  }

  async #whole(request: Request, answer: HttpAnswer): Promise<Reply> {
    const text = await readText(answer, this.#limits.messageBytes)
    const message = parse(text)
    const { url } = this.#endpoint
    if (message instanceof Unreadable) {
      throw badReply(url, `sent a reply that is none (${message.reply.error.message}): ${quote(text)}`)
    }
    if (isBatch(message) || !isResponse(message)) {
      throw badReply(url, `answered ${request.method} with a message that is not one response: ${quote(text)}`)
    }
    if (isAnswerTo(request, message)) return new HttpReply(message, answer)
    throw badReply(url, `answered ${request.method} with ${stray(message)} instead of id ${JSON.stringify(request.id)}`)
  }

  /** Settles with the response as soon as it comes; the rest of the stream is read on for its connection's sake. */
  #streamed(request: Request, options: ExchangeOptions, first: HttpAnswer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      let linger: ReturnType<typeof setTimeout> | undefined
      let last = first
      const { url } = this.#endpoint
      const settle = (how: () => void): void => {
        linger = setTimeout(() => last.close(), this.#limits.lingerMs)
        linger.unref?.()
        how()
      }
      const take = (message: Message): void => {
        if (!isResponse(message)) (options.onMessage ?? this.#listener)(message)
        else if (linger !== undefined || !isAnswerTo(request, message)) this.#noise(stray(message))
        else settle(() => resolve(new HttpReply(message, first)))
      }
      const onData = (data: string): void =>
        this.#read(data, take, ({ answers }, what) => {
          if (linger !== undefined || answers !== request.id) this.#noise(what)
          // The request gets no better answer.
          else settle(() => reject(badReply(url, `answered ${request.method} with ${what}`)))
        })
      const isOver = (): boolean => linger !== undefined
      const onResumed = (answer: HttpAnswer): void => {
        last = answer
      }
      const followed = { limit: this.#limits.messageBytes, onData, isOver, onResumed }
      follow(this.#endpoint, first, options, followed).then(end => {
        clearTimeout(linger)
        if (isOver()) return
        const what = `ended the stream of ${request.method} without a response`
        reject(end.error === undefined ? badReply(url, what) : brokenOff(url, what, end.error))
      }, reject)
    })
  }

  /** Reads what an event carries. */
  #read(
    text: string,
    take: (message: Message) => void,
    refuse: (unreadable: Unreadable, what: string) => void = (_, what) => this.#noise(what),
  ): void {
    for (const message of messagesIn(text)) {
      if (!(message instanceof Unreadable)) take(message)
      else refuse(message, `a message that cannot be read (${message.reply.error.message}): ${quote(text)}`)
    }
  }

  #notAReply(answer: HttpAnswer, text: string): TransportError {
    const { url } = this.#endpoint
    if (isWebPage(answer, text)) return badReply(url, 'looks like a web page, not an MCP endpoint; check the URL')
    if (text === '') return badReply(url, `answered HTTP ${answer.status} without a message`)
    const type = mediaType(answer) || 'a body without a content-type'
    return badReply(url, `answered with ${clip(type)} instead of JSON or an event stream: ${quote(text)}`)
  }

  #translate(error: unknown, stop: Stop | undefined): unknown {
    const reason = this.#endpoint.stopReason(stop)
    if (reason !== undefined) return reason
    if (error instanceof TransportError) return error
    const { url } = this.#endpoint
    if (error instanceof TooLarge || error instanceof EventTooLarge) {
      return badReply(url, `sent more than is read: ${error.message}`, error)
    }
    return brokenOff(url, 'broke off the connection before the reply was complete', error)
  }
}

class HttpReply implements Reply {
  readonly response: Response
  readonly status: number
  readonly #answer: HttpAnswer

  constructor(response: Response, answer: HttpAnswer) {
    this.response = response
    this.status = answer.status
    this.#answer = answer
  }

  header(name: string): string | undefined {
    return this.#answer.header(name)
  }
}

const isErrorResponse = (value: Message | Unreadable | readonly unknown[]): value is ErrorResponse =>
  !(value instanceof Unreadable) && !isBatch(value) && isResponse(value) && 'error' in value

/** An error without an id came on this request's own answer, so it can mean no other. */
const isAnswerTo = (request: Request, response: Response): boolean =>
  response.id === request.id || ('error' in response && (response.id ?? undefined) === undefined)

function stray(response: Response): string {
  const id =
    response.id === undefined ? 'a response without an id' : `a response with id ${clip(JSON.stringify(response.id))}`
  return 'error' in response ? `${id}: ${clip(response.error.message)}` : id
}
