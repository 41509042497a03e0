import {
  type Caller,
  code,
  errorResponse,
  explain,
  type InputRequest,
  interactiveMethods,
  invalidParams,
  invalidRequest,
  isObject,
  methodNotFound,
  type Params,
  ProtocolError,
  type Request,
  type RequestChecks,
  type RequestId,
  type Response,
  type Revision,
  receivedByClients,
  resultResponse,
  toErrorObject,
} from '@interlock/protocol'
import type { Host } from '../../host.ts'
import { HostCaller } from '../../host-caller.ts'
import { clientLimits } from '../../limits.ts'
import { soleCaller } from '../../notices.ts'
import { underAll } from '../../signals.ts'
import { withoutRelated } from '../../tasks/requests.ts'
import type { Flight, Wire } from '../../wire.ts'
import { HostedTasks } from './hosted-tasks.ts'
import { withRelated } from './task-calls.ts'

const askable: ReadonlySet<string> = new Set(['elicitation/create', 'sampling/createMessage', 'roots/list'])

/** A task asks over the request for its result (specification 2025-11-25: Tasks, Input Required Status). */
const mayAsk = (method: string): boolean => interactiveMethods.has(method) || method === 'tasks/result'

const isAskable = (method: string): method is InputRequest['method'] => askable.has(method)

/** Answers what a server asks its client in the middle of a session. */
export class Questions {
  readonly #wire: Wire
  readonly #host: Host
  /** Questions being answered, so that the server can take one back. */
  readonly #open = new Map<RequestId, AbortController>()
  /** Undefined when the host does not want its answers to be fetched later. */
  readonly #hosted: HostedTasks | undefined
  readonly #callerOfTask: (params: Params | undefined) => Caller | undefined

  /** @param callerOfTask who looks after the task that a question names, if it names one */
  constructor(wire: Wire, host: Host, callerOfTask: (params: Params | undefined) => Caller | undefined) {
    this.#wire = wire
    this.#host = host
    this.#callerOfTask = callerOfTask
    this.#hosted = host.questionTasks ? new HostedTasks() : undefined
  }

  /**
   * The response to a question; undefined when the server took the question back meanwhile. `own` is the call on whose
   * stream it came. On a stream that all calls share, the question can only be told to belong to the sole caller.
   */
  async answer(request: Request, revision: Revision, own: Flight | undefined): Promise<Response | undefined> {
    if (request.method === 'ping') return resultResponse(request.id, {})
    const refusal = this.#refusalOf(request)
    if (refusal !== undefined) return errorResponse(request.id, refusal.toObject())
    const stop = new AbortController()
    this.#open.set(request.id, stop)
    try {
      const result = await this.#resultFor(request, revision, own, stop.signal)
      return stop.signal.aborted ? undefined : resultResponse(request.id, result)
    } catch (error) {
      const isUnwanted = stop.signal.aborted || this.#host.over.aborted
      return isUnwanted ? undefined : errorResponse(request.id, toErrorObject(inSessions(error)))
    } finally {
      this.#open.delete(request.id)
    }
  }

  /** The server does not want the answer any more. */
  takeBack(id: unknown): void {
    if (typeof id === 'string' || typeof id === 'number') this.#open.get(id)?.abort()
  }

