import {
  type Call,
  type Caller,
  code,
  type Handler,
  type InputPort,
  type InputRequest,
  type LoggingLevel,
  type Outcome,
  type Peer,
  ProtocolError,
  type RequestEvent,
  requireCapability,
} from '@interlock/protocol'

export interface ParkingLimits {
  /**
   * Calls that wait for answers at once. Each holds a call open at its server. As many outcomes are kept of calls that
   * were over before their answers came.
   */
  readonly calls: number
  /**
   * How long one may wait for answers; then it is cancelled at its server. A person fills in a form in this time, and a
   * client that never comes back does not keep others from being asked by the same server for longer.
   */
  readonly waitMs: number
}

export const parkingLimits: ParkingLimits = { calls: 200, waitMs: 5 * 60_000 }

/** Tells the names of parked calls from what servers want to have brought back. */
const mark = 'interlock-parked:'

/**
 * Calls of stateless clients to servers that ask over a live session. Such a server has begun to act and cannot be run
 * again, so its call is kept open while the client fetches the answers. What the client carries names the call; the era
 * that serves the client seals it, bound to principal and request.
 */
export class Parking {
  readonly #limits: ParkingLimits
  readonly #calls = new Map<string, ParkedCall>()
  /** Of calls that were over before the answers came: nothing is held open for them. */
  readonly #over = new Map<string, ParkedCall>()

  constructor(limits: ParkingLimits = parkingLimits) {
    this.#limits = limits
  }

  /** Whether a client has come back with what a gateway gave it, this one or one before it; no server is to see that. */
  owns(state: string | undefined): boolean {
    return state?.startsWith(mark) === true
  }

  /** Gives a call that waits to a caller that waits as well: its questions, and its outcome. */
  handOver(id: string, caller: Caller): Promise<Outcome> {
    const parked = this.#calls.get(id) ?? this.#over.get(id)
    this.#forget(id)
    return parked?.handOver(caller) ?? Promise.reject(gone())
  }

  /** Runs a call, or goes on with one that waits for answers. */
  async handle(call: Call, next: Handler): Promise<Outcome> {
    const id = call.resume?.state
    if (id === undefined) return this.#begin(call, next)
    const parked = this.#calls.get(id) ?? this.#over.get(id)
    if (parked === undefined) throw gone()
    return this.#settle(id, parked, parked.resume(call))
  }

