import { Buffer } from 'node:buffer'
import type { Writable } from 'node:stream'
import { encode, isLong, joinLines } from './encode.ts'

export interface LineWriterOptions {
  /** Bytes that may wait for a reader that does not read. */
  readonly limit: number
  /**
   * Joins the lines of one whole turn of the event loop instead: also those that arise from different sockets that were
   * read in it. For whoever passes on what comes over many connections.
   */
  readonly isPerTurn?: boolean
  /** Called once, from the `write` that found more than `limit` bytes waiting. That text and all later ones are dropped. */
  onOverflow?(bufferedBytes: number): void
  /** Called whenever the system has taken what it was given. */
  onDrain?(): void
  /** Called once, when the stream has ended, failed or lost its reader. Never called from within `write`. */
  onClosed?(reason: WriterClosed): void
}

/** Why a writer is closed: `end` was called, the other side is gone, or the stream failed in another way. */
export type WriterClosed = { kind: 'ended' } | { kind: 'reader_gone' } | { kind: 'failed'; error: Error }

/** Writes lines to a stream. No member throws or rejects; once closed, writes are dropped. */
export interface LineWriter {
  /** Queues `text`, which holds no line feed, and a line feed after it. */
  write(text: string): void
  /** Bytes queued or given to the stream that the system has not taken yet. */
  readonly buffered: number
  /** Whether writes are dropped: after `end`, an overflow, or the loss of the reader. */
  readonly closed: boolean
  /** Settles when the system has taken all that was written before, or the writer is closed. */
  flushed(): Promise<void>
  /** Writes what is queued, then ends the stream. Settles as `flushed` does. */
  end(): Promise<void>
}

/**
 * Joins the lines of one turn into one write, and those that arrive while a write is under way into the next.
 *
 * Scheduled with `process.nextTick`: called from a promise's continuation, as answers are, it runs when the whole
 * cascade of continuations has come to rest and before the event loop goes on. Measured with answers of 200 bytes over a
 * pipe: a microtask needs a tenth more writes for a burst of 100, since it runs in the midst of the cascade; an immediate
 * saves no more writes than a tick and has to wait for whatever else was read in the same turn. A single
 * question and answer takes 26 to 29 µs with any of them. A long line is not joined with others, which would copy it.
 *
 * With `isPerTurn` it is the immediate after all: a gateway's questions come over as many sockets as it has clients, each
 * read in a tick of its own, and a write to a pipe costs more than all else that is done for a call. Measured with 32
 * connections to a gateway (`npm run bench -- gateway`): its CPU time per call was 1.5 times that of a server without a
 * gateway, instead of 2.2 times, and one call alone took no longer.
 */
export function lineWriter(stream: Writable, options: LineWriterOptions): LineWriter {
  return new QueueingWriter(stream, options)
}

class QueueingWriter implements LineWriter {
  readonly #stream: Writable
  readonly #options: LineWriterOptions
  #queue: (string | Buffer)[] = []
  /** Lines of the queue that are bytes already, with their line feed. */
  #longLines = 0
  #queuedBytes = 0
  #inFlightBytes = 0
  #scheduled = false
  #state: 'open' | 'overflowed' | 'ending' | 'closed' = 'open'
  #waiters: (() => void)[] = []

  constructor(stream: Writable, options: LineWriterOptions) {
    this.#stream = stream
    this.#options = options
    stream.on('error', error => this.#fail(error))
    stream.on('finish', () => this.#close({ kind: 'ended' }))
    stream.on('close', () => this.#close({ kind: 'reader_gone' }))
    if (stream.destroyed || !stream.writable) process.nextTick(() => this.#close({ kind: 'reader_gone' }))
  }

  get buffered(): number {
    return this.#queuedBytes + this.#inFlightBytes
  }

  get closed(): boolean {
    return this.#state !== 'open'
  }

  write(text: string): void {
    if (this.#state !== 'open') return
    if (this.buffered > this.#options.limit) {
      this.#state = 'overflowed'
      this.#options.onOverflow?.(this.buffered)
      return
    }
    const line = isLong(text) ? encode(text, '\n') : text
    if (line !== text) this.#longLines += 1
    this.#queue.push(line)
    this.#queuedBytes += bytesOf(line)
    if (this.#scheduled) return
    this.#scheduled = true
    if (this.#options.isPerTurn) setImmediate(this.#onTurn)
    else process.nextTick(this.#onTurn)
  }

  flushed(): Promise<void> {
    if (this.buffered === 0) return Promise.resolve()
    return new Promise(resolve => this.#waiters.push(resolve))
  }

  end(): Promise<void> {
    if (this.#state === 'open' || this.#state === 'overflowed') {
      this.#state = 'ending'
      this.#flush()
    }
    return this.flushed()
  }

  readonly #onTurn = (): void => {
    this.#scheduled = false
    this.#flush()
  }

  #flush(): void {
    if (this.#state === 'closed' || this.#inFlightBytes > 0) return
    if (this.#queue.length > 0) {
      const { data, bytes } = this.#take()
      this.#inFlightBytes = bytes
      this.#queuedBytes -= bytes
      this.#stream.write(data, 'utf8', error => (error ? this.#fail(error) : this.#written()))
    } else if (this.#state === 'ending') {
      this.#stream.end()
    }
  }

  /** What goes into the next write: a long line by itself, short ones joined up to the next long one. */
  #take(): { readonly data: string | Buffer; readonly bytes: number } {
    const queue = this.#queue
    const long = this.#longLines === 0 ? -1 : queue.findIndex(line => typeof line !== 'string')
    if (long === 0) {
      const line = queue.shift() ?? ''
      this.#longLines -= 1
      return { data: line, bytes: bytesOf(line) }
    }
    const short = (long < 0 ? queue : queue.slice(0, long)).filter(line => typeof line === 'string')
    this.#queue = long < 0 ? [] : queue.slice(long)
    const bytes = long < 0 ? this.#queuedBytes : short.reduce((sum, line) => sum + bytesOf(line), 0)
    return { data: joinLines(short, bytes), bytes }
  }

  #written(): void {
    this.#inFlightBytes = 0
    this.#flush()
    if (this.buffered === 0) this.#wake()
    this.#options.onDrain?.()
  }

  #fail(error: Error): void {
    this.#close(isReaderGone(error) ? { kind: 'reader_gone' } : { kind: 'failed', error })
  }

  #close(reason: WriterClosed): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#queue = []
    this.#longLines = 0
    this.#queuedBytes = 0
    this.#inFlightBytes = 0
    this.#wake()
    this.#options.onClosed?.(reason)
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
  }
}

const bytesOf = (line: string | Buffer): number =>
  typeof line === 'string' ? Buffer.byteLength(line) + 1 : line.length

/** How streams say that nobody reads any more: a broken pipe, a reset, or a stream destroyed by its owner. */
function isReaderGone(error: Error): boolean {
  return 'code' in error && readerGoneCodes.has(String(error.code))
}

const readerGoneCodes: ReadonlySet<string> = new Set([
  'EPIPE',
  'ECONNRESET',
  'EOF',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_STREAM_PREMATURE_CLOSE',
])
