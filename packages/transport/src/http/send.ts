import type { Cancellation } from '@interlock/protocol'
import type { Headers } from './headers.ts'

/** One HTTP request as the client needs it of a platform. */
export interface HttpCall {
  readonly url: URL
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly headers: Headers
  readonly body?: string
  /** Gives up, before or during the answer. */
  readonly signal?: AbortSignal
  /** The same, instead of a signal, for a sender that takes it. */
  readonly cancellation?: Cancellation
}

/** An answer whose headers have arrived. */
export interface HttpAnswer {
  readonly status: number
  /** A header's value by lower-case name. */
  header(name: string): string | undefined
  /** Read once, to its end or until `close`. */
  readonly body: AsyncIterable<Uint8Array>
  /**
   * Does what reading `body` to its end does, and makes no promise for each piece. Rejects with what `take` throws, too;
   * then nothing more is read.
   */
  drain?(take: (piece: Uint8Array) => void): Promise<void>
  /** Lets go of what has not arrived yet. */
  close(): void
}

/**
 * The platform's part of an HTTP client. Rejects with the signal's reason, or with the platform's error when no answer
 * can be had. Follows no redirects. Credentials are added by wrapping it.
 */
export interface HttpSend {
  (call: HttpCall): Promise<HttpAnswer>
  /** It may be given a `cancellation` instead of a signal. */
  readonly takesCancellation?: true
}

/** Wraps how requests go to one server: adds its credentials, and gets new ones when the server wants them. */
export type Authorize = (send: HttpSend, server: URL) => HttpSend

/** The best there is on this platform, loaded on first use: `node:http` on Node, else `fetch`. */
export const platformSend: HttpSend = Object.assign(
  (call: HttpCall) => (platform === undefined ? first(call) : platform(call)),
  { takesCancellation: true } as const,
)

let platform: HttpSend | undefined

async function first(call: HttpCall): Promise<HttpAnswer> {
  platform ??= await load()
  return platform(call)
}

async function load(): Promise<HttpSend> {
  const isNode = typeof process === 'object' && process.versions?.node !== undefined
  return isNode ? (await import('./node-client.ts')).nodeSend : (await import('./fetch-client.ts')).fetchSend
}
