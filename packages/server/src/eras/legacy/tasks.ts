import {
  type Caller,
  type ChangeBus,
  code,
  type DetailedTask,
  type InputRequest,
  invalidParams,
  isEnded,
  isObject,
  methodNotFound,
  type Notification,
  type Params,
  type Peer,
  ProtocolError,
  type Revision,
  type Service,
  type Task,
  type TaskDesk,
  tasksExtension,
} from '@interlock/protocol'
import { after } from '../../tasks/expiry.ts'
import { taskLimits } from '../../tasks/limits.ts'

/** Names the task that a message belongs to (specification 2025-11-25: Tasks, Related Task Metadata). */
const relatedTask = 'io.modelcontextprotocol/related-task'

/** Tasks in one page of a list. */
const pageSize = 100

/** What a server says of its tasks in the revision that has them in its core. */
export const taskCapability = { list: {}, cancel: {}, requests: { tools: { call: {} } } }

/** Where the tasks of a service are, for clients of a revision that has them in its core. */
export function deskOf({ capabilities, tasks }: Service, { features }: Revision): TaskDesk | undefined {
  if (features.tasks !== 'core' || capabilities().extensions?.[tasksExtension] === undefined) return undefined
  return tasks
}

/** A task in the words of revision 2025-11-25, where a result that says `isError` is a failure of its task. */
export function coreTask({ taskId, status, statusMessage, createdAt, lastUpdatedAt, ...task }: DetailedTask): object {
  const hasFailed = status === 'completed' && task.result !== undefined && isError(task.result)
  return {
    taskId,
    status: hasFailed ? 'failed' : status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt,
    lastUpdatedAt,
    ttl: task.ttlMs,
    ...(task.pollIntervalMs === undefined ? {} : { pollInterval: task.pollIntervalMs }),
  }
}

const isError = (result: object): boolean => 'isError' in result && result.isError === true

/** A message that belongs to a task says so. */
export const related = ({ params, ...message }: Notification, taskId: string): Notification => ({
  ...message,
  params: { ...params, _meta: { ...params?._meta, [relatedTask]: { taskId } } },
})

/** Answers what clients ask of tasks (specification 2025-11-25: Tasks). */
export class CoreTasks {
  readonly #service: Service
  /** Questions that are being asked over a live connection, by task and key, and how to take them back. */
  readonly #asking = new Map<string, AbortController>()

  constructor(service: Service) {
    this.#service = service
  }

  /** @throws ProtocolError */
  async answer(method: string, params: Params, caller: Caller): Promise<object> {
    const { peer } = caller
    const desk = deskOf(this.#service, peer.revision)
    if (desk === undefined) throw methodNotFound(method)
    const taskId = String(params['taskId'])
    switch (method) {
      case 'tasks/list':
        return page(await desk.list(peer), params['cursor'])
      case 'tasks/get':
        return coreTask(await desk.get(taskId, peer))
      case 'tasks/result':
        return this.#result(desk, taskId, caller)
      default:
        return coreTask(await cancel(desk, taskId, caller))
    }
  }

  /** Tells of the task's changes until it has ended, which may be before this is called. */
  follow(taskId: string, peer: Peer, tell: (task: object) => void): void {
    const told = this.#service.changes.subscribe({ tasks: [taskId] }, change => {
      if (change.kind === 'task') hear(change.task)
    })
    let hasEnded = false
    const hear = (task: DetailedTask): void => {
      if (hasEnded) return
      tell(coreTask(task))
      hasEnded = isEnded(task)
      if (hasEnded) told[Symbol.dispose]()
    }
    deskOf(this.#service, peer.revision)
      ?.get(taskId, peer)
      .then(
        task => isEnded(task) && hear(task),
        () => told[Symbol.dispose](),
      )
  }

