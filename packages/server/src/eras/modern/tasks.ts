import {
  code,
  type DetailedTask,
  invalidParams,
  isObject,
  MissingCapability,
  methodNotFound,
  type Params,
  type Peer,
  ProtocolError,
  type Service,
  type TaskDesk,
  tasksExtension,
} from '@interlock/protocol'

/** The requests that the extension adds (ext-tasks). */
export const taskMethods: ReadonlySet<string> = new Set(['tasks/get', 'tasks/update', 'tasks/cancel'])

/** Whether the client of a request takes tasks: it says so each time. */
export const takesTasks = ({ capabilities }: Peer): boolean => isObject(capabilities.extensions?.[tasksExtension])

export const tasksMissing = (): MissingCapability => new MissingCapability({ extensions: { [tasksExtension]: {} } })

/** Where the tasks of a service are, if it offers any. */
export const deskOf = ({ capabilities, tasks }: Service): TaskDesk | undefined =>
  capabilities().extensions?.[tasksExtension] === undefined ? undefined : tasks

/** The result of a request about a task. @throws ProtocolError */
export async function answerTask(service: Service, method: string, peer: Peer, params: Params): Promise<object> {
  const desk = deskOf(service)
  if (desk === undefined) throw methodNotFound(method)
  if (!takesTasks(peer)) throw tasksMissing()
  const { taskId, inputResponses } = params
  if (typeof taskId !== 'string') throw invalidParams('Invalid params: params.taskId must be a string')
  switch (method) {
    case 'tasks/get':
      return desk.get(taskId, peer)
    case 'tasks/update':
      if (!isObject(inputResponses)) throw invalidParams('Invalid params: params.inputResponses must be an object')
      await desk.answer(taskId, peer, await fitting(desk, taskId, peer, inputResponses))
      return {}
    default:
      await desk.cancel(taskId, peer)
      return {}
  }
}

/** The answers to questions that are open; what cannot be the answer to its question is ignored, and that stays open. */
async function fitting(
  desk: TaskDesk,
  taskId: string,
  peer: Peer,
  responses: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { inputRequests = {} } = await desk.get(taskId, peer)
  const fits = (key: string, answer: unknown): boolean => {
    const question = Object.hasOwn(inputRequests, key) ? inputRequests[key] : undefined
    return question !== undefined && peer.revision.requests[question.method]?.result(answer) === true
  }
  return Object.fromEntries(Object.entries(responses).filter(([key, answer]) => fits(key, answer)))
}

/** What a client is told of a task that was just made. */
export function createdTask(task: DetailedTask): object {
  const { inputRequests: _, result: __, error: ___, ...seed } = task
  return { ...seed, resultType: 'task' }
}

/** The tasks of a client among those it names: it is told of no others (ext-tasks: Security Considerations). */
export async function ownTasks(service: Service, peer: Peer, taskIds: unknown): Promise<readonly string[]> {
  const desk = deskOf(service)
  if (desk === undefined || !Array.isArray(taskIds)) return []
  const named = new Set(taskIds.filter(taskId => typeof taskId === 'string'))
  const found = await Promise.all(Array.from(named, taskId => desk.get(taskId, peer).catch(unknownTask)))
  return found.flatMap(task => (task === undefined ? [] : task.taskId))
}

function unknownTask(error: unknown): undefined {
  if (!(error instanceof ProtocolError) || error.code !== code.invalidParams) throw error
}

/** A page of tools without what only clients that ask for tasks are told: here it is the server that decides. */
export function withoutExecution(result: Record<string, unknown>): Record<string, unknown> {
  const { tools } = result
  if (!Array.isArray(tools) || !tools.some(tool => isObject(tool) && 'execution' in tool)) return result
  return { ...result, tools: tools.map(tool => (isObject(tool) ? bare(tool) : tool)) }
}

const bare = (tool: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(tool).filter(([member]) => member !== 'execution'))
