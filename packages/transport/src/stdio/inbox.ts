import { Buffer } from 'node:buffer'
import {
  cancelledId,
  check,
  isCancellable,
  isRequest,
  isResponse,
  type Message,
  parse,
  type RequestId,
  Unreadable,
} from '@interlock/protocol'
import { isBatch } from '../batch.ts'

export interface InboxLimits {
  /** Bytes of answers that the peer has not read, above which its requests wait. */
  readonly unreadBytes: number
  /** Bytes of waiting requests, above which nothing more is read from the peer. */
  readonly waitingBytes: number
  /** How long a peer that has closed its end may read nothing while requests wait. */
  readonly unreadMs: number
}

/** What a line says: a message, the values of a batch, or why it is neither. */
export type Parsed = ReturnType<typeof parse>

/** Where an inbox puts what it takes, and what it asks. None of these may throw. */
export interface InboxOwner {
  /** Bytes written for the peer that it has not read. */
  unread(): number
  take(parsed: Parsed): void
  /** Nothing is to be read from the peer until it is called with false. */
  pause(isPaused: boolean): void
  /** Called once, when all that may not wait has been taken of a peer that sends no more. */
  onInputEnd(): void
  /** Nothing waits any more of a peer that sends no more, or it has read nothing for too long. May be called again. */
  onEnd(): void
}

/**
 * The order in which the lines of a peer are taken. As long as the peer reads its answers they are taken in the order in
 * which they came, one after the other as continuations: what a request that is answered at once is answered with is
 * counted before many more are begun, though they came in one chunk.
 *
 * When more than `unreadBytes` wait for the peer to read them, requests are not begun any more but kept as text: a peer
 * that writes all its requests before it reads the first answer gets them all. Answers to questions and cancellations
 * are taken at once, ahead of them; a request that is cancelled before its turn is dropped, without an answer. Above
 * `waitingBytes` of kept requests nothing is read: a peer that writes more than that without reading has to wait until
 * it reads. As it reads, the requests are begun, one a turn of the event loop, so that their answers count as well.
 * What a batch holds stays together: it waits when there is a request in it.
 */
export class Inbox {
  readonly #limits: InboxLimits
  readonly #owner: InboxOwner
  /** Lines not looked at yet, from `#next` on. */
  #arrived: string[] = []
  #next = 0
  /** Requests that wait for the peer to read; all came before what has arrived. */
  readonly #kept = new Kept()
  #isRunning = false
  #isPaused = false
  #isReleased = false
  #isGone = false
  #hasEnded = false
  #hasToldEnd = false
  #onIdle: (() => void) | undefined
  #patience: NodeJS.Timeout | undefined

  constructor(limits: InboxLimits, owner: InboxOwner) {
    this.#limits = limits
    this.#owner = owner
  }

