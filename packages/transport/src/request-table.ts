import {
  clip,
  type ExchangeOptions,
  forget,
  InFlight,
  isResponse,
  type Message,
  type Notification,
  onAbort,
  type Reply,
  type Request,
  type RequestId,
  type Response,
  type Source,
  type Stop,
  TransportError,
} from '@interlock/protocol'

type Listener = (message: Request | Notification) => void

/** Who waits for which response, on a stream that all requests share. */
export class RequestTable {
  readonly #waiting = new InFlight<RequestId, Waiter>()
  #listener: Listener = () => {}
  #noise: (what: string) => void = () => {}
  #closed: TransportError | undefined

  onMessage(listener: Listener): void {
    this.#listener = listener
  }

  onNoise(listener: (what: string) => void): void {
    this.#noise = listener
  }

  noise(what: string): void {
    this.#noise(what)
  }

  exchange(request: Request, write: (request: Request) => void, options: ExchangeOptions = {}): Promise<Reply> {
    const stop = options.cancellation ?? options.signal
    if (this.#closed) return Promise.reject(this.#closed)
    if (stop?.aborted) return Promise.reject(stop.reason)
    return new Promise((resolve, reject) => {
      // The answer may arrive before `write` returns, so the waiter is registered first.
      const waiter = new Waiter(request.id, resolve, reject, this.#waiting, stop)
      try {
        write(request)
      } catch (error) {
        waiter.reject(error)
      }
    })
  }

  /** Takes a message that arrived. `source` is what its result was read from, where that is kept. */
  take(message: Message, source?: Source): void {
    if (!isResponse(message)) return this.#listener(message)
    const waiter = message.id === undefined ? undefined : this.#waiting.get(message.id)
    if (waiter === undefined) return this.#noise(describeStray(message))
    waiter.resolve(source === undefined ? { response: message } : { response: message, source })
  }

  /** A message could not be read. When it was a response, the request that it answers gets no better one. */
  refuse(answers: RequestId | undefined, what: string): void {
    const waiter = answers === undefined ? undefined : this.#waiting.get(answers)
    if (waiter === undefined) return this.#noise(what)
    waiter.reject(new TransportError('bad_reply', `the server's answer cannot be read: ${what}`))
  }

  /** Nothing more will arrive. */
  close(reason: TransportError = new TransportError('closed', 'the connection was closed')): void {
    if (this.#closed) return
    this.#closed = reason
    for (const waiter of this.#waiting.values()) waiter.reject(reason)
  }
}

/** A request that waits among others for its answer, or for somebody to stop it. */
class Waiter {
  readonly id: RequestId
  readonly #resolve: (reply: Reply) => void
  readonly #reject: (error: unknown) => void
  readonly #all: InFlight<RequestId, Waiter>
  readonly #stop: Stop | undefined
  readonly #onStop = (reason: unknown): void => this.reject(reason)

  constructor(
    id: RequestId,
    resolve: (reply: Reply) => void,
    reject: (error: unknown) => void,
    all: InFlight<RequestId, Waiter>,
    stop: Stop | undefined,
  ) {
    this.id = id
    this.#resolve = resolve
    this.#reject = reject
    this.#all = all
    this.#stop = stop
    if (stop !== undefined) onAbort(stop, this.#onStop)
    all.set(id, this)
  }

  resolve(reply: Reply): void {
    this.#leave()
    this.#resolve(reply)
  }

  reject(error: unknown): void {
    this.#leave()
    this.#reject(error)
  }

  #leave(): void {
    if (this.#all.get(this.id) === this) this.#all.delete(this.id)
    if (this.#stop !== undefined) forget(this.#stop, this.#onStop)
  }
}

function describeStray(response: Response): string {
  if (response.id !== undefined) return `a response to no request (id ${JSON.stringify(clipped(response.id))})`
  return 'error' in response ? `an error without an id: ${clip(response.error.message)}` : 'a response without an id'
}

const clipped = (id: RequestId): RequestId => (typeof id === 'string' ? clip(id) : id)
