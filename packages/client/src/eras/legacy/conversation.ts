import {
  type Call,
  type Caller,
  type DetailedTask,
  isRequest,
  type LoggingLevel,
  type Notification,
  type Outcome,
  type Params,
  type Reply,
  type Request,
  receivedByClients,
  withoutEnvelope,
} from '@interlock/protocol'
import type { Host } from '../../host.ts'
import { clientLimits } from '../../limits.ts'
import { takeNotice } from '../../notices.ts'
import { sendsToken, withMeta, withoutAnswers } from '../../params.ts'
import { type Answering, legacyOutcome, resultOf, withSource } from '../../results.ts'
import { never } from '../../signals.ts'
import { changeOf, type Subscriptions } from '../../subscriptions.ts'
import { requiredPages } from '../../url-required.ts'
import type { Flight, Timing, Wire } from '../../wire.ts'
import type { Attendance, Conversation, ServerDescription } from '../conversation.ts'
import { Questions } from './questions.ts'
import { Renewal, usual } from './renewal.ts'
import { type Session, sendOptions, tell } from './session.ts'
import { TaskCalls } from './task-calls.ts'
import { afterPages } from './url-rounds.ts'
import { WatchedResources } from './watched.ts'

/** A session: opened once, and again when the server has forgotten it. */
export class LegacyConversation implements Conversation {
  readonly #wire: Wire
  readonly #host: Host
  readonly #subscriptions: Subscriptions
  readonly #answering: Answering
  readonly #questions: Questions
  readonly #tasks = new TaskCalls()
  readonly #renewal: Renewal
  readonly #watched: WatchedResources
  #level: LoggingLevel | undefined
  #isClosed = false

