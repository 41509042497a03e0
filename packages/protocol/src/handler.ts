import type { Call, InputRequests } from './call.ts'
import type { Task } from './extensions/tasks.ts'
import type { Source } from './jsonrpc/source.ts'

/** How long and for whom a result may be kept (specification: Caching). */
export interface CacheHint {
  readonly ttlMs: number
  readonly scope: 'public' | 'private'
}

/** How a call ended. `result` is the newest model's, without the members that belong to the wire. */
export type Outcome =
  | {
      readonly kind: 'complete'
      readonly result: object
      readonly cache?: CacheHint
      /** This very outcome is given again and again and never changes: whoever serialises it may keep the text. */
      readonly isShared?: true
      /** What large members of the result were read from: whoever serialises one that is still the same writes that. */
      readonly source?: Source
    }
  | { readonly kind: 'input_required'; readonly requests?: InputRequests; readonly state?: string }
  /** The work goes on after the call: only for callers that take a task. */
  | { readonly kind: 'task'; readonly task: Task }

export type Complete = Extract<Outcome, { kind: 'complete' }>
/** How a call ends that asks nothing more. */
export type Settled = Exclude<Outcome, { kind: 'input_required' }>

/** Everything that answers has this shape: a tool, a server, a client, an upstream, a gateway. */
export type Handler = (call: Call) => Promise<Outcome>
export type Middleware = (next: Handler) => Handler

export const complete = (result: object, cache?: CacheHint): Complete =>
  cache === undefined ? { kind: 'complete', result } : { kind: 'complete', result, cache }

/** Wraps a handler, the first middleware outermost. Done once, when a server is built. */
export const compose = (middleware: readonly Middleware[], handler: Handler): Handler =>
  middleware.reduceRight((next, wrap) => wrap(next), handler)
