import type { Cancellation } from './cancellation.ts'
import type { Notification, Request, Response } from './jsonrpc/message.ts'
import type { Source } from './jsonrpc/source.ts'

/** A reply and what the transport knows of it. */
export interface Reply {
  readonly response: Response
  /** What large members of the result were read from, where the transport was told to keep that. */
  readonly source?: Source
  /** HTTP only. */
  readonly status?: number
  header?(name: string): string | undefined
}

export interface ExchangeOptions {
  /** HTTP only: headers to send, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Stops waiting. On HTTP it also closes the response stream. */
  readonly signal?: AbortSignal
  /** The same, instead of a signal, for a transport that takes it. */
  readonly cancellation?: Cancellation
  /** HTTP: messages that come on this request's own stream before its response. */
  readonly onMessage?: ((message: Request | Notification) => void) | undefined
}

/** Why a transport ended. `undefined` when this side closed it. */
export type Ended = Error | undefined

/** A client's way out: one server. */
export interface Transport extends AsyncDisposable {
  readonly kind: 'http' | 'sse' | 'stdio' | 'memory'
  /** `exchange` may be given a `cancellation` instead of a signal, which costs as much as all else that a call makes. */
  readonly takesCancellation?: true
  /** Sends a request and waits for its response. Rejects with `TransportError` when none can come any more. */
  exchange(request: Request, options?: ExchangeOptions): Promise<Reply>
  /** Sends what has no response. Rejects with the signal's reason when that aborts before it is handed over. */
  send(message: Notification | Response, options?: Pick<ExchangeOptions, 'headers' | 'signal'>): Promise<void>
  /** Who gets messages that belong to no request's own stream. Set once, before the first exchange. */
  onMessage(listener: (message: Request | Notification) => void): void
  /** Messages that could not be read and other noise, told to whoever cares. */
  onNoise(listener: (what: string) => void): void
  /** HTTP, legacy revisions: opens the stream on which the server speaks unasked. Rejects when there is none. */
  listen?(options: Pick<ExchangeOptions, 'headers' | 'signal'>): Promise<void>
  /** HTTP, legacy revisions: ends the session. */
  terminate?(options: Pick<ExchangeOptions, 'headers'>): Promise<void>
  /**
   * HTTP: the same server over the older transport with two endpoints (`sse`), for one that takes no `initialize` here;
   * undefined when it shows none within this time. It ends with this transport, and this one's listeners hear its
   * messages.
   */
  older?(timeoutMs: number): Promise<Transport | undefined>
  /** Resolves when the transport has ended, with the reason. */
  readonly ended: Promise<Ended>
}

export type TransportErrorCode =
  | 'closed'
  | 'aborted'
  | 'timeout'
  /** There was no connection to send the request over: it has had no effect. */
  | 'unreachable'
  /** The connection broke after the request had gone out: whether it took effect is unknown. */
  | 'broken'
  | 'http_status'
  | 'bad_reply'
  | 'launch_failed'
  | 'exited'

/** A request got no JSON-RPC response. The message says what happened and, where it can, what to do. */
export class TransportError extends Error {
  readonly code: TransportErrorCode
  /** HTTP status, for `http_status`. */
  readonly status: number | undefined

  constructor(errorCode: TransportErrorCode, message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options)
    this.name = 'TransportError'
    this.code = errorCode
    this.status = options.status
  }
}
