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

export const streamLimits: { readonly bufferedBytes: number; readonly keepAliveMs: number } = {
  /** Bytes waiting for a client that does not read its stream; above it the stream is cut. */
  bufferedBytes: 8 * 1024 * 1024,
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

/** One POST: answered with plain JSON, or as an event stream once something goes before the reply. */
export class HttpExchange implements Exchange {
  readonly message: Message
  readonly binding: Binding
  readonly cancellation: Cancellation = new Cancellation()
  readonly #request: HttpRequest
  readonly #cors: Headers
  #events: EventStream | undefined
  #hasEnded = false

  constructor(message: Message, request: HttpRequest, binding: Binding, cors: Headers) {
    this.message = message
    this.binding = binding
    this.#request = request
    this.#cors = cors
    request.onGone(() => this.cancellation.abort())
  }

  send(message: Notification | Request): void {
    if (this.#hasEnded || this.cancellation.aborted) return
    this.#events ??= new EventStream(this.#request.stream(200, { ...this.#cors, ...eventHeaders }), this.cancellation)
    this.#events.send(message)
  }

  reply(response: Response, delivery?: Delivery): void {
    if (this.#hasEnded) return
    // First of all, since it throws when the result is no JSON: its sender can still answer with an error then.
    const text = serialise(response)
    this.#hasEnded = true
    if (this.#events !== undefined) return this.#events.end(text)
    if (this.cancellation.aborted) return
    const headers = delivery?.headers === undefined && this.#cors === none ? jsonHeaders : this.#with(delivery?.headers)
    this.#request.respond(delivery?.status ?? 200, headers, text)
  }

  end(delivery?: Delivery): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    if (this.#events !== undefined) this.#events.end()
    else this.#request.respond(delivery?.status ?? 202, { ...this.#cors, ...delivery?.headers })
  }

  #with(headers: Headers | undefined): Headers {
    return { ...this.#cors, ...jsonHeaders, ...headers }
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
    this.#events ??= new EventStream(this.#request.stream(200, { ...this.#cors, ...eventHeaders }), this.cancellation)
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
    this.#beat = setInterval(() => this.#keepAlive(), streamLimits.keepAliveMs)
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

  /** @param last a message as text */
  end(last?: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearInterval(this.#beat)
    this.#stream.end(last === undefined || this.#cancellation.aborted ? undefined : event(last))
  }

  #keepAlive(): void {
    if (!this.#isGone()) this.#stream.write(':\n\n')
  }

  #isGone(): boolean {
    if (this.#cancellation.aborted) this.end()
    return this.#cancellation.aborted
  }
}

const event = (message: string): string => `data: ${message}\n\n`
