import {
  type Binding,
  Cancellation,
  check,
  code,
  type Delivery,
  type ErrorResponse,
  type Exchange,
  errorResponse,
  type Message,
  type Notification,
  parse,
  type Receiver,
  type Request,
  type Response,
  serialise,
  Unreadable,
} from '@interlock/protocol'
import { failQuestion } from './broken-answer.ts'

export const batchLimits: { readonly messages: number; readonly received: number } = {
  /** Messages in one batch. Clients that batch at all put a handful together. */
  messages: 100,
  /** Messages that a client takes in one batch: all of one are taken before anything else has its turn. */
  received: 1_000,
}

export const isBatch = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** What a server has sent in one piece: a message, or those of a batch. */
export function messagesIn(text: string): readonly (Message | Unreadable)[] {
  const parsed = parse(text)
  return isBatch(parsed) ? messagesInBatch(parsed) : [parsed]
}

/** The messages of a batch that a server has sent, unless they are beyond the limit. */
export function messagesInBatch(values: readonly unknown[]): readonly (Message | Unreadable)[] {
  if (values.length <= batchLimits.received) return values.map(value => check(value))
  return [new Unreadable(refuse(`a batch has at most ${batchLimits.received} messages`))]
}

/** The way back to the sender of a batch. */
export interface BatchOutlet {
  readonly binding: Binding
  /** Aborted when the sender is gone, where a stream of its own carries the answer. */
  readonly cancellation?: Cancellation
  /** More waits for the sender than it reads. */
  readonly isCongested: boolean
  send(message: Notification | Request): void
  /** Called once: with the array of responses as text, or with nothing when there is none. */
  finish(text: string | undefined): void
}

/** Why an array of messages is refused as a whole; undefined when its sender's revision has batches. */
export function batchRefusal(
  values: readonly unknown[],
  receiver: Receiver,
  binding: Binding,
): ErrorResponse | undefined {
  if (receiver.takesBatches?.(binding) !== true) return refuse('send one message at a time')
  if (values.length === 0) return refuse('a batch has at least one message')
  if (values.length <= batchLimits.messages) return undefined
  return refuse(`a batch has at most ${batchLimits.messages} messages`)
}

const refuse = (what: string): ErrorResponse =>
  errorResponse(undefined, { code: code.invalidRequest, message: `Invalid request: ${what}` })

/** Delivers the messages of an array one by one; their responses go back together (2025-03-26: Base Protocol, Batching). */
export function receiveBatch(values: readonly unknown[], receiver: Receiver, outlet: BatchOutlet): void {
  const texts: string[] = []
  let open = values.length
  const close = (response: Response | undefined): void => {
    if (response !== undefined) texts.push(serialise(response))
    open -= 1
    if (open === 0) outlet.finish(texts.length === 0 ? undefined : `[${texts.join(',')}]`)
  }
  for (const value of values) {
    const message = check(value)
    if (message instanceof Unreadable) {
      close(message.reply)
      failQuestion(message, receiver, outlet.binding)
    } else receiver.receive(new BatchedExchange(message, outlet, close))
  }
}

class BatchedExchange implements Exchange {
  readonly message: Message
  readonly cancellation: Cancellation
  readonly #outlet: BatchOutlet
  readonly #close: (response: Response | undefined) => void
  #hasEnded = false

  constructor(message: Message, outlet: BatchOutlet, close: (response: Response | undefined) => void) {
    this.message = message
    this.cancellation = outlet.cancellation ?? new Cancellation()
    this.#outlet = outlet
    this.#close = close
  }

  get binding(): Binding {
    return this.#outlet.binding
  }

  get isCongested(): boolean {
    return this.#outlet.isCongested
  }

  send(message: Notification | Request): void {
    if (!this.#hasEnded && !this.cancellation.aborted) this.#outlet.send(message)
  }

  reply(response: Response, _delivery?: Delivery): void {
    this.#finish(this.cancellation.aborted ? undefined : response)
  }

  end(): void {
    this.#finish(undefined)
  }

  #finish(response: Response | undefined): void {
    if (this.#hasEnded) return
    this.#close(response)
    this.#hasEnded = true
  }
}