  constructor(wire: Wire, host: Host, session: Session, subscriptions: Subscriptions) {
    this.#wire = wire
    this.#host = host
    this.#subscriptions = subscriptions
    this.#answering = { name: wire.name, warn: warning => host.warn(warning) }
    this.#watched = new WatchedResources(
      subscriptions,
      (method, params) => this.#request(method, params),
      this.#answering,
    )
    this.#questions = new Questions(wire, host, params => this.#tasks.callerOf(params))
    wire.onStop = (flight, reason) => this.#cancel(flight, reason)
    this.#renewal = new Renewal(wire, host, session, {
      onGap: () => subscriptions.publishAll(),
      onRenewed: () => this.#restore(),
    })
  }

  get server(): ServerDescription {
    return this.#renewal.session.server
  }

  perform(call: Call, timing: Timing): Promise<Outcome> {
    // A task that has ended is not begun again.
    return this.#perform(call, timing, !call.method.startsWith('tasks/'))
  }

  async #perform(call: Call, timing: Timing, mayVisitPages: boolean): Promise<Outcome> {
    let flight: Flight | undefined
    const send = (): Promise<Reply> => {
      flight = this.#wire.flight(call.method, timing, call.params, call.caller)
      return this.#send(flight, withToken(call, flight))
    }
    try {
      const reply = await this.#renewal.send(send, call.caller)
      const result = resultOf(reply, call.method, call.params)
      const found = legacyOutcome(call.method, result, this.server.revision, this.#answering)
      const outcome = withSource(found instanceof Promise ? await found : found, reply)
      if (outcome.kind === 'task' && flight !== undefined) this.#tasks.began(outcome.task.taskId, flight)
      return outcome
    } catch (error) {
      if (!mayVisitPages || requiredPages(error, this.server.revision) === undefined) throw error
      return afterPages(
        error,
        () => this.#perform(call, timing, false),
        call,
        this.#host,
        () => this.server.revision,
      )
    }
  }

  attend(taskId: string, caller: Caller, onChange: (task: DetailedTask) => void): Attendance {
    return this.#tasks.attend(taskId, caller, onChange)
  }

  async ping(timing: Timing): Promise<void> {
    await this.#request('ping', {}, timing)
  }

  async setLogLevel(level: LoggingLevel): Promise<void> {
    await this.#request('logging/setLevel', { level })
    this.#level = level
  }

  /** Lists are told of in every session; only resources have to be asked for. */
  watch(uri?: string): Promise<void> {
    return this.#watched.update(uri)
  }

  /** A session that was lost is opened again, and a server asks a new one for its roots. */
  async rootsChanged(): Promise<void> {
    const { roots } = this.#host.sessionCapabilities
    if (roots?.['listChanged'] !== true) return
    await this.#renewal.tell(session =>
      tell(this.#wire, session, 'notifications/roots/list_changed', clientLimits.callMs),
    )
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#watched.stop()
    this.#questions.stop()
    await this.#renewal.close()
  }

  /** Takes a message of the server. `own` is the request on whose stream it came, if it has one of its own. */
  take(message: Request | Notification, own?: Flight): void {
    if (isRequest(message)) return void this.#answer(message, own)
    const { method, params = {} } = message
    const checks = receivedByClients(this.server.revision).notifications[method]
    if (checks !== undefined && !checks.params(message.params)) {
      this.#host.warn(`${this.#wire.name} sent a ${method} that breaks the specification; it was ignored`)
    } else if (method === 'notifications/cancelled') {
      this.#questions.takeBack(params['requestId'])
    } else if (method === 'notifications/elicitation/complete') {
      this.#host.pages.finish(params['elicitationId'])
    } else if (!this.#tasks.take(method, params) && !takeNotice(this.#wire, this.#host, method, params, own)) {
      const change = changeOf(method, params)
      if (change !== undefined) this.#subscriptions.publish(change)
    }
  }

  async #answer(request: Request, own: Flight | undefined): Promise<void> {
    const response = await this.#questions.answer(request, this.server.revision, own)
    if (response === undefined || this.#isClosed) return
    await this.#wire.transport.send(response, sendOptions(this.#renewal.session)).catch(error => {
      this.#host.warn(`the answer to ${request.method} did not reach ${this.#wire.name}: ${String(error)}`)
    })
  }

  #send(flight: Flight, params: Params): Promise<Reply> {
    const { headers } = this.#renewal.session
    if (headers === undefined) return this.#wire.exchange(flight, params)
    return this.#wire.exchange(flight, params, headers, message => this.take(message, flight))
  }

  async #request(method: string, params: Params, timing: Timing = usual): Promise<object> {
    const flight = (): Flight => this.#wire.flight(method, timing, params)
    return resultOf(await this.#renewal.send(() => this.#send(flight(), params), { signal: never }))
  }

  /** In the background: whoever waits for the new session waits for no more than that. */
  #restore(): void {
    this.#watched.forget()
    const level = this.#level
    if (level !== undefined)
      this.setLogLevel(level).catch(error => this.#host.warn(`the log level was lost: ${String(error)}`))
    this.watch().then(
      () => this.#subscriptions.publishAll(),
      error => this.#host.warn(`subscriptions were lost with the session of ${this.#wire.name}: ${String(error)}`),
    )
  }

  #cancel({ id, method }: Flight, reason: unknown): void {
    if (method === 'initialize') return
    const params = {
      requestId: id,
      reason: reason instanceof Error ? reason.message : 'the client does not wait any longer',
    }
    this.#wire.transport
      .send({ jsonrpc: '2.0', method: 'notifications/cancelled', params }, sendOptions(this.#renewal.session))
      .catch(() => {})
  }
}

/** The call's params as a session's request: no envelope, and a token where progress is wanted. */
function withToken(call: Call, flight: Flight): Params {
  const params = withoutAnswers(call.params)
  const token = sendsToken(call) ? { progressToken: flight.id } : undefined
  if (params._meta !== undefined) return withMeta(params, { ...withoutEnvelope(params._meta), ...token })
  return token === undefined ? params : withMeta(params, token)
}
