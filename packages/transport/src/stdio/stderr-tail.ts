import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { LineSplitter } from './lines.ts'

/** Lines kept of what a server writes to its standard error: a stack trace with its message fits. */
const keptLines = 20

/** Characters kept of each of them. What explains a failure stands at the start of a line. */
const lineCharacters = 500

/** Bytes of a line looked at: enough for `lineCharacters` of any script with escape sequences among them. */
const lineBytes = 4 * 1024

/**
 * Reads a server's standard error for as long as it is open, so that the server never waits for us, and keeps the last
 * lines, fit to be shown: clipped, without escape sequences, control characters and changes of writing direction.
 */
export class StderrTail {
  /** Raw: a server may write far more lines than are ever shown. */
  readonly #lines: string[] = []
  readonly #listeners: Set<(line: string) => void> = new Set()
  readonly #splitter: LineSplitter

  constructor(stream: Readable) {
    this.#splitter = new LineSplitter(lineBytes, {
      line: text => this.#add(text),
      oversize: startOf(lineBytes, text => this.#add(text)),
    })
    stream.on('data', (chunk: Uint8Array) => this.#splitter.push(chunk))
    stream.once('end', () => this.#splitter.end())
    // A failed read ends the tail; that the server is gone is said elsewhere.
    stream.on('error', () => {})
  }

  /** The last lines, oldest first, with what there is of one that is not over yet. */
  lines(): readonly string[] {
    return [...this.#lines, this.#splitter.partial()]
      .map(presentable)
      .filter(line => line !== '')
      .slice(-keptLines)
  }

  /** Hears of every line from now on, as it will stand in `lines()`; gives a function that ends this. */
  onLine(listener: (line: string) => void): () => void {
    // Wrapped, so that the same function given twice is two listeners.
    const entry = (line: string) => listener(line)
    this.#listeners.add(entry)
    return () => this.#listeners.delete(entry)
  }

  #add(text: string): void {
    this.#lines.push(text)
    if (this.#lines.length > keptLines) this.#lines.shift()
    if (this.#listeners.size === 0) return
    const line = presentable(text)
    for (const listener of this.#listeners) listener(line)
  }
}

/** Keeps the first bytes of a line that is too long. */
function startOf(bytes: number, done: (text: string) => void) {
  let pieces: Uint8Array[] = []
  let missing = bytes
  return {
    start(): void {
      pieces = []
      missing = bytes
    },
    bytes(piece: Uint8Array): void {
      if (missing === 0) return
      const part = piece.slice(0, missing)
      pieces.push(Buffer.from(part))
      missing -= part.length
    },
    end(): void {
      done(Buffer.concat(pieces).toString('utf8'))
    },
  }
}

function presentable(text: string): string {
  const line = stripVTControlCharacters(text)
    .replace(/[\t\r]+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '')
    .trimEnd()
  return line.length > lineCharacters ? `${line.slice(0, lineCharacters - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : line
}
