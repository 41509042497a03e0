import {
  type Call,
  type Caller,
  type CallToolResult,
  type Complete,
  clip,
  code,
  type DetailedTask,
  isEnded,
  isTask,
  type Outcome,
  type Params,
  ProtocolError,
  type Task,
  type Tool,
  TransportError,
} from '@interlock/protocol'
import type { CallOptions } from './client.ts'
import type { Conversation } from './eras/conversation.ts'
import { type Host, HostCaller } from './host.ts'
import { clientLimits } from './limits.ts'
import { type Answering, legacyOutcome, lifted, modernOutcome } from './results.ts'
import { unlessAborted } from './signals.ts'
import type { Timing } from './wire.ts'

/** Shortest and longest time between two looks at a task, whatever its server says; and where it says nothing. */
export const pollLimits = { leastMs: 50, mostMs: 60_000, usualMs: 1000 } as const

/** A task of a server, in the hands of whoever wants to look after it. */
export interface TaskHandle {
  readonly kind: 'task'
  /** As it was when it was begun. `taskId` is what to keep. */
  readonly task: Task
  /** How it is now. */
  look(): Promise<DetailedTask>
  /** Waits for its end, and answers its questions meanwhile. */
  result(options?: CallOptions): Promise<CallToolResult>
  cancel(): Promise<void>
}

/** Looks after tasks of one server, in either form, for callers that want a result. */
export class TaskFollower {
  readonly #conversation: Conversation
  readonly #host: Host
  readonly #answering: Answering
  readonly #required = new Set<unknown>()
  #hasListed = false

  constructor(conversation: Conversation, host: Host, answering: Answering) {
    this.#conversation = conversation
    this.#host = host
    this.#answering = answering
  }

  /** Whether clients decide what becomes a task (revision 2025-11-25), and this server lets them. */
  get isCore(): boolean {
    const { revision, capabilities } = this.#conversation.server
    if (revision.features.tasks !== 'core' || !('tasks' in capabilities)) return false
    const { tasks } = capabilities as { tasks?: { requests?: { tools?: { call?: object } } } }
    return tasks?.requests?.tools?.call !== undefined
  }

