import { type Call, code, complete, type Middleware, type Outcome, type Peer, ProtocolError } from '@interlock/protocol'
import { failure } from '../content.ts'

export interface RateLimitOptions {
  /** Calls of each method that one client may make in `perMs`, all at once if it likes. */
  readonly calls?: number
  readonly perMs?: number
  /** Methods that are limited, each by itself. Each round of a call counts. */
  readonly methods?: readonly string[]
  /** Clients that are told apart at once; of more than that, who called least lately is forgotten. */
  readonly callers?: number
  /** Milliseconds from anywhere, never going back. Default: `performance.now`. */
  readonly now?: () => number
}

export const rateLimits: Required<Omit<RateLimitOptions, 'now'>> = {
  /** A model makes a few calls a second at most; a person's keys ask for completions ten times a second. */
  calls: 100,
  perMs: 10_000,
  /** What the specification wants limited (Tools, Security Considerations; Completion, Security). */
  methods: ['tools/call', 'completion/complete'],
  callers: 10_000,
}

/**
 * Refuses calls that come too fast: a call of a tool with a result that tells the model when to try again, others with
 * −32603 and `retryAfterMs` in its data. A client is its principal; or else its session, which it can open anew; those that
 * have neither count together.
 * @example
 * server({ name: 'shop', version: '1.0.0', tools, middleware: [rateLimit({ calls: 20, perMs: 1000 })] })
 * @throws TypeError for numbers below 1
 */
export function rateLimit(options: RateLimitOptions = {}): Middleware {
  const { calls, perMs, methods, callers } = { ...rateLimits, ...options }
  const { now = () => performance.now() } = options
  for (const [name, value] of Object.entries({ calls, perMs, callers })) {
    if (!Number.isFinite(value) || value < 1) throw new TypeError(`rateLimit needs ${name} of at least 1, not ${value}`)
  }
  const limited = new Set(methods)
  const paces = new Map<string, Pace>(Array.from(limited, method => [method, new Pace(calls, perMs, callers)]))
  return next => async call => {
    const waitMs = paces.get(call.method)?.take(nameOf(call.caller.peer), now()) ?? 0
    return waitMs === 0 ? next(call) : refuse(call, waitMs, `at most ${calls} ${call.method} in ${perMs} ms`)
  }
}

/** How fast each caller goes: when it would be done, had it kept to the pace (a leaky bucket as one number). */
class Pace {
  readonly #stepMs: number
  readonly #perMs: number
  readonly #callers: number
  /** By caller, who called least lately first. */
  readonly #done = new Map<string, number>()

  constructor(calls: number, perMs: number, callers: number) {
    this.#stepMs = perMs / calls
    this.#perMs = perMs
    this.#callers = callers
  }

  /** @returns how long it must wait; 0 when it may go on, and has */
  take(caller: string, now: number): number {
    const from = Math.max(this.#done.get(caller) ?? now, now)
    const done = from + this.#stepMs
    // Steps are fractions: their sum is not exactly what they are parts of.
    const waitMs = Math.ceil(done - now - this.#perMs - 1e-6)
    if (waitMs > 0) return waitMs
    this.#done.delete(caller)
    this.#done.set(caller, done)
    this.#forget(now)
    return 0
  }

  /** Who is done is as good as new; the rest is bounded. */
  #forget(now: number): void {
    for (const [caller, done] of this.#done) {
      if (done > now && this.#done.size <= this.#callers) return
      this.#done.delete(caller)
    }
  }
}

const nameOf = ({ principal, session }: Peer): string =>
  principal === undefined ? `session ${session ?? ''}` : `principal ${principal.subject}`

/** Only what was not begun, and is waited for, may end with a result. @throws ProtocolError −32603 otherwise */
function refuse(call: Call, retryAfterMs: number, limit: string): Outcome {
  const message = `too many calls, ${limit}: try again in ${retryAfterMs} ms`
  const isFresh = call.resume === undefined && call.caller.task?.isDemanded !== true
  if (call.method === 'tools/call' && isFresh) return complete(failure(message))
  throw new ProtocolError(code.internalError, message, { retryAfterMs })
}
