import {
  type Call,
  type CallToolResult,
  type Change,
  type Complete,
  type CompleteResult,
  type CompletionReference,
  type Ended,
  type GetPromptResult,
  type Handler,
  type Interest,
  type LoggingLevel,
  type Params,
  type Prompt,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplate,
  type Task,
  type TaskRequest,
  type Tool,
  TransportError,
} from '@interlock/protocol'
import { type CallOptions, type CallSharing, Calls } from './calls.ts'
import type { Conversation, ServerDescription } from './eras/conversation.ts'
import type { Host } from './host.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { TaskHandle } from './tasks/follower.ts'
import type { Timing, Wire } from './wire.ts'

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
  readonly #calls: Calls
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
    this.#calls = new Calls(wire.name, host, conversation, timing, sharing)
    this.handle = this.#calls.pass
    void wire.transport.ended.then(reason => host.stop(reason ?? closed(wire.name)))
  }

  get server(): ServerDescription {
    return this.#conversation.server
  }

  /** Resolves when the connection has ended, with the reason unless it was `close`. */
  get ended(): Promise<Ended> {
    return this.#wire.transport.ended
  }

  listTools(options?: CallOptions): Promise<Tool[]> {
    return this.#calls.list('tools/list', 'tools', this.server.capabilities.tools, options)
  }

  listPrompts(options?: CallOptions): Promise<Prompt[]> {
    return this.#calls.list('prompts/list', 'prompts', this.server.capabilities.prompts, options)
  }

  listResources(options?: CallOptions): Promise<Resource[]> {
    return this.#calls.list('resources/list', 'resources', this.server.capabilities.resources, options)
  }

  listResourceTemplates(options?: CallOptions): Promise<ResourceTemplate[]> {
    const { resources } = this.server.capabilities
    return this.#calls.list('resources/templates/list', 'resourceTemplates', resources, options)
  }

  callTool(name: string, args: Readonly<Record<string, unknown>> = {}, options?: CallOptions): Promise<CallToolResult> {
    return this.#calls.call('tools/call', { name, arguments: args }, options)
  }

  readResource(uri: string, options?: CallOptions): Promise<ReadResourceResult> {
    return this.#calls.call('resources/read', { uri }, options)
  }

  getPrompt(name: string, args?: Readonly<Record<string, string>>, options?: CallOptions): Promise<GetPromptResult> {
    return this.#calls.call('prompts/get', args === undefined ? { name } : { name, arguments: args }, options)
  }

  /** `context` are the arguments chosen so far. */
  complete(
    ref: CompletionReference,
    argument: { readonly name: string; readonly value: string },
    context?: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<CompleteResult> {
    const chosen = context === undefined ? {} : { context: { arguments: context } }
    return this.#calls.call('completion/complete', { ref, argument, ...chosen }, options)
  }

  /** Any request, with its result as it came but for what belongs to the wire. */
  request(method: string, params: Params = {}, options?: CallOptions): Promise<object> {
    return this.#calls.call(method, params, options)
  }

  ping(options: Pick<CallOptions, 'timeoutMs'> = {}): Promise<void> {
    return this.#conversation.ping(this.#calls.timingOf(options))
  }

  /** Says for the user that they are done at a page: the call that waits for that is made again at once. */
  pageDone(elicitationId: string): void {
    this.#host.pages.finish(elicitationId)
  }

  /**
   * Says that `onRoots` gives other roots than before. Resolves when the server has taken that; at once where it asks anew
   * in each call.
   */
  rootsChanged(): Promise<void> {
    return this.#conversation.rootsChanged()
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
  startTool(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
    options: CallOptions & Pick<TaskRequest, 'ttlMs'> = {},
  ): Promise<{ readonly kind: 'complete'; readonly result: CallToolResult } | TaskHandle> {
    return this.#calls.start({ name, arguments: args }, options)
  }

  /** The handle of a task that was begun earlier. @throws TransportError when the server does not know it */
  task(taskId: string): Promise<TaskHandle> {
    return this.#calls.task(taskId)
  }

  /**
   * Waits for a task of this server that a call has become: for whoever passes calls on.
   * @throws as a call does
   */
  follow(task: Task, call: Call): Promise<Complete> {
    return this.#calls.follow(task, call)
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
    const reason = closed(this.#wire.name)
    this.#host.stop(reason)
    this.#calls.stop(reason)
    this.#wire.stopAll(reason)
    await this.#conversation.close()
    await this.#wire.transport[Symbol.asyncDispose]()
  }
}

const closed = (name: string): TransportError => new TransportError('closed', `the connection to ${name} was closed`)

const everyList: Interest = { tools: true, prompts: true, resources: true }
