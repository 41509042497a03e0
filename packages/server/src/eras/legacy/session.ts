import {
  type Cancellation,
  type ChangeBus,
  code,
  type EventSink,
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

/** What `initialize` opened: one client of a legacy revision, until it goes. */
export class Session {
  readonly id: string
  readonly peer: Peer
  /** Level set by the client; until then messages from `info` on are sent. */
  level: LoggingLevel = 'info'
  /** Requests of the client being worked on, to be cancelled by id. */
  readonly inFlight: Map<RequestId, Cancellation> = new Map()
  lastUsed: number = Date.now()
  /** That the user was sent to. */
  readonly pages: SessionPages
  readonly #changes: ChangeBus
  readonly #limits: ServerLimits
  readonly #waiting = new Map<RequestId, Waiter>()
  readonly #watched = new Map<string, Disposable>()
  readonly #queue: Message[] = []
  #lists: Disposable | undefined
  readonly #outlet: ((message: Message) => void) | undefined
  /** Streams on which the client listens, the newest last. */
  readonly #listening = new Set<SessionStream>()
  readonly #events: EventStore
  #streams: SessionStreams | undefined
  #questions = 0
  #hungUp: ProtocolError | undefined

  /** @param outlet of a connection; absent on HTTP, where the client opens streams */
  constructor(
    id: string,
    peer: Peer,
    changes: ChangeBus,
    limits: ServerLimits,
    events: EventStore,
    outlet?: (message: Message) => void,
  ) {
    this.id = id
    this.peer = peer
    this.#changes = changes
    this.pages = new SessionPages(peer.revision, changes, message => this.send(message))
    this.#limits = limits
    this.#events = events
    this.#outlet = outlet
  }

  /** The client has said that it is ready: from now on it is told of changes. */
  start(): void {
    this.#lists ??= tellChanges(this.#changes, { tools: true, prompts: true, resources: true }, (method, params) =>
      this.send(notification(method, params)),
    )
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
    this.#queue.push(message)
    if (this.#queue.length > this.#limits.queuedMessages) this.#queue.shift()
  }

  /** From now on messages that belong to no request may go down this stream, until it closes. */
  listenOn(stream: SessionStream): void {
    for (const old of this.#listening) if (!old.isInUse) this.#listening.delete(old)
    this.#listening.add(stream)
    const [oldest] = this.#listening
    if (this.#listening.size > this.#limits.keptStreams) {
      oldest?.close()
      if (oldest !== undefined) this.#listening.delete(oldest)
    }
    for (const message of this.#queue.splice(0)) this.send(message)
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
    let open: SessionStream | undefined
    for (const stream of this.#listening) if (stream.isConnected) open = stream
    return open
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
    this.#streams?.close()
    this.#lists?.[Symbol.dispose]()
    for (const watching of this.#watched.values()) watching[Symbol.dispose]()
    this.#watched.clear()
    this.pages.close()
    this.#forsake(reason)
    for (const cancellation of this.inFlight.values()) cancellation.abort(reason)
  }

  #forsake(reason: Error): void {
    for (const waiter of this.#waiting.values()) waiter.reject(reason)
    this.#waiting.clear()
  }
}
