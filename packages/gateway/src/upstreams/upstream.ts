import type { Client, EraName } from '@interlock/client'
import type { Call, Implementation, Outcome, Task, Transport } from '@interlock/protocol'
import type { StdioTransportOptions } from '@interlock/transport/stdio'
import { isPerUser } from '../config/http.ts'
import type { ServerSpec } from '../config/server.ts'
import { begin } from './begin.ts'
import type { Connection } from './connection.ts'
import { upstreamLimits } from './limits.ts'
import { has, type ListKind, type ListName, type Lists, listKinds, nothing, nothingEver } from './lists.ts'
import { type Oddities, oddities } from './oddities.ts'
import type { Open } from './open.ts'
import type { Parking } from './parked.ts'
import { Supervisor, type UpstreamState } from './supervisor.ts'

export interface UpstreamOptions {
  readonly spec: ServerSpec
  readonly info: Implementation
  /** Told when what the server offers has changed. */
  readonly onChange: (upstream: Upstream, kind: ListKind) => void
  /** Told of every new state, after the changes that come with it. */
  readonly onState: (upstream: Upstream) => void
  /** Told that a user is done at the page that the server sent them to. */
  readonly onPageDone?: (elicitationId: string) => void
  /** Where calls wait that cannot be run again. */
  readonly parking: Parking
  /** How a local server's process is listened to and stopped. */
  readonly process?: StdioTransportOptions
  /** How the server is reached; by default as its configuration says. */
  readonly open?: Open
  /** Why it is not started at all, for everybody. */
  readonly withheld?: string | undefined
}

/** One server behind the gateway: what it offers, and how it is called. */
export class Upstream implements AsyncDisposable {
  readonly name: string
  readonly #options: UpstreamOptions
  readonly #oddities: Oddities = oddities()
  readonly #supervisor: Supervisor
  #lists: Lists = nothing
  #known: Lists = nothing

  constructor(options: UpstreamOptions) {
    this.name = options.spec.name
    this.#options = options
    const { spec, process, open, onState } = options
    this.#supervisor = new Supervisor({
      spec,
      process,
      open,
      begin: (transport, era, signal) => this.#begin(transport, era, signal),
      onOffer: lists => this.#offer(lists),
      onState: () => onState(this),
    })
  }

  get state(): UpstreamState {
    return this.#supervisor.state
  }

  /** Whether what it says is for one user alone. */
  get isPersonal(): boolean {
    return isPerUser(this.#options.spec)
  }

  /** Whether calls are in flight, or wait for answers of their clients. */
  get isBusy(): boolean {
    return this.#supervisor.isBusy
  }

  /** What it offers now: nothing while it is down. */
  get lists(): Lists {
    return this.state.kind === 'ready' ? this.state.connection.listing.lists : this.#lists
  }

  /** What it offered last, though it may be down. */
  get known(): Lists {
    return this.#known
  }

  /** Reads a list again whose time is over. Resolves when it may be looked at; undefined when that is now. */
  freshen(list: ListName): Promise<void> | undefined {
    return this.state.kind === 'ready' ? this.state.connection.listing.freshen(list) : undefined
  }

  /** What went wrong without ending the server: garbage on its output, a broken entry of a list. */
  get warnings(): readonly string[] {
    return this.#oddities.lines()
  }

  start(): void {
    const { spec, withheld } = this.#options
    if (!spec.disabled && withheld === undefined) return this.#supervisor.start()
    this.#lists = nothingEver
    this.#supervisor.rest(
      spec.disabled || withheld === undefined
        ? { kind: 'disabled' }
        : { kind: 'down', reason: withheld, told: withheld, retryAt: undefined },
    )
  }

  /** Resolves when the server is ready or known not to be, or after `timeoutMs`. */
  settled(timeoutMs: number): Promise<void> {
    return this.#supervisor.settled(timeoutMs)
  }

  /** Passes a call on under the server's own names. @throws TransportError when the server does not answer it. */
  handle(call: Call): Promise<Outcome> {
    const { parking } = this.#options
    // No other server, and no other life of this one, can go on with it.
    if (parking.owns(call.resume?.state)) return parking.resume(call)
    const { state } = this
    const outcome =
      state.kind === 'ready'
        ? state.connection.handle(call)
        : this.#supervisor.connection().then(connection => connection.handle(call))
    return this.isPersonal ? outcome.then(forOneUser) : outcome
  }

  /** Waits for a task that a call has become here. */
  async follow(task: Task, call: Call): Promise<Outcome> {
    return (await this.#supervisor.connection()).follow(task, call)
  }

  /** Cancels a task that nobody looks after. Nobody waits for that, and nobody hears when it fails. */
  abandon({ taskId }: Task): void {
    this.client()
      .then(client => client.task(taskId))
      .then(task => task.cancel())
      .catch(() => {})
  }

  /** A client has other roots than before. */
  rootsChanged(): void {
    if (this.state.kind === 'ready') void this.state.connection.rootsChanged()
  }

  /** Hears of changes to one of its resources until what this resolves with is disposed of, or the server ends. */
  async watch(uri: string, listener: () => void): Promise<AsyncDisposable> {
    return (await this.client()).subscribe(uri, listener)
  }

  /**
   * The client of the running server: waited for, and started, as `Supervisor.connection` says.
   * @throws Unavailable that says why there is none
   */
  async client(): Promise<Client> {
    return (await this.#supervisor.connection()).client
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#supervisor.close()
  }

  #begin(transport: Transport, era: EraName | undefined, signal: AbortSignal): Promise<Connection> {
    const { spec, info, parking, onPageDone = () => {} } = this.#options
    return begin(transport, {
      name: spec.name,
      clientExtensions: spec.clientExtensions,
      info,
      parking,
      era,
      signal,
      onPageDone,
      listing: { onChange: kind => this.#changed(kind), note: what => this.#oddities.note(what) },
      startupMs: spec.startupTimeoutMs ?? upstreamLimits.startupMs,
      requestMs: spec.timeoutMs ?? upstreamLimits.requestMs,
    })
  }

  #changed(kind: ListKind): void {
    if (this.state.kind !== 'ready') return
    this.#lists = this.state.connection.listing.lists
    this.#known = this.#lists
    this.#options.onChange(this, kind)
  }

  /** Tells of those kinds only that the server had or has now: every client reads a changed list again. */
  #offer(lists: Lists): void {
    const before = this.#lists
    this.#lists = lists
    if (lists !== nothing) this.#known = lists
    for (const kind of listKinds) {
      if (has(before, kind) || has(lists, kind)) this.#options.onChange(this, kind)
    }
  }
}

/** What a server says may be kept for all is for one user alone, where each has a connection of their own. */
function forOneUser(outcome: Outcome): Outcome {
  if (outcome.kind !== 'complete' || outcome.cache === undefined) return outcome
  return { ...outcome, cache: { ...outcome.cache, scope: 'private' } }
}