  /** Cancels every call that waits. */
  close(): void {
    for (const parked of [...this.#calls.values(), ...this.#over.values()]) parked.cancel('the gateway is closing')
    this.#calls.clear()
    this.#over.clear()
  }

  #begin(call: Call, next: Handler): Promise<Outcome> {
    const parked = new ParkedCall(call.caller)
    const round = parked.begin({ ...call, caller: parked.caller }, next)
    return this.#settle(mark + crypto.randomUUID(), parked, round)
  }

  /** Keeps the call if its round ended with questions, and forgets it otherwise. */
  async #settle(id: string, parked: ParkedCall, round: Promise<Outcome>): Promise<Outcome> {
    let outcome: Outcome
    try {
      outcome = await round
    } catch (error) {
      this.#forget(id)
      throw error
    }
    if (outcome.kind !== 'input_required') {
      this.#forget(id)
      return outcome
    }
    if (!this.#calls.has(id) && this.#calls.size >= this.#limits.calls) {
      parked.cancel('too many calls wait for answers')
      throw new ProtocolError(
        code.internalError,
        'too many calls wait for answers; answer those first or try again later',
      )
    }
    this.#calls.set(id, parked)
    parked.waitFor(this.#limits.waitMs, () => this.#forget(id))
    void parked.over.then(() => this.#release(id, parked))
    return { ...outcome, state: id }
  }

  #forget(id: string): void {
    this.#calls.delete(id)
    this.#over.delete(id)
  }

  /** The call needs its place no longer; only its outcome is kept for the client. */
  #release(id: string, parked: ParkedCall): void {
    if (!this.#calls.delete(id)) return
    this.#over.set(id, parked)
    const [oldest] = this.#over
    if (this.#over.size <= this.#limits.calls || oldest === undefined) return
    oldest[1].cancel('too many calls wait for answers')
    this.#over.delete(oldest[0])
  }
}

const gone = (): ProtocolError =>
  new ProtocolError(
    code.internalError,
    'The call that asked this is gone, and whether it took effect is unknown: call again from the start',
  )

interface Question {
  readonly request: InputRequest
  readonly resolve: (answer: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** One call that outlives the rounds in which its client asks for it. */
class ParkedCall {
  readonly caller: Caller
  readonly #stop = new AbortController()
  readonly #questions = new Map<string, Question>()
  /** The client's present round; between rounds the last one. */
  #round: Caller
  #finished: Promise<Outcome> = Promise.reject(new Error('not begun'))
  #onQuestion: () => void = () => {}
  /** Who waits for the outcome, once the call is a task. */
  #heir: Caller | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(round: Caller) {
    this.#round = round
    this.#finished.catch(() => {})
    this.caller = new ParkedCaller(this.#stop.signal, () => this.#round, {
      flow: crypto.randomUUID(),
      isLive: true,
      ask: (key, request, signal) => this.#ask(key, request, signal),
      step: async (_key, run) => run(),
    })
  }

  /** Settles when the server has finished, in whichever way. */
  get over(): Promise<unknown> {
    return this.#finished.catch(() => {})
  }

  begin(call: Call, next: Handler): Promise<Outcome> {
    this.#finished = next(call)
    this.#finished.catch(() => {}) // it is told in the round that is open then, or to nobody
    return this.#runRound()
  }

  resume({ caller, resume }: Call): Promise<Outcome> {
    clearTimeout(this.#timer)
    this.#round = caller
    for (const [key, question] of this.#questions) {
      if (!Object.hasOwn(resume?.responses ?? {}, key)) continue
      this.#questions.delete(key)
      question.resolve(resume?.responses[key])
    }
    return this.#runRound()
  }

  /** From now on the questions go to a caller that waits, and has the outcome. */
  handOver(caller: Caller): Promise<Outcome> {
    clearTimeout(this.#timer)
    this.#round = caller
    this.#heir = caller
    const onAbort = (): void => this.cancel('the client cancelled the call')
    caller.signal.addEventListener('abort', onAbort, { once: true })
    if (caller.signal.aborted) onAbort()
    for (const [key, { request, resolve, reject }] of this.#questions) {
      this.#questions.delete(key)
      caller.input.ask(key, request).then(resolve, reject)
    }
    return this.#finished.finally(() => caller.signal.removeEventListener('abort', onAbort))
  }

  waitFor(ms: number, onEnd: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      onEnd()
      this.cancel('the answers did not come in time')
    }, ms)
    this.#timer.unref()
  }

  cancel(reason: string): void {
    clearTimeout(this.#timer)
    const error = new Error(reason)
    this.#stop.abort(error)
    for (const { reject } of this.#questions.values()) reject(error)
    this.#questions.clear()
  }

  /** Until the server has finished, or wants to know something. A client that leaves meanwhile cancels the call. */
  async #runRound(): Promise<Outcome> {
    const { signal } = this.#round
    const onAbort = (): void => this.cancel('the client cancelled the call')
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    const asked = new Promise<'asked'>(resolve => {
      this.#onQuestion = () => resolve('asked')
      if (this.#questions.size > 0) resolve('asked') // an answer is still missing
    })
    try {
      const first = await Promise.race([this.#finished, asked])
      if (first !== 'asked') return first
      await Promise.resolve() // questions asked in one breath go out in one round
      const requests = Object.fromEntries([...this.#questions].map(([key, { request }]) => [key, request]))
      return { kind: 'input_required', requests }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  async #ask(key: string, request: InputRequest, signal?: AbortSignal): Promise<unknown> {
    requireCapability(this.#round.peer, request)
    signal?.throwIfAborted()
    if (this.#heir !== undefined) return this.#heir.input.ask(key, request, signal)
    const takeBack = (): void => {
      this.#questions.get(key)?.reject(signal?.reason)
      this.#questions.delete(key)
    }
    signal?.addEventListener('abort', takeBack, { once: true })
    try {
      return await new Promise((resolve, reject) => {
        this.#questions.set(key, { request, resolve, reject })
        this.#onQuestion()
      })
    } finally {
      signal?.removeEventListener('abort', takeBack)
    }
  }
}

/** Whoever calls now, for a call that outlives single rounds. */
class ParkedCaller implements Caller {
  readonly signal: AbortSignal
  readonly input: InputPort
  readonly #round: () => Caller

  constructor(signal: AbortSignal, round: () => Caller, input: InputPort) {
    this.signal = signal
    this.input = input
    this.#round = round
  }

  get peer(): Peer {
    return this.#round().peer
  }

  get wantsProgress(): boolean {
    return this.#round().wantsProgress
  }

  get logLevel(): LoggingLevel | undefined {
    return this.#round().logLevel
  }

  notify(event: RequestEvent): void {
    this.#round().notify(event)
  }
}
