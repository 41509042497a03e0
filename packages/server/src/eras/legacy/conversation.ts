import {
  type Binding,
  Cancellation,
  type Complete,
  cancelledId,
  code,
  type Delivery,
  type Exchange,
  errorResponse,
  explain,
  interactiveMethods,
  invalidParams,
  invalidRequest,
  isLoggingLevel,
  isRequest,
  isResponse,
  type Lowering,
  methodNotFound,
  type Notification,
  nearest,
  notification,
  type Params,
  ProtocolError,
  RawJson,
  type Request,
  ResourceNotFound,
  type Response,
  type Revision,
  resultResponse,
  type Service,
  settle,
  type Task,
  TaskRequired,
  toErrorObject,
  writtenFrom,
} from '@interlock/protocol'
import type { ServerLimits } from '../../receive.ts'
import type { Work } from '../../work.ts'
import { challengeFor, reportFault } from '../fault.ts'
import { FaultyParams } from '../faulty-params.ts'
import { SharedTexts } from '../shared-texts.ts'
import { LegacyCaller, peerNow } from './caller.ts'
import { initialize } from './initialize.ts'
import { noSession, refuse, versionFault } from './refusal.ts'
import type { Session } from './session.ts'
import { SessionExchange } from './session-exchange.ts'
import { NoRoom, type Sessions } from './sessions.ts'
import { CoreTasks, coreTask, deskOf } from './tasks.ts'

/** Answers the messages of all sessions. */
export class Conversation {
  readonly #service: Service
  readonly #work: Work
  readonly #limits: ServerLimits
  readonly #revisions: readonly Revision[]
  /** Those of them that have sessions. */
  readonly #withSessions: readonly Revision[]
  readonly #sessions: Sessions
  readonly #tasks: CoreTasks
  readonly #shared = new SharedTexts()

  /** @param revisions that are served, by whichever era */
  constructor(service: Service, work: Work, limits: ServerLimits, revisions: readonly Revision[], sessions: Sessions) {
    this.#service = service
    this.#work = work
    this.#limits = limits
    this.#revisions = revisions
    this.#withSessions = revisions.filter(({ features }) => features.era === 'legacy')
    this.#sessions = sessions
    this.#tasks = new CoreTasks(service)
  }

  serve(exchange: Exchange): void {
    const { message, binding } = exchange
    if (isRequest(message) && message.method === 'initialize') return this.#initialize(exchange, message)
    const session = this.#sessions.find(binding)
    if (session === undefined && isEarlyPing(exchange)) return exchange.reply(resultResponse(exchange.message.id, {}))
    const fault = session === undefined ? noSession(binding) : versionFault(binding, this.#withSessions)
    if (session === undefined || fault !== undefined) return refuse(exchange, fault ?? noSession(binding))
    if (isResponse(message)) {
      session.settle(message)
      return exchange.end()
    }
    if (!isRequest(message)) return take(this.#service, session, exchange, message)
    this.#request(session, exchange, message)
  }

  #initialize(exchange: Exchange, message: Request): void {
    const refusal = this.#work.refusal
    if (refusal !== undefined) {
      return exchange.reply(errorResponse(message.id, { code: code.internalError, message: refusal }), { status: 503 })
    }
    try {
      initialize(this.#service, this.#sessions, this.#limits, this.#revisions, exchange, message)
    } catch (error) {
      if (!(error instanceof NoRoom)) return this.#refuse(exchange, message, error)
      exchange.reply(errorResponse(message.id, error.toObject()), { status: 503 })
    }
  }

  #request(session: Session, exchange: Exchange, message: Request): void {
    const { id } = message
    // On HTTP a lost connection is not a cancellation (specification 2025-11-25: Transports, Sending Messages).
    const cancellation = exchange.binding.connection === undefined ? new Cancellation() : exchange.cancellation
    const refusal = this.#work.refusal
    if (refusal !== undefined) {
      return exchange.reply(errorResponse(id, { code: code.internalError, message: refusal }), { status: 503 })
    }
    if (session.inFlight.has(id)) {
      const fault = invalidRequest('a request with this id is in flight')
      return exchange.reply(errorResponse(id, fault.toObject()), { status: 400 })
    }
    const { resumable } = session.peer.revision.features
    const isResumable = resumable && exchange.binding.connection === undefined
    const own = isResumable ? new SessionExchange(exchange, session, cancellation) : exchange
    void this.#run(session, own, cancellation, message)
  }

  /** Never rejects. */
  async #run(session: Session, exchange: Exchange, cancellation: Cancellation, message: Request): Promise<void> {
    const { id } = message
    this.#work.begin(exchange, cancellation)
    session.inFlight.set(id, cancellation)
    let response: Response
    let delivery: Delivery | undefined
    try {
      response = resultResponse(id, await this.#answer(session, exchange, cancellation, message))
    } catch (error) {
      if (!cancellation.aborted) reportFault(message.method, error)
      delivery = challengeFor(error, exchange.binding)
      response = errorResponse(id, toErrorObject(lowerError(error, session)))
    }
    try {
      if (cancellation.aborted) exchange.end()
      else exchange.reply(response, delivery)
    } catch {
      exchange.reply(errorResponse(id, toErrorObject(undefined))) // what it carries is no JSON
    } finally {
      session.inFlight.delete(id)
      this.#work.end(exchange)
    }
  }

  /** Answers a request whose params are faulty, or the fault of which is ours. */
  #refuse(exchange: Exchange, { id, method }: Request, error: unknown): void {
    const explained = error instanceof FaultyParams ? error.explained() : Promise.resolve(error)
    this.#work.begin(exchange)
    explained
      .catch((fault: unknown) => fault)
      .then(fault => {
        reportFault(method, fault)
        exchange.reply(errorResponse(id, toErrorObject(fault)))
      })
      .finally(() => this.#work.end(exchange))
  }

  async #answer(session: Session, exchange: Exchange, cancellation: Cancellation, message: Request): Promise<object> {
    const { method, params = {} } = message
    const peerRevision = session.peer.revision
    const checks = Object.hasOwn(peerRevision.requests, method) ? peerRevision.requests[method] : undefined
    const isKnown = checks === undefined ? this.#service.methods?.has(method) : checks.from !== 'server'
    if (!isKnown) throw methodNotFound(method, nearest(method, Object.keys(peerRevision.requests)))
    if (checks?.params(message.params) === false) {
      throw invalidParams(`Invalid params: ${await explain(peerRevision, checks.names.params, message.params)}`)
    }
    const own = this.#converse(session, exchange.binding, method, params)
    if (own !== undefined) return own
    // Where the server has no tasks, that one is asked for is ignored (specification 2025-11-25: Tasks, Task Support).
    const takesTask = params['task'] !== undefined && deskOf(this.#service, peerRevision) !== undefined
    const caller = new LegacyCaller(session, exchange, cancellation, params, this.#limits.answerMs, takesTask)
    if (method.startsWith('tasks/')) return this.#tasks.answer(method, params, caller)
    const call = { method, params, caller }
    const first = await this.#service.handle(call)
    const isAsked = first.kind === 'input_required' && interactiveMethods.has(method)
    const outcome = isAsked ? await settle(this.#service.handle, call, first) : first
    if (outcome.kind === 'task') return this.#created(session, outcome.task)
    if (outcome.kind !== 'complete') throw new TypeError(`${method} cannot be answered with "${outcome.kind}" here`)
    const lower = peerRevision.lower.results?.[method]
    if (outcome.isShared)
      return this.#shared.of(outcome, lower, () => new RawJson(JSON.stringify(lowered(outcome, lower))))
    const result = lowered(outcome, lower)
    return outcome.source === undefined ? result : writtenFrom(outcome.source, result)
  }

  /** The client is told of the task's changes, when it listens. */
  #created(session: Session, task: Task): object {
    this.#tasks.follow(task.taskId, session.peer, told => {
      if (session.isListening) session.send(notification('notifications/tasks/status', { ...told }))
    })
    return { task: coreTask(task) }
  }

