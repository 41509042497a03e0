import {
  type Ended,
  type ExchangeOptions,
  messageLimits,
  type Notification,
  type Reply,
  type Request,
  type Response,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import { type Headers, none } from './headers.ts'
import { type HttpSend, platformSend } from './send.ts'
import { type SseClientLimits, SseSession } from './sse-session.ts'

export const sseClientLimits: SseClientLimits = {
  messageBytes: messageLimits.messageBytes,
  endpointMs: 10_000,
  endpointCharacters: 8_192,
}

export interface SseTransportOptions {
  /** Sent with every request, by lower-case name: credentials, for example. */
  readonly headers?: Headers
  /** Default: `node:http` on Node, `fetch` elsewhere. */
  readonly send?: HttpSend
  readonly limits?: Partial<SseClientLimits>
}

/** A transport over HTTP+SSE. */
export interface SseTransport extends Transport {
  readonly kind: 'sse'
  /** Opens the stream that the first session will use, to find out whether there is one. */
  open(): Promise<void>
}

/**
 * The way to a server on HTTP+SSE, the transport of the oldest revision. A session lives as long as its stream: an
 * exchange that names no session in `mcp-session-id` begins a new one, its reply tells the name, and what names a session
 * that is over is refused with status 404. Nothing is sent again by itself.
 * @deprecated The specification replaced it by Streamable HTTP; it is here for servers that have nothing else.
 */
export function sseTransport(url: URL, options: SseTransportOptions = {}): SseTransport {
  return new HttpWithSse(url, options)
}

class HttpWithSse implements SseTransport {
  readonly kind = 'sse'
  readonly ended: Promise<Ended>
  readonly #url: URL
  readonly #headers: Headers
  readonly #send: HttpSend
  readonly #limits: SseClientLimits
  #listener: (message: Request | Notification) => void = () => {}
  #noise: (what: string) => void = () => {}
  #session: SseSession | undefined
  /** The session is open, and nobody has been told its name. */
  #isUnused = false
  #opening: Promise<SseSession> | undefined
  #isClosed = false
  #end: (reason: Ended) => void = () => {}

  constructor(url: URL, { headers = none, send = platformSend, limits }: SseTransportOptions) {
    this.#url = url
    this.#headers = headers
    this.#send = send
    this.#limits = { ...sseClientLimits, ...limits }
    this.ended = new Promise(resolve => {
      this.#end = resolve
    })
  }

  onMessage(listener: (message: Request | Notification) => void): void {
    this.#listener = listener
  }

  onNoise(listener: (what: string) => void): void {
    this.#noise = listener
  }

  async open(): Promise<void> {
    await this.#fresh()
  }

  async exchange(request: Request, options: ExchangeOptions = {}): Promise<Reply> {
    const session = nameOf(options) === undefined ? await this.#begin(options) : this.#current(options)
    return session.exchange(request, options)
  }

  async send(
    message: Notification | Response,
    options: Pick<ExchangeOptions, 'headers' | 'signal'> = {},
  ): Promise<void> {
    await this.#current(options).send(message, options)
  }

  /** Resolves when the session's stream is over; rejects with status 404 when it was over before. */
  async listen(options: Pick<ExchangeOptions, 'headers' | 'signal'>): Promise<void> {
    const { over } = this.#current(options)
    const { signal } = options
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => reject(signal?.reason)
      if (signal?.aborted) return stop()
      signal?.addEventListener('abort', stop, { once: true })
      void over.then(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#session?.close()
    this.#end(undefined)
  }

  /** A session that nobody uses yet: the one just opened, or a new one in place of the present one. */
  async #begin({ signal }: Pick<ExchangeOptions, 'signal'>): Promise<SseSession> {
    if (signal?.aborted) throw signal.reason
    const session = await unlessAborted(this.#fresh(), signal)
    this.#isUnused = false
    return session
  }

  async #fresh(): Promise<SseSession> {
    if (this.#isClosed) throw closed()
    if (this.#isUnused && this.#session?.isOver === false) return this.#session
    this.#opening ??= this.#replace().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #replace(): Promise<SseSession> {
    this.#session?.close(new TransportError('broken', `the session of ${this.#url.origin} was replaced by a new one`))
    const session = new SseSession({
      url: this.#url,
      headers: this.#headers,
      send: this.#send,
      limits: this.#limits,
      onMessage: message => this.#listener(message),
      onNoise: what => this.#noise(what),
    })
    this.#session = session
    await session.open()
    if (this.#isClosed) session.close()
    if (session.isOver) throw await session.over
    this.#isUnused = true
    return session
  }

  #current(options: Pick<ExchangeOptions, 'headers'>): SseSession {
    if (this.#isClosed) throw closed()
    const session = this.#session
    const name = nameOf(options)
    if (session !== undefined && !session.isOver && (name === undefined || name === session.id)) return session
    const message = `the session of ${this.#url.origin}${this.#url.pathname} is over, since its event stream is`
    throw new TransportError('http_status', message, { status: 404 })
  }
}

const nameOf = ({ headers }: Pick<ExchangeOptions, 'headers'>): string | undefined => headers?.['mcp-session-id']

/** What was begun goes on, but is not waited for any more. Rejects with the signal's reason. */
function unlessAborted<T>(begun: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return begun
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    begun.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

const closed = (): TransportError => new TransportError('closed', 'the connection was closed')
