import {
  type Binding,
  Cancellation,
  type Delivery,
  type EventSink,
  type Exchange,
  type Message,
  type Notification,
  type OutgoingEvent,
  type Pieces,
  type Principal,
  type Request,
  type Response,
  type Stream,
  serialise,
  serialisePieces,
  whenExpired,
} from '@interlock/protocol'
import { eventHeaders, type Headers, isForHandlers, jsonHeaders, none } from './headers.ts'
import { Heartbeat } from './heartbeat.ts'
import type { Protection } from './protection.ts'
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
  readonly #auth: Protection | undefined

  constructor(request: HttpRequest, principal: Principal | undefined, auth: Protection | undefined) {
    this.#request = request
    this.#auth = auth
    if (principal !== undefined) this.principal = principal
  }

  header(name: string): string | undefined {
    return isForHandlers(name) ? this.#request.header(name) : undefined
  }

  challenge(scopes: readonly string[]): Delivery {
    return this.#auth?.challenge?.(scopes, this.#request) ?? { status: 403 }
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
    request.onGone(() => this.#onGone())
  }

  get isCongested(): boolean {
    return this.#events?.isCongested === true
  }

  send(message: Notification | Request): void {
    if (this.#hasEnded || this.cancellation.aborted) return
    this.#events ??= this.#open(this.cancellation)
    this.#events.write({ text: serialise(message) })
  }

  /**
   * @param text the JSON that ends the answer, if any
   * @param pieces the same text, where there are bytes of it
   */
  finish(text: string | undefined, delivery?: Delivery, pieces?: Pieces): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    if (this.#events !== undefined) return this.#events.end(text)
    if (this.cancellation.aborted) return
    if (text === undefined) {
      this.#request.respond(delivery?.status ?? 202, { ...this.#cors, ...delivery?.headers })
    } else {
      this.#request.respond(delivery?.status ?? 200, this.#jsonHeaders(delivery?.headers), text, pieces)
    }
  }

  /** The reply as a stream that ends by itself: that its client is gone is then known to the stream alone. */
  stream(): EventSink {
    this.#hasEnded = true
    const gone = new Cancellation()
    if (this.cancellation.aborted) gone.abort()
    this.#events = this.#open(gone)
    this.#onGone = () => gone.abort()
    return this.#events
  }

  #onGone = (): void => this.cancellation.abort()

  #open(cancellation: Cancellation): EventStream {
    const headers = this.#cors === none ? eventHeaders : { ...this.#cors, ...eventHeaders }
    return new EventStream(this.#request.stream(200, headers), cancellation)
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
    this.#reply.finish(serialise(response), delivery, serialisePieces(response))
  }

  end(delivery?: Delivery): void {
    this.#reply.finish(undefined, delivery)
  }

  stream(): EventSink {
    return this.#reply.stream()
  }
}

/** One GET on which a legacy server speaks unasked. */
export class HttpStream implements Stream {
  readonly binding: Binding
  readonly #request: HttpRequest
  readonly #cors: Headers

  constructor(request: HttpRequest, binding: Binding, cors: Headers) {
    this.binding = binding
    this.#request = request
    this.#cors = cors
  }

  open(): EventSink {
    const gone = new Cancellation()
    const events = new EventStream(this.#request.stream(200, { ...this.#cors, ...eventHeaders }), gone)
    const leave = (): void => {
      gone.abort()
      events.end()
    }
    events.disposeAtEnd(whenExpired(this.binding.principal, leave))
    this.#request.onGone(leave)
    events.keepAlive() // the headers go out with the first bytes
    return events
  }

  refuse({ status = 405, headers }: Delivery): void {
    this.#request.respond(status, { ...this.#cors, ...(status === 405 ? { allow: 'POST' } : {}), ...headers })
  }
}

/** Server-sent events with JSON-RPC messages as data, kept alive and cut when nobody reads. */
export class EventStream implements EventSink {
  readonly cancellation: Cancellation
  readonly #stream: TextStream
  readonly #beat: number
  #atEnd: Disposable | undefined
  #hasEnded = false

  constructor(stream: TextStream, cancellation: Cancellation) {
    this.#stream = stream
    this.cancellation = cancellation
    this.#beat = heartbeat.add(this)
  }

  get isCongested(): boolean {
    return this.#stream.buffered > streamLimits.congestedBytes
  }

  write(event: OutgoingEvent): void {
    this.writeText(eventText(event))
  }

  /** Writes the text of whole events. */
  writeText(text: string): void {
    if (this.#hasEnded || this.#isGone()) return
    // What waits from before: of a long text that was just written nothing could have been read.
    if (this.#stream.buffered <= streamLimits.bufferedBytes) return this.#stream.write(text)
    this.cancellation.abort(new Error('the client does not read its stream'))
    this.end()
    this.#stream.cut()
  }

  /** @param last a message as text */
  end(last?: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    heartbeat.remove(this, this.#beat)
    this.#atEnd?.[Symbol.dispose]()
    this.#stream.end(last === undefined || this.cancellation.aborted ? undefined : eventText({ text: last }))
  }

  /** What is to be let go of when the stream has ended, whoever ends it. */
  disposeAtEnd(own: Disposable): void {
    this.#atEnd = own
  }

  keepAlive(): void {
    if (!this.#isGone()) this.#stream.write(':\n\n')
  }

  #isGone(): boolean {
    if (this.cancellation.aborted) this.end()
    return this.cancellation.aborted
  }
}

const heartbeat = new Heartbeat(streamLimits.keepAliveMs)

function eventText({ id, retryMs, text }: OutgoingEvent): string {
  if (id === undefined && retryMs === undefined) return `data: ${text ?? ''}\n\n`
  const retry = retryMs === undefined ? '' : `retry: ${retryMs}\n`
  return `${id === undefined ? '' : `id: ${id}\n`}${retry}data: ${text ?? ''}\n\n`
}