  /**
   * Waits for the end of the task; meanwhile its questions are asked over this request's stream, also those that were asked
   * over another one before: its client may have lost that.
   */
  async #result(desk: TaskDesk, taskId: string, caller: Caller): Promise<object> {
    const { peer, signal } = caller
    const asked = new Map<string, AbortController>()
    const takeBack = (pending: object): void => {
      for (const [key, asking] of asked) if (!Object.hasOwn(pending, key)) asking.abort()
    }
    try {
      for (let look = 1; ; look += 1) {
        using change = new NextChange(this.#service.changes, taskId, signal)
        const task = await desk.get(taskId, peer)
        if (isEnded(task)) return withRelated(resultOf(task, peer.revision), taskId)
        const { inputRequests = {}, pollIntervalMs } = task
        takeBack(inputRequests)
        for (const [key, request] of Object.entries(inputRequests)) {
          const name = JSON.stringify([taskId, key])
          const other = this.#asking.get(name)
          if (other !== undefined && (look > 1 || asked.has(key))) continue
          other?.abort()
          const asking = new AbortController()
          asked.set(key, asking)
          this.#asking.set(name, asking)
          void this.#ask(desk, taskId, key, request, caller, asking.signal).finally(() => {
            if (this.#asking.get(name) === asking) this.#asking.delete(name)
          })
        }
        await change.within(pollIntervalMs)
      }
    } finally {
      takeBack({})
    }
  }

  /** Never rejects. */
  async #ask(
    desk: TaskDesk,
    taskId: string,
    key: string,
    request: InputRequest,
    { peer, input, signal }: Caller,
    wanted: AbortSignal,
  ): Promise<void> {
    const params = { ...request.params, _meta: { ...request.params?._meta, [relatedTask]: { taskId } } }
    try {
      const answer = await input.ask(key, { ...request, params }, wanted)
      await desk.answer(taskId, peer, { [key]: answer })
    } catch (error) {
      // Who has gone may come back for the question, and another request may ask it.
      if (signal.aborted || wanted.aborted) return
      await desk.refuse(taskId, peer, key, error instanceof Error ? error : new Error(String(error))).catch(() => {})
    }
  }
}

/** The next change of one task. */
class NextChange implements Disposable {
  readonly #happened: Promise<void>
  readonly #ending = new AbortController()

  constructor(changes: ChangeBus, taskId: string, signal: AbortSignal) {
    this.#happened = new Promise((resolve, reject) => {
      const subscription = changes.subscribe({ tasks: [taskId] }, () => resolve())
      this.#ending.signal.addEventListener('abort', () => subscription[Symbol.dispose]())
      signal.addEventListener('abort', () => reject(signal.reason), { signal: this.#ending.signal })
    })
    this.#happened.catch(() => {}) // whoever waits hears of it
  }

  /** Waits, but not for ever: of what another process does nothing is heard here. Rejects with the signal's reason. */
  async within(ms = taskLimits.pollIntervalMs): Promise<void> {
    let waiting: Disposable | undefined
    const over = new Promise<void>(resolve => {
      waiting = after(ms, resolve)
    })
    try {
      await Promise.race([this.#happened, over])
    } finally {
      waiting?.[Symbol.dispose]()
    }
  }

  [Symbol.dispose](): void {
    this.#ending.abort()
  }
}

/** A task that has ended cannot be cancelled (specification 2025-11-25: Tasks, Task Cancellation). */
async function cancel(desk: TaskDesk, taskId: string, { peer }: Caller): Promise<DetailedTask> {
  const task = await desk.get(taskId, peer)
  if (isEnded(task)) throw invalidParams(`Cannot cancel the task: it is "${task.status}" already`)
  return desk.cancel(taskId, peer)
}

/** Exactly what the request would have been answered with. */
function resultOf({ status, statusMessage, result, error }: DetailedTask, { lower }: Revision): object {
  if (status === 'completed' && result !== undefined) return lower.results?.['tools/call']?.({ ...result }) ?? result
  if (error !== undefined) throw new ProtocolError(error.code, error.message, error.data)
  throw new ProtocolError(code.internalError, statusMessage ?? `the task is "${status}" and has no result`)
}

function withRelated(result: object, taskId: string): object {
  const meta = '_meta' in result && isObject(result._meta) ? result._meta : {}
  return { ...result, _meta: { ...meta, [relatedTask]: { taskId } } }
}

/** The cursor of a page is the id of the last task before it: nobody else knows that. */
function page(tasks: readonly Task[], cursor: unknown): object {
  const from = cursor === undefined ? 0 : tasks.findIndex(({ taskId }) => taskId === cursor) + 1
  if (cursor !== undefined && from === 0) throw invalidParams('Invalid cursor: start again without one')
  const slice = tasks.slice(from, from + pageSize)
  const last = slice.at(-1)
  const hasMore = last !== undefined && from + pageSize < tasks.length
  return { tasks: slice.map(coreTask), ...(hasMore ? { nextCursor: last.taskId } : {}) }
}
