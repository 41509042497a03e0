import { type EventSink, type Features, type Message, type Response, serialise } from '@interlock/protocol'
import type { EventStore, StoredEvent } from '../../event-store.ts'
import { reportFault } from '../fault.ts'

export interface StreamLimits {
  /**
   * Streams of one session on which it listens; and those that have ended, or that nobody reads, and can be resumed. The
   * oldest makes room.
   */
  readonly keptStreams: number
  /** How long a call goes on for a client that lost its stream. */
  readonly resumeMs: number
}

/** How long clients are told to wait before they come back for a stream that broke. */
const retryMs = 1000

/** The streams of one session: each message goes to one of them, and a client that loses one can go on with it. */
export class SessionStreams {
  readonly #session: string
  readonly #features: Features
  readonly #store: EventStore
  readonly #limits: StreamLimits
  readonly #streams = new Map<string, SessionStream>()
  #opened = 0

  constructor(session: string, features: Features, store: EventStore, limits: StreamLimits) {
    this.#session = session
    this.#features = features
    this.#store = store
    this.#limits = limits
  }

  /**
   * @param onAbandoned of the stream of a call: called when the client lost it, and did not come back for it in time.
   * Absent for a stream on which the client listens.
   */
  open(sink: EventSink, onAbandoned?: () => void): SessionStream {
    this.#opened += 1
    const name = String(this.#opened)
    const { resumable, streamPriming } = this.#features
    const log = resumable ? new EventLog(this.#session, name, this.#store) : undefined
    const stream = new SessionStream(log, this.#limits.resumeMs, onAbandoned)
    if (resumable) this.#keep(name, stream)
    stream.attach(sink)
    if (streamPriming) sink.write({ id: `${name}-0`, retryMs })
    return stream
  }

  /** The stream that an event was sent on; undefined when it is not known any more. */
  find(eventId: string): { readonly stream: SessionStream; readonly after: number } | undefined {
    const found = /^(\d{1,9})-(\d{1,9})$/.exec(eventId)
    const stream = found === null ? undefined : this.#streams.get(String(found[1]))
    return stream === undefined ? undefined : { stream, after: Number(found?.[2]) }
  }

  close(): void {
    for (const name of this.#streams.keys()) this.#forget(name)
  }

  #keep(name: string, stream: SessionStream): void {
    this.#streams.set(name, stream)
    let spare = this.#streams.size - this.#limits.keptStreams
    for (const [oldest, { isInUse }] of this.#streams) {
      if (spare <= 0) break
      if (isInUse) continue
      this.#forget(oldest)
      spare -= 1
    }
  }

  #forget(name: string): void {
    this.#streams.get(name)?.close()
    this.#streams.delete(name)
    keep(() => this.#store.drop(this.#session, name))
  }
}

/** Has the store do something. A store that fails costs what it keeps, but no call. */
function keep(act: () => void | Promise<void>): Promise<void> | undefined {
  try {
    return act()?.catch(report)
  } catch (error) {
    report(error)
    return undefined
  }
}

const report = (error: unknown): void => reportFault('the event store', error)

/** What was sent on one stream. */
class EventLog {
  readonly #session: string
  readonly #stream: string
  readonly #store: EventStore
  #last = 0
  /** Settles when the store has taken what it was given. */
  #kept: Promise<unknown> | undefined

  constructor(session: string, stream: string, store: EventStore) {
    this.#session = session
    this.#stream = stream
    this.#store = store
  }

  get last(): number {
    return this.#last
  }

  /** @returns the event's id */
  append(text: string): string {
    this.#last += 1
    const event: StoredEvent = { session: this.#session, stream: this.#stream, sequence: this.#last, text }
    const kept = keep(() => this.#store.append(event))
    if (kept !== undefined) this.#kept = Promise.all([this.#kept, kept])
    return this.idOf(this.#last)
  }

  /** All that followed on an event; undefined when there is a gap. */
  async after(sequence: number): Promise<readonly StoredEvent[] | undefined> {
    if (sequence >= this.#last) return []
    await this.#kept
    const last = this.#last
    const found = await this.#store.after(this.#session, this.#stream, sequence).catch(report)
    const isWhole = found?.every((event, at) => event.sequence === sequence + 1 + at) === true
    return isWhole && found.length >= last - sequence ? found : undefined
  }

  idOf(sequence: number): string {
    return `${this.#stream}-${sequence}`
  }
}

/** One stream of a session, over however many connections its client needs. */
export class SessionStream {
  readonly #log: EventLog | undefined
  readonly #resumeMs: number
  readonly #onAbandoned: (() => void) | undefined
  #sink: EventSink | undefined
  #isOver = false
  #leaving: NodeJS.Timeout | undefined
  /** Who comes back last goes on with the stream. */
  #reader: EventSink | undefined

  /** @param log absent where the revision has no way to resume */
  constructor(log: EventLog | undefined, resumeMs: number, onAbandoned: (() => void) | undefined) {
    this.#log = log
    this.#resumeMs = resumeMs
    this.#onAbandoned = onAbandoned
  }

  /** Whether somebody reads it now. */
  get isConnected(): boolean {
    return this.#sink !== undefined && !this.#sink.cancellation.aborted
  }

  /** Somebody reads it, or may come back for it. */
  get isInUse(): boolean {
    return this.isConnected || this.#reader !== undefined || this.#leaving !== undefined
  }

  /** The client listens on it: it is of no call, and has not ended. */
  get isForListening(): boolean {
    return this.#onAbandoned === undefined && !this.#isOver
  }

  get isCongested(): boolean {
    return this.#sink?.isCongested === true
  }

  send(message: Message): void {
    if (!this.#isOver) this.#write(serialise(message))
  }

  /** The last message, if there is one more. */
  finish(response?: Response): void {
    if (this.#isOver) return
    if (response !== undefined) this.#write(serialise(response))
    this.#isOver = true
    this.#stay()
    this.#sink?.end()
    this.#sink = undefined
  }

  /** Closes the connection but not the stream: the client comes back for the rest (Transports: polling). */
  letGo(retryAfterMs: number): void {
    if (this.#log === undefined || this.#sink === undefined || this.#isOver) return
    this.#sink.write({ id: this.#log.idOf(this.#log.last), retryMs: retryAfterMs })
    this.#sink.end()
    this.#sink = undefined
    this.#leave(retryAfterMs)
  }

  attach(sink: EventSink): void {
    this.#stay()
    this.#sink = sink
    const onGone = (): void => this.#lost(sink)
    if (sink.cancellation.aborted) onGone()
    else sink.cancellation.signal.addEventListener('abort', onGone, { once: true })
  }

  /** Whether all that followed an event is still there. */
  async canResume(after: number): Promise<boolean> {
    return this.#log !== undefined && after <= this.#log.last && (await this.#log.after(after)) !== undefined
  }

  /** Sends what the client has missed, and then goes on. What comes meanwhile is sent in its turn. */
  async resume(sink: EventSink, after: number): Promise<void> {
    this.#sink?.end()
    this.#sink = undefined
    this.#stay()
    this.#reader = sink
    let last = after
    while (last < (this.#log?.last ?? 0)) {
      const missed = await this.#log?.after(last)
      if (this.#reader !== sink) return sink.end()
      if (missed === undefined) break
      for (const { sequence, text } of missed) {
        sink.write({ id: this.#log?.idOf(sequence) ?? '', text })
        last = sequence
      }
    }
    this.#reader = undefined
    const isWhole = last >= (this.#log?.last ?? 0)
    if (!this.#isOver && isWhole) return this.attach(sink)
    sink.end()
    if (!this.#isOver) this.#leave()
  }

  close(): void {
    this.#stay()
    this.#isOver = true
    this.#reader = undefined
    this.#sink?.end()
    this.#sink = undefined
  }

  #write(text: string): void {
    const id = this.#log?.append(text)
    this.#sink?.write(id === undefined ? { text } : { id, text })
  }

  /** The client is gone; it may come back. */
  #lost(sink: EventSink): void {
    if (this.#sink !== sink) return
    this.#sink = undefined
    if (this.#isOver) return
    if (this.#log === undefined) this.#onAbandoned?.()
    else this.#leave()
  }

  /** From now on there is a while to come back, besides the time that the client was asked to wait. */
  #leave(askedMs = 0): void {
    this.#leaving = setTimeout(() => {
      this.#leaving = undefined
      this.#onAbandoned?.()
    }, this.#resumeMs + askedMs)
    this.#leaving.unref()
  }

  #stay(): void {
    clearTimeout(this.#leaving)
    this.#leaving = undefined
  }
}
