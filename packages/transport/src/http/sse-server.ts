import {
  Cancellation,
  type Connection,
  code,
  type ErrorObject,
  type Message,
  type Principal,
  type Receiver,
  serialise,
  Unreadable,
  whenExpired,
} from '@interlock/protocol'
import { batchRefusal, isBatch, receiveBatch } from '../batch.ts'
import { failQuestion } from '../broken-answer.ts'
import { type ConnectedBinding, ConnectionExchange } from '../connection-exchange.ts'
import { EventStream } from './exchange.ts'
import { eventHeaders, type Headers, isForHandlers } from './headers.ts'
import { readMessage, refuse } from './message.ts'
import type { HttpRequest } from './request.ts'

export const sseServerLimits: { readonly firstMessageMs: number } = {
  /** Until a client has sent something over a stream that it opened. Clients initialize at once. */
  firstMessageMs: 60_000,
}

export interface SseOptions {
  /** Path of the stream, and of the messages that belong to it. Default `/sse`. */
  readonly path?: string
}

/** Takes a request for the path of the stream. */
export type SseEdge = (request: HttpRequest, principal: Principal | undefined, cors: Headers) => Promise<void>

/**
 * Serves HTTP+SSE, the transport of the oldest revision: a client opens a stream, which names the address that takes its
 * messages (with a POST, answered by 202) and on which all that the server says comes.
 * @deprecated The specification replaced it by Streamable HTTP; it is here for clients that have nothing else.
 */
export function sseEdge(receiver: Receiver, path: string, messageBytes: number): SseEdge {
  const connections = new Map<string, SseConnection>()

  const open = (request: HttpRequest, principal: Principal | undefined, cors: Headers): void => {
    const connection = new SseConnection(request, principal, cors)
    if (connection.closed.aborted) return
    connections.set(connection.id, connection)
    connection.closed.signal.addEventListener('abort', () => connections.delete(connection.id))
    connection.name(`${path}?sessionId=${connection.id}`)
  }

  const post = async (request: HttpRequest, principal: Principal | undefined, cors: Headers): Promise<void> => {
    const id = new URLSearchParams(request.url.split('?')[1]).get('sessionId')
    // A client that looks for Streamable HTTP takes this status for a sign to try a GET.
    if (id === null) return request.respond(405, { ...cors, ...textPlain, allow: 'GET' }, aboutPost)
    const connection = connections.get(id)
    // The session of another principal is as good as none.
    if (connection === undefined || connection.principal?.subject !== principal?.subject) {
      return refuse(request, 404, noStream, cors)
    }
    connection.extend(principal)
    const message = await readMessage(request, cors, messageBytes)
    if (message instanceof Unreadable) {
      connection.isUsed()
      return failQuestion(message, receiver, connection.bindingOf(request, principal))
    }
    // It may have ended while the message came.
    if (connection.closed.aborted) return refuse(request, 404, noStream, cors)
    if (message !== undefined)
      take(message, receiver, connection, connection.bindingOf(request, principal), request, cors)
  }

  return async (request, principal, cors) => {
    if (request.method === 'GET') return open(request, principal, cors)
    if (request.method === 'POST') return post(request, principal, cors)
    return request.respond(request.method === 'OPTIONS' ? 204 : 405, { ...cors, allow: 'GET, POST, OPTIONS' })
  }
}

const noStream: ErrorObject = {
  code: code.invalidRequest,
  message: 'Session not found: its stream has ended; open a new one with GET',
}
const textPlain: Headers = { 'content-type': 'text/plain; charset=utf-8' }
const aboutPost = 'This address is of HTTP+SSE: open the stream with GET first, and send messages to what it names.\n'

/** Delivers what was posted; the answer to the POST says only that it was taken. */
function take(
  message: Message | readonly unknown[],
  receiver: Receiver,
  connection: SseConnection,
  binding: ConnectedBinding,
  request: HttpRequest,
  cors: Headers,
): void {
  connection.isUsed()
  const refusal = isBatch(message) ? batchRefusal(message, receiver, binding) : undefined
  if (refusal !== undefined) return refuse(request, 400, refusal.error, cors)
  request.respond(202, cors)
  if (isBatch(message)) {
    return receiveBatch(message, receiver, {
      binding,
      get isCongested() {
        return connection.isCongested
      },
      send: more => connection.send(more),
      finish: array => array !== undefined && connection.write(array),
    })
  }
  receiver.receive(new ConnectionExchange(message, binding))
}

/** One stream, and what was posted for it. */
class SseConnection implements Connection {
  readonly id: string = crypto.randomUUID()
  readonly principal: Principal | undefined
  readonly closed: Cancellation = new Cancellation()
  readonly #events: EventStream
  readonly #unused: NodeJS.Timeout
  /** Whose token lasts longest, of those that were shown for this stream. */
  #freshest: Principal | undefined
  #expiry: Disposable

  constructor(request: HttpRequest, principal: Principal | undefined, cors: Headers) {
    this.principal = principal
    const { closed } = this
    this.#events = new EventStream(request.stream(200, { ...cors, ...eventHeaders }), closed)
    this.#unused = setTimeout(() => this.close(), sseServerLimits.firstMessageMs)
    this.#unused.unref()
    this.#freshest = principal
    this.#expiry = whenExpired(principal, () => this.close())
    closed.signal.addEventListener('abort', () => {
      clearTimeout(this.#unused)
      this.#expiry[Symbol.dispose]()
      this.#events.end()
    })
    request.onGone(() => closed.abort(new Error('the client is gone')))
  }

  get isCongested(): boolean {
    return this.#events.isCongested
  }

  /** Tells the client where its messages go. */
  name(endpoint: string): void {
    this.#events.writeText(`event: endpoint\ndata: ${endpoint}\n\n`)
  }

  send(message: Message): void {
    this.write(serialise(message))
  }

  write(text: string): void {
    this.#events.writeText(`event: message\ndata: ${text}\n\n`)
  }

  isUsed(): void {
    clearTimeout(this.#unused)
  }

  /** The stream lasts as long as the freshest token that its principal has shown. */
  extend(principal: Principal | undefined): void {
    if (this.closed.aborted || endOf(principal) <= endOf(this.#freshest)) return
    this.#freshest = principal
    this.#expiry[Symbol.dispose]()
    this.#expiry = whenExpired(principal, () => this.close())
  }

  /** @param principal as this request shows it: its token may allow less than the one that opened the stream */
  bindingOf(request: HttpRequest, principal: Principal | undefined): ConnectedBinding {
    return {
      transport: 'http',
      connection: this,
      header: name => (isForHandlers(name) ? request.header(name) : undefined),
      ...(principal === undefined ? {} : { principal }),
    }
  }

  close(): void {
    this.closed.abort(new Error('the server has ended the session'))
  }
}

const endOf = (principal: Principal | undefined): number => principal?.expiresAtMs ?? Number.POSITIVE_INFINITY
