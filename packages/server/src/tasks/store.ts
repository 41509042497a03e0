import type { DetailedTask } from '@interlock/protocol'

/** What is kept of a task: plain JSON, so that it can be kept anywhere. */
export interface TaskRecord {
  readonly task: DetailedTask
  /** Whose it is: nobody else gets it. Empty for clients that cannot be told apart, whose key is the id itself. */
  readonly owner: string
}

/**
 * Where tasks are kept. A task is written by the process that does its work alone; it must be found by `get` when `put`
 * has resolved.
 */
export interface TaskStore {
  put(record: TaskRecord): Promise<void>
  get(taskId: string): Promise<TaskRecord | undefined>
  /** The oldest first. */
  list(owner: string): Promise<readonly TaskRecord[]>
  delete(taskId: string): Promise<void>
}

/** Keeps tasks in this process: they end with it. */
export function memoryTaskStore(): TaskStore {
  const records = new Map<string, TaskRecord>()
  return {
    async put(record) {
      records.set(record.task.taskId, record)
    },
    async get(taskId) {
      return records.get(taskId)
    },
    async list(owner) {
      return [...records.values()].filter(record => record.owner === owner)
    },
    async delete(taskId) {
      records.delete(taskId)
    },
  }
}
