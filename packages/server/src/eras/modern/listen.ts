import {
  code,
  type DetailedTask,
  type ErrorObject,
  type Exchange,
  errorResponse,
  type Interest,
  invalidParams,
  isObject,
  metaKey,
  type Notification,
  notification,
  type Params,
  type Peer,
  type Request,
  type RequestId,
  resultResponse,
  type Service,
  type ServiceView,
  whenExpired,
} from '@interlock/protocol'
import type { ServerLimits } from '../../receive.ts'
import { tellChanges } from '../notify.ts'
import { deskOf, ownTasks, takesTasks, tasksMissing } from './tasks.ts'

/** What a client wants to be told of, in the words of `subscriptions/listen`. */
type Filter = Readonly<Record<string, unknown>>

/** Open `subscriptions/listen` requests (specification: Subscriptions). */
export class Listeners {
  readonly #service: Service
  readonly #limits: ServerLimits
  readonly #open = new Set<() => void>()
  #isClosed = false

  constructor(service: Service, limits: ServerLimits) {
    this.#service = service
    this.#limits = limits
  }

  /**
   * Acknowledges, then tells what was asked for until the client goes or the server closes; then calls `onEnd`. Of tasks
   * it tells how they are as well, since one may have ended before.
   */
  async listen(exchange: Exchange, message: Request, peer: Peer, onEnd: () => void): Promise<void> {
    const { id, params } = message
    const wanted = isObject(params?.['notifications']) ? params['notifications'] : {}
    const offered = this.#honoured(wanted)
    const refuse = (fault: ErrorObject): void => {
      exchange.reply(errorResponse(id, fault))
      onEnd()
    }
    const fault = this.#faultOf(offered) ?? this.#taskFault(wanted, peer)
    if (fault !== undefined) return refuse(fault)
    for (const uri of interestOf(offered).uris ?? []) this.#service.mayWatch?.(uri, peer)
    const view = this.#service.viewOf?.(peer) ?? this.#service
    using watched = await this.#watched(view, offered)
    const { filter } = watched
    const late = this.#faultOf(filter) // while it was found out what can be watched
    if (late !== undefined) return refuse(late)
    if (wanted['taskIds'] === undefined) {
      this.#tell(view, exchange, id, filter, onEnd)
      return
    }
    const taskIds = await ownTasks(this.#service, peer, wanted['taskIds'])
    const heard = this.#tell(view, exchange, id, taskIds.length === 0 ? filter : { ...filter, taskIds }, onEnd)
    for (const taskId of taskIds)
      deskOf(this.#service)
        ?.get(taskId, peer)
        .then(heard, () => {})
  }

  /**
   * The part of a filter whose resources are heard of, now that somebody watches them; the rest is not acknowledged. They
   * are watched until it is disposed of, so that the stream takes over from it.
   */
  async #watched(view: ServiceView, filter: Filter): Promise<Disposable & { readonly filter: Filter }> {
    const { uris = [] } = interestOf(filter)
    if (view.watching === undefined || uris.length === 0) return { filter, [Symbol.dispose]: () => {} }
    const hold = view.changes.subscribe({ uris }, () => {})
    const heard = await Promise.allSettled(uris.map(uri => view.watching?.(uri)))
    const resourceSubscriptions = uris.filter((_, at) => heard[at]?.status === 'fulfilled')
    return { filter: { ...filter, resourceSubscriptions }, [Symbol.dispose]: () => hold[Symbol.dispose]() }
  }

  /** @returns how to tell of a task that nothing was told of yet */
  #tell(
    { changes }: ServiceView,
    exchange: Exchange,
    id: RequestId,
    filter: Filter,
    onEnd: () => void,
  ): (task: DetailedTask) => void {
    const stamped = (method: string, more: Params = {}): Notification =>
      notification(method, { ...more, _meta: { ...more._meta, [metaKey.subscriptionId]: id } })
    exchange.send(stamped('notifications/subscriptions/acknowledged', { notifications: filter }))
    const tasks = new Set<unknown>()
    const told = tellChanges(changes, interestOf(filter), (method, more) => {
      tasks.add(more?.['taskId'])
      exchange.send(stamped(method, more))
    })
    const end = (): void => {
      expiry[Symbol.dispose]()
      told[Symbol.dispose]()
      this.#open.delete(close)
      onEnd()
    }
    const close = (): void => {
      end()
      // Both are asked for (specification: Cancellation; Subscriptions, Graceful Closure).
      exchange.send(stamped('notifications/cancelled', { requestId: id, reason: 'the server ended the subscription' }))
      const meta = { [metaKey.subscriptionId]: id, [metaKey.serverInfo]: this.#service.info }
      exchange.reply(resultResponse(id, { resultType: 'complete', _meta: meta }))
    }
    this.#open.add(close)
    // Who is still there asks again, with a token that is good.
    const expiry = whenExpired(exchange.binding.principal, () => this.#open.has(close) && close())
    const onGone = (): void => {
      end()
      exchange.end()
    }
    exchange.cancellation.onAbort(onGone)
    if (this.#isClosed && this.#open.has(close)) close() // the server closed while the tasks were looked up
    return task => {
      if (this.#open.has(close) && !tasks.has(task.taskId)) exchange.send(stamped('notifications/tasks', { ...task }))
    }
  }

  /** Ends every stream with a result, which tells clients that it was on purpose. */
  close(): void {
    this.#isClosed = true
    for (const close of this.#open) close()
  }

  #faultOf(filter: Filter): ErrorObject | undefined {
    const { subscriptions, watchedResources } = this.#limits
    if (this.#isClosed) return { code: code.internalError, message: 'the server is closing' }
    if (this.#open.size >= subscriptions) {
      return { code: code.internalError, message: 'the server has too many subscriptions open; try again later' }
    }
    const uris = filter['resourceSubscriptions']
    if (!Array.isArray(uris) || uris.length <= watchedResources) return undefined
    return invalidParams(`a client can watch at most ${watchedResources} resources`).toObject()
  }

  /** Only clients that take tasks are told of them (ext-tasks: Task Status Notifications). */
  #taskFault({ taskIds }: Readonly<Record<string, unknown>>, peer: Peer): ErrorObject | undefined {
    if (taskIds === undefined) return undefined
    if (!takesTasks(peer)) return tasksMissing().toObject()
    const { watchedResources: most } = this.#limits
    if (!Array.isArray(taskIds) || taskIds.length <= most) return undefined
    return invalidParams(`a client can watch at most ${most} tasks`).toObject()
  }

  /** The part of what the client wants that this server can tell it. */
  #honoured(wanted: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { tools, prompts, resources } = this.#service.capabilities()
    const honoured: Record<string, unknown> = {}
    if (wanted['toolsListChanged'] === true && tools?.listChanged) honoured['toolsListChanged'] = true
    if (wanted['promptsListChanged'] === true && prompts?.listChanged) honoured['promptsListChanged'] = true
    if (wanted['resourcesListChanged'] === true && resources?.listChanged) honoured['resourcesListChanged'] = true
    const uris = wanted['resourceSubscriptions']
    if (Array.isArray(uris) && resources?.subscribe) honoured['resourceSubscriptions'] = uris
    return honoured
  }
}

function interestOf(filter: Filter): Interest {
  const { resourceSubscriptions: uris, taskIds } = filter
  return {
    tools: filter['toolsListChanged'] === true,
    prompts: filter['promptsListChanged'] === true,
    resources: filter['resourcesListChanged'] === true,
    uris: Array.isArray(uris) ? uris.filter(uri => typeof uri === 'string') : [],
    tasks: Array.isArray(taskIds) ? taskIds.filter(taskId => typeof taskId === 'string') : [],
  }
}
