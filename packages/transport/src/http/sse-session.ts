import {
  clip,
  type ExchangeOptions,
  type Notification,
  type Reply,
  type Request,
  type Response,
  serialise,
  TransportError,
  Unreadable,
} from '@interlock/protocol'
import { messagesIn } from '../batch.ts'
import { RequestTable } from '../request-table.ts'
import { Endpoint } from './endpoint.ts'
import { EventStreamParser, EventTooLarge, type ServerEvent } from './event-stream.ts'
import { badReply, brokenOff, quote, statusError } from './failure.ts'
import { isOk, isStream, mediaType } from './follow.ts'
import type { Headers } from './headers.ts'
import type { HttpAnswer, HttpSend } from './send.ts'

export interface SseClientLimits {
  /** Largest message that is read, and longest event. */
  readonly messageBytes: number
  /** Until the stream is open and has named its endpoint. Servers name it in their first bytes. */
  readonly endpointMs: number
  /** Longest address of an endpoint. Web servers take no longer ones. */
  readonly endpointCharacters: number
}

/** What a session needs besides its address. */
export interface SseSessionOptions {
  readonly url: URL
  readonly headers: Headers
  readonly send: HttpSend
  readonly limits: SseClientLimits
  onMessage(message: Request | Notification): void
  onNoise(what: string): void
}

/** The server did not name an endpoint: it is something else, or it is not there. */
export class NoEndpoint extends TransportError {}

/** One event stream and the endpoint that it named: what one of them knows is lost with the other. */
export class SseSession {
  /** Resolves with the reason when nothing comes any more. */
  readonly over: Promise<TransportError>
  readonly #options: SseSessionOptions
  readonly #table: RequestTable = new RequestTable()
  readonly #stream: Endpoint
  readonly #stop = new AbortController()
  /** Stop posts that the server has not answered yet. */
  readonly #posts = new Set<AbortController>()
  #messages: Endpoint | undefined
  #isNamed = false
  #isOver = false
  #end: (reason: TransportError) => void = () => {}
  #named: (messages: URL) => void = () => {}
  #unnamed: (error: TransportError) => void = () => {}

