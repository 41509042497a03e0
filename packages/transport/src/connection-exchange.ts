import {
  type Binding,
  Cancellation,
  type Connection,
  type Exchange,
  type Message,
  type Notification,
  type Request,
  type Response,
} from '@interlock/protocol'

/** A message that came over a two-way stream: what answers it goes down the same stream. */
export class ConnectionExchange implements Exchange {
  readonly message: Message
  readonly binding: Binding
  readonly cancellation: Cancellation = new Cancellation()
  readonly #connection: Connection
  #hasEnded = false

  constructor(message: Message, transport: 'stdio' | 'memory', connection: Connection) {
    this.message = message
    this.binding = { transport, connection }
    this.#connection = connection
  }

  get isCongested(): boolean {
    return this.#connection.isCongested === true
  }

  send(message: Notification | Request): void {
    if (!this.#hasEnded && !this.cancellation.aborted) this.#connection.send(message)
  }

  reply(response: Response): void {
    if (this.#hasEnded) return
    if (!this.cancellation.aborted) this.#connection.send(response)
    this.end()
  }

  end(): void {
    this.#hasEnded = true
  }
}
