import {
  type Cancellation,
  type ChangeBus,
  code,
  type LoggingLevel,
  type Message,
  notification,
  type Peer,
  ProtocolError,
  type RequestId,
  type Response,
  type Stream,
} from '@interlock/protocol'
import type { ServerLimits } from '../../receive.ts'
import { tellChanges } from '../notify.ts'

/** A question that a client has not answered yet. */
interface Waiter {
  resolve(result: unknown): void
  reject(error: unknown): void
}

export interface Question {
  readonly id: RequestId
  readonly answer: Promise<unknown>
  /** Rejects the answer. */
  fail(reason: unknown): void
  /** An answer is not waited for any more. To be called in the end, however the question ended. */
  forget(): void
}

/** Sends what belongs to no request. Gives false when there is nowhere to send it now. */
export type Outlet = (message: Message) => boolean

/** What `initialize` opened: one client of a legacy revision, until it goes. */
export class Session {
  readonly id: string
  readonly peer: Peer
  /** Level set by the client; until then messages from `info` on are sent. */
  level: LoggingLevel = 'info'
  /** Requests of the client being worked on, to be cancelled by id. */
  readonly inFlight: Map<RequestId, Cancellation> = new Map()
  lastUsed: number = Date.now()
  readonly #changes: ChangeBus
  readonly #limits: ServerLimits
  readonly #waiting = new Map<RequestId, Waiter>()
  readonly #watched = new Map<string, Disposable>()
  readonly #queue: Message[] = []
  #lists: Disposable | undefined
  readonly #isConnected: boolean
  #outlet: Outlet
  #stream: Stream | undefined
  #questions = 0
  #hungUp: ProtocolError | undefined

  /** @param outlet of a connection; absent on HTTP, where the client opens streams */
  constructor(id: string, peer: Peer, changes: ChangeBus, limits: ServerLimits, outlet?: Outlet) {
    this.id = id
    this.peer = peer
    this.#changes = changes
    this.#limits = limits
    this.#outlet = outlet ?? (() => false)
    this.#isConnected = outlet !== undefined
  }

  /** The client has said that it is ready: from now on it is told of changes. */
  start(): void {
    this.#lists ??= tellChanges(this.#changes, { tools: true, prompts: true, resources: true }, (method, params) =>
      this.send(notification(method, params)),
    )
  }

  /** Sends what belongs to no request, now or when the client next opens a stream. */
  send(message: Message): void {
    if (this.#outlet(message)) return
    this.#queue.push(message)
    if (this.#queue.length > this.#limits.queuedMessages) this.#queue.shift()
  }

  /** From now on messages that belong to no request go down this stream, until it closes. */
  listenOn(stream: Stream): void {
    const outlet: Outlet = message => {
      if (stream.cancellation.aborted) return false
      stream.send(message)
      return true
    }
    this.#stream?.end()
    this.#stream = stream
    this.#outlet = outlet
    for (const message of this.#queue.splice(0)) this.send(message)
  }

  /** Whether what is sent now reaches the client at once. */
  get isListening(): boolean {
    return this.#isConnected || (this.#stream !== undefined && !this.#stream.cancellation.aborted)
  }

  /** @returns false when the client watches too many resources */
  watch(uri: string): boolean {
    if (this.#watched.has(uri)) return true
    if (this.#watched.size >= this.#limits.watchedResources) return false
    const watching = tellChanges(this.#changes, { uris: [uri] }, (method, params) =>
      this.send(notification(method, params)),
    )
    this.#watched.set(uri, watching)
    return true
  }

  unwatch(uri: string): void {
    this.#watched.get(uri)?.[Symbol.dispose]()
    this.#watched.delete(uri)
  }

  /**
   * Registers a question before it is sent; its id is the session's own.
   * @throws ProtocolError when the client will answer no more
   */
  expect(): Question {
    if (this.#hungUp !== undefined) throw this.#hungUp
    this.#questions += 1
    const id = `q${this.#questions}`
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    return {
      id,
      answer,
      fail: reason => this.#waiting.get(id)?.reject(reason),
      forget: () => this.#waiting.delete(id),
    }
  }

  /** The client answered a question; answers to none are ignored. */
  settle(response: Response): void {
    const { id } = response
    const waiter = id === undefined ? undefined : this.#waiting.get(id)
    if (id === undefined || waiter === undefined) return
    this.#waiting.delete(id)
    if ('result' in response) waiter.resolve(response.result)
    else waiter.reject(new ProtocolError(response.error.code, response.error.message, response.error.data))
  }

  /** The client will send no more: questions that wait, and those to come, get no answer. */
  hangUp(): void {
    this.#hungUp = new ProtocolError(code.internalError, 'the client closed its end before it answered')
    this.#forsake(this.#hungUp)
  }

  close(): void {
    const reason = new Error('the session has ended')
    this.#stream?.end()
    this.#lists?.[Symbol.dispose]()
    for (const watching of this.#watched.values()) watching[Symbol.dispose]()
    this.#watched.clear()
    this.#forsake(reason)
    for (const cancellation of this.inFlight.values()) cancellation.abort(reason)
  }

  #forsake(reason: Error): void {
    for (const waiter of this.#waiting.values()) waiter.reject(reason)
    this.#waiting.clear()
  }
}