  constructor(options: SseSessionOptions) {
    const { url, headers, send, onMessage, onNoise } = options
    this.#options = options
    this.#stream = new Endpoint(url, headers, send)
    this.#table.onMessage(onMessage)
    this.#table.onNoise(onNoise)
    this.over = new Promise(resolve => {
      this.#end = resolve
    })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** The address that messages go to, which holds the server's name for the session; empty before there is one. */
  get id(): string {
    return this.#messages?.url.href ?? ''
  }

  /** Resolves once messages can be sent. @throws NoEndpoint when it is no such server; TransportError when it is a bad one */
  async open(headers: Headers = {}): Promise<void> {
    const { limits, url } = this.#options
    const named = new Promise<URL>((resolve, reject) => {
      this.#named = resolve
      this.#unnamed = reject
    })
    const late = (): void =>
      this.close(new NoEndpoint('timeout', `${place(url)} named no endpoint within ${limits.endpointMs} ms`))
    const timer = setTimeout(late, limits.endpointMs)
    void this.#read(headers)
    try {
      const messages = await named
      this.#messages = new Endpoint(messages, this.#options.headers, this.#options.send)
    } finally {
      clearTimeout(timer)
    }
  }

  async exchange(request: Request, { headers, signal }: ExchangeOptions): Promise<Reply> {
    const stop = new AbortController()
    const forward = (): void => stop.abort(signal?.reason)
    if (signal?.aborted) forward()
    this.#posts.add(stop)
    signal?.addEventListener('abort', forward, { once: true })
    const write = (message: Request): void => {
      this.send(message, { signal: stop.signal, ...(headers && { headers }) })
        .catch(error => stop.abort(error))
        .finally(() => this.#posts.delete(stop))
    }
    try {
      const { response } = await this.#table.exchange(request, write, { signal: stop.signal })
      const { id } = this
      return { response, header: name => (name === 'mcp-session-id' ? id : undefined) }
    } catch (error) {
      stop.abort(error) // or a post that the server does not answer would go on
      throw error
    } finally {
      signal?.removeEventListener('abort', forward)
    }
  }

  /** Posts a message. Rejects unless the server says that it took it; the body of its answer means nothing. */
  async send(
    message: Request | Notification | Response,
    { headers, signal }: Pick<ExchangeOptions, 'headers' | 'signal'>,
  ): Promise<void> {
    const messages = this.#messages
    if (messages === undefined) throw new TypeError('the session is not open')
    const { 'mcp-session-id': _, ...others } = headers ?? {}
    const answer = await messages.call('POST', { headers: others, ...(signal && { signal }) }, serialise(message))
    const text = await messages.start(answer)
    if (!isOk(answer)) throw statusError(messages.url, answer, text)
  }

  close(reason: TransportError = new TransportError('closed', 'the connection was closed')): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stop.abort(reason)
    this.#stream.close()
    this.#messages?.close()
    for (const post of this.#posts) post.abort(reason)
    this.#table.close(reason)
    this.#unnamed(reason)
    this.#end(reason)
  }

  /** Reads the stream to its end. Never rejects. */
  async #read(headers: Headers): Promise<void> {
    const { url, limits } = this.#options
    try {
      const answer = await this.#stream.call('GET', { headers, signal: this.#stop.signal })
      if (!isStream(answer)) throw await this.#noStream(answer)
      const parser = new EventStreamParser(event => this.#take(event), limits.messageBytes)
      for await (const piece of answer.body) parser.push(piece)
      this.close(this.#broken('ended the event stream of its session'))
    } catch (error) {
      if (error instanceof TransportError) return this.close(asNone(error))
      if (error instanceof EventTooLarge) this.close(badReply(url, `sent more than is read: ${error.message}`, error))
      else this.close(this.#broken('broke off the event stream of its session', error))
    }
  }

  #broken(what: string, cause?: unknown): TransportError {
    const { url } = this.#options
    return this.#messages === undefined
      ? new NoEndpoint('bad_reply', `${place(url)} ${what} before it named an endpoint`, { cause })
      : brokenOff(url, what, cause)
  }

  async #noStream(answer: HttpAnswer): Promise<TransportError> {
    const { url } = this.#options
    const text = await this.#stream.start(answer)
    if (!isOk(answer)) return statusError(url, answer, text)
    return badReply(
      url,
      `answered with ${clip(mediaType(answer)) || 'nothing'} instead of an event stream: ${quote(text)}`,
    )
  }

  #take({ type, data }: ServerEvent): void {
    if (this.#isOver) return
    if (this.#messages === undefined && this.#takeFirst(type, data)) return
    if (type === 'message' && data !== '') takeText(data, this.#table)
    else if (type === 'endpoint') this.#options.onNoise('a second endpoint, which is ignored')
  }

  /** The first event names where messages go (specification 2024-11-05: Transports, HTTP with SSE). */
  #takeFirst(type: string, data: string): boolean {
    const { url, limits } = this.#options
    if (this.#isNamed) return false
    if (type !== 'endpoint') {
      const what = `began its event stream with ${JSON.stringify(clip(type))} instead of "endpoint"`
      this.close(new NoEndpoint('bad_reply', `${place(url)} ${what}`))
      return true
    }
    const fault = endpointFault(url, data, limits)
    if (fault !== undefined) this.close(badReply(url, fault))
    else {
      this.#isNamed = true
      this.#named(new URL(data, url))
    }
    return true
  }
}

/** Credentials go where messages go, so that must be where the person who gave the address meant (same origin). */
function endpointFault(url: URL, data: string, { endpointCharacters }: SseClientLimits): string | undefined {
  if (data.length > endpointCharacters) return `named an endpoint of more than ${endpointCharacters} characters`
  if (!URL.canParse(data, url.href)) return `named an endpoint that is no address: ${quote(data)}`
  const named = new URL(data, url)
  if (named.origin === url.origin) return undefined
  return (
    `wants messages to be sent to ${named.origin === 'null' ? quote(data) : named.origin}, another origin than its ` +
    `own, which is refused; use the server's own address`
  )
}

/** Nothing named an endpoint, so nothing says that it is such a server. */
const asNone = (error: TransportError): TransportError => {
  if (error.code === 'closed' || error instanceof NoEndpoint) return error
  const { code, message, status } = error
  return new NoEndpoint(code, message, { cause: error, ...(status === undefined ? {} : { status }) })
}

/** A URL as it may stand in a log. */
const place = ({ origin, pathname }: URL): string => `${origin}${pathname}`

function takeText(text: string, table: RequestTable): void {
  for (const message of messagesIn(text)) {
    if (message instanceof Unreadable) table.refuse(message.answers, `a message that cannot be read: ${quote(text)}`)
    else table.take(message)
  }
}
