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

/** What is known of a message that came over a two-way stream. */
export type ConnectedBinding = Binding & { readonly connection: Connection }

/** A message that came over a two-way stream: what answers it goes down the same stream. */
export class ConnectionExchange implements Exchange {
  readonly message: Message
  readonly binding: ConnectedBinding
  readonly cancellation: Cancellation = new Cancellation()
  #hasEnded = false

  constructor(message: Message, binding: ConnectedBinding) {
    this.message = message
    this.binding = binding
  }

  get isCongested(): boolean {
    return this.binding.connection.isCongested === true
  }

  send(message: Notification | Request): void {
    if (!this.#hasEnded && !this.cancellation.aborted) this.binding.connection.send(message)
  }

  reply(response: Response): void {
    if (this.#hasEnded) return
    if (!this.cancellation.aborted) this.binding.connection.send(response)
    this.end()
  }

  end(): void {
    this.#hasEnded = true
  }
}
