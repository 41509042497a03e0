import {
  type Cancellation,
  type Connection,
  code,
  complete,
  type Delivery,
  type Exchange,
  errorResponse,
  type InputRequests,
  interactiveMethods,
  invalidRequest,
  isNotification,
  isObject,
  isRequest,
  type Lowering,
  type Message,
  type Meta,
  type Outcome,
  type Params,
  type Peer,
  ProtocolError,
  type Request,
  type RequestId,
  type Resume,
  type Revision,
  requireCapability,
  resultResponse,
  type Service,
  toErrorObject,
} from '@interlock/protocol'
import type { Era, ServerLimits } from '../../receive.ts'
import type { Work } from '../../work.ts'
import { reportFault } from '../fault.ts'
import { FaultyParams } from '../faulty-params.ts'
import { ModernCaller } from './caller.ts'
import { hasEnvelope, open, Refused } from './envelope.ts'
import { newJournal, openJournal, sealJournal, type Ties } from './journal.ts'
import { Listeners } from './listen.ts'
import { ReplayInput } from './replay-input.ts'
import { Replies } from './reply.ts'
import type { Seal } from './seal.ts'
import { answerTask, taskMethods, withoutExecution } from './tasks.ts'

/** Revisions whose every request says who is calling: nothing is remembered from one to the next. */
export function modernEra(
  service: Service,
  work: Work,
  limits: ServerLimits,
  seal: Seal,
  revisions: readonly Revision[],
): Era {
  const served = revisions.filter(({ features }) => features.era === 'modern')
  const rounds = new Rounds(service, work, limits, seal, served)
  return {
    claims: exchange => served.length > 0 && (hasEnvelope(exchange) || rounds.isCancelling(exchange)),
    serve: exchange => rounds.serve(exchange),
    close: () => rounds.close(),
  }
}

class Rounds {
  readonly #service: Service
  readonly #work: Work
  readonly #limits: ServerLimits
  readonly #seal: Seal
  readonly #served: readonly Revision[]
  readonly #replies: Replies
  readonly #listeners: Listeners
  /** Methods that extensions add. */
  readonly #extended: Pick<ReadonlySet<string>, 'has'>
  /** Requests in flight on shared streams, which are cancelled by id. */
  readonly #inFlight = new WeakMap<Connection, Map<RequestId, Cancellation>>()

  constructor(service: Service, work: Work, limits: ServerLimits, seal: Seal, served: readonly Revision[]) {
    this.#service = service
    this.#served = served
    this.#work = work
    this.#limits = limits
    this.#seal = seal
    this.#replies = new Replies(service.info)
    this.#listeners = new Listeners(service, limits)
    this.#extended = { has: method => taskMethods.has(method) || service.methods?.has(method) === true }
  }

  /** Whether a message cancels a request of this era. */
  isCancelling({ message, binding }: Exchange): boolean {
    const id = cancelled(message)
    if (id === undefined || binding.connection === undefined) return false
    return this.#inFlight.get(binding.connection)?.has(id) === true
  }

  serve(exchange: Exchange): void {
    const { message, binding } = exchange
    if (!isRequest(message)) {
      const id = cancelled(message)
      const inFlight = binding.connection && this.#inFlight.get(binding.connection)
      if (id !== undefined) inFlight?.get(id)?.abort(new Error('the client cancelled the request'))
      return exchange.end()
    }
    const refusal = this.#work.refusal
    if (refusal !== undefined) {
      return exchange.reply(errorResponse(message.id, { code: code.internalError, message: refusal }), { status: 503 })
    }
    this.#request(exchange, message)
      .catch((error: unknown) => {
        if (!exchange.cancellation.aborted) reportFault(message.method, error)
        exchange.reply(errorResponse(message.id, toErrorObject(error)), deliveryOf(error))
      })
      // What an error carries may be no JSON.
      .catch(() => exchange.reply(errorResponse(message.id, toErrorObject(undefined)), { status: 500 }))
  }

  close(): void {
    this.#listeners.close()
  }

  async #request(exchange: Exchange, message: Request): Promise<void> {
    const { id, method } = message
    const { cancellation, binding } = exchange
    const forget = binding.connection && this.#remember(binding.connection, id, cancellation)
    if (forget === false) throw invalidRequest('a request with this id is in flight')
    this.#work.begin(exchange)
    try {
      const { peer, params } = open(message, binding, this.#served, this.#extended)
      if (method === 'subscriptions/listen') {
        return await this.#listeners.listen(exchange, message, peer, () => forget?.())
      }
      const result = await this.#answer(exchange, method, peer, params)
      exchange.reply(resultResponse(id, result))
      forget?.()
    } catch (error) {
      forget?.()
      const refused = error instanceof FaultyParams ? await refusal(error) : error
      if (!(refused instanceof Refused)) throw refused
      exchange.reply(errorResponse(id, refused.error.toObject()), { status: refused.status })
    } finally {
      this.#work.end(exchange)
    }
  }

  #answer(exchange: Exchange, method: string, peer: Peer, params: Params): object | Promise<object> {
    if (method === 'server/discover') return this.#discover()
    return taskMethods.has(method)
      ? answerTask(this.#service, method, peer, params).then(result => this.#replies.complete(method, complete(result)))
      : this.#call(exchange, method, peer, params)
  }