  /**
   * A call, of which a task may be made. Where clients decide, a tool that runs as a task only is called as one; servers
   * say which tools those are in their lists, or by refusing the call, which then has had no effect.
   */
  async perform(call: Call, timing: Timing): Promise<Outcome> {
    if (!this.isCore) return this.#conversation.perform(call, timing)
    if (call.method === 'tools/list') return this.#learn(await this.#conversation.perform(call, timing))
    if (call.method !== 'tools/call') return this.#conversation.perform(call, timing)
    const isDemanded = call.caller.task !== undefined || (await this.#tasksOnly(timing)).has(call.params['name'])
    const [first, second] = isDemanded ? [demanding(call), call] : [call, demanding(call)]
    try {
      return await this.#conversation.perform(first, timing)
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== code.methodNotFound) throw error
      return this.#conversation.perform(second, timing).catch(() => {
        throw error
      })
    }
  }

  /** The tools that run as tasks only; listed once, when nobody has. */
  async #tasksOnly(timing: Timing): Promise<ReadonlySet<unknown>> {
    for (let cursor: unknown, pages = 0; !this.#hasListed && pages < clientLimits.listPages; pages += 1) {
      const params: Params = cursor === undefined ? {} : { cursor }
      const listed = await this.#conversation.perform({ method: 'tools/list', params, caller: this.#quiet() }, timing)
      this.#learn(listed)
      cursor = listed.kind === 'complete' && 'nextCursor' in listed.result ? listed.result.nextCursor : undefined
    }
    return this.#required
  }

  #learn(listed: Outcome): Outcome {
    const result: { tools?: readonly Tool[]; nextCursor?: unknown } = listed.kind === 'complete' ? listed.result : {}
    for (const tool of result.tools ?? []) {
      const { execution } = tool as { readonly execution?: { readonly taskSupport?: unknown } }
      if (execution?.taskSupport === 'required') this.#required.add(tool.name)
      else this.#required.delete(tool.name)
    }
    this.#hasListed ||= result.nextCursor === undefined
    return listed
  }

  /**
   * Waits for the end of a task, answers what it asks meanwhile, and gives its result.
   * @throws ProtocolError with the error that the task failed with; TransportError when the server knows the task no
   * more, or the time is over; the signal's reason. The task is cancelled then.
   */
  async follow({ taskId }: Task, call: Call, { maxTotalMs }: Timing): Promise<Complete> {
    const isCore = this.#conversation.server.revision.features.tasks === 'core'
    const late = new TransportError(
      'timeout',
      `${this.#answering.name} did not finish its task within ${maxTotalMs} ms`,
    )
    const enough = new AbortController()
    const timer = setTimeout(() => enough.abort(late), maxTotalMs)
    const signal = AbortSignal.any([call.caller.signal, enough.signal])
    try {
      return await (isCore ? this.#result(taskId, call, signal, maxTotalMs) : this.#poll(taskId, call, signal))
    } catch (error) {
      if (!(error instanceof Ended)) void this.cancel(taskId, call.caller).catch(() => {})
      throw signal.aborted ? signal.reason : error instanceof Ended ? error.reason : error
    } finally {
      clearTimeout(timer)
    }
  }

  /** @throws TransportError when the server does not know the task */
  async get(taskId: string, caller: Caller = this.#quiet()): Promise<DetailedTask> {
    const task = lifted(await this.#ask('tasks/get', { taskId }, caller))
    if (isTask(task) && task.taskId === taskId) return task
    throw new ProtocolError(code.internalError, `${this.#answering.name} answered tasks/get with what is no task`)
  }

  async cancel(taskId: string, caller?: Caller): Promise<void> {
    await this.#ask('tasks/cancel', { taskId }, this.#quiet(caller))
  }

  /** The core form: the server holds the request until the task has ended, and asks over it. */
  async #result(taskId: string, call: Call, signal: AbortSignal, maxTotalMs: number): Promise<Complete> {
    const caller = withSignal(call.caller, signal)
    const timing = { timeoutMs: maxTotalMs, maxTotalMs }
    const waiting = { method: 'tasks/result', params: { taskId }, caller }
    const outcome = await this.#conversation.perform(waiting, timing).catch(error => {
      throw error instanceof ProtocolError ? new Ended(this.#known(error)) : error
    })
    return this.#checked(outcome.kind === 'complete' ? outcome.result : {})
  }

  /** The extension: the client looks from time to time. */
  async #poll(taskId: string, call: Call, signal: AbortSignal): Promise<Complete> {
    const caller = withSignal(call.caller, signal)
    const asked = new Set<string>()
    const answers = new Set<Promise<unknown>>()
    let told: string | undefined
    for (let looks = 1; ; looks += 1) {
      const task = await this.get(taskId, caller)
      if (isEnded(task)) return this.#ended(task)
      if (task.statusMessage !== undefined && task.statusMessage !== told) {
        told = task.statusMessage
        call.caller.notify({ kind: 'progress', progress: looks, message: told })
      }
      for (const [key, request] of Object.entries(task.inputRequests ?? {})) {
        if (asked.has(key)) continue
        asked.add(key)
        const ask = (): Promise<unknown> => caller.input.ask(`${taskId}.${key}`, request, signal)
        const answer: Promise<unknown> = this.#answer(taskId, key, ask, caller).then(() => answers.delete(answer))
        answer.catch(() => {}) // whoever waits hears of it
        answers.add(answer)
      }
      using pause = new Pause(task.pollIntervalMs)
      await unlessAborted(Promise.race([pause.over, ...answers]), signal)
    }
  }

  async #answer(taskId: string, key: string, ask: () => Promise<unknown>, caller: Caller): Promise<void> {
    const answer = await ask()
    await this.#ask('tasks/update', { taskId, inputResponses: { [key]: answer } }, caller)
  }

  #ended({ status, statusMessage, result, error }: DetailedTask): Complete | Promise<Complete> {
    if (status === 'completed' && result !== undefined) return this.#checked(result)
    if (status === 'failed' && error !== undefined) {
      throw new Ended(new ProtocolError(error.code, error.message, error.data))
    }
    const why = statusMessage === undefined ? '' : `: ${clip(statusMessage, 200)}`
    const name = this.#answering.name
    throw new Ended(new ProtocolError(code.internalError, `the task of ${name} is "${status}" and has no result${why}`))
  }

  async #checked(result: object): Promise<Complete> {
    const { revision } = this.#conversation.server
    const check = revision.features.era === 'legacy' ? legacyOutcome : modernOutcome
    const outcome = await check('tools/call', result, revision, this.#answering)
    if (outcome.kind === 'complete') return outcome
    throw new Ended(new ProtocolError(code.internalError, `${this.#answering.name} has no result for its task`))
  }

  async #ask(method: string, params: Params, caller: Caller): Promise<object> {
    try {
      const outcome = await this.#conversation.perform({ method, params, caller: without(caller) }, usual)
      return outcome.kind === 'complete' ? outcome.result : {}
    } catch (error) {
      throw error instanceof ProtocolError ? this.#known(error) : error
    }
  }

  /** A task that is gone had an effect, or none. */
  #known(error: ProtocolError): Error {
    if (error.code !== code.invalidParams) return error
    const message = `${this.#answering.name} does not know its task any more; whether the call took effect is unknown`
    return new TransportError('broken', message, { cause: error })
  }

  /** Nobody who waits, so that nothing stops what is asked. */
  #quiet(caller?: Caller): Caller {
    const { revision } = this.#conversation.server
    const { info, capabilities } = this.#host
    return new HostCaller(this.#host, { revision, info, capabilities: caller?.peer.capabilities ?? capabilities })
  }
}

const usual: Timing = { timeoutMs: 60_000, maxTotalMs: 60_000 }

/** The task has ended, so there is nothing to cancel. */
class Ended extends Error {
  readonly reason: Error
  constructor(reason: Error) {
    super(reason.message)
    this.reason = reason
  }
}

const demanding = (call: Call): Call => {
  const { ttlMs } = call.caller.task ?? {}
  return { ...call, params: { ...call.params, task: ttlMs === undefined ? {} : { ttl: ttlMs } } }
}

const withSignal = (caller: Caller, signal: AbortSignal): Caller => ({
  peer: caller.peer,
  signal,
  input: caller.input,
  wantsProgress: caller.wantsProgress,
  logLevel: caller.logLevel,
  notify: event => caller.notify(event),
})

/** What is asked of a task has no progress of its own. */
const without = (caller: Caller): Caller => ({
  peer: caller.peer,
  signal: caller.signal,
  input: caller.input,
  wantsProgress: false,
  logLevel: undefined,
  notify: () => {},
})

/** Time between two looks: as long as the server wants, within limits. */
class Pause implements Disposable {
  readonly over: Promise<void>
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(wantedMs: number = pollLimits.usualMs) {
    const ms = Math.min(Math.max(wantedMs, pollLimits.leastMs), pollLimits.mostMs)
    this.over = new Promise(resolve => {
      this.#timer = setTimeout(resolve, ms)
    })
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
