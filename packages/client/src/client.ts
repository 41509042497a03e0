import {
  type CacheHint,
  type Call,
  type CallToolResult,
  type Change,
  type Complete,
  type CompleteResult,
  type CompletionReference,
  code,
  type Ended,
  type GetPromptResult,
  type Handler,
  type Interest,
  type LoggingLevel,
  type Meta,
  type Params,
  type Prompt,
  ProtocolError,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplate,
  settle,
  type Task,
  type TaskRequest,
  type Tool,
  TransportError,
} from '@interlock/protocol'
import type { CacheMode, ResultCache } from './cache.ts'
import type { Conversation, ServerDescription } from './eras/conversation.ts'
import { type Host, HostCaller, type Progress } from './host.ts'
import { allPages } from './lists.ts'
import type { OutputSchemas } from './output-schemas.ts'
import type { Subscriptions } from './subscriptions.ts'
import { TaskFollower, type TaskHandle } from './tasks/follower.ts'
import { type Trace, traceMeta, withMeta } from './trace.ts'
import type { Timing, Wire } from './wire.ts'

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

/** A server that has been connected to. Methods reject with `ProtocolError` when the server says no, and with
 * `TransportError` when it says nothing. */
export class Client implements AsyncDisposable {
  /**
   * The raw form: sends a call on as it is and hands back what comes, questions included. Questions of a server that
   * asks in the middle of a call, progress and log messages go to the call's own caller.
   */
  readonly handle: Handler
  readonly #wire: Wire
  readonly #host: Host
  readonly #conversation: Conversation
  readonly #subscriptions: Subscriptions
  readonly #timing: Timing
  readonly #sharing: CallSharing
  readonly #tasks: TaskFollower
  #closing: Promise<void> | undefined

  /** @internal Made by `connect`. */
  constructor(
    wire: Wire,
    host: Host,
    conversation: Conversation,
    subscriptions: Subscriptions,
    timing: Timing,
    sharing: CallSharing = {},
  ) {
    this.#wire = wire
    this.#host = host
    this.#conversation = conversation
    this.#subscriptions = subscriptions
    this.#timing = timing
    this.#sharing = sharing
    const { cache } = sharing
    this.#tasks = new TaskFollower(conversation, host, { name: wire.name, warn: warning => host.warn(warning) })
    const perform: Handler = async call => {
      const outcome = await this.#tasks.perform(call, timing)
      return outcome.kind === 'task' && call.caller.task === undefined ? this.follow(outcome.task, call) : outcome
    }
    this.handle = cache === undefined ? perform : call => cache.through(perform, call)
  }

  get server(): ServerDescription {
    return this.#conversation.server
  }

  /** Resolves when the connection has ended, with the reason unless it was `close`. */
  get ended(): Promise<Ended> {
    return this.#wire.transport.ended
  }

  listTools(options?: CallOptions): Promise<Tool[]> {
    return this.#list('tools/list', 'tools', this.server.capabilities.tools, options)
  }

  listPrompts(options?: CallOptions): Promise<Prompt[]> {
    return this.#list('prompts/list', 'prompts', this.server.capabilities.prompts, options)
  }

  listResources(options?: CallOptions): Promise<Resource[]> {
    return this.#list('resources/list', 'resources', this.server.capabilities.resources, options)
  }

  listResourceTemplates(options?: CallOptions): Promise<ResourceTemplate[]> {
    const { resources } = this.server.capabilities
    return this.#list('resources/templates/list', 'resourceTemplates', resources, options)
  }

  callTool(name: string, args: Readonly<Record<string, unknown>> = {}, options?: CallOptions): Promise<CallToolResult> {
    return this.#call('tools/call', { name, arguments: args }, options)
  }

  readResource(uri: string, options?: CallOptions): Promise<ReadResourceResult> {
    return this.#call('resources/read', { uri }, options)
  }

  getPrompt(name: string, args?: Readonly<Record<string, string>>, options?: CallOptions): Promise<GetPromptResult> {
    return this.#call('prompts/get', args === undefined ? { name } : { name, arguments: args }, options)
  }

