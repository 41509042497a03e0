import type { ErrorObject } from './message.ts'

/** Error codes of JSON-RPC 2.0 and of MCP (specification: Base Protocol, Error Codes). */
export const code = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Revisions up to 2025 only; later ones answer `invalidParams`. */
  resourceNotFound: -32002,
  /** 2025-11-25 only: the user must go to a page before the request can be done. */
  urlElicitationRequired: -32042,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const

/** An error that is told to the peer as a JSON-RPC error. What the peer must not know goes into `cause`. */
export class ProtocolError extends Error {
  readonly code: number
  readonly data: unknown

  constructor(errorCode: number, message: string, data?: unknown, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProtocolError'
    this.code = errorCode
    this.data = data
  }

  toObject(): ErrorObject {
    return this.data === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, data: this.data }
  }
}

export const invalidRequest = (message: string): ProtocolError => new ProtocolError(code.invalidRequest, message)
export const invalidParams = (message: string, data?: unknown): ProtocolError =>
  new ProtocolError(code.invalidParams, message, data)
export const methodNotFound = (method: string, hint?: string): ProtocolError =>
  new ProtocolError(
    code.methodNotFound,
    `Method not found: ${clip(method)}`,
    hint === undefined ? undefined : { didYouMean: hint },
  )

/** Becomes the code that the caller's revision has for it. */
export class ResourceNotFound extends ProtocolError {
  constructor(uri: string) {
    super(code.invalidParams, `Resource not found: ${clip(uri, 200)}`, { uri: clip(uri, 2048) })
    this.name = 'ResourceNotFound'
  }
}

/** A principal needs further scopes: over HTTP that is told with status 403, as long as no headers are out. */
export class InsufficientScope extends ProtocolError {
  /** All that the request needs, those included that the principal has. */
  readonly scopes: readonly string[]

  constructor(scopes: readonly string[]) {
    super(code.invalidRequest, `Insufficient scope: this needs ${scopes.join(' ')}`, { scopes })
    this.name = 'InsufficientScope'
    this.scopes = scopes
  }
}

/** What a peer is told of an error: protocol errors as they are, everything else as a fixed sentence. */
export function toErrorObject(error: unknown): ErrorObject {
  if (error instanceof ProtocolError) return error.toObject()
  return { code: code.internalError, message: 'Internal error' }
}

/** Shortens text of a peer before it is quoted in a message. */
export function clip(text: string, length = 80): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}
