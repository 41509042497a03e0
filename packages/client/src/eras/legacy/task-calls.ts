import { type Caller, type DetailedTask, isObject, type Params, type RequestId } from '@interlock/protocol'
import { taskLimits } from '../../tasks/limits.ts'
import { relatedTask, taskOf } from '../../tasks/requests.ts'
import type { Flight } from '../../wire.ts'
import type { Attendance } from '../conversation.ts'

/** Somebody who looks after a task, and hears of its changes. */
interface Attendant {
  readonly caller: Caller
  readonly onChange: (task: DetailedTask) => void
}

/**
 * What belongs to calls that go on as tasks after their request was answered: progress under the request's token, and
 * messages that name the task (specification 2025-11-25: Tasks, Associating Task-Related Messages).
 */
export class TaskCalls {
  /** The requests that tasks came from, by token, which is their id; the oldest first. */
  readonly #flights = new Map<RequestId, { readonly taskId: string; readonly flight: Flight }>()
  readonly #attendants = new Map<string, Attendant>()

  /** A request was answered with a task. */
  began(taskId: string, flight: Flight): void {
    this.#flights.set(flight.id, { taskId, flight })
    const [oldest] = this.#flights.keys()
    if (this.#flights.size > taskLimits.begun && oldest !== undefined) this.#flights.delete(oldest)
  }

  attend(taskId: string, caller: Caller, onChange: (task: DetailedTask) => void): Attendance {
    const attendant = { caller, onChange }
    this.#attendants.set(taskId, attendant)
    return {
      isHeard: false, // servers need not tell (specification 2025-11-25: Tasks, Task Notifications)
      [Symbol.dispose]: () => {
        if (this.#attendants.get(taskId) !== attendant) return
        this.#attendants.delete(taskId)
        for (const [token, begun] of this.#flights) if (begun.taskId === taskId) this.#flights.delete(token)
      },
    }
  }

  /** Who is asked what a message says that names a task; undefined when it names none, or one that nobody looks after. */
  callerOf(params: Params | undefined): Caller | undefined {
    const taskId = taskNamed(params)
    return taskId === undefined ? undefined : this.#attendants.get(taskId)?.caller
  }

  /** Takes what is about tasks only: changes of their state, and progress of requests that were answered. */
  take(method: string, params: Params): boolean {
    if (method === 'notifications/tasks/status') {
      const task = taskOf(params)
      if (task !== undefined) this.#attendants.get(task.taskId)?.onChange(task)
      return true
    }
    if (method !== 'notifications/progress') return false
    const { progressToken, progress, total, message } = params
    const begun = typeof progressToken === 'number' ? this.#flights.get(progressToken) : undefined
    if (begun === undefined || typeof progress !== 'number') return false
    const { taskId, flight } = begun
    if (progress <= flight.progress) return true // it only increases (specification: Progress)
    flight.progress = progress
    const caller = this.#attendants.get(taskId)?.caller ?? flight.caller
    caller?.notify({
      kind: 'progress',
      progress,
      ...(typeof total === 'number' ? { total } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    })
    return true
  }
}

/** The answer to a question of a task names the task as well. */
export function withRelated(result: Record<string, unknown>, params: Params | undefined): object {
  const taskId = taskNamed(params)
  if (taskId === undefined) return result
  const { _meta } = result
  return { ...result, _meta: { ...(isObject(_meta) ? _meta : {}), [relatedTask]: { taskId } } }
}

function taskNamed(params: Params | undefined): string | undefined {
  const related = params?._meta?.[relatedTask]
  const taskId = isObject(related) ? related['taskId'] : undefined
  return typeof taskId === 'string' ? taskId : undefined
}
