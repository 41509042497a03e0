import { type Client, ConnectError, type EraName } from '@interlock/client'
import {
  type Call,
  type Implementation,
  type Outcome,
  type Task,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import type { StdioTransportOptions } from '@interlock/transport/stdio'
import { isPerUser } from '../config/http.ts'
import type { ServerSpec } from '../config/server.ts'
import { Backoff } from './backoff.ts'
import { begin } from './begin.ts'
import type { Connection } from './connection.ts'
import { upstreamLimits } from './limits.ts'
import { has, type ListKind, type ListName, type Lists, listKinds, nothing, nothingEver } from './lists.ts'
import { loginNeededIn } from './login-needed.ts'
import { type Oddities, oddities } from './oddities.ts'
import { type Open, type Opened, openTransport } from './open.ts'
import type { Parking } from './parked.ts'
import { Unavailable } from './reason.ts'

export type UpstreamState =
  /** `reason` is why it was down before, where it is tried again. */
  | { readonly kind: 'starting'; readonly reason?: string }
  | { readonly kind: 'ready'; readonly client: Client; readonly connection: Connection }
  /** `reason` is for the person who runs the gateway, `told` for clients. */
  | { readonly kind: 'down'; readonly reason: string; readonly told: string; readonly retryAt: number | undefined }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'closed' }

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

/** One server behind the gateway: started, watched, started again when it ends, and stopped with all its processes. */
export class Upstream implements AsyncDisposable {
  readonly name: string
  readonly #options: UpstreamOptions
  readonly #oddities: Oddities = oddities()
  readonly #backoff = new Backoff()
  /** The present connection, and given up ones whose calls are not done. */
  readonly #connections = new Set<Connection>()
  readonly #waiters = new Set<() => void>()
  readonly #stop = new AbortController()
  #state: UpstreamState = { kind: 'starting' }
  #lists: Lists = nothing
  #known: Lists = nothing
  #timer: NodeJS.Timeout | undefined
  /** Ends the wait for a login. */
  #wait = new AbortController()
  #attemptedAt = 0
  #run: Promise<void> = Promise.resolve()
  /** The kind of revision that it spoke last, so that a restart need not find out. */
  #era: EraName | undefined

  constructor(options: UpstreamOptions) {
    this.name = options.spec.name
    this.#options = options
  }

  get state(): UpstreamState {
    return this.#state
  }

  /** Whether what it says is for one user alone. */
  get isPersonal(): boolean {
    return isPerUser(this.#options.spec)
  }

  /** Whether calls are in flight, or wait for answers of their clients. */
  get isBusy(): boolean {
    return [...this.#connections].some(({ isBusy }) => isBusy)
  }

  /** What it offers now: nothing while it is down. */
  get lists(): Lists {
    return this.#state.kind === 'ready' ? this.#state.connection.listing.lists : this.#lists
  }

  /** What it offered last, though it may be down. */
  get known(): Lists {
    return this.#known
  }

  /** Reads a list again whose time is over. Resolves when it may be looked at; undefined when that is now. */
  freshen(list: ListName): Promise<void> | undefined {
    return this.#state.kind === 'ready' ? this.#state.connection.listing.freshen(list) : undefined
  }

  /** What went wrong without ending the server: garbage on its output, a broken entry of a list. */
  get warnings(): readonly string[] {
    return this.#oddities.lines()
  }

  start(): void {
    const { spec, withheld } = this.#options
    if (!spec.disabled && withheld === undefined) this.#run = this.#attempt()
    else {
      this.#lists = nothingEver
      this.#become(
        spec.disabled || withheld === undefined
          ? { kind: 'disabled' }
          : { kind: 'down', reason: withheld, told: withheld, retryAt: undefined },
      )
    }
  }

  /** Resolves when the server is ready or known not to be, or after `timeoutMs`. */
  async settled(timeoutMs: number): Promise<void> {
    if (this.#state.kind !== 'starting') return
    await new Promise<void>(resolve => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiters.delete(done)
        resolve()
      }
      const timer = setTimeout(done, timeoutMs)
      this.#waiters.add(done)
    })
  }

  /** Passes a call on under the server's own names. @throws TransportError when the server does not answer it. */
  async handle(call: Call): Promise<Outcome> {
    const { parking } = this.#options
    // No other server, and no other life of this one, can go on with it.
    if (parking.owns(call.resume?.state)) return parking.resume(call)
    const { connection } = this.#state.kind === 'ready' ? this.#state : { connection: await this.#connection() }
    const outcome = await connection.handle(call)
    if (!this.isPersonal || outcome.kind !== 'complete' || outcome.cache === undefined) return outcome
    return { ...outcome, cache: { ...outcome.cache, scope: 'private' } }
  }

