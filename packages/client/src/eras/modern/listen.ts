import {
  code,
  isObject,
  metaKey,
  type Notification,
  type Params,
  ProtocolError,
  type Reply,
  type Request,
  type RequestId,
  type ServerCapabilities,
  TransportError,
} from '@interlock/protocol'
import { standardHeaders } from '@interlock/transport'
import { Backoff } from '../../backoff.ts'
import type { Host } from '../../host.ts'
import { clientLimits } from '../../limits.ts'
import { resultOf } from '../../results.ts'
import { changeOf, type Subscriptions, type Wanted } from '../../subscriptions.ts'
import { taskOf } from '../../tasks/requests.ts'
import type { Flight, Wire } from '../../wire.ts'
import { enveloped, type Sender } from './envelope.ts'

interface Stream {
  readonly flight: Flight
  /** What was asked for, to see whether that is still what is wanted. */
  readonly filter: string
  readonly openedAt: number
  acknowledge(honoured: unknown): void
}

/**
 * The one stream on which a stateless server tells of changes (specification: Subscriptions). It asks for all that is
 * wanted; when that changes a new stream is opened, and the old one is closed once the new one is acknowledged.
 */
export class Listening {
  readonly #wire: Wire
  readonly #host: Host
  readonly #sender: Sender
  readonly #subscriptions: Subscriptions
  readonly #capabilities: ServerCapabilities
  readonly #take: (message: Request | Notification, own: Flight) => void
  readonly #backoff: Backoff = new Backoff()
  /** Streams that were asked for and not acknowledged yet. */
  readonly #opening = new Map<RequestId, Stream>()
  #current: Stream | undefined
  /** Tasks of which the current stream tells. */
  #tasks: ReadonlySet<unknown> = new Set()
  #turn: Promise<void> = Promise.resolve()
  #isClosed = false

  /** `take` gets what comes on the stream of a subscription. */
  constructor(
    wire: Wire,
    host: Host,
    sender: Sender,
    subscriptions: Subscriptions,
    capabilities: ServerCapabilities,
    take: (message: Request | Notification, own: Flight) => void,
  ) {
    this.#wire = wire
    this.#host = host
    this.#sender = sender
    this.#subscriptions = subscriptions
    this.#capabilities = capabilities
    this.#take = take
  }

  /** Whether the server tells of the changes of a task. */
  hears(taskId: string): boolean {
    return this.#current !== undefined && this.#tasks.has(taskId)
  }

  /** One change at a time, each seeing what is wanted when its turn comes. */
  update(): Promise<void> {
    const turn = this.#turn.then(() => this.#apply())
    this.#turn = turn.catch(() => {})
    return turn
  }

