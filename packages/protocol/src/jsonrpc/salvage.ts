import type { RequestId } from './message.ts'
import { isId } from './parse.ts'

/** Longest id that is salvaged from a message that cannot be read. Real ids are numbers or UUIDs. */
const longestId = 256

const quote = 0x22
const backslash = 0x5c
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d

/**
 * Finds the top-level `"id"` of a message too large or too broken to parse, so that its sender can be answered.
 * Fed with the bytes as they pass, it keeps nothing but the id, wherever in the message that stands. The id of a broken
 * response is not its sender's own: it names the request of this side that gets no better answer.
 */
export class IdSalvage {
  #depth = 0
  #inString = false
  #escaped = false
  /** The text of the string or bare value being read at the top level. */
  #text = ''
  #key: string | undefined
  #id: RequestId | undefined
  #hasMethod = false
  #hasOutcome = false

  /** The id to answer with; undefined when there is none, or when the message is a response. */
  get id(): RequestId | undefined {
    return this.#hasOutcome && !this.#hasMethod ? undefined : this.#id
  }

  /** The id of the request that the message answers, if it can be meant as a response. */
  get answers(): RequestId | undefined {
    return this.#hasMethod ? undefined : this.#id
  }

  bytes(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += 1) {
      // What is kept of nothing is passed over in one go: a message this large is mostly one long text.
      if (this.#isPassing) at = this.#inString ? stringEnd(chunk, at) : nextBracketOrQuote(chunk, at)
      const byte = chunk[at]
      if (byte !== undefined) this.#byte(byte)
    }
  }

  /** Inside of what is neither a member's name nor an id. */
  get #isPassing(): boolean {
    return this.#depth !== 1 ? this.#depth > 1 && !this.#escaped : this.#inString && !this.#escaped && this.#isFull
  }

  get #isFull(): boolean {
    return this.#text.length > longestId
  }

  #byte(byte: number): void {
    if (this.#inString) return this.#stringByte(byte)
    if (byte === quote) {
      this.#inString = true
      this.#append(byte)
    } else if (isOpening(byte)) {
      this.#depth += 1
      this.#text = ''
    } else if (isClosing(byte)) {
      this.#endMember()
      this.#depth = Math.max(0, this.#depth - 1)
    } else if (this.#depth === 1) {
      this.#memberByte(byte)
    }
  }

  #stringByte(byte: number): void {
    this.#append(byte)
    if (this.#escaped) this.#escaped = false
    else if (byte === backslash) this.#escaped = true
    else if (byte === quote) this.#inString = false
  }

  #memberByte(byte: number): void {
    if (byte === 0x3a) {
      this.#key = readKey(this.#text)
      this.#text = ''
      if (this.#key === 'method') this.#hasMethod = true
      if (this.#key === 'result' || this.#key === 'error') this.#hasOutcome = true
    } else if (byte === 0x2c) {
      this.#endMember()
    } else if (this.#text !== '' || !isSpace(byte)) {
      this.#append(byte)
    }
  }

  #append(byte: number): void {
    if (this.#depth === 1 && !this.#isFull) this.#text += String.fromCharCode(byte)
  }

  #endMember(): void {
    if (this.#depth !== 1) return
    if (this.#key === 'id' && this.#id === undefined) this.#id = readId(this.#text)
    this.#text = ''
    this.#key = undefined
  }
}

/** Where the string that goes on at a position ends; a backslash that ends the chunk counts as its end. */
function stringEnd(chunk: Uint8Array, from: number): number {
  let at = from
  while (at < chunk.length && chunk[at] !== quote) {
    if (chunk[at] !== backslash) at += 1
    else if (at + 1 < chunk.length) at += 2
    else return at
  }
  return at
}

function nextBracketOrQuote(chunk: Uint8Array, from: number): number {
  for (let at = from; at < chunk.length; at += 1) {
    const byte = chunk[at] ?? 0
    if (byte === quote || isOpening(byte) || isClosing(byte)) return at
  }
  return chunk.length
}

/** What can be read of a text that is not valid JSON. */
export function salvage(text: string): IdSalvage {
  const found = new IdSalvage()
  found.bytes(new TextEncoder().encode(text))
  return found
}

function readId(latin1: string): RequestId | undefined {
  const value = readJson(latin1)
  return isId(value) ? value : undefined
}

function readKey(latin1: string): string | undefined {
  const value = latin1.startsWith('"') ? readJson(latin1) : undefined
  return typeof value === 'string' ? value : undefined
}

/** The value of a piece of JSON whose bytes came one by one; undefined when it is none. */
function readJson(latin1: string): unknown {
  try {
    const bytes = Uint8Array.from(latin1, character => character.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
