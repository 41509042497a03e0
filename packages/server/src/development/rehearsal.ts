import {
  type Call,
  type Caller,
  type Handler,
  type InputPort,
  type InputRequest,
  interactiveMethods,
  type Middleware,
  type Outcome,
  type Peer,
  requireCapability,
  Suspended,
} from '@interlock/protocol'
import { type Effect, unwatched, watched } from './effects.ts'

/** Calls whose earlier rounds are remembered, so that the effects of the next can be compared with theirs. */
const rememberedCalls = 1000

/**
 * Replays handlers that ask on purpose, in every revision, the way a stateless one does: after each answer the handler
 * runs again from its start. Effects outside of `ctx.step` that happen in more than one round are reported, and what a
 * step returns goes through JSON. For development: it costs time, and wraps Node's functions that write files.
 */
export function rehearsal(report: (warning: string) => void): Middleware {
  const flows = new Map<string, Rounds>()
  const roundsOf = (call: Call): Rounds => {
    const { flow } = call.caller.input
    const rounds = flows.get(flow) ?? new Rounds(call, report)
    flows.delete(flow)
    flows.set(flow, rounds)
    const [oldest] = flows.keys()
    if (flows.size > rememberedCalls && oldest !== undefined) flows.delete(oldest)
    return rounds
  }
  return next => async call => {
    if (!interactiveMethods.has(call.method)) return next(call)
    const rounds = roundsOf(call)
    const rehearse: Handler = each => rounds.run(() => next(each))
    if (!call.caller.input.isLive) return rehearse(withInput(call, new SteppedInput(call.caller.input)))
    return replay(call, rehearse)
  }
}

/** Runs a handler again after each answer until it asks nothing new. */
async function replay(call: Call, handler: Handler): Promise<Outcome> {
  const input = new ReplayedInput(call.caller.input, call.caller.peer)
  for (;;) {
    const [round] = await Promise.allSettled([handler(withInput(call, input))])
    if (await input.answered()) continue
    if (round.status === 'rejected') throw round.reason
    return round.value
  }
}

/** What happened in the rounds of one call. */
class Rounds {
  readonly #name: string
  readonly #report: (warning: string) => void
  /** Effects by the first round that had them. */
  readonly #seen = new Map<string, number>()
  readonly #reported = new Set<string>()
  #round = 0

  constructor({ method, params }: Call, report: (warning: string) => void) {
    this.#name = `${method} ${String(params['name'] ?? params['uri'])}`
    this.#report = report
  }

  run<T>(handler: () => T): T {
    this.#round += 1
    const round = this.#round
    return watched(effect => this.#see(effect, round), handler)
  }

  #see({ what, where }: Effect, round: number): void {
    const first = this.#seen.get(what) ?? round
    this.#seen.set(what, first)
    if (first === round || this.#reported.has(what)) return
    this.#reported.add(what)
    const place = where === undefined ? '' : ` (${where})`
    this.#report(
      `${this.#name}: "${what}"${place} happened in round ${first} and again in round ${round}; ` +
        'a handler runs from its start after each answer, so put effects into ctx.step, or after the last question',
    )
  }
}

/** Steps as a replay gives them: their effects are theirs alone, and their values have been JSON. */
class SteppedInput implements InputPort {
  readonly #inner: InputPort

  constructor(inner: InputPort) {
    this.#inner = inner
  }

  get flow(): string {
    return this.#inner.flow
  }

  get isLive(): boolean {
    return this.#inner.isLive
  }

  ask(key: string, request: InputRequest, signal?: AbortSignal): Promise<unknown> {
    return this.#inner.ask(key, request, signal)
  }

  async step<T>(key: string, run: () => T | Promise<T>): Promise<T> {
    const value = await this.#inner.step(key, () => unwatched(run))
    const text = JSON.stringify(value) as string | undefined // undefined for what has no JSON
    return (text === undefined ? undefined : JSON.parse(text)) as T // the contract of `step`: JSON
  }
}

/** Asks over a live port, and unwinds the handler as if it had none. */
class ReplayedInput extends SteppedInput {
  readonly #port: InputPort
  readonly #peer: Peer
  readonly #answers = new Map<string, PromiseSettledResult<unknown>>()
  readonly #open = new Map<string, Promise<unknown>>()

  constructor(port: InputPort, peer: Peer) {
    super(port)
    this.#port = port
    this.#peer = peer
  }

  override get isLive(): boolean {
    return false
  }

  override async ask(key: string, request: InputRequest): Promise<unknown> {
    requireCapability(this.#peer, request)
    const answer = this.#answers.get(key)
    // The live port compares the question with the one that it asked under this key.
    if (answer !== undefined) {
      if (answer.status === 'rejected') throw answer.reason
      return this.#port.ask(key, request)
    }
    const asked = unwatched(() => this.#port.ask(key, request))
    asked.catch(() => {}) // told to the handler in its next round
    this.#open.set(key, asked)
    await Promise.resolve() // siblings in the same Promise.all ask too
    throw new Suspended()
  }

  /** Waits for the answers to what the round asked; false when it asked nothing. */
  async answered(): Promise<boolean> {
    const open = [...this.#open]
    this.#open.clear()
    const answers = await Promise.allSettled(open.map(([, asked]) => asked))
    for (const [at, [key]] of open.entries()) {
      const answer = answers[at]
      if (answer !== undefined) this.#answers.set(key, answer)
    }
    return open.length > 0
  }
}

function withInput(call: Call, input: InputPort): Call {
  const { caller } = call
  const { header, letGo, task } = caller
  const rehearsed: Caller = {
    peer: caller.peer,
    get signal() {
      return caller.signal
    },
    input,
    wantsProgress: caller.wantsProgress,
    logLevel: caller.logLevel,
    ...(header === undefined ? {} : { header: (name: string) => header.call(caller, name) }),
    ...(task === undefined ? {} : { task }),
    ...(letGo === undefined ? {} : { letGo: (retryMs: number) => letGo.call(caller, retryMs) }),
    notify: event => caller.notify(event),
  }
  return { ...call, caller: rehearsed }
}