  take(method: string, params: Params, own: Flight | undefined): void {
    const id = params._meta?.[metaKey.subscriptionId] ?? own?.id
    if (method === 'notifications/subscriptions/acknowledged') {
      for (const stream of this.#opening.values())
        if (stream.flight.id === id) stream.acknowledge(params['notifications'])
    } else if (method === 'notifications/cancelled') {
      const { requestId } = params
      const torn = [this.#current, ...this.#opening.values()].find(stream => stream?.flight.id === requestId)
      torn?.flight.stop(new TransportError('bad_reply', `${this.#wire.name} ended the subscription`))
    } else if (id === this.#current?.flight.id) {
      if (method === 'notifications/tasks') return this.#takeTask(params)
      const change = changeOf(method, params)
      if (change !== undefined) this.#subscriptions.publish(change)
    }
  }

  #takeTask(params: Params): void {
    const task = taskOf(params)
    if (task !== undefined) this.#subscriptions.publish({ kind: 'task', task })
    else this.#host.warn(`${this.#wire.name} sent a notifications/tasks that breaks the specification; it was ignored`)
  }

  close(): void {
    this.#isClosed = true
    this.#backoff.stop()
    for (const stream of [this.#current, ...this.#opening.values()]) stream?.flight.stop(closed())
    this.#current = undefined
  }

  async #apply(): Promise<void> {
    const { wanted } = this.#subscriptions
    const filter = filterOf(wanted, this.#capabilities)
    const text = JSON.stringify(filter)
    if (this.#isClosed || text === (this.#current?.filter ?? '{}')) return
    if (text === '{}') this.#switchTo(undefined)
    else await this.#open(filter, text)
  }

  #switchTo(stream: Stream | undefined): void {
    const old = this.#current
    this.#current = stream
    old?.flight.stop(closed())
  }

  /** Resolves when the stream is acknowledged. */
  #open(filter: object, text: string): Promise<void> {
    const wire = this.#wire
    const timing = { timeoutMs: clientLimits.acknowledgeMs, maxTotalMs: clientLimits.acknowledgeMs }
    const flight = wire.flight('subscriptions/listen', timing)
    const params = enveloped({ notifications: filter }, this.#sender)
    const headers = wire.isHttp ? standardHeaders(flight.method, params, this.#sender.version) : undefined
    return new Promise((resolve, reject) => {
      const stream: Stream = {
        flight,
        filter: text,
        openedAt: Date.now(),
        acknowledge: honoured => {
          this.#opening.delete(flight.id)
          flight.endless()
          // At once, since what the stream tells may stand right behind its acknowledgement.
          this.#switchTo(stream)
          this.#tasks = tasksIn(honoured)
          this.#warnOfMissing(filter, honoured)
          resolve()
        },
      }
      this.#opening.set(flight.id, stream)
      const end = (error: unknown): void => {
        const wasOpening = this.#opening.delete(flight.id)
        if (wasOpening) reject(error)
        else if (this.#current === stream) this.#reopen(stream)
      }
      wire
        .exchange(flight, params, headers, message => this.#take(message, flight))
        .then(reply => end(refusal(reply, wire.name)), end)
    })
  }

  /** The stream broke or the server ended it: what is still wanted is asked for again. */
  #reopen(broken?: Stream): void {
    this.#current = undefined
    if (this.#isClosed) return
    if (broken !== undefined && Date.now() - broken.openedAt > clientLimits.steadyMs) this.#backoff.reset()
    this.#backoff.next(() => {
      this.update().then(
        () => this.#subscriptions.publishAll(),
        error => {
          if (mayPass(error)) this.#reopen()
          else if (!this.#isClosed) this.#host.warn(`${this.#wire.name} tells of no more changes: ${String(error)}`)
        },
      )
    })
  }

  #warnOfMissing(asked: object, honoured: unknown): void {
    const granted = isObject(honoured) ? honoured : {}
    const missing = Object.entries(asked).flatMap(([kind, value]) => {
      if (kind === 'taskIds') return [] // tasks can be looked at as well
      const grant = granted[kind]
      if (!Array.isArray(value)) return grant === true ? [] : [kind]
      const uris = new Set<unknown>(Array.isArray(grant) ? grant : [])
      return value.filter(uri => !uris.has(uri))
    })
    if (missing.length > 0) this.#host.warn(`${this.#wire.name} does not tell of changes to ${missing.join(', ')}`)
  }
}

/** What is wanted, but for lists that the server has not or does not tell of. */
function filterOf({ tools, prompts, resources, uris, tasks }: Wanted, offered: ServerCapabilities): object {
  return {
    ...(tools && offered.tools?.listChanged ? { toolsListChanged: true } : {}),
    ...(prompts && offered.prompts?.listChanged ? { promptsListChanged: true } : {}),
    ...(resources && offered.resources?.listChanged ? { resourcesListChanged: true } : {}),
    ...(uris.size > 0 ? { resourceSubscriptions: [...uris].sort() } : {}),
    ...(tasks.size > 0 ? { taskIds: [...tasks].sort() } : {}),
  }
}

/** The tasks that a server has agreed to tell of (ext-tasks: Task Status Notifications). */
function tasksIn(honoured: unknown): ReadonlySet<unknown> {
  const taskIds = isObject(honoured) ? honoured['taskIds'] : undefined
  return new Set(Array.isArray(taskIds) ? taskIds : [])
}

/** Why a stream that was answered is over: the error it was answered with, or its orderly end. */
function refusal(reply: Reply, name: string): Error {
  try {
    resultOf(reply)
    return new TransportError('bad_reply', `${name} ended the subscription`)
  } catch (error) {
    return error instanceof ProtocolError ? error : new TransportError('bad_reply', String(error))
  }
}

/** Whether it may go well later: a connection that broke, a server that is shutting down or has too many listeners. */
const mayPass = (error: unknown): boolean =>
  error instanceof TransportError
    ? error.code !== 'closed' && error.code !== 'exited'
    : error instanceof ProtocolError && error.code === code.internalError

const closed = (): TransportError => new TransportError('closed', 'the subscription was closed')
