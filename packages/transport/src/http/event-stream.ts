/** One event of a `text/event-stream`. */
export interface ServerEvent {
  /** `message` unless the sender named it. */
  readonly type: string
  readonly data: string
}

/** An event, or a line of one, is larger than the limit. Nothing more is read from that stream. */
export class EventTooLarge extends Error {
  constructor(limit: number) {
    super(`an event of the stream is larger than ${limit} bytes`)
    this.name = 'EventTooLarge'
  }
}

/**
 * Reads a `text/event-stream` piece by piece, however it is cut, and hands out each event once its blank line has come.
 * A piece may be held until the end of its line; the caller must not write into it again.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStreamParser {
  readonly #onEvent: (event: ServerEvent) => void
  readonly #limit: number
  /** Bytes of a line that is not over yet. */
  #held: Uint8Array[] = []
  #heldBytes = 0
  #isFirstLine = true
  /** The last byte was a carriage return, so that a line feed now belongs to it. */
  #afterReturn = false
  #data: string | undefined
  #dataBytes = 0
  #type = ''
  #id: string | undefined
  #lastEventId: string | undefined
  #retryMs: number | undefined

  constructor(onEvent: (event: ServerEvent) => void, limit: number) {
    this.#onEvent = onEvent
    this.#limit = limit
  }

  /** Id of the last complete event that had one, to resume after. */
  get lastEventId(): string | undefined {
    return this.#lastEventId
  }

  /** How long the sender wants to be left alone before a reconnection. */
  get retryMs(): number | undefined {
    return this.#retryMs
  }

  /** @throws EventTooLarge when more than the limit is held for one event. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    let from = this.#afterReturn && chunk[0] === lineFeed ? 1 : 0
    this.#afterReturn = false
    let feed = chunk.indexOf(lineFeed, from)
    let carriage = chunk.indexOf(carriageReturn, from)
    for (let end = earlier(feed, carriage); end !== -1; end = earlier(feed, carriage)) {
      this.#endLine(chunk, from, end)
      from = this.#pastEnd(chunk, end)
      feed = onward(chunk, lineFeed, feed, from)
      carriage = onward(chunk, carriageReturn, carriage, from)
    }
    if (from < chunk.length) this.#hold(from === 0 ? chunk : chunk.subarray(from))
  }

  /** Where the next line begins: a return and the feed behind it are one end. */
  #pastEnd(chunk: Uint8Array, end: number): number {
    if (chunk[end] === lineFeed) return end + 1
    if (end + 1 === chunk.length) this.#afterReturn = true
    return chunk[end + 1] === lineFeed ? end + 2 : end + 1
  }

  #hold(piece: Uint8Array): void {
    this.#bound(piece.length)
    this.#held.push(piece)
    this.#heldBytes += piece.length
  }

  #endLine(chunk: Uint8Array, from: number, to: number): void {
    let bytes = chunk.subarray(from, to)
    if (this.#heldBytes > 0) {
      this.#hold(bytes)
      bytes = join(this.#held, this.#heldBytes)
      this.#held = []
      this.#heldBytes = 0
    } else {
      this.#bound(bytes.length)
    }
    if (this.#isFirstLine) {
      this.#isFirstLine = false
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
    }
    if (bytes.length === 0) this.#dispatch()
    else if (bytes[0] !== colon) this.#field(bytes)
  }

  #bound(more: number): void {
    if (this.#heldBytes + this.#dataBytes + more > this.#limit) throw new EventTooLarge(this.#limit)
  }

  #field(bytes: Uint8Array): void {
    const line = decoder.decode(bytes)
    const at = line.indexOf(':')
    const name = at === -1 ? line : line.slice(0, at)
    const value = at === -1 ? '' : line.slice(line[at + 1] === ' ' ? at + 2 : at + 1)
    switch (name) {
      case 'data':
        this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
        this.#dataBytes += bytes.length
        return
      case 'event':
        this.#type = value
        return
      case 'id':
        if (!value.includes('\0')) this.#id = value
        return
      case 'retry':
        if (/^\d{1,9}$/.test(value)) this.#retryMs = Number(value)
    }
  }

  #dispatch(): void {
    const data = this.#data
    const type = this.#type
    this.#data = undefined
    this.#dataBytes = 0
    this.#type = ''
    if (this.#id !== undefined) this.#lastEventId = this.#id
    if (data !== undefined) this.#onEvent({ type: type === '' ? 'message' : type, data })
  }
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const colon = 0x3a
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The smaller of two places; −1 is none. */
function earlier(one: number, other: number): number {
  if (one === -1) return other
  return other === -1 ? one : Math.min(one, other)
}

/** Where a byte is next, given where it was: looked for only when that is passed. */
const onward = (chunk: Uint8Array, byte: number, known: number, from: number): number =>
  known === -1 || known >= from ? known : chunk.indexOf(byte, from)

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
