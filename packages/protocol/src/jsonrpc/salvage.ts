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
 * Fed with the bytes as they pass, it keeps nothing but the id, wherever in the message that stands.
 */
export class IdSalvage {
  #depth = 0
  #inString = false
  #escaped = false
  /** The text of the string or bare value being read at the top level. */
  #text = ''
  #key: string | undefined
  #afterColon = false
  #id: RequestId | undefined

  get id(): RequestId | undefined {
    return this.#id
  }

  bytes(chunk: Uint8Array): void {
    for (const byte of chunk) this.#byte(byte)
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
      this.#depth -= 1
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
      this.#key = this.#text
      this.#text = ''
      this.#afterColon = true
    } else if (byte === 0x2c) {
      this.#endMember()
    } else if (!isSpace(byte)) {
      this.#append(byte)
    }
  }

  #append(byte: number): void {
    if (this.#depth === 1 && this.#text.length <= longestId) this.#text += String.fromCharCode(byte)
  }

  #endMember(): void {
    if (this.#depth !== 1) return
    if (this.#afterColon && this.#key === '"id"' && this.#id === undefined) this.#id = readId(this.#text)
    this.#text = ''
    this.#key = undefined
    this.#afterColon = false
  }
}

/** The top-level id in a text that is not valid JSON, when it can be read. */
export function salvageId(text: string): RequestId | undefined {
  const salvage = new IdSalvage()
  salvage.bytes(new TextEncoder().encode(text))
  return salvage.id
}

function readId(latin1: string): RequestId | undefined {
  try {
    const bytes = Uint8Array.from(latin1, character => character.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isId(value) ? value : undefined
  } catch {
    return undefined
  }
}