  /** Methods by which the conversation itself is held. */
  #converse(session: Session, binding: Binding, method: string, params: Params): object | Promise<object> | undefined {
    switch (method) {
      case 'ping':
        return {}
      case 'logging/setLevel':
        if (isLoggingLevel(params['level'])) session.level = params['level']
        return {}
      case 'resources/subscribe':
        return this.#watch(session, binding, String(params['uri']))
      case 'resources/unsubscribe':
        session.unwatch(String(params['uri']))
        return {}
      default:
        return undefined
    }
  }

  async #watch(session: Session, binding: Binding, uri: string): Promise<object> {
    if (this.#service.capabilities().resources?.subscribe !== true) throw methodNotFound('resources/subscribe')
    this.#service.mayWatch?.(uri, peerNow(session, binding))
    if (!session.watch(uri))
      throw invalidRequest(`a client can watch at most ${this.#limits.watchedResources} resources`)
    try {
      const view = this.#service.viewOf?.(session.peer) ?? this.#service
      await view.watching?.(uri)
    } catch (error) {
      session.unwatch(uri)
      throw error
    }
    return {}
  }
}

const lowered = ({ result }: Complete, lower: Lowering | undefined): object =>
  lower === undefined ? result : lower(result as Record<string, unknown>) // results are objects

/** Takes a notification of a client. */
function take(service: Service, session: Session, exchange: Exchange, message: Notification): void {
  const { method } = message
  if (method === 'notifications/initialized') session.start()
  if (method === 'notifications/roots/list_changed') service.rootsChanged?.(session.peer)
  const id = cancelledId(message)
  if (id !== undefined) session.inFlight.get(id)?.abort(new Error('the client cancelled the request'))
  exchange.end()
}

/** Clients may ping before they have initialized (specification 2025-11-25: Lifecycle, Initialization). */
function isEarlyPing(exchange: Exchange): exchange is Exchange & { readonly message: Request } {
  const { message, binding } = exchange
  return binding.connection !== undefined && isRequest(message) && message.method === 'ping'
}

function lowerError(error: unknown, session: Session): unknown {
  session.pages.expectOf(error)
  if (error instanceof TaskRequired) return new ProtocolError(code.methodNotFound, error.message)
  if (!(error instanceof ResourceNotFound)) return error
  return new ProtocolError(session.peer.revision.features.resourceNotFound, error.message, error.data)
}
