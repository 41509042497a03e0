import {
  type DetailedTask,
  invalidParams,
  isObject,
  MissingCapability,
  methodNotFound,
  type Params,
  type Peer,
  type Service,
  type TaskDesk,
  tasksExtension,
} from '@interlock/protocol'

/** The requests that the extension adds (ext-tasks). */
export const taskMethods: ReadonlySet<string> = new Set(['tasks/get', 'tasks/update', 'tasks/cancel'])

/** Whether the client of a request takes tasks: it says so each time. */
export const takesTasks = ({ capabilities }: Peer): boolean => isObject(capabilities.extensions?.[tasksExtension])

/** @throws MissingCapability */
export function requireTasks(peer: Peer): void {
  if (!takesTasks(peer)) throw new MissingCapability({ extensions: { [tasksExtension]: {} } })
}

/** Where the tasks of a service are, if it offers any. */
export const deskOf = ({ capabilities, tasks }: Service): TaskDesk | undefined =>
  capabilities().extensions?.[tasksExtension] === undefined ? undefined : tasks

/** The result of a request about a task. @throws ProtocolError */
export async function answerTask(service: Service, method: string, peer: Peer, params: Params): Promise<object> {
  const desk = deskOf(service)
  if (desk === undefined) throw methodNotFound(method)
  requireTasks(peer)
  const { taskId, inputResponses } = params
  if (typeof taskId !== 'string') throw invalidParams('Invalid params: params.taskId must be a string')
  switch (method) {
    case 'tasks/get':
      return desk.get(taskId, peer)
    case 'tasks/update':
      if (!isObject(inputResponses)) throw invalidParams('Invalid params: params.inputResponses must be an object')
      await desk.answer(taskId, peer, inputResponses)
      return {}
    default:
      await desk.cancel(taskId, peer)
      return {}
  }
}

/** What a client is told of a task that was just made. */
export function createdTask(task: DetailedTask): object {
  const { inputRequests: _, result: __, error: ___, ...seed } = task
  return { ...seed, resultType: 'task' }
}