  /** `context` are the arguments chosen so far. */
  complete(
    ref: CompletionReference,
    argument: { readonly name: string; readonly value: string },
    context?: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<CompleteResult> {
    const chosen = context === undefined ? {} : { context: { arguments: context } }
    return this.#call('completion/complete', { ref, argument, ...chosen }, options)
  }

  /** Any request, with its result as it came but for what belongs to the wire. */
  request(method: string, params: Params = {}, options?: CallOptions): Promise<object> {
    return this.#call(method, params, options)
  }

  ping(options: Pick<CallOptions, 'timeoutMs'> = {}): Promise<void> {
    return this.#conversation.ping(this.#timingOf(options))
  }

  /** Says for the user that they are done at a page: the call that waits for that is made again at once. */
  pageDone(elicitationId: string): void {
    this.#host.pages.finish(elicitationId)
  }

  /** Asks for log messages of this level and above; they go to `onLog`. */
  setLogLevel(level: LoggingLevel): Promise<void> {
    return this.#conversation.setLogLevel(level)
  }

  /** Hears of changes to one resource, from when this resolves until what it resolves with is disposed of. */
  async subscribe(uri: string, listener: (uri: string) => void): Promise<AsyncDisposable> {
    const subscription = this.#subscriptions.add({ uris: [uri] }, () => listener(uri))
    try {
      await this.#conversation.watch(uri)
    } catch (error) {
      subscription[Symbol.dispose]()
      throw error
    }
    return {
      [Symbol.asyncDispose]: async () => {
        subscription[Symbol.dispose]()
        if (this.#closing === undefined) await this.#conversation.watch()
      },
    }
  }

  /** Hears of changes; by default of those to the lists of tools, prompts and resources. */
  onChange(listener: (change: Change) => void, interest: Interest = everyList): Disposable {
    const subscription = this.#subscriptions.add(interest, listener)
    const watch = (): void => {
      if (this.#closing !== undefined) return
      this.#conversation.watch().catch(error => {
        if (this.#closing === undefined)
          this.#host.warn(`changes of ${this.#wire.name} cannot be heard: ${String(error)}`)
      })
    }
    watch()
    return {
      [Symbol.dispose]: () => {
        subscription[Symbol.dispose]()
        watch()
      },
    }
  }

  /**
   * Calls a tool, and gives a handle where the server makes a task of it: to look at, to wait for, to cancel, and to keep
   * for another day.
   */
  async startTool(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
    options: CallOptions & Pick<TaskRequest, 'ttlMs'> = {},
  ): Promise<{ readonly kind: 'complete'; readonly result: CallToolResult } | TaskHandle> {
    const { ttlMs } = options
    const params = withMeta({ name, arguments: args }, this.#metaOf(options))
    const call = { method: 'tools/call', params, caller: this.#caller(options, ttlMs === undefined ? {} : { ttlMs }) }
    const timing = this.#timingOf(options)
    const outcome = await settle(each => this.#tasks.perform(each, timing), call)
    if (outcome.kind === 'task') return this.#handleOf(outcome.task, params)
    return { kind: 'complete', result: this.#judged<CallToolResult>('tools/call', params, outcome.result) }
  }

  /** The handle of a task that was begun earlier. @throws TransportError when the server does not know it */
  async task(taskId: string): Promise<TaskHandle> {
    return this.#handleOf(await this.#tasks.get(taskId))
  }

  #handleOf(task: Task, params: Params = {}): TaskHandle {
    const call = (options: CallOptions): Call => ({ method: 'tools/call', params, caller: this.#caller(options) })
    return {
      kind: 'task',
      task,
      look: () => this.#tasks.get(task.taskId),
      result: async (options = {}) => {
        const { result } = await this.#tasks.follow(task, call(options), this.#timingOf(options))
        return this.#judged<CallToolResult>('tools/call', params, result)
      },
      cancel: () => this.#tasks.cancel(task.taskId),
    }
  }

  #caller({ signal, onProgress }: CallOptions, task?: TaskRequest): HostCaller {
    const { revision } = this.server
    const { info, capabilities } = this.#host
    return new HostCaller(this.#host, { revision, info, capabilities }, signal, onProgress, task)
  }

  /**
   * Waits for a task of this server that a call has become: for whoever passes calls on.
   * @throws as a call does
   */
  follow(task: Task, call: Call): Promise<Complete> {
    return this.#tasks.follow(task, call, this.#timing)
  }

  /** Ends what is under way, the session and the connection. */
  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #end(): Promise<void> {
    const closed = new TransportError('closed', `the connection to ${this.#wire.name} was closed`)
    this.#tasks.stop(closed)
    this.#wire.stopAll(closed)
    await this.#conversation.close()
    await this.#wire.transport[Symbol.asyncDispose]()
  }

  async #list<Entry>(method: string, member: string, capability: unknown, options?: CallOptions): Promise<Entry[]> {
    if (capability === undefined) return []
    const warn = (warning: string): void => this.#host.warn(`${this.#wire.name} ${warning}`)
    const read = (how?: CallOptions): Promise<Entry[]> =>
      allPages<Entry>(params => this.#call(method, params, how), member, warn)
    try {
      return await read(options)
    } catch (error) {
      // The cursor of a page that was kept may be none any more (specification: Caching, Interaction with Pagination).
      const isRefused = error instanceof ProtocolError && error.code === code.invalidParams
      if (!isRefused || this.#sharing.cache?.forget(method) !== true) throw error
      return read({ ...options, cache: 'reload' })
    }
  }

  async #call<Result extends object>(method: string, params: Params, options: CallOptions = {}): Promise<Result> {
    const { cache } = this.#sharing
    const caller = this.#caller(options)
    const timing = this.#timingOf(options)
    const next: Handler = call => this.#tasks.perform(call, timing)
    const perform: Handler = cache === undefined ? next : call => cache.through(next, call, options.cache)
    const call = { method, params: withMeta(params, this.#metaOf(options)), caller }
    const outcome = await settle(perform, call)
    if (outcome.kind === 'complete') options.onCacheHint?.(outcome.cache)
    const { result } = outcome.kind === 'task' ? await this.#tasks.follow(outcome.task, call, timing) : outcome
    return this.#judged<Result>(method, params, result)
  }

  #judged<Result extends object>(method: string, params: Params, result: object): Result {
    this.#sharing.outputs?.judge(method, params, result, this.server.revision)
    return result as Result // the revision's check has accepted it as the result of this method
  }

  #metaOf({ meta = noMeta }: CallOptions): Meta {
    const { trace } = this.#sharing
    return trace === undefined ? meta : { ...traceMeta(trace, warning => this.#host.warn(warning)), ...meta }
  }

  #timingOf({ timeoutMs, maxTotalMs }: CallOptions): Timing {
    if (timeoutMs === undefined && maxTotalMs === undefined) return this.#timing
    const wait = timeoutMs ?? this.#timing.timeoutMs
    return { timeoutMs: wait, maxTotalMs: maxTotalMs ?? Math.max(this.#timing.maxTotalMs, wait) }
  }
}

const noMeta: Meta = {}
const everyList: Interest = { tools: true, prompts: true, resources: true }
