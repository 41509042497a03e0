import {
  type Binding,
  Cancellation,
  type Delivery,
  type Exchange,
  type Message,
  type Notification,
  type Principal,
  type Request,
  type Response,
  type Stream,
  serialise,
} from '@interlock/protocol'
import { eventHeaders, type Headers, jsonHeaders, none } from './headers.ts'
import type { HttpRequest, TextStream } from './request.ts'

export const streamLimits: Readonly<Record<'bufferedBytes' | 'congestedBytes' | 'keepAliveMs', number>> = {
  /** Bytes waiting for a client that does not read its stream; above it the stream is cut. */
  bufferedBytes: 8 * 1024 * 1024,
  /** Bytes waiting from which on progress and log messages are spared. */
  congestedBytes: 1024 * 1024,
  /** A comment goes out on an open stream this often, so that intermediaries do not close it. */
  keepAliveMs: 25_000,
}

export class HttpBinding implements Binding {
  readonly transport = 'http'
  readonly principal?: Principal
  readonly #request: HttpRequest

  constructor(request: HttpRequest, principal: Principal | undefined) {
    this.#request = request
    if (principal !== undefined) this.principal = principal
  }

  header(name: string): string | undefined {
    return this.#request.header(name)
  }
}

/** The answer to one POST: plain JSON, or an event stream once something goes before the end. */
export class HttpReply {
  readonly cancellation: Cancellation = new Cancellation()
  readonly #request: HttpRequest
  readonly #cors: Headers
  #events: EventStream | undefined
  #hasEnded = false

  constructor(request: HttpRequest, cors: Headers) {
    this.#request = request
    this.#cors = cors
    request.onGone(() => this.cancellation.abort())
  }

  get isCongested(): boolean {
    return this.#events !== undefined && this.#events.buffered > streamLimits.congestedBytes
  }

  send(message: Notification | Request): void {
    if (this.#hasEnded || this.cancellation.aborted) return
    this.#events ??= new EventStream(this.#request.stream(200, { ...this.#cors, ...eventHeaders }), this.cancellation)
    this.#events.send(message)
  }

  /** @param text the JSON that ends the answer, if any */
  finish(text: string | undefined, delivery?: Delivery): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    if (this.#events !== undefined) return this.#events.end(text)
    if (this.cancellation.aborted) return
    if (text === undefined) {
      this.#request.respond(delivery?.status ?? 202, { ...this.#cors, ...delivery?.headers })
    } else {
      this.#request.respond(delivery?.status ?? 200, this.#jsonHeaders(delivery?.headers), text)
    }
  }

  #jsonHeaders(headers: Headers | undefined): Headers {
    return headers === undefined && this.#cors === none ? jsonHeaders : { ...this.#cors, ...jsonHeaders, ...headers }
  }
}

/** One message that came as a POST. */
export class HttpExchange implements Exchange {
  readonly message: Message
  readonly binding: Binding
  readonly #reply: HttpReply

  constructor(message: Message, binding: Binding, reply: HttpReply) {
    this.message = message
    this.binding = binding
    this.#reply = reply
  }

  get cancellation(): Cancellation {
    return this.#reply.cancellation
  }

  get isCongested(): boolean {
    return this.#reply.isCongested
  }

  send(message: Notification | Request): void {
    this.#reply.send(message)
  }

  /** Throws before anything is ended when the result is no JSON: an error can still be answered then. */
  reply(response: Response, delivery?: Delivery): void {
    this.#reply.finish(serialise(response), delivery)
  }

  end(delivery?: Delivery): void {
    this.#reply.finish(undefined, delivery)
  }
}

/** One GET on which a legacy server speaks unasked. */
export class HttpStream implements Stream {
  readonly binding: Binding
  readonly cancellation: Cancellation = new Cancellation()
  readonly #request: HttpRequest
  readonly #cors: Headers
  #events: EventStream | undefined

  constructor(request: HttpRequest, binding: Binding, cors: Headers) {
    this.binding = binding
    this.#request = request
    this.#cors = cors
    request.onGone(() => this.cancellation.abort())
  }

  open(): void {
    if (this.#events !== undefined) return
    this.#events = new EventStream(this.#request.stream(200, { ...this.#cors, ...eventHeaders }), this.cancellation)
    this.#events.keepAlive() // the headers go out with the first bytes
  }

  send(message: Message): void {
    this.#events?.send(message)
  }

  end(delivery?: Delivery): void {
    if (this.#events !== undefined) this.#events.end()
    else this.#request.respond(delivery?.status ?? 405, { ...this.#cors, ...delivery?.headers })
  }
}

/** Server-sent events with JSON-RPC messages as data, kept alive and cut when nobody reads. */
class EventStream {
  readonly #stream: TextStream
  readonly #cancellation: Cancellation
  readonly #beat: NodeJS.Timeout
  #hasEnded = false

  constructor(stream: TextStream, cancellation: Cancellation) {
    this.#stream = stream
    this.#cancellation = cancellation
    this.#beat = setInterval(() => this.keepAlive(), streamLimits.keepAliveMs)
    this.#beat.unref()
  }

  send(message: Message): void {
    if (this.#hasEnded || this.#isGone()) return
    this.#stream.write(event(serialise(message)))
    if (this.#stream.buffered <= streamLimits.bufferedBytes) return
    this.#cancellation.abort(new Error('the client does not read its stream'))
    this.end()
    this.#stream.cut()
  }

  get buffered(): number {
    return this.#stream.buffered
  }

  /** @param last a message as text */
  end(last?: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearInterval(this.#beat)
    this.#stream.end(last === undefined || this.#cancellation.aborted ? undefined : event(last))
  }

  keepAlive(): void {
    if (!this.#isGone()) this.#stream.write(':\n\n')
  }

  #isGone(): boolean {
    if (this.#cancellation.aborted) this.end()
    return this.#cancellation.aborted
  }
}

const event = (message: string): string => `data: ${message}\n\n`
