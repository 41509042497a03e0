import {
  type Binding,
  Cancellation,
  type Exchange,
  errorResponse,
  type Message,
  type Receiver,
  type Unreadable,
} from '@interlock/protocol'

/**
 * Tells whoever waits for an answer that the one that came cannot be read: no better one will come. Its sender has been
 * told before, or hears nothing.
 */
export function failQuestion({ reply, answers }: Unreadable, receiver: Receiver, binding: Binding): void {
  if (answers !== undefined) receiver.receive(new SpentExchange(errorResponse(answers, reply.error), binding))
}

/** What is said of its message goes nowhere. */
class SpentExchange implements Exchange {
  readonly message: Message
  readonly binding: Binding
  readonly cancellation: Cancellation = new Cancellation()
  readonly isCongested = false

  constructor(message: Message, binding: Binding) {
    this.message = message
    this.binding = binding
  }

  send(): void {}
  reply(): void {}
  end(): void {}
}
