/** JSON-RPC 2.0 frames as MCP uses them. */
import type { CutOut } from './cut-out.ts'
import { textResult } from './text-result.ts'

/** A request's id: a string or an integer, never null. */
export type RequestId = string | number

/** Members of a request or notification. `_meta` is the protocol's own. */
export interface Params {
  readonly _meta?: Meta
  readonly [member: string]: unknown
}

/** Protocol metadata; unknown keys are carried along untouched. */
export type Meta = Readonly<Record<string, unknown>>

export interface Request {
  readonly jsonrpc: '2.0'
  readonly id: RequestId
  readonly method: string
  readonly params?: Params
}

export interface Notification {
  readonly jsonrpc: '2.0'
  readonly method: string
  readonly params?: Params
}

export interface ResultResponse {
  readonly jsonrpc: '2.0'
  readonly id: RequestId
  readonly result: object
}

export interface ErrorResponse {
  readonly jsonrpc: '2.0'
  /** Absent when the id of the message could not be read. */
  readonly id?: RequestId
  readonly error: ErrorObject
}

export interface ErrorObject {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

export type Response = ResultResponse | ErrorResponse
export type Message = Request | Notification | Response

export const isRequest = (message: Message): message is Request => 'method' in message && 'id' in message
export const isNotification = (message: Message): message is Notification => 'method' in message && !('id' in message)
export const isResponse = (message: Message): message is Response => !('method' in message)

/** JSON text in pieces, some of which are there as bytes too. */
export type Pieces = readonly (string | CutOut)[]

/** A value that is already JSON text, so that what was serialised once is never serialised again. */
export class RawJson {
  readonly text: string
  /** The same text for whoever writes bytes; undefined when there are no bytes of it. */
  readonly pieces: Pieces | undefined

  constructor(text: string, pieces?: Pieces) {
    this.text = text
    this.pieces = pieces
  }

  static join(pieces: Pieces): RawJson {
    let text = ''
    // Not `join`, which would copy what may never be read as a text.
    for (const piece of pieces) text += typeof piece === 'string' ? piece : piece.text
    return new RawJson(text, pieces.every(isText) ? undefined : pieces)
  }
}

const isText = (piece: Pieces[number]): boolean => typeof piece === 'string'

/** The one line of JSON that goes on the wire. */
export function serialise(message: Message): string {
  if (!('result' in message)) return JSON.stringify(message)
  const { id, result } = message
  const text = result instanceof RawJson ? result.text : textResult(result)
  if (text === undefined) return JSON.stringify(message)
  return `${responseHead(id)}${text}}`
}

/** What `serialise` gives, for whoever writes bytes; undefined when there are no bytes of it. */
export function serialisePieces(message: Message): Pieces | undefined {
  if (!('result' in message) || !(message.result instanceof RawJson)) return undefined
  const { pieces } = message.result
  return pieces && [responseHead(message.id), ...pieces, '}']
}

const responseHead = (id: RequestId): string =>
  `{"jsonrpc":"2.0","id":${typeof id === 'number' ? id : JSON.stringify(id)},"result":`

export const request = (id: RequestId, method: string, params?: Params): Request =>
  params === undefined ? { jsonrpc: '2.0', id, method } : { jsonrpc: '2.0', id, method, params }

export const notification = (method: string, params?: Params): Notification =>
  params === undefined ? { jsonrpc: '2.0', method } : { jsonrpc: '2.0', method, params }

export const resultResponse = (id: RequestId, result: object): ResultResponse => ({ jsonrpc: '2.0', id, result })

export const errorResponse = (id: RequestId | undefined, error: ErrorObject): ErrorResponse =>
  id === undefined ? { jsonrpc: '2.0', error } : { jsonrpc: '2.0', id, error }
