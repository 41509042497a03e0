import {
  type Call,
  type Caller,
  clip,
  type DetailedTask,
  isObject,
  isRequest,
  type LoggingLevel,
  type Notification,
  type Outcome,
  type Params,
  type Reply,
  type Request,
  receivedByClients,
} from '@interlock/protocol'
import { standardHeaders } from '@interlock/transport'
import { takingTasks } from '../../capabilities.ts'
import type { Host } from '../../host.ts'
import { pagesUntil } from '../../lists.ts'
import { takeNotice } from '../../notices.ts'
import { sendsToken } from '../../params.ts'
import { type Answering, modernOutcome, resultOf, withSource } from '../../results.ts'
import type { Subscriptions } from '../../subscriptions.ts'
import type { Flight, Timing, Wire } from '../../wire.ts'
import type { Attendance, Conversation, ServerDescription } from '../conversation.ts'
import { enveloped, ofThisRound, type Sender } from './envelope.ts'
import { Listening } from './listen.ts'
import { MirroredParameters } from './mirrored-parameters.ts'

/** Stateless: every request says who sends it, and questions come back as results. */
export class ModernConversation implements Conversation {
  readonly server: ServerDescription
  readonly #wire: Wire
  readonly #host: Host
  readonly #sender: Sender
  readonly #listening: Listening
  readonly #subscriptions: Subscriptions
  /** It was asked to tell of a task, and told that it does not. */
  #isSilent = false
  readonly #mirrored: MirroredParameters | undefined
  readonly #answering: Answering

  constructor(wire: Wire, host: Host, server: ServerDescription, subscriptions: Subscriptions) {
    const { version } = server.revision
    this.#wire = wire
    this.#host = host
    this.server = server
    const capabilities = host.takesTasks ? takingTasks(host.capabilities) : host.capabilities
    this.#sender = { version, info: host.info, capabilities }
    this.#subscriptions = subscriptions
    this.#answering = { name: wire.name, warn: warning => host.warn(warning) }
    this.#mirrored = wire.isHttp ? new MirroredParameters(this.#answering) : undefined
    this.#listening = new Listening(wire, host, this.#sender, subscriptions, server.capabilities, (message, flight) =>
      this.take(message, flight),
    )
    wire.onStop = flight => this.#cancel(flight)
  }

  async perform(call: Call, timing: Timing): Promise<Outcome> {
    const { method } = call
    const params = ofThisRound(call)
    let reply = await this.#send(call, params, timing)
    if (this.#mirrored?.isStale(method, reply)) {
      // The tool's header parameters may have changed since they were listed, or were never listed (specification:
      // Streamable HTTP, Client Behavior).
      await this.#listAnew(String(params['name']), call.caller, timing)
      reply = await this.#send(call, params, timing)
    }
    const found = modernOutcome(method, resultOf(reply, method, params), this.server.revision, this.#answering)
    const outcome = withSource(found instanceof Promise ? await found : found, reply)
    return this.#mirrored === undefined ? outcome : this.#mirrored.learn(method, params, outcome)
  }

  /** As far as this tool. */
  async #listAnew(name: string, caller: Caller, timing: Timing): Promise<void> {
    await pagesUntil(
      params => this.perform({ method: 'tools/list', params, caller }, timing),
      page => lists(page, name),
    )
  }

  async ping(timing: Timing): Promise<void> {
    const flight = this.#wire.flight('server/discover', timing)
    const params = enveloped({}, this.#sender)
    resultOf(await this.#wire.exchange(flight, params, this.#headers(flight.method, params)))
  }

  async setLogLevel(level: LoggingLevel): Promise<void> {
    this.#host.logLevel = level
  }

  /** It asks in each call that needs them. */
  async rootsChanged(): Promise<void> {}

  watch(): Promise<void> {
    return this.#listening.update()
  }

  /** Its questions come with the task. To be told of it costs two requests, which is less than looking twice. */
  attend(taskId: string, _: Caller, onChange: (task: DetailedTask) => void): Attendance {
    const subscription = this.#subscriptions.add({ tasks: [taskId] }, change => {
      if (change.kind === 'task') onChange(change.task)
    })
    const listening = this.#listening
    return {
      get isHeard() {
        return listening.hears(taskId)
      },
      heard: this.#hear(taskId),
      [Symbol.dispose]: () => {
        subscription[Symbol.dispose]()
        // Ids of tasks that have ended do no harm among others.
        if (this.#subscriptions.wanted.tasks.size === 0) listening.update().catch(() => {})
      },
    }
  }

  async close(): Promise<void> {
    this.#listening.close()
  }

  /** Takes a message of the server. `own` is the request on whose stream it came, if it has one of its own. */
  take(message: Request | Notification, own?: Flight): void {
    if (isRequest(message)) {
      this.#host.warn(
        `${this.#wire.name} sent the request ${clip(message.method)}, which its revision does not allow; it was ignored`,
      )
      return
    }
    const { method, params = {} } = message
    const checks = receivedByClients(this.server.revision).notifications[method]
    if (checks !== undefined && !checks.params(message.params)) {
      this.#host.warn(`${this.#wire.name} sent a ${method} that breaks the specification; it was ignored`)
    } else if (!takeNotice(this.#wire, this.#host, method, params, own)) {
      this.#listening.take(method, params, own)
    }
  }

  async #hear(taskId: string): Promise<boolean> {
    if (this.#isSilent) return false
    try {
      await this.#listening.update()
      const isHeard = this.#listening.hears(taskId)
      // A task that is over at once is not asked for any more when the turn comes.
      this.#isSilent = !isHeard && this.#subscriptions.wanted.tasks.has(taskId)
      return isHeard
    } catch {
      this.#isSilent = true // it can be looked at instead
      return false
    }
  }

  #send(call: Call, params: Params, timing: Timing): Promise<Reply> {
    const { caller, method } = call
    const flight = this.#wire.flight(method, timing, params, caller)
    const { version, info } = this.#sender
    const { capabilities } = caller.peer
    const sender = { version, info, capabilities: this.#host.takesTasks ? takingTasks(capabilities) : capabilities }
    const wishes = { progressToken: sendsToken(call) ? flight.id : undefined, logLevel: caller.logLevel }
    const whole = enveloped(params, sender, wishes)
    if (this.#mirrored === undefined) return this.#wire.exchange(flight, whole)
    const headers = this.#mirrored.addTo(this.#headers(method, params) ?? {}, method, params)
    return this.#wire.exchange(flight, whole, headers, message => this.take(message, flight))
  }

  #headers(method: string, params: Params): Record<string, string> | undefined {
    return this.#wire.isHttp ? standardHeaders(method, params, this.#sender.version) : undefined
  }

  /** On HTTP the closed stream says it; elsewhere a notification does (specification: Cancellation). */
  #cancel(flight: Flight): void {
    if (this.#wire.isHttp) return
    const params = { requestId: flight.id, reason: 'the client does not wait any longer' }
    this.#wire.transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params }).catch(() => {})
  }
}

function lists(page: Outcome, name: string): boolean {
  const { tools } = page.kind === 'complete' ? (page.result as { readonly tools?: unknown }) : {}
  return Array.isArray(tools) && tools.some(tool => isObject(tool) && tool['name'] === name)
}
