import type { Cancellation } from './cancellation.ts'
import type { Principal } from './exchange.ts'
import type { Params } from './jsonrpc/message.ts'
import type { ClientCapabilities, Implementation, LoggingLevel } from './model/index.ts'
import type { Revision } from './revision.ts'

/** Who is on the other side, for this call. */
export interface Peer {
  readonly revision: Revision
  readonly info?: Implementation
  readonly capabilities: ClientCapabilities
  readonly principal?: Principal
  /** Reached over stdio or in the same process: without a principal it is whoever started the server. */
  readonly isLocal?: true
  /** Tells clients apart that have a session, or a connection of their own. */
  readonly session?: string
}

/** How a caller takes a task instead of a result. */
export interface TaskRequest {
  /** How long it asks to keep the task. */
  readonly ttlMs?: number
  /** It wants a task or nothing (revision 2025-11-25, where clients ask for tasks). */
  readonly isDemanded?: true
  /** Tells of progress for as long as the task lives, where the revision has that. */
  notify?(event: RequestEvent, taskId: string): void
}

/** A question to the client in the middle of a call, in the newest model's words. */
export interface InputRequest {
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list'
  readonly params?: Params
}

export type InputRequests = Readonly<Record<string, InputRequest>>

/**
 * Unwinds a handler whose question goes out with the reply: it runs again when the answer is there. Let it pass;
 * `finally` blocks run as usual.
 */
export class Suspended extends Error {
  constructor() {
    super('the call is suspended until its client has answered')
    this.name = 'Suspended'
  }
}

/** Asks the client something in the middle of a call, whichever way its revision allows. */
export interface InputPort {
  /** The same id in every round of one call: an idempotency key. */
  readonly flow: string
  /** Whether `ask` waits while the handler lives; otherwise it unwinds the handler, which runs again with the answer. */
  readonly isLive: boolean
  /**
   * Resolves with the client's result (unchecked). `key` names the question and must be the same in every round.
   * Rejects with `ProtocolError` −32021 when the client did not declare the capability. `signal` is aborted when the
   * answer is not wanted any more: a port that waits takes its question back and rejects; others may ignore it.
   */
  ask(key: string, request: InputRequest, signal?: AbortSignal): Promise<unknown>
  /** Runs `run` once however often the handler is replayed; the value must be JSON. */
  step<T>(key: string, run: () => T | Promise<T>): Promise<T>
}

/** Something to tell the client while a call runs. */
export type RequestEvent =
  | { readonly kind: 'progress'; readonly progress: number; readonly total?: number; readonly message?: string }
  | { readonly kind: 'log'; readonly level: LoggingLevel; readonly logger?: string; readonly data: unknown }

/** The way back to the caller while a call runs. What is expensive in it is made on first use. */
export interface Caller {
  readonly peer: Peer
  /** Aborted when the caller cancels or goes away. */
  readonly signal: AbortSignal
  /** What `signal` is made of, where it is made on first use: for whoever passes calls on. */
  readonly cancellation?: Cancellation | undefined
  readonly input: InputPort
  readonly wantsProgress: boolean
  /** There when the caller takes a task instead of a result. */
  readonly task?: TaskRequest | undefined
  /** Least severe log message the caller wants; undefined when it wants none. */
  readonly logLevel: LoggingLevel | undefined
  /** HTTP, where a request's headers repeat its params: a header's value by lower-case name. */
  header?(name: string): string | undefined
  /** Closes the connection on which the caller waits; it comes back for the rest. Absent where it could not. */
  letGo?(retryMs: number): void
  /** Dropped at once when the caller did not ask for it. */
  notify(event: RequestEvent): void
}

/** What came back for the questions that a handler returned itself (`input_required`). */
export interface Resume {
  readonly state?: string
  readonly responses: Readonly<Record<string, unknown>>
}

/** A decoded request, the same in every revision. `params` is the object that came in, unknown members included. */
export interface Call {
  readonly method: string
  readonly params: Params
  readonly caller: Caller
  readonly resume?: Resume
}
