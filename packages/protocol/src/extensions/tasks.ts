import type { InputRequests, Peer } from '../call.ts'
import { code, ProtocolError } from '../jsonrpc/error.ts'
import type { ErrorObject } from '../jsonrpc/message.ts'
import { isObject } from '../jsonrpc/parse.ts'

/** The extension for work that outlives its request (ext-tasks). Revision 2025-11-25 has tasks in its core. */
export const tasksExtension = 'io.modelcontextprotocol/tasks'

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled'

/** What is known of a piece of work that goes on after its request was answered, in the words of the extension. */
export interface Task {
  /** Chosen by the server, not to be guessed. */
  readonly taskId: string
  readonly status: TaskStatus
  /** For people and models. */
  readonly statusMessage?: string
  /** ISO 8601. */
  readonly createdAt: string
  /** ISO 8601. */
  readonly lastUpdatedAt: string
  /** How long the task is kept after it was created; null: for ever. */
  readonly ttlMs: number | null
  /** How long to wait between two `tasks/get`. */
  readonly pollIntervalMs?: number
}

/** A task with what its status brings: all that `tasks/get` tells. */
export interface DetailedTask extends Task {
  /** `input_required`: the questions that have no answer yet. A key is never used twice in the life of a task. */
  readonly inputRequests?: InputRequests
  /** `completed`: the result of the request, also when that says `isError`. */
  readonly result?: object
  /** `failed`: the JSON-RPC error that the request would have been answered with. */
  readonly error?: ErrorObject
}

const statuses: ReadonlySet<unknown> = new Set<TaskStatus>([
  'working',
  'input_required',
  'completed',
  'failed',
  'cancelled',
])

/** No change of status follows any more. */
export const isEnded = ({ status }: Task): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled'

/** Whether a peer's value is a task, with all that its status calls for. */
export function isTask(value: unknown): value is DetailedTask {
  if (!isObject(value)) return false
  const { taskId, status, statusMessage, createdAt, lastUpdatedAt, ttlMs, pollIntervalMs } = value
  return (
    typeof taskId === 'string' &&
    taskId !== '' &&
    statuses.has(status) &&
    typeof createdAt === 'string' &&
    typeof lastUpdatedAt === 'string' &&
    (ttlMs === null || isDuration(ttlMs)) &&
    (pollIntervalMs === undefined || isDuration(pollIntervalMs)) &&
    (statusMessage === undefined || typeof statusMessage === 'string')
  )
}

const isDuration = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0

/** Where the tasks of a server are asked for. Tasks of somebody else are unknown: every method throws −32602 for them. */
export interface TaskDesk {
  get(taskId: string, peer: Peer): Promise<DetailedTask>
  /** All tasks of a client that can be told apart from others, the oldest first. */
  list(peer: Peer): Promise<readonly Task[]>
  /** Takes answers, already checked, by key; those that nobody waits for are ignored. */
  answer(taskId: string, peer: Peer, responses: Readonly<Record<string, unknown>>): Promise<void>
  /** The client did not answer a question, but with an error. */
  refuse(taskId: string, peer: Peer, key: string, error: Error): Promise<void>
  /** Stops the work. Does nothing to a task that has ended. */
  cancel(taskId: string, peer: Peer): Promise<DetailedTask>
  /** Gives up all work. */
  close(): Promise<void>
}

/** The work is done as a task only, and the caller takes none. Becomes the code that its revision has for it. */
export class TaskRequired extends ProtocolError {
  constructor(name: string) {
    super(code.missingCapability, `"${name}" runs as a task only, which this client does not take`, {
      requiredCapabilities: { extensions: { [tasksExtension]: {} } },
    })
    this.name = 'TaskRequired'
  }
}
