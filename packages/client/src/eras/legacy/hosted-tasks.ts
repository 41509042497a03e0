import { code, invalidParams, isObject, type Params, ProtocolError, toErrorObject } from '@interlock/protocol'
import { unlessAborted } from '../../signals.ts'
import { taskLimits } from '../../tasks/limits.ts'
import { relatedTask } from '../../tasks/requests.ts'

/** A question whose answer the server fetches when it likes. */
interface Hosted {
  readonly taskId: string
  readonly createdAt: string
  readonly ttl: number
  status: 'working' | 'completed' | 'failed' | 'cancelled'
  statusMessage?: string
  lastUpdatedAt: string
  readonly stop: AbortController
  readonly answer: Promise<object>
  readonly timer: ReturnType<typeof setTimeout>
}

/**
 * Tasks that a client works on for its server: questions that it answers later (specification 2025-11-25: Tasks, where
 * either side may be the receiver). They belong to the one server that there is, and end with the connection.
 */
export class HostedTasks {
  readonly #tasks = new Map<string, Hosted>()

  /** Makes a task of a question, and what the server is told of it. @throws ProtocolError when there are too many */
  start(asked: unknown, work: (signal: AbortSignal) => Promise<object>): object {
    if (this.#tasks.size >= taskLimits.hosted) {
      throw new ProtocolError(
        code.internalError,
        `Too many tasks: ${taskLimits.hosted} questions are tasks already; cancel one, or wait for one to expire`,
      )
    }
    const stop = new AbortController()
    const { signal } = stop
    const now = new Date().toISOString()
    const ttl = ttlOf(asked)
    const taskId = crypto.randomUUID()
    const timer = setTimeout(() => this.#forget(taskId), ttl)
    ;(timer as { unref?: () => void }).unref?.()
    const answer = unlessAborted(work(signal), signal)
    const task: Hosted = { taskId, createdAt: now, lastUpdatedAt: now, ttl, status: 'working', stop, answer, timer }
    this.#tasks.set(taskId, task)
    answer.then(
      () => become(task, 'completed'),
      (error: unknown) => become(task, 'failed', toErrorObject(error).message),
    )
    return { task: shown(task) }
  }

  /** Answers what a server asks of its tasks. @throws ProtocolError, also the one that a question was answered with */
  async answer(method: string, params: Params | undefined, signal: AbortSignal): Promise<object> {
    if (method === 'tasks/list') {
      if (params?.['cursor'] !== undefined) throw invalidParams('Invalid cursor: the list has one page')
      return { tasks: [...this.#tasks.values()].map(shown) }
    }
    const task = this.#tasks.get(String(params?.['taskId']))
    if (task === undefined) throw invalidParams('Task not found: it has expired, or there never was one of this id')
    if (method === 'tasks/get') return shown(task)
    if (method === 'tasks/result') return withTask(await unlessAborted(task.answer, signal), task)
    if (task.status !== 'working') throw invalidParams(`Cannot cancel the task: it is "${task.status}" already`)
    become(task, 'cancelled', 'the server cancelled it')
    task.stop.abort(new ProtocolError(code.internalError, 'the server cancelled the task'))
    return shown(task)
  }

  stop(): void {
    for (const taskId of this.#tasks.keys()) this.#forget(taskId)
  }

  #forget(taskId: string): void {
    const task = this.#tasks.get(taskId)
    this.#tasks.delete(taskId)
    clearTimeout(task?.timer)
    task?.stop.abort(new ProtocolError(code.internalError, 'the time of the task is over'))
  }
}

/** Nothing follows an end. */
function become(task: Hosted, status: Hosted['status'], statusMessage?: string): void {
  if (task.status !== 'working') return
  task.status = status
  if (statusMessage !== undefined) task.statusMessage = statusMessage
  task.lastUpdatedAt = new Date().toISOString()
}

const shown = ({ taskId, status, statusMessage, createdAt, lastUpdatedAt, ttl }: Hosted): object => ({
  taskId,
  status,
  ...(statusMessage === undefined ? {} : { statusMessage }),
  createdAt,
  lastUpdatedAt,
  ttl,
  pollInterval: taskLimits.pollMs,
})

const withTask = (result: object, { taskId }: Hosted): object => {
  const meta = '_meta' in result && isObject(result._meta) ? result._meta : {}
  return { ...result, _meta: { ...meta, [relatedTask]: { taskId } } }
}

function ttlOf(asked: unknown): number {
  const ttl = isObject(asked) ? asked['ttl'] : undefined
  if (typeof ttl !== 'number' || !(ttl > 0)) return taskLimits.hostedTtlMs
  return Math.min(Math.ceil(ttl), taskLimits.hostedTtlMs)
}