  line(text: string): void {
    if (this.#isGone) return
    this.#arrived.push(text)
    this.#wake()
  }

  /** The peer has sent its last line; what waits is still taken. */
  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  /** The peer has read something. */
  drained(): void {
    if (this.#kept.size === 0) return
    this.#patience?.refresh()
    this.#wake()
  }

  /** From now on nothing waits. Settles when all that waited has been taken. */
  release(): Promise<void> {
    this.#isReleased = true
    this.#wake()
    if (!this.#isRunning) return Promise.resolve()
    return new Promise(resolve => {
      this.#onIdle = resolve
    })
  }

  /** The peer is gone: what waits is dropped, and what still comes. */
  drop(): void {
    this.#isGone = true
    this.#forgetArrived()
    this.#kept.clear()
    clearTimeout(this.#patience)
  }

  #wake(): void {
    if (!this.#isRunning) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#takeNext()) await (this.#kept.size === 0 ? undefined : turn())
    this.#isRunning = false
    this.#onIdle?.()
    if (this.#hasEnded) this.#tellEnd()
  }

  /** @returns false when nothing is left that may be taken now */
  #takeNext(): boolean {
    const isOver = !this.#isReleased && this.#owner.unread() > this.#limits.unreadBytes
    if (isOver || this.#kept.size > 0) this.#sort()
    if (isOver) return false
    const text = this.#kept.size > 0 ? this.#kept.shift() : this.#arrived[this.#next++]
    if (text === undefined) {
      this.#forgetArrived()
      return false
    }
    this.#pauseAbove(this.#limits.waitingBytes)
    this.#owner.take(parse(text))
    return true
  }

  /** Takes of what has arrived what need not wait, and keeps the rest. */
  #sort(): void {
    for (let text = this.#arrived[this.#next++]; text !== undefined; text = this.#arrived[this.#next++]) {
      const parsed = parse(text)
      if (isBeforeItsTurn(parsed)) {
        this.#kept.cancel(parsed)
        this.#owner.take(parsed)
      } else {
        this.#kept.add(text, parsed)
      }
    }
    this.#forgetArrived()
    this.#pauseAbove(this.#limits.waitingBytes)
  }

  #forgetArrived(): void {
    this.#arrived.length = 0
    this.#next = 0
  }

  #pauseAbove(bytes: number): void {
    const isPaused = this.#kept.bytes > bytes
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    this.#owner.pause(isPaused)
  }

  #tellEnd(): void {
    if (!this.#hasToldEnd) this.#owner.onInputEnd()
    this.#hasToldEnd = true
    if (this.#kept.size > 0) {
      this.#patience ??= setTimeout(() => this.#owner.onEnd(), this.#limits.unreadMs)
      return
    }
    clearTimeout(this.#patience)
    this.#owner.onEnd()
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** What no request may hold up: answers, also broken ones, and cancellations. */
function isBeforeItsTurn(parsed: Parsed): boolean {
  if (parsed instanceof Unreadable) return parsed.answers !== undefined
  if (isBatch(parsed)) return parsed.length > 0 && parsed.every(value => isBeforeItsTurn(check(value)))
  return isResponse(parsed) || cancelledId(parsed) !== undefined
}

interface KeptLine {
  readonly text: string
  readonly bytes: number
  readonly id: RequestId | undefined
}

/** Memory that a kept line takes besides its text: many small ones must not take more than the limit says. */
const lineBytes = 256

/** Lines in the order in which they came, to be found by the id of their request. */
class Kept {
  readonly #lines = new Set<KeptLine>()
  readonly #byId = new Map<RequestId, KeptLine>()
  #bytes = 0

  get size(): number {
    return this.#lines.size
  }

  get bytes(): number {
    return this.#bytes
  }

  add(text: string, parsed: Parsed): void {
    const id = isMessage(parsed) && isRequest(parsed) && isCancellable(parsed) ? parsed.id : undefined
    const bytes = Buffer.from(text)
    // A copy: the line may be a part of a longer text, which would be kept with it.
    const line = { text: bytes.toString(), bytes: bytes.length + lineBytes, id }
    this.#lines.add(line)
    this.#bytes += line.bytes
    if (id !== undefined) this.#byId.set(id, line)
  }

  shift(): string | undefined {
    for (const line of this.#lines) {
      this.#remove(line)
      return line.text
    }
    return undefined
  }

  /** Drops what is cancelled by a message, or by those of a batch. */
  cancel(parsed: Parsed): void {
    for (const message of isBatch(parsed) ? parsed.map(value => check(value)) : [parsed]) {
      const id = isMessage(message) ? cancelledId(message) : undefined
      const line = id === undefined ? undefined : this.#byId.get(id)
      if (line !== undefined) this.#remove(line)
    }
  }

  clear(): void {
    this.#lines.clear()
    this.#byId.clear()
    this.#bytes = 0
  }

  #remove(line: KeptLine): void {
    this.#lines.delete(line)
    this.#bytes -= line.bytes
    if (line.id !== undefined && this.#byId.get(line.id) === line) this.#byId.delete(line.id)
  }
}

const isMessage = (parsed: Parsed): parsed is Message => !(parsed instanceof Unreadable) && !isBatch(parsed)
