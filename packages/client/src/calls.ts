import {
  type CacheHint,
  type Call,
  type CallToolResult,
  type Complete,
  code,
  type Handler,
  type Meta,
  type Outcome,
  type Params,
  ProtocolError,
  type Settled,
  settle,
  type Task,
  type TaskRequest,
} from '@interlock/protocol'
import { type CacheMode, isCacheable, type ResultCache } from './cache.ts'
import type { Conversation } from './eras/conversation.ts'
import type { Host, Progress } from './host.ts'
import { HostCaller } from './host-caller.ts'
import { allPages } from './lists.ts'
import type { OutputSchemas } from './output-schemas.ts'
import { TaskFollower, type TaskHandle } from './tasks/follower.ts'
import { type Trace, traceMeta, withTrace } from './trace.ts'
import type { Timing } from './wire.ts'

export interface CallOptions {
  /** Cancels the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Longest time without an answer or a sign of progress. */
  readonly timeoutMs?: number
  /** Longest time in all. */
  readonly maxTotalMs?: number
  readonly onProgress?: (progress: Progress) => void
  /** How to go about results that were kept. Default: `default`. */
  readonly cache?: CacheMode
  /** Hears how long each result, of a list each page, may be kept; nothing where the server does not say. */
  readonly onCacheHint?: (hint: CacheHint | undefined) => void
  /** Further members of the request's `_meta`. */
  readonly meta?: Meta
}

/** What all calls of a client share. */
export interface CallSharing {
  /** Absent when nothing is to be kept. */
  readonly cache?: ResultCache
  /** Absent when what tools answer is not to be checked. */
  readonly outputs?: OutputSchemas
  readonly trace?: Trace
}

/** How calls are made: asked for until they are answered, kept, followed as tasks, and held to what was promised. */
export class Calls {
  /** Sends a call of whomever on as it is; what it becomes a task of is waited for unless its caller takes tasks. */
  readonly pass: Handler
  readonly #name: string
  readonly #host: Host
  readonly #conversation: Conversation
  readonly #timing: Timing
  readonly #sharing: CallSharing
  readonly #tasks: TaskFollower

  /** @param name the server's, for messages */
  constructor(name: string, host: Host, conversation: Conversation, timing: Timing, sharing: CallSharing) {
    this.#name = name
    this.#host = host
    this.#conversation = conversation
    this.#timing = timing
    this.#sharing = sharing
    this.#tasks = new TaskFollower(conversation, host, { name, warn: warning => host.warn(warning) })
    const { cache } = sharing
    const perform: Handler = async call => {
      const outcome = await this.#tasks.perform(call, timing)
      return outcome.kind === 'task' && call.caller.task === undefined ? this.follow(outcome.task, call) : outcome
    }
    this.pass = cache === undefined ? perform : call => cache.through(perform, call)
  }

  /** A call of the host itself. */
  async call<Result extends object>(method: string, params: Params, options: CallOptions = usual): Promise<Result> {
    const timing = this.timingOf(options)
    const call = { method, params: withTrace(params, this.#metaOf(options)), caller: this.#caller(options) }
    const first = await this.#perform(call, timing, options.cache)
    const outcome = first.kind === 'input_required' ? await this.#settled(first, call, timing, options.cache) : first
    if (outcome.kind === 'complete') options.onCacheHint?.(outcome.cache)
    const { result } = outcome.kind === 'task' ? await this.#tasks.follow(outcome.task, call, timing) : outcome
    return this.#judged<Result>(method, params, result)
  }

  #settled(first: Outcome, call: Call, timing: Timing, mode?: CacheMode): Promise<Settled> {
    return settle(each => this.#perform(each, timing, mode), call, first)
  }

  #perform(call: Call, timing: Timing, mode?: CacheMode): Promise<Outcome> {
    const { cache } = this.#sharing
    if (cache === undefined || !isCacheable(call)) return this.#tasks.perform(call, timing)
    return cache.through(each => this.#tasks.perform(each, timing), call, mode)
  }

  /** All pages of a list; none where the server does not offer it. */
  async list<Entry>(method: string, member: string, capability: unknown, options?: CallOptions): Promise<Entry[]> {
    if (capability === undefined) return []
    const warn = (warning: string): void => this.#host.warn(`${this.#name} ${warning}`)
    const read = (how?: CallOptions): Promise<Entry[]> =>
      allPages<Entry>(params => this.call(method, params, how), member, warn)
    try {
      return await read(options)
    } catch (error) {
      // The cursor of a page that was kept may be none any more (specification: Caching, Interaction with Pagination).
      const isRefused = error instanceof ProtocolError && error.code === code.invalidParams
      if (!isRefused || this.#sharing.cache?.forget(method) !== true) throw error
      return read({ ...options, cache: 'reload' })
    }
  }

  /** @see Client.startTool */
  async start(
    params: Params,
    options: CallOptions & Pick<TaskRequest, 'ttlMs'>,
  ): Promise<{ readonly kind: 'complete'; readonly result: CallToolResult } | TaskHandle> {
    const { ttlMs } = options
    const caller = this.#caller(options, ttlMs === undefined ? {} : { ttlMs })
    const call = { method: 'tools/call', params: withTrace(params, this.#metaOf(options)), caller }
    const timing = this.timingOf(options)
    const outcome = await settle(each => this.#tasks.perform(each, timing), call)
    if (outcome.kind === 'task') return this.#handleOf(outcome.task, call.params)
    return { kind: 'complete', result: this.#judged<CallToolResult>('tools/call', call.params, outcome.result) }
  }

  /** @see Client.task */
  async task(taskId: string): Promise<TaskHandle> {
    return this.#handleOf(await this.#tasks.get(taskId))
  }

  /** @see Client.follow */
  follow(task: Task, call: Call): Promise<Complete> {
    return this.#tasks.follow(task, call, this.#timing)
  }

  /** Ends every wait for a task. */
  stop(reason: unknown): void {
    this.#tasks.stop(reason)
  }

  timingOf({ timeoutMs, maxTotalMs }: CallOptions): Timing {
    if (timeoutMs === undefined && maxTotalMs === undefined) return this.#timing
    const wait = timeoutMs ?? this.#timing.timeoutMs
    return { timeoutMs: wait, maxTotalMs: maxTotalMs ?? Math.max(this.#timing.maxTotalMs, wait) }
  }

  #handleOf(task: Task, params: Params = {}): TaskHandle {
    const call = (options: CallOptions): Call => ({ method: 'tools/call', params, caller: this.#caller(options) })
    return {
      kind: 'task',
      task,
      look: () => this.#tasks.get(task.taskId),
      result: async (options = {}) => {
        const { result } = await this.#tasks.follow(task, call(options), this.timingOf(options))
        return this.#judged<CallToolResult>('tools/call', params, result)
      },
      cancel: () => this.#tasks.cancel(task.taskId),
    }
  }

  #caller({ signal, onProgress }: CallOptions, task?: TaskRequest): HostCaller {
    return new HostCaller(this.#host, this.#host.as(this.#conversation.server.revision), signal, onProgress, task)
  }

  #judged<Result extends object>(method: string, params: Params, result: object): Result {
    this.#sharing.outputs?.judge(method, params, result, this.#conversation.server.revision)
    return result as Result // the revision's check has accepted it as the result of this method
  }

  #metaOf({ meta }: CallOptions): Meta | undefined {
    const { trace } = this.#sharing
    return trace === undefined ? meta : { ...traceMeta(trace, warning => this.#host.warn(warning)), ...meta }
  }
}

const usual: CallOptions = {}
