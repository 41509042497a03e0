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
  ProtocolError,
  type Revision,
  type Service,
  type Task,
  type TaskDesk,
  tasksExtension,
} from '@interlock/protocol'

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
  /** Questions that are being asked over a live connection, by task and key. */
  readonly #asking = new Set<string>()

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

  /** Waits for the end of the task; meanwhile its questions are asked over this request's stream. */
  async #result(desk: TaskDesk, taskId: string, caller: Caller): Promise<object> {
    const { peer, signal } = caller
    for (;;) {
      using change = new NextChange(this.#service.changes, taskId, signal)
      const task = await desk.get(taskId, peer)
      if (isEnded(task)) return withRelated(resultOf(task, peer.revision), taskId)
      for (const [key, request] of Object.entries(task.inputRequests ?? {})) {
        void this.#ask(desk, taskId, key, request, caller)
      }
      await change.happened
    }
  }

  async #ask(desk: TaskDesk, taskId: string, key: string, request: InputRequest, caller: Caller): Promise<void> {
    const { peer, input, signal } = caller
    const name = JSON.stringify([taskId, key])
    if (this.#asking.has(name)) return
    this.#asking.add(name)
    const params = { ...request.params, _meta: { ...request.params?._meta, [relatedTask]: { taskId } } }
    try {
      const answer = await input.ask(key, { ...request, params })
      await desk.answer(taskId, peer, { [key]: answer })
    } catch (error) {
      // Who has gone may come back for the question.
      if (signal.aborted) return
      await desk.refuse(taskId, peer, key, error instanceof Error ? error : new Error(String(error))).catch(() => {})
    } finally {
      this.#asking.delete(name)
    }
  }
}

/** The next change of one task. */
class NextChange implements Disposable {
  /** Rejects with the signal's reason. */
  readonly happened: Promise<void>
  readonly #ending = new AbortController()

  constructor(changes: ChangeBus, taskId: string, signal: AbortSignal) {
    this.happened = new Promise((resolve, reject) => {
      const subscription = changes.subscribe({ tasks: [taskId] }, () => resolve())
      this.#ending.signal.addEventListener('abort', () => subscription[Symbol.dispose]())
      signal.addEventListener('abort', () => reject(signal.reason), { signal: this.#ending.signal })
    })
    this.happened.catch(() => {}) // whoever waits hears of it
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