  stop(): void {
    for (const stop of this.#open.values()) stop.abort()
    this.#hosted?.stop()
  }

  #refusalOf({ id }: Request): ProtocolError | undefined {
    if (this.#open.has(id)) return invalidRequest('Invalid request: a question with this id is being answered')
    if (this.#open.size < clientLimits.openQuestions) return undefined
    return invalidRequest(`Invalid request: ${clientLimits.openQuestions} questions are being answered already`)
  }

  async #resultFor(
    request: Request,
    revision: Revision,
    own: Flight | undefined,
    signal: AbortSignal,
  ): Promise<object> {
    const { method, params } = request
    const received = receivedByClients(revision)
    const checks = received.requests[method]
    const hosted = revision.features.tasks === 'core' ? this.#hosted : undefined
    const isKnown = isAskable(method) || (hosted !== undefined && method.startsWith('tasks/'))
    if (checks === undefined || checks.from === 'client' || !isKnown) throw methodNotFound(method)
    if (!checks.params(params)) {
      throw invalidParams(`Invalid params: ${await explain(received, checks.names.params, params)}`)
    }
    if (!isAskable(method)) return hosted?.answer(method, params, signal) ?? {}
    const work = (until: AbortSignal): Promise<object> => this.#answerTo(method, params, checks, revision, own, until)
    const asTask = method === 'roots/list' ? undefined : params?.['task']
    return hosted === undefined || asTask === undefined ? work(signal) : hosted.start(asTask, work)
  }

  async #answerTo(
    method: InputRequest['method'],
    params: Params | undefined,
    checks: RequestChecks,
    revision: Revision,
    own: Flight | undefined,
    signal: AbortSignal,
  ): Promise<object> {
    const ofTask = this.#callerOfTask(params)
    const caller = ofTask ?? own?.caller ?? this.#callerOfSharedStream(method)
    const flights =
      ofTask !== undefined ? this.#flightsFor(ofTask) : own === undefined ? this.#flightsOf(caller) : [own]
    // A call that its caller does not want any more asks nothing any more.
    const [sole, ...others] = flights
    const call = others.length === 0 ? sole?.caller?.signal : undefined
    const signals = call === undefined ? [signal, this.#host.over] : [signal, this.#host.over, call]
    for (const flight of flights) flight.hold()
    try {
      const asked = params && ofThisHop(params)
      const answer = await underAll(signals, until => this.#ask(caller, flights, method, asked, until))
      const result = isObject(answer) ? (revision.lower.results?.[method]?.(answer) ?? answer) : answer
      if (isObject(result) && checks.result(result)) return withRelated(result, params)
      this.#host.warn(`the answer to ${method} of ${this.#wire.name} breaks the specification, so it was not sent`)
      throw new ProtocolError(code.internalError, 'Internal error: the client has no valid answer')
    } finally {
      for (const flight of flights) flight.resume()
    }
  }

  async #ask(
    caller: Caller | undefined,
    flights: readonly Flight[],
    method: InputRequest['method'],
    params: Params | undefined,
    signal: AbortSignal,
  ): Promise<unknown> {
    const question: InputRequest = params === undefined ? { method } : { method, params }
    const page = params?.['elicitationId']
    if (method === 'elicitation/create' && typeof page === 'string') this.#host.pages.expect(page)
    if (caller === undefined || caller instanceof HostCaller) return this.#host.ask(question, signal)
    const [flight] = flights
    const ordinal = flight === undefined ? 0 : (flight.questions += 1)
    return caller.input.ask(`${method}#${ordinal}`, question, signal)
  }

  /** Undefined is the host itself: nothing is in flight that the question could belong to. */
  #callerOfSharedStream(method: string): Caller | undefined {
    const asking = this.#asking()
    if (asking.length === 0) return undefined
    const found = soleCaller(asking) ?? latestOfSession(asking)
    if (found !== undefined) return found
    throw new ProtocolError(
      code.invalidRequest,
      `Invalid request: ${method} cannot be told to belong to one of the ${asking.length} calls in flight`,
    )
  }

  #flightsFor(caller: Caller): Flight[] {
    return this.#wire.flights.filter(flight => flight.caller === caller)
  }

  #flightsOf(caller: Caller | undefined): Flight[] {
    return caller === undefined ? [] : this.#asking()
  }

  /** Calls in flight in which a server may ask something; a list that is being fetched is none of them. */
  #asking(): Flight[] {
    return this.#wire.flights.filter(({ caller, method }) => caller !== undefined && mayAsk(method))
  }
}

/** Where all calls are of one session, their user is asked whichever of them it is: in the latest one. */
function latestOfSession(flights: readonly Flight[]): Caller | undefined {
  const callers = flights.flatMap(({ caller }) => caller ?? [])
  return callers.every(({ peer }) => peer === callers[0]?.peer) ? callers.at(-1) : undefined
}

/** A question without what ties it to tasks of this hop. */
function ofThisHop(params: Params): Params {
  const { task: _, ...rest } = withoutRelated(params)
  return rest
}

/** Revisions with sessions have no error code for a missing capability: to them there is no such method. */
function inSessions(error: unknown): unknown {
  if (!(error instanceof ProtocolError) || error.code !== code.missingCapability) return error
  return new ProtocolError(code.methodNotFound, error.message)
}
