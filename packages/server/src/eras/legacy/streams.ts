import { type EventSink, type Features, InFlight } from '@interlock/protocol'
import type { EventStore } from '../../event-store.ts'
import { EventLog, keep } from './event-log.ts'
import { SessionStream } from './session-stream.ts'

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
  readonly #streams = new InFlight<string, SessionStream>()
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
    this.#keep(name, stream)
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
    for (const [name] of this.#streams) this.#forget(name)
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
