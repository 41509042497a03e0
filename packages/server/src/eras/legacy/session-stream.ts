import { type EventSink, type Message, type Response, serialise } from '@interlock/protocol'
import type { EventLog } from './event-log.ts'

/** One stream of a session, over however many connections its client needs. */
export class SessionStream {
  readonly #log: EventLog | undefined
  readonly #resumeMs: number
  /** Of the stream of a call that has not ended: a stream that is kept does not keep its call. */
  #onAbandoned: (() => void) | undefined
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
    this.#onAbandoned = undefined
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
    sink.cancellation.onAbort(this.#onLost)
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

  /** The client is gone; it may come back. The stream alone hangs on it, not the connection that it had. */
  readonly #onLost = (): void => {
    if (this.#sink?.cancellation.aborted !== true) return
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
