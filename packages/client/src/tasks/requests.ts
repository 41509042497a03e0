import {
  type Caller,
  type Complete,
  clip,
  code,
  complete,
  type DetailedTask,
  isObject,
  isTask,
  newest,
  type Params,
  ProtocolError,
  receivedByClients,
  TransportError,
  type TransportErrorCode,
} from '@interlock/protocol'
import type { Conversation } from '../eras/conversation.ts'
import { type Answering, legacyOutcome, lifted, modernOutcome } from '../results.ts'
import type { Timing } from '../wire.ts'

/** Names the task that a message belongs to (specification 2025-11-25: Tasks, Related Task Metadata). */
export const relatedTask = 'io.modelcontextprotocol/related-task'

/** What can be asked of a server about its tasks, in either form, in the words of the extension. */
export class TaskRequests {
  readonly conversation: Conversation
  readonly #answering: Answering

  constructor(conversation: Conversation, answering: Answering) {
    this.conversation = conversation
    this.#answering = answering
  }

  /** The server's name, for messages. */
  get name(): string {
    return this.#answering.name
  }

  /** Whether it is clients who decide what becomes a task (revision 2025-11-25). */
  get isCore(): boolean {
    return this.conversation.server.revision.features.tasks === 'core'
  }

  /** Whether clients may have tools run as tasks. */
  get takesToolTasks(): boolean {
    if (!this.isCore) return false
    const { tasks } = this.conversation.server.capabilities as { readonly tasks?: unknown }
    const requests = isObject(tasks) ? tasks['requests'] : undefined
    const tools = isObject(requests) ? requests['tools'] : undefined
    return isObject(tools) && isObject(tools['call'])
  }

  async get(taskId: string, caller: Caller, timing: Timing): Promise<DetailedTask> {
    const told = await this.#ask('tasks/get', { taskId }, caller, timing)
    const task = taskOf(told)
    if (task?.taskId === taskId && (await this.#asksRightly(task))) return task
    throw this.#broken('answered tasks/get with a task that breaks the specification')
  }

  async answer(taskId: string, key: string, answer: unknown, caller: Caller, timing: Timing): Promise<void> {
    await this.#ask('tasks/update', { taskId, inputResponses: { [key]: answer } }, caller, timing)
  }

  async cancel(taskId: string, caller: Caller, timing: Timing): Promise<void> {
    await this.#ask('tasks/cancel', { taskId }, caller, timing)
  }

  /** Waits for the end of a task (revision 2025-11-25); the server asks its questions over this request. */
  async result(taskId: string, caller: Caller, timing: Timing): Promise<Complete> {
    return this.checked(await this.#ask('tasks/result', { taskId }, caller, timing))
  }

  /** What a task gave, as a result of `tools/call` (ext-tasks: Supported Methods). @throws ProtocolError */
  async checked(result: object): Promise<Complete> {
    const { revision } = this.conversation.server
    const whole = withoutRelated(result)
    const outcome = await (revision.features.era === 'legacy'
      ? legacyOutcome('tools/call', whole, revision, this.#answering)
      : modernOutcome('tools/call', { ...whole, resultType: 'complete' }, revision, this.#answering))
    if (outcome.kind === 'complete') return complete(outcome.result)
    throw this.#broken('gave a task as the result of a task')
  }

  async #ask(method: string, params: Params, caller: Caller, timing: Timing): Promise<object> {
    const outcome = await this.conversation.perform({ method, params, caller }, timing)
    if (outcome.kind === 'complete') return outcome.result
    throw this.#broken(`answered ${method} with "${outcome.kind}", which it cannot have`)
  }

  async #asksRightly({ inputRequests }: DetailedTask): Promise<boolean> {
    if (inputRequests === undefined) return true
    return (
      receivedByClients(newest).entries.InputRequiredResult?.({ resultType: 'input_required', inputRequests }) !== false
    )
  }

  #broken(what: string): ProtocolError {
    return new ProtocolError(code.internalError, `${this.name} ${what}`)
  }
}

/** A peer's task in the words of the extension; undefined when it is none. */
export function taskOf(told: object): DetailedTask | undefined {
  const { _meta: _, resultType: __, ...rest } = { ttlMs: null, ...lifted(told) } as Record<string, unknown>
  return isTask(rest) ? rest : undefined
}

/** The error that a failed or cancelled task ended with. */
export function errorOf({ status, statusMessage, error }: DetailedTask, name: string): ProtocolError {
  if (status === 'failed' && isObject(error) && typeof error.code === 'number') {
    return new ProtocolError(error.code, String(error.message), error.data)
  }
  const why = statusMessage === undefined ? '' : `: ${clip(statusMessage, 200)}`
  const how = status === 'cancelled' ? 'was cancelled' : `is "${status}" and has no result`
  return new ProtocolError(code.internalError, `the task of ${name} ${how}${why}`)
}

/** A server that knows a task no more, or cannot be asked about it: the work may have been done, or not. */
export function outcomeUnknown(cause: Error): TransportError {
  const known = cause instanceof TransportError ? cause : undefined
  const why = known === undefined ? `the server does not know its task any more (${cause.message})` : known.message
  // There was a connection once, over which the call took effect.
  const errorCode: TransportErrorCode = known === undefined || known.code === 'unreachable' ? 'broken' : known.code
  return new TransportError(errorCode, `${why}; whether the call took effect is unknown`, { cause })
}

/** What to tell of a request about a task that failed, unless it is the reason why nobody waits any more. */
export function asUnknown(error: unknown, { aborted }: AbortSignal): unknown {
  if (aborted || !(error instanceof ProtocolError || error instanceof TransportError)) return error
  return outcomeUnknown(error)
}

const passing: ReadonlySet<TransportErrorCode> = new Set(['timeout', 'unreachable', 'broken', 'bad_reply'])

/** Whether the next attempt may fare better. */
export const isPassing = (error: unknown): error is TransportError =>
  error instanceof TransportError &&
  (passing.has(error.code) || (error.code === 'http_status' && ((error.status ?? 0) >= 500 || error.status === 429)))

/** The mark that ties a result to its task belongs to this hop. */
export function withoutRelated<Value extends object>(value: Value): Value {
  const { _meta } = value as { readonly _meta?: unknown }
  if (!isObject(_meta) || !(relatedTask in _meta)) return value
  const { [relatedTask]: _, ...meta } = _meta
  if (Object.keys(meta).length > 0) return { ...value, _meta: meta }
  const { _meta: __, ...rest } = value as Value & { readonly _meta?: unknown }
  return rest as Value // only an optional member is gone
}
