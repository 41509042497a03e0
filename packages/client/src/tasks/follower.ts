import {
  type Call,
  type Caller,
  type CallToolResult,
  type Complete,
  code,
  type DetailedTask,
  isObject,
  type Outcome,
  ProtocolError,
  type Task,
} from '@interlock/protocol'
import type { CallOptions } from '../calls.ts'
import type { Conversation } from '../eras/conversation.ts'
import type { Host } from '../host.ts'
import { HostCaller } from '../host-caller.ts'
import { pagesUntil } from '../lists.ts'
import type { Answering } from '../results.ts'
import type { Timing } from '../wire.ts'
import { Following } from './following.ts'
import { taskLimits } from './limits.ts'
import { outcomeUnknown, TaskRequests } from './requests.ts'
import { ToolSupport } from './tool-support.ts'

/** A task of a server, in the hands of whoever wants to look after it. */
export interface TaskHandle {
  readonly kind: 'task'
  /** As it was when it was begun, or taken up. `taskId` is what to keep. */
  readonly task: Task
  /** How it is now. */
  look(): Promise<DetailedTask>
  /**
   * Waits for its end, and answers its questions meanwhile. Who stops waiting, by a signal or because the time is over,
   * cancels the task.
   */
  result(options?: CallOptions): Promise<CallToolResult>
  cancel(): Promise<void>
}

/** Looks after tasks of one server, in either form, for callers that want a result. */
export class TaskFollower {
  readonly #requests: TaskRequests
  readonly #host: Host
  readonly #support = new ToolSupport()
  readonly #followings = new Set<Following>()
  #stopped: { readonly reason: unknown } | undefined

  constructor(conversation: Conversation, host: Host, answering: Answering) {
    this.#requests = new TaskRequests(conversation, answering)
    this.#host = host
  }

  /**
   * A call, which may become a task: in revision 2025-11-25 when the tool runs as a task only, or when the caller takes a
   * task and the tool can be one.
   */
  perform(call: Call, timing: Timing): Promise<Outcome> {
    const { conversation } = this.#requests
    if (call.method === 'tools/list' && this.#requests.isCore) return this.#listTools(call, timing)
    if (call.method !== 'tools/call') return conversation.perform(call, timing)
    const own = withoutTask(call)
    return this.#requests.takesToolTasks ? this.#callTool(own, timing) : conversation.perform(own, timing)
  }

  /**
   * Waits for the end of a task, answers what it asks meanwhile, and gives its result.
   * @throws ProtocolError with the error that the task failed with; TransportError when the server knows the task no
   * more, or the time is over; the signal's reason. In the last two cases the task is cancelled.
   */
  async follow(task: Task, { caller }: Pick<Call, 'caller'>, timing: Timing): Promise<Complete> {
    const following = new Following(this.#requests, task, caller, timing)
    this.#followings.add(following)
    if (this.#stopped !== undefined) following.stop(this.#stopped.reason)
    try {
      return await following.run()
    } finally {
      this.#followings.delete(following)
    }
  }

  /** @throws TransportError when the server does not know the task */
  async get(taskId: string): Promise<DetailedTask> {
    return this.#asked(this.#requests.get(taskId, this.#quiet(), usual))
  }

  /** Does nothing to a task that has ended. @throws TransportError when the server does not know the task */
  async cancel(taskId: string): Promise<void> {
    await this.#asked(this.#requests.cancel(taskId, this.#quiet(), usual)).catch(async (error: unknown) => {
      if (!this.#requests.isCore) throw error
      await this.get(taskId) // servers of revision 2025-11-25 refuse to cancel what has ended
    })
  }

  /** Ends every wait, also those that begin later. */
  stop(reason: unknown): void {
    this.#stopped = { reason }
    for (const following of this.#followings) following.stop(reason)
  }

  async #listTools(call: Call, timing: Timing): Promise<Outcome> {
    const outcome = await this.#requests.conversation.perform(call, timing)
    this.#support.learn(call.params, outcome)
    return outcome
  }

  async #callTool(call: Call, timing: Timing): Promise<Outcome> {
    const { conversation } = this.#requests
    const { task } = call.caller
    const name = String(call.params['name'])
    const support = this.#support.of(name) ?? (task === undefined ? undefined : await this.#lookUp(name, call, timing))
    if (support === 'required' || (support === 'optional' && task !== undefined)) {
      return conversation.perform(asTask(call), timing)
    }
    let outcome: Outcome
    try {
      outcome = await conversation.perform(call, timing)
    } catch (error) {
      if (support !== undefined || !isNoMethod(error)) throw error
      // It was refused, so it has had no effect (specification 2025-11-25: Tasks, Tool-Level Negotiation).
      return conversation.perform(asTask(call), timing).catch((again: unknown) => {
        throw isNoMethod(again) ? error : again
      })
    }
    if (support !== undefined || !isRefusalInWords(outcome)) return outcome
    return (await this.#lookUp(name, call, timing)) === 'required'
      ? conversation.perform(asTask(call), timing)
      : outcome
  }

  /** Reads the list of tools as far as this one. What cannot be read is not known. */
  async #lookUp(name: string, { caller }: Call, timing: Timing): Promise<ReturnType<ToolSupport['of']>> {
    const quiet: Caller = { ...plain(caller), wantsProgress: false }
    const { conversation } = this.#requests
    try {
      await pagesUntil(
        params => conversation.perform({ method: 'tools/list', params, caller: quiet }, timing),
        (page, params) => {
          this.#support.learn(params, page)
          return this.#support.of(name) !== undefined
        },
      )
    } catch (error) {
      if (caller.signal.aborted) throw error
    }
    return this.#support.of(name)
  }

  async #asked<Value>(answer: Promise<Value>): Promise<Value> {
    try {
      return await answer
    } catch (error) {
      throw error instanceof ProtocolError && error.code === code.invalidParams ? outcomeUnknown(error) : error
    }
  }

  #quiet(): Caller {
    const { revision } = this.#requests.conversation.server
    return { ...plain(new HostCaller(this.#host, this.#host.as(revision))), wantsProgress: false }
  }
}

const usual: Timing = { timeoutMs: taskLimits.requestMs, maxTotalMs: taskLimits.requestMs }

const plain = (caller: Caller): Caller => ({
  peer: caller.peer,
  signal: caller.signal,
  input: caller.input,
  wantsProgress: caller.wantsProgress,
  logLevel: undefined,
  notify: event => caller.notify(event),
})

/** What a client of another hop said about tasks is not this hop's. */
function withoutTask(call: Call): Call {
  if (!('task' in call.params)) return call
  const { task: _, ...params } = call.params
  return { ...call, params }
}

function asTask(call: Call): Call {
  const { ttlMs } = call.caller.task ?? {}
  return { ...call, params: { ...call.params, task: ttlMs === undefined ? {} : { ttl: ttlMs } } }
}

const isNoMethod = (error: unknown): boolean => error instanceof ProtocolError && error.code === code.methodNotFound

/** Servers built on the official library 1.x say in the words of a tool that it runs as a task only. */
function isRefusalInWords(outcome: Outcome): boolean {
  if (outcome.kind !== 'complete') return false
  const { content, isError } = outcome.result as Partial<CallToolResult> // checked by its revision
  const [first] = content ?? []
  return (
    isError === true &&
    isObject(first) &&
    first.type === 'text' &&
    first.text.startsWith(`MCP error ${code.methodNotFound}:`)
  )
}
