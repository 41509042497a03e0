import type {
  Binding,
  Cancellation,
  Delivery,
  Exchange,
  Message,
  Notification,
  Request,
  Response,
} from '@interlock/protocol'
import type { Session } from './session.ts'
import type { SessionStream } from './session-stream.ts'

/**
 * An exchange over HTTP whose answer, once it is a stream, is a stream of the session: a client that loses it does not
 * cancel its call, but can come back for the rest. As long as nothing was sent it is an exchange like others.
 */
export class SessionExchange implements Exchange {
  readonly cancellation: Cancellation
  readonly #inner: Exchange
  readonly #session: Session
  #stream: SessionStream | undefined
  /** From then on what is said goes nowhere: there is nothing left that could become a stream. */
  #hasEnded = false

  /** @param cancellation of the call, which goes on when the connection is lost */
  constructor(inner: Exchange, session: Session, cancellation: Cancellation) {
    this.#inner = inner
    this.#session = session
    this.cancellation = cancellation
  }

  get message(): Message {
    return this.#inner.message
  }

  get binding(): Binding {
    return this.#inner.binding
  }

  get isCongested(): boolean {
    return this.#stream === undefined ? this.#inner.isCongested : this.#stream.isCongested
  }

  send(message: Notification | Request): void {
    if (this.#hasEnded || this.cancellation.aborted) return
    const stream = this.#opened()
    if (stream === undefined) this.#inner.send(message)
    else stream.send(message)
  }

  reply(response: Response, delivery?: Delivery): void {
    if (this.#stream === undefined) this.#inner.reply(response, delivery)
    else this.#stream.finish(this.cancellation.aborted ? undefined : response)
    this.#hasEnded = true // not before: a response that is no JSON has thrown, and an error takes its place
  }

  end(delivery?: Delivery): void {
    if (this.#stream === undefined) this.#inner.end(delivery)
    else this.#stream.finish()
    this.#hasEnded = true
  }

  /** Lets the client go; it comes back for the answer after a while. */
  letGo(retryMs: number): void {
    const { streamPriming } = this.#session.peer.revision.features
    if (streamPriming && !this.#hasEnded && !this.cancellation.aborted) this.#opened()?.letGo(retryMs)
  }

  #opened(): SessionStream | undefined {
    if (this.#stream === undefined && this.#inner.stream !== undefined) {
      this.#stream = this.#session.streams.open(this.#inner.stream(), () =>
        this.cancellation.abort(new Error('the client lost its stream and did not come back')),
      )
    }
    return this.#stream
  }
}
