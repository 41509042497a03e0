import { code } from './error.ts'
import { type ErrorResponse, errorResponse, type Message, type RequestId } from './message.ts'
import { salvage } from './salvage.ts'

/** Limits on what a peer may send. */
export const messageLimits: { readonly messageBytes: number; readonly depth: number } = {
  /** Largest message in bytes, checked before parsing. Holds a 10 MB file as base64 with room to spare. */
  messageBytes: 16 * 1024 * 1024,
  /** Deepest nesting of objects and arrays. People write schemas a dozen deep; checks and serialisers recurse. */
  depth: 128,
}

/** A message that cannot be taken, with the answer it gets. */
export class Unreadable {
  /** Without an id when none could be read, and for a broken response: its id is not its sender's own. */
  readonly reply: ErrorResponse
  /** Where the message can be meant as a response, the id of the request that gets no better answer. */
  readonly answers: RequestId | undefined
  constructor(reply: ErrorResponse, answers?: RequestId) {
    this.reply = reply
    this.answers = answers
  }
}

/** Reads one JSON text. Never throws: what cannot be read comes back as `Unreadable`; an array as a batch. */
export function parse(text: string, depth: number = messageLimits.depth): Message | Unreadable | readonly unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const { id, answers } = salvage(text)
    return unreadable(code.parseError, 'Parse error: the message is not valid JSON', id, answers)
  }
  if (Array.isArray(value)) return value
  return check(value, depth)
}

/** Checks one value that was parsed already to be a JSON-RPC message. */
export function check(value: unknown, depth: number = messageLimits.depth): Message | Unreadable {
  if (!isObject(value)) return unreadable(code.invalidRequest, 'Invalid request: a message is a JSON object')
  const { id, method, params } = value
  if (value['jsonrpc'] !== '2.0') return refuse(value, 'Invalid request: "jsonrpc" must be "2.0"')
  if (id !== undefined && !isId(id) && !('error' in value && id === null)) {
    return refuse(value, 'Invalid request: "id" must be a string or an integer')
  }
  if (isDeeper(value, depth)) return refuse(value, `Invalid request: nested deeper than ${depth} levels`)
  if (method !== undefined && typeof method !== 'string') {
    return refuse(value, 'Invalid request: "method" must be a string')
  }
  if (method !== undefined && params !== undefined && !isObject(params)) {
    return refuse(value, 'Invalid params: "params" must be an object', code.invalidParams)
  }
  if (method === undefined && !hasOutcome(value)) {
    return refuse(value, 'Invalid request: a message has a "method", or a "result" object, or an "error" object')
  }
  return value as unknown as Message // its shape was just checked
}

function refuse(value: Record<string, unknown>, why: string, errorCode: number = code.invalidRequest): Unreadable {
  const { id, method } = value
  const readable = isId(id) ? id : undefined
  if (method !== undefined) return unreadable(errorCode, why, readable)
  const isResponse = 'result' in value || 'error' in value
  return unreadable(errorCode, why, isResponse ? undefined : readable, readable)
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isId = (value: unknown): value is RequestId => typeof value === 'string' || Number.isSafeInteger(value)

/** A response has one of the two, and only an error may lack the id that it belongs to. */
function hasOutcome(value: Record<string, unknown>): boolean {
  if ('result' in value) return isObject(value['result']) && !('error' in value) && isId(value['id'])
  return isErrorObject(value['error'])
}

function isErrorObject(value: unknown): boolean {
  return isObject(value) && Number.isInteger(value['code']) && typeof value['message'] === 'string'
}

function unreadable(errorCode: number, message: string, id?: RequestId, answers?: RequestId): Unreadable {
  return new Unreadable(errorResponse(id, { code: errorCode, message }), answers)
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
