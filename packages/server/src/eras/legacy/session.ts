import {
  type Cancellation,
  type ChangeBus,
  code,
  type EventSink,
  InFlight,
  type LoggingLevel,
  type Message,
  notification,
  type Peer,
  ProtocolError,
  type RequestId,
  type Response,
} from '@interlock/protocol'
import type { EventStore } from '../../event-store.ts'
import type { ServerLimits } from '../../receive.ts'
import { tellChanges } from '../notify.ts'
import { type Audience, audienceOf } from './audience.ts'
import { SessionPages } from './pages.ts'
import type { SessionStream } from './session-stream.ts'
import { SessionStreams } from './streams.ts'

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

/**
 * What `initialize` opened: one client of a legacy revision, until it goes. Most sessions idle most of the time, so what
 * only some of them need is made on first use: an empty `Map` takes 200 bytes.
 */
export class Session {
  readonly peer: Peer
  /** Level set by the client; until then messages from `info` on are sent. */
  level: LoggingLevel = 'info'
  lastUsed: number = Date.now()
  readonly #id: () => string
  readonly #changes: ChangeBus
  readonly #limits: ServerLimits
  readonly #outlet: ((message: Message) => void) | undefined
  #inFlight: InFlight<RequestId, Cancellation> | undefined
  #isClosed = false
  #waiting: Map<RequestId, Waiter> | undefined
  #watched: Map<string, Disposable> | undefined
  #pages: SessionPages | undefined
  #queue: Message[] = nothing
  #audience: Audience | undefined
  /** Streams on which the client listens, the newest last. */
  #listening: readonly SessionStream[] = nothing
  readonly #events: EventStore
  #streams: SessionStreams | undefined
  #questions = 0
  #hungUp: ProtocolError | undefined

  /**
   * @param id see `id`
   * @param outlet of a connection; absent on HTTP, where the client opens streams
   */
  constructor(
    id: () => string,
    peer: Peer,
    changes: ChangeBus,
    limits: ServerLimits,
    events: EventStore,
    outlet?: (message: Message) => void,
  ) {
    this.#id = id
    this.peer = peer
    this.#changes = changes
    this.#limits = limits
    this.#events = events
    this.#outlet = outlet
  }

  get id(): string {
    return this.#id()
  }

  /** The client has said that it is ready: from now on it is told of changes. */
  start(): void {
    this.#audience ??= audienceOf(this.#changes)
    this.#audience.add(this)
  }

  /** Requests of the client being worked on, to be cancelled by id. */
  get inFlight(): InFlight<RequestId, Cancellation> {
    this.#inFlight ??= new InFlight()
    return this.#inFlight
  }

  get isBusy(): boolean {
    return this.#inFlight !== undefined && this.#inFlight.size > 0
  }

  /** That the user was sent to. */
  get pages(): SessionPages {
    if (this.#pages === undefined) {
      this.#pages = new SessionPages(this.peer.revision, this.#changes, message => this.send(message))
      if (this.#isClosed) this.#pages.close()
    }
    return this.#pages
  }

  /** The session's streams over HTTP. */
  get streams(): SessionStreams {
    this.#streams ??= new SessionStreams(this.id, this.peer.revision.features, this.#events, this.#limits)
    return this.#streams
  }

  /** Sends what belongs to no request, now or when the client next listens; over one stream, though it have several. */
  send(message: Message): void {
    if (this.#outlet !== undefined) return this.#outlet(message)
    const stream = this.#open()
    if (stream !== undefined) return stream.send(message)
    if (this.#queue.length === 0) this.#queue = []
    this.#queue.push(message)
    if (this.#queue.length > this.#limits.queuedMessages) this.#queue.shift()
  }

  /** From now on messages that belong to no request may go down this stream, until it closes. */
  listenOn(stream: SessionStream): void {
    const others = this.#listening.filter(old => old.isInUse && old !== stream)
    if (others.length >= this.#limits.keptStreams) others.shift()?.close()
    this.#listening = [...others, stream]
    const queue = this.#queue
    this.#queue = nothing
    for (const message of queue) this.send(message)
  }

  /** Goes on with a stream that the client lost. One on which it listened takes what has queued up since. */
  async resume(stream: SessionStream, sink: EventSink, after: number): Promise<void> {
    await stream.resume(sink, after)
    if (stream.isForListening && stream.isConnected) this.listenOn(stream)
  }

  /** Whether what is sent now reaches the client at once. */
  get isListening(): boolean {
    return this.#outlet !== undefined || this.#open() !== undefined
  }

  #open(): SessionStream | undefined {
    return this.#listening.findLast(stream => stream.isConnected)
  }

  /** @returns false when the client watches too many resources */
  watch(uri: string): boolean {
    this.#watched ??= new Map()
    if (this.#watched.has(uri)) return true
    if (this.#watched.size >= this.#limits.watchedResources) return false
    const watching = tellChanges(this.#changes, { uris: [uri] }, (method, params) =>
      this.send(notification(method, params)),
    )
    this.#watched.set(uri, watching)
    return true
  }

  unwatch(uri: string): void {
    this.#watched?.get(uri)?.[Symbol.dispose]()
    this.#watched?.delete(uri)
  }

  /**
   * Registers a question before it is sent; its id is the session's own.
   * @throws ProtocolError when the client will answer no more
   */
  expect(): Question {
    if (this.#hungUp !== undefined) throw this.#hungUp
    this.#questions += 1
    const id = `q${this.#questions}`
    this.#waiting ??= new Map()
    const waiting = this.#waiting
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
    return {
      id,
      answer,
      fail: reason => waiting.get(id)?.reject(reason),
      forget: () => waiting.delete(id),
    }
  }

  /** The client answered a question; answers to none are ignored. */
  settle(response: Response): void {
    const { id } = response
    const waiter = id === undefined ? undefined : this.#waiting?.get(id)
    if (id === undefined || waiter === undefined) return
    this.#waiting?.delete(id)
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
    this.#isClosed = true
    this.#streams?.close()
    this.#audience?.delete(this)
    for (const watching of this.#watched?.values() ?? []) watching[Symbol.dispose]()
    this.#watched?.clear()
    this.#pages?.close()
    this.#forsake(reason)
    for (const cancellation of this.#inFlight?.values() ?? []) cancellation.abort(reason)
  }

  #forsake(reason: Error): void {
    for (const waiter of this.#waiting?.values() ?? []) waiter.reject(reason)
    this.#waiting?.clear()
  }
}

/** Shared by all sessions that have none; never written to. */
const nothing: never[] = []
