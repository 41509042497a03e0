import {
  type Call,
  type Caller,
  Cancellation,
  type Handler,
  type InputPort,
  type InputRequest,
  type LoggingLevel,
  type Outcome,
  type Peer,
  type RequestEvent,
  requireCapability,
} from '@interlock/protocol'

interface Question {
  readonly request: InputRequest
  /** Aborted when the server does not want the answer any more. */
  readonly signal: AbortSignal | undefined
  readonly resolve: (answer: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** One call that outlives the rounds in which its client asks for it. */
export class ParkedCall {
  readonly caller: Caller
  readonly #stop = new Cancellation()
  readonly #questions = new Map<string, Question>()
  /** The client's present round; between rounds the last one. */
  #round: Caller
  /** There from `begin` on. */
  #finished: Promise<Outcome> | undefined
  #onQuestion: () => void = () => {}
  /** Who waits for the outcome, once the call is a task. */
  #heir: Caller | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(round: Caller) {
    this.#round = round
    this.caller = new ParkedCaller(
      this.#stop,
      () => this.#round,
      (key, request, signal) => this.#ask(key, request, signal),
    )
  }

  /** The principal whose call it is, if that has one. */
  get owner(): string | undefined {
    return this.#round.peer.principal?.subject
  }

  /** Settles when the server has finished, in whichever way. */
  get over(): Promise<unknown> {
    return this.#outcome().catch(() => {})
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
    for (const [key, { request, signal, resolve, reject }] of this.#questions) {
      this.#questions.delete(key)
      caller.input.ask(key, request, signal).then(resolve, reject)
    }
    return this.#outcome().finally(() => caller.signal.removeEventListener('abort', onAbort))
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
    const leave = whenGone(this.#round, () => this.cancel('the client cancelled the call'))
    const asked = new Promise<'asked'>(resolve => {
      this.#onQuestion = () => resolve('asked')
      if (this.#questions.size > 0) resolve('asked') // an answer is still missing
    })
    try {
      const first = await Promise.race([this.#outcome(), asked])
      if (first !== 'asked') return first
      await Promise.resolve() // questions asked in one breath go out in one round
      const requests = Object.fromEntries([...this.#questions].map(([key, { request }]) => [key, request]))
      return { kind: 'input_required', requests }
    } finally {
      leave()
    }
  }

  #outcome(): Promise<Outcome> {
    if (this.#finished === undefined) throw new TypeError('a call is parked once it has begun')
    return this.#finished
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
        this.#questions.set(key, { request, signal, resolve, reject })
        this.#onQuestion()
      })
    } finally {
      signal?.removeEventListener('abort', takeBack)
    }
  }
}

/** Tells when a caller has gone, at once if it has; the way to be told no more is what this gives. */
function whenGone(caller: Caller, tell: () => void): () => void {
  const { cancellation } = caller
  if (cancellation !== undefined) {
    cancellation.onAbort(tell)
    return () => cancellation.forget(tell)
  }
  const { signal } = caller
  signal.addEventListener('abort', tell, { once: true })
  if (signal.aborted) tell()
  return () => signal.removeEventListener('abort', tell)
}

/** Whoever calls now, for a call that outlives single rounds. */
class ParkedCaller implements Caller {
  readonly cancellation: Cancellation
  readonly #round: () => Caller
  readonly #ask: InputPort['ask']
  #input: InputPort | undefined

  constructor(cancellation: Cancellation, round: () => Caller, ask: InputPort['ask']) {
    this.cancellation = cancellation
    this.#round = round
    this.#ask = ask
  }

  get signal(): AbortSignal {
    return this.cancellation.signal
  }

  get input(): InputPort {
    this.#input ??= {
      flow: crypto.randomUUID(),
      isLive: true,
      ask: this.#ask,
      step: async (_key, run) => run(),
    }
    return this.#input
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
