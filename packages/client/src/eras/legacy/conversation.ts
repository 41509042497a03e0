import {
  type Call,
  type Caller,
  clip,
  type DetailedTask,
  isRequest,
  type LoggingLevel,
  type Notification,
  type Outcome,
  type Params,
  type Reply,
  type Request,
  TransportError,
  type TransportErrorCode,
  withoutEnvelope,
} from '@interlock/protocol'
import { Backoff } from '../../backoff.ts'
import type { Host } from '../../host.ts'
import { clientLimits } from '../../limits.ts'
import { takeNotice } from '../../notices.ts'
import { sendsToken, withoutAnswers } from '../../params.ts'
import { type Answering, legacyOutcome, resultOf } from '../../results.ts'
import { changeOf, type Subscriptions } from '../../subscriptions.ts'
import type { Flight, Timing, Wire } from '../../wire.ts'
import type { Attendance, Conversation, ServerDescription } from '../conversation.ts'
import { Questions } from './questions.ts'
import { endSession, openSession, type Session, sendOptions } from './session.ts'
import { TaskCalls } from './task-calls.ts'
import { UnaskedStream } from './unasked.ts'
import { afterPages } from './url-rounds.ts'

/** A session: opened once, and again when the server has forgotten it. */
export class LegacyConversation implements Conversation {
  readonly #wire: Wire
  readonly #host: Host
  readonly #subscriptions: Subscriptions
  readonly #answering: Answering
  readonly #questions: Questions
  readonly #tasks = new TaskCalls()
  #session: Session
  #renewal: Promise<void> | undefined
  #unasked: UnaskedStream | undefined
  readonly #reopening: Backoff = new Backoff()
  #level: LoggingLevel | undefined
  #subscribed: Set<string> = new Set()
  /** Resources that the server does not tell of in this session: asked for again only by whoever wants them anew. */
  #refused: Set<string> = new Set()
  #turn: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(wire: Wire, host: Host, session: Session, subscriptions: Subscriptions) {
    this.#wire = wire
    this.#host = host
    this.#session = session
    this.#subscriptions = subscriptions
    this.#answering = { name: wire.name, warn: warning => host.warn(warning) }
    this.#questions = new Questions(wire, host, params => this.#tasks.callerOf(params))
    wire.onStop = (flight, reason) => this.#cancel(flight, reason)
    this.#hear()
  }

  get server(): ServerDescription {
    return this.#session.server
  }

  perform(call: Call, timing: Timing): Promise<Outcome> {
    // A task that has ended is not begun again.
    if (call.method.startsWith('tasks/')) return this.#perform(call, timing)
    return afterPages(
      () => this.#perform(call, timing),
      call,
      this.#host,
      () => this.server.revision,
    )
  }

  async #perform(call: Call, timing: Timing): Promise<Outcome> {
    let flight: Flight | undefined
    const reply = await this.#inSession(() => {
      flight = this.#wire.flight(call.method, timing, call.params, call.caller)
      return this.#send(flight, withToken(call, flight))
    })
    const result = resultOf(reply, call.method, call.params)
    const outcome = await legacyOutcome(call.method, result, this.server.revision, this.#answering)
    if (outcome.kind === 'task' && flight !== undefined) this.#tasks.began(outcome.task.taskId, flight)
    return outcome
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
    const turn = this.#turn.then(() => this.#subscribe(uri))
    this.#turn = turn.catch(() => {})
    return turn
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#unasked?.close()
    this.#reopening.stop()
    this.#questions.stop()
    const patience = new Promise<void>(resolve => {
      setTimeout(resolve, clientLimits.terminateMs).unref?.()
    })
    await Promise.race([endSession(this.#wire.transport, this.#session).catch(() => {}), patience])
  }

  /** Takes a message of the server. `own` is the request on whose stream it came, if it has one of its own. */
  take(message: Request | Notification, own?: Flight): void {
    if (isRequest(message)) return void this.#answer(message, own)
    const { method, params = {} } = message
    const checks = this.server.revision.notifications[method]
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
    await this.#wire.transport.send(response, sendOptions(this.#session)).catch(error => {
      this.#host.warn(`the answer to ${request.method} did not reach ${this.#wire.name}: ${String(error)}`)
    })
  }

  #send(flight: Flight, params: Params): Promise<Reply> {
    const { headers } = this.#session
    if (headers === undefined) return this.#wire.exchange(flight, params)
    return this.#wire.exchange(flight, params, headers, message => this.take(message, flight))
  }

  async #request(method: string, params: Params, timing: Timing = usual): Promise<object> {
    return resultOf(await this.#inSession(() => this.#send(this.#wire.flight(method, timing, params), params)))
  }

  /**
   * Sends; when the server does not know the session's id it has not done anything and wants a new session, so one is
   * opened and the request is sent again, once (specification, revisions with sessions: Session Management).
   */
  async #inSession(send: () => Promise<Reply>): Promise<Reply> {
    const session = this.#session
    try {
      const reply = await send()
      const text = 'error' in reply.response ? reply.response.error.message : ''
      if (session.id === undefined || !isSessionLost(reply.status, text)) return reply
    } catch (error) {
      const isLost = error instanceof TransportError && isSessionLost(error.status, error.message)
      if (!isLost || session.id === undefined) throw error
    }
    await this.#renew(session)
    return send()
  }

  /** Opens a new session in place of the lost one. Everybody who finds it lost waits for the same new one. */
  #renew(lost: Session): Promise<void> {
    if (this.#isClosed) return Promise.reject(new TransportError('closed', 'the connection was closed'))
    if (this.#session !== lost) return this.#renewal ?? Promise.resolve()
    this.#renewal ??= this.#replace().finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  async #replace(): Promise<void> {
    this.#unasked?.close()
    this.#session = await openSession(this.#wire, this.#host, usual)
    this.#hear()
    this.#subscribed = new Set()
    this.#refused = new Set()
    // In the background: whoever waits for the new session waits for no more than that.
    const level = this.#level
    if (level !== undefined)
      this.setLogLevel(level).catch(error => this.#host.warn(`the log level was lost: ${String(error)}`))
    this.watch().then(
      () => this.#subscriptions.publishAll(),
      error => this.#host.warn(`subscriptions were lost with the session of ${this.#wire.name}: ${String(error)}`),
    )
  }

  #hear(): void {
    const { headers } = this.#session
    if (headers === undefined || this.#wire.transport.listen === undefined) return
    const session = this.#session
    const events = {
      onGap: () => this.#subscriptions.publishAll(),
      onSessionLost: () => this.#renewUnasked(session),
    }
    this.#unasked = new UnaskedStream(this.#wire.transport, headers, events, this.#reopening)
  }

  /** Nobody waits for the new session but those who want to hear of changes, so it may take more than one attempt. */
  #renewUnasked(lost: Session): void {
    this.#renew(lost).catch(error => {
      if (this.#isClosed || this.#session !== lost) return
      this.#host.warn(`the session of ${this.#wire.name} was lost: ${messageOf(error)}`)
      this.#reopening.next(() => this.#renewUnasked(lost))
    })
  }

  async #subscribe(asked: string | undefined): Promise<void> {
    if (this.#isClosed) return
    const { uris } = this.#subscriptions.wanted
    let refusal: unknown
    for (const uri of uris) {
      if (this.#subscribed.has(uri) || (this.#refused.has(uri) && uri !== asked)) continue
      try {
        await this.#request('resources/subscribe', { uri })
        this.#subscribed.add(uri)
        this.#refused.delete(uri)
      } catch (error) {
        if (isGone(error)) throw error
        this.#refused.add(uri)
        if (uri === asked) refusal = error
        else this.#host.warn(`${this.#wire.name} does not tell of changes to ${clip(uri, 200)}: ${messageOf(error)}`)
      }
    }
    for (const uri of this.#refused) if (!uris.has(uri)) this.#refused.delete(uri)
    for (const uri of this.#subscribed) {
      if (uris.has(uri)) continue
      this.#subscribed.delete(uri)
      await this.#request('resources/unsubscribe', { uri })
    }
    if (refusal !== undefined) throw refusal
  }

  #cancel({ id, method }: Flight, reason: unknown): void {
    if (method === 'initialize') return
    const params = {
      requestId: id,
      reason: reason instanceof Error ? reason.message : 'the client does not wait any longer',
    }
    this.#wire.transport
      .send({ jsonrpc: '2.0', method: 'notifications/cancelled', params }, sendOptions(this.#session))
      .catch(() => {})
  }
}

const usual: Timing = { timeoutMs: clientLimits.callMs, maxTotalMs: clientLimits.callMs }

/** Whether other requests would fare no better. */
const isGone = (error: unknown): boolean => error instanceof TransportError && goneCodes.has(error.code)
const goneCodes: ReadonlySet<TransportErrorCode> = new Set(['closed', 'exited', 'unreachable'])

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** 404 as the specification has it; servers built on older official libraries say it with a 400 and words. */
const isSessionLost = (status: number | undefined, text: string): boolean =>
  status === 404 || (status === 400 && /session/i.test(text))

/** The call's params as a session's request: no envelope, and a token where progress is wanted. */
function withToken(call: Call, flight: Flight): Params {
  const params = withoutAnswers(call.params)
  const token = sendsToken(call) ? { progressToken: flight.id } : undefined
  if (params._meta === undefined) return token === undefined ? params : { ...params, _meta: token }
  return { ...params, _meta: { ...withoutEnvelope(params._meta), ...token } }
}