  /** @returns how to forget it; false when a request with this id is in flight already */
  #remember(connection: Connection, id: RequestId, cancellation: Cancellation): (() => void) | false {
    const inFlight = this.#inFlight.get(connection) ?? this.#connected(connection)
    if (inFlight.has(id)) return false
    inFlight.set(id, cancellation)
    return () => inFlight.delete(id)
  }

  /** Requests of a connection are cancelled when it is lost. */
  #connected(connection: Connection): Map<RequestId, Cancellation> {
    const inFlight = new Map<RequestId, Cancellation>()
    this.#inFlight.set(connection, inFlight)
    connection.closed.signal.addEventListener('abort', () => {
      for (const cancellation of inFlight.values()) cancellation.abort(new Error('the client is gone'))
    })
    return inFlight
  }

  #discover(): object {
    const { instructions } = this.#service
    const result = {
      supportedVersions: this.#served.map(({ version }) => version),
      capabilities: this.#service.capabilities(),
      ...(instructions === undefined ? {} : { instructions }),
    }
    return this.#replies.complete('server/discover', complete(result))
  }

  async #call(exchange: Exchange, method: string, peer: Peer, params: Params): Promise<object> {
    const isRetry = params['requestState'] !== undefined || params['inputResponses'] !== undefined
    const replay = isRetry && interactiveMethods.has(method) ? await this.#replay(method, peer, params) : undefined
    const caller = new ModernCaller(exchange, peer, params._meta as Meta, replay) // the envelope was checked
    const resume = replay === undefined ? undefined : resumeOf(replay, params)
    const call = resume === undefined ? { method, params, caller } : { method, params, caller, resume }
    let outcome: Outcome
    try {
      outcome = await this.#service.handle(call)
    } catch (error) {
      if (!hasQuestion(caller)) throw error
      outcome = { kind: 'input_required' }
    }
    if (outcome.kind === 'complete' && !hasQuestion(caller))
      return this.#replies.complete(method, outcome, loweringOf(method, peer.revision))
    if (outcome.kind === 'task' && !hasQuestion(caller)) return this.#replies.task(outcome.task)
    return this.#ask(method, params, caller, outcome)
  }

  /** A question that is open wins over whatever the handler returned or threw while it unwound. */
  async #ask(method: string, params: Params, caller: ModernCaller, outcome: Outcome): Promise<object> {
    const { peer, replay } = caller
    if (!interactiveMethods.has(method)) throw new TypeError(`${method} cannot ask its client`)
    await replay?.settled()
    if (replay?.fault !== undefined) throw replay.fault
    const journal = replay?.journal ?? newJournal()
    const explicit = outcome.kind === 'input_required' ? outcome : undefined
    const requests: InputRequests = { ...explicit?.requests, ...replay?.pending }
    for (const request of Object.values(requests)) requireCapability(peer, request)
    if (explicit?.state !== undefined) journal.carry = explicit.state
    const state = await sealJournal(this.#seal, journal, this.#ties(method, peer, params))
    return this.#replies.inputRequired(requests, state)
  }

  async #replay(method: string, peer: Peer, params: Params): Promise<ReplayInput> {
    const token = params['requestState']
    const journal =
      typeof token === 'string' ? await openJournal(this.#seal, token, this.#ties(method, peer, params)) : newJournal()
    return new ReplayInput(journal, peer, responsesOf(params))
  }

  #ties(method: string, peer: Peer, params: Params): Ties {
    const { name, version } = this.#service.info
    return {
      principal: peer.principal,
      method,
      params,
      build: `${name}@${version}`,
      lifeMs: this.#limits.answerMs,
      stateBytes: this.#limits.stateBytes,
    }
  }
}

async function refusal(faulty: FaultyParams): Promise<Refused> {
  return new Refused(await faulty.explained(), faulty.status)
}

/** A question was asked, or the replay is not to be trusted. */
const hasQuestion = ({ replay }: ModernCaller): boolean =>
  replay !== undefined && (replay.fault !== undefined || Object.keys(replay.pending).length > 0)

const loweringOf = (method: string, { lower }: Revision): Lowering | undefined =>
  lower.results?.[method] ?? (method === 'tools/list' ? withoutExecution : undefined)

const responsesOf = (params: Params): Readonly<Record<string, unknown>> =>
  isObject(params['inputResponses']) ? params['inputResponses'] : {}

/** What a handler that asks by returning gets back: its own state, and the answers to its own questions. */
function resumeOf({ journal }: ReplayInput, params: Params): Resume {
  const own = Object.entries(responsesOf(params)).filter(([key]) => !Object.hasOwn(journal.entries, key))
  const responses = Object.fromEntries(own)
  return journal.carry === undefined ? { responses } : { responses, state: journal.carry }
}

function cancelled(message: Message): RequestId | undefined {
  if (!isNotification(message) || message.method !== 'notifications/cancelled') return undefined
  const id = message.params?.['requestId']
  return typeof id === 'string' || typeof id === 'number' ? id : undefined
}

const statuses: ReadonlyMap<number, number> = new Map([
  [code.methodNotFound, 404],
  [code.invalidRequest, 400],
  [code.missingCapability, 400],
  [code.headerMismatch, 400],
])

/** HTTP status of an error (specification: Streamable HTTP, Protocol Version Header; Base Protocol, `_meta`). */
function deliveryOf(error: unknown): Delivery {
  if (!(error instanceof ProtocolError)) return { status: 500 }
  return { status: statuses.get(error.code) ?? 200 }
}
