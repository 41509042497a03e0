import { code, ProtocolError } from './error.ts'
import { type ErrorResponse, errorResponse, type Message, type RequestId } from './message.ts'
import { salvageId } from './salvage.ts'

/** Limits on what a peer may send. */
export const messageLimits: { readonly messageBytes: number; readonly depth: number } = {
  /** Largest message in bytes, checked before parsing. Holds a 10 MB file as base64 with room to spare. */
  messageBytes: 16 * 1024 * 1024,
  /** Deepest nesting of objects and arrays. People write schemas a dozen deep; checks and serialisers recurse. */
  depth: 128,
}

/** A message that cannot be taken, with the answer it gets. */
export class Unreadable {
  readonly reply: ErrorResponse
  constructor(reply: ErrorResponse) {
    this.reply = reply
  }
}

/** Reads one JSON text. Never throws: what cannot be read comes back as `Unreadable`; an array as a batch. */
export function parse(text: string, depth: number = messageLimits.depth): Message | Unreadable | readonly unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return unreadable(code.parseError, 'Parse error: the message is not valid JSON', salvageId(text))
  }
  if (Array.isArray(value)) return value
  return check(value, depth)
}

/** Checks one value that was parsed already to be a JSON-RPC message. */
export function check(value: unknown, depth: number = messageLimits.depth): Message | Unreadable {
  if (!isObject(value)) return unreadable(code.invalidRequest, 'Invalid request: a message is a JSON object')
  const { id, method } = value
  const readable = isId(id) ? id : undefined
  if (value['jsonrpc'] !== '2.0') {
    return unreadable(code.invalidRequest, 'Invalid request: "jsonrpc" must be "2.0"', readable)
  }
  if (id !== undefined && readable === undefined && !('error' in value && id === null)) {
    return unreadable(code.invalidRequest, 'Invalid request: "id" must be a string or an integer')
  }
  if (isDeeper(value, depth)) {
    return unreadable(code.invalidRequest, `Invalid request: nested deeper than ${depth} levels`, readable)
  }
  if (method !== undefined) {
    if (typeof method !== 'string') {
      return unreadable(code.invalidRequest, 'Invalid request: "method" must be a string', readable)
    }
    if (value['params'] !== undefined && !isObject(value['params'])) {
      return unreadable(code.invalidParams, 'Invalid params: "params" must be an object', readable)
    }
    return value as unknown as Message // the shape of a request or notification was just checked
  }
  const hasResult = isObject(value['result'])
  const hasError = isErrorObject(value['error'])
  if ((hasResult && !('error' in value) && readable !== undefined) || (hasError && !('result' in value))) {
    return value as unknown as Message // the shape of a response was just checked
  }
  return unreadable(
    code.invalidRequest,
    'Invalid request: a message has a "method", or a "result" object, or an "error" object',
    readable,
  )
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isId = (value: unknown): value is RequestId => typeof value === 'string' || Number.isSafeInteger(value)

function isErrorObject(value: unknown): boolean {
  return isObject(value) && Number.isInteger(value['code']) && typeof value['message'] === 'string'
}

function unreadable(errorCode: number, message: string, id?: RequestId): Unreadable {
  return new Unreadable(errorResponse(id, new ProtocolError(errorCode, message).toObject()))
}

/** Walks objects and arrays only, so a message that is one long text costs one step. */
function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null && isDeeper(item, levels - 1)) return true
    return false
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key]
    if (typeof item === 'object' && item !== null && isDeeper(item, levels - 1)) return true
  }
  return false
}