  /** Waits for a task that a call has become here. */
  async follow(task: Task, call: Call): Promise<Outcome> {
    return (await this.#connection()).follow(task, call)
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
    if (this.#state.kind === 'ready') void this.#state.connection.rootsChanged()
  }

  /** Hears of changes to one of its resources until what this resolves with is disposed of, or the server ends. */
  async watch(uri: string, listener: () => void): Promise<AsyncDisposable> {
    return (await this.client()).subscribe(uri, listener)
  }

  /**
   * The client of the running server. Waits a little for one that is being started, and starts one that is down at once
   * instead of when its time has come, but not more often than `hurryMs`.
   * @throws Unavailable that says why there is none
   */
  async client(): Promise<Client> {
    return (await this.#connection()).client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#wait.abort()
    this.#become({ kind: 'closed' })
    this.#stop.abort(new TransportError('closed', 'the gateway is closing'))
    await Promise.all([...this.#connections].map(connection => connection.close()))
    await this.#run
  }

  async #connection(): Promise<Connection> {
    if (this.#state.kind === 'down' && this.#state.retryAt !== undefined) await this.#hurry()
    if (this.#state.kind === 'starting') await this.settled(upstreamLimits.waitMs)
    const state = this.#state
    switch (state.kind) {
      case 'ready':
        return state.connection
      case 'starting':
        throw new Unavailable('unreachable', `server "${this.name}" is still starting; try again in a moment`)
      case 'down':
        throw new Unavailable('unreachable', `server "${this.name}" is down: ${state.told}`)
      case 'disabled':
      case 'closed':
        throw new Unavailable('closed', `server "${this.name}" is ${state.kind}`)
    }
  }

  async #hurry(): Promise<void> {
    const pause = this.#attemptedAt + upstreamLimits.hurryMs - Date.now()
    if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
    if (this.#state.kind !== 'down') return // somebody else was faster
    clearTimeout(this.#timer)
    this.#run = this.#attempt()
  }

  #attempt(): Promise<void> {
    this.#attemptedAt = Date.now()
    this.#wait.abort()
    const before = this.#state
    this.#become({ kind: 'starting', ...(before.kind === 'down' ? { reason: before.reason } : {}) })
    return this.#live(this.#era)
  }

  /** Starts the server once and lives until it ends. Never rejects. */
  async #live(era: EraName | undefined): Promise<void> {
    const { spec, process, open = openTransport } = this.#options
    const opened = open(spec, process)
    let connection: Connection
    try {
      connection = await this.#begin(opened.transport, era)
    } catch (error) {
      await opened.transport[Symbol.asyncDispose]()
      if (this.#isClosed) return
      // Its process ended at a first message that it does not know, as some servers with sessions do.
      if (era === undefined && error instanceof ConnectError && error.mayBeLegacy) return this.#live('legacy')
      if (!opened.isHopeless && !isUnreachable(error)) this.#era = undefined
      return this.#down(opened, error, 0)
    }
    if (this.#isClosed) return connection.close()
    this.#connections.add(connection)
    const since = Date.now()
    this.#era = connection.client.server.revision.features.era
    this.#offer(connection.listing.lists)
    this.#become({ kind: 'ready', client: connection.client, connection })
    connection.listing.follow()
    const reason = await connection.over
    void connection.retire().finally(() => this.#connections.delete(connection))
    if (!this.#isClosed) this.#down(opened, reason, Date.now() - since)
  }

  #begin(transport: Transport, era: EraName | undefined): Promise<Connection> {
    const { spec, info, parking, onPageDone = () => {} } = this.#options
    return begin(transport, {
      name: spec.name,
      clientExtensions: spec.clientExtensions,
      info,
      parking,
      era,
      signal: this.#stop.signal,
      onPageDone,
      listing: { onChange: kind => this.#changed(kind), note: what => this.#oddities.note(what) },
      startupMs: spec.startupTimeoutMs ?? upstreamLimits.startupMs,
      requestMs: spec.timeoutMs ?? upstreamLimits.requestMs,
    })
  }

  #changed(kind: ListKind): void {
    if (this.#state.kind !== 'ready') return
    this.#lists = this.#state.connection.listing.lists
    this.#known = this.#lists
    this.#options.onChange(this, kind)
  }

  #down(opened: Opened, error: unknown, livedMs: number): void {
    const login = loginNeededIn(error)
    const wait = opened.isHopeless ? undefined : login ? upstreamLimits.loginMs : this.#backoff.next(livedMs)
    this.#offer(nothing)
    this.#become({
      kind: 'down',
      reason: opened.describe(error),
      told: opened.tell(error),
      retryAt: wait === undefined ? undefined : Date.now() + wait,
    })
    if (wait === undefined) return
    this.#timer = setTimeout(() => {
      this.#run = this.#attempt()
    }, wait)
    this.#timer.unref()
    this.#wait = new AbortController()
    const { signal } = this.#wait
    login?.changed?.(signal).then(
      () => (signal.aborted ? undefined : this.#hurry()),
      () => undefined, // nobody waits for it any more, or its store cannot be read; the timer is still there
    )
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

  get #isClosed(): boolean {
    return this.#state.kind === 'closed'
  }

  #become(state: UpstreamState): void {
    if (this.#isClosed) return
    this.#state = state
    if (state.kind !== 'starting') for (const done of this.#waiters) done()
    this.#options.onState(this)
  }
}

function isUnreachable(error: unknown): boolean {
  const cause = error instanceof ConnectError ? error.cause : error
  return cause instanceof TransportError && cause.code === 'unreachable'
}
