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
  TransportError,
} from '@interlock/protocol'

type Listener = (message: Request | Notification) => void

interface Waiter {
  resolve(reply: Reply): void
  reject(error: unknown): void
  stop?: () => void
}

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
    const { signal } = options
    if (this.#closed) return Promise.reject(this.#closed)
    if (signal?.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject }
      if (signal !== undefined) {
        const stop = (reason: unknown): void => {
          this.#waiting.delete(request.id)
          reject(reason)
        }
        onAbort(signal, stop)
        waiter.stop = () => forget(signal, stop)
      }
      // The answer may arrive before `write` returns, so the waiter is registered first.
      this.#waiting.set(request.id, waiter)
      try {
        write(request)
      } catch (error) {
        this.#waiting.delete(request.id)
        waiter.stop?.()
        reject(error)
      }
    })
  }

  /** Takes a message that arrived. `source` is what its result was read from, where that is kept. */
  take(message: Message, source?: Source): void {
    if (!isResponse(message)) return this.#listener(message)
    const waiter = message.id === undefined ? undefined : this.#waiting.get(message.id)
    if (waiter === undefined || message.id === undefined) return this.#noise(describeStray(message))
    this.#waiting.delete(message.id)
    waiter.stop?.()
    waiter.resolve(source === undefined ? { response: message } : { response: message, source })
  }

  /** A message could not be read. When it was a response, the request that it answers gets no better one. */
  refuse(answers: RequestId | undefined, what: string): void {
    const waiter = answers === undefined ? undefined : this.#waiting.get(answers)
    if (waiter === undefined || answers === undefined) return this.#noise(what)
    this.#waiting.delete(answers)
    waiter.stop?.()
    waiter.reject(new TransportError('bad_reply', `the server's answer cannot be read: ${what}`))
  }

  /** Nothing more will arrive. */
  close(reason: TransportError = new TransportError('closed', 'the connection was closed')): void {
    if (this.#closed) return
    this.#closed = reason
    for (const waiter of this.#waiting.values()) {
      waiter.stop?.()
      waiter.reject(reason)
    }
    this.#waiting.clear()
  }
}

function describeStray(response: Response): string {
  if (response.id !== undefined) return `a response to no request (id ${JSON.stringify(clipped(response.id))})`
  return 'error' in response ? `an error without an id: ${clip(response.error.message)}` : 'a response without an id'
}

const clipped = (id: RequestId): RequestId => (typeof id === 'string' ? clip(id) : id)
