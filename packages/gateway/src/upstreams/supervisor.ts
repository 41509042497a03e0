import { type Client, ConnectError, type EraName } from '@interlock/client'
import { type Transport, TransportError } from '@interlock/protocol'
import type { StdioTransportOptions } from '@interlock/transport/stdio'
import type { ServerSpec } from '../config/server.ts'
import { Backoff } from './backoff.ts'
import type { Connection } from './connection.ts'
import { upstreamLimits } from './limits.ts'
import { type Lists, nothing } from './lists.ts'
import { loginNeededIn } from './login-needed.ts'
import { type Open, type Opened, openTransport } from './open.ts'
import { Unavailable } from './reason.ts'

export type UpstreamState =
  /** `reason` is why it was down before, where it is tried again. */
  | { readonly kind: 'starting'; readonly reason?: string }
  | { readonly kind: 'ready'; readonly client: Client; readonly connection: Connection }
  /** `reason` is for the person who runs the gateway, `told` for clients. */
  | { readonly kind: 'down'; readonly reason: string; readonly told: string; readonly retryAt: number | undefined }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'closed' }

export interface SupervisorOptions {
  readonly spec: ServerSpec
  /** How a local server's process is listened to and stopped. */
  readonly process?: StdioTransportOptions | undefined
  /** How the server is reached; by default as its configuration says. */
  readonly open?: Open | undefined
  /**
   * Connects to the server over a transport, until the signal aborts.
   * @param era the kind of revision to speak, where it need not be found out
   */
  readonly begin: (transport: Transport, era: EraName | undefined, signal: AbortSignal) => Promise<Connection>
  /** Told what the server offers, before it is ready, and that it offers nothing, before it is down. */
  readonly onOffer: (lists: Lists) => void
  /** Told of every new state. */
  readonly onState: () => void
}

/** Keeps one server running: starts it, watches it, starts it again when it ends, and stops it with all its processes. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #backoff = new Backoff()
  /** The present connection, and given up ones whose calls are not done. */
  readonly #connections = new Set<Connection>()
  readonly #waiters = new Set<() => void>()
  readonly #stop = new AbortController()
  #state: UpstreamState = { kind: 'starting' }
  #timer: NodeJS.Timeout | undefined
  /** Ends the wait for a login. */
  #wait = new AbortController()
  #attemptedAt = 0
  #run: Promise<void> = Promise.resolve()
  /** The kind of revision that it spoke last, so that a restart need not find out. */
  #era: EraName | undefined

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get state(): UpstreamState {
    return this.#state
  }

  /** Whether calls are in flight, or wait for answers of their clients. */
  get isBusy(): boolean {
    return [...this.#connections].some(({ isBusy }) => isBusy)
  }

  start(): void {
    this.#run = this.#attempt()
  }

  /** What is said instead of `start` where the server is not to be started at all. */
  rest(state: Extract<UpstreamState, { kind: 'down' | 'disabled' }>): void {
    this.#become(state)
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

  /**
   * The connection to the running server. Waits a little for one that is being started, and starts one that is down at
   * once instead of when its time has come, but not more often than `hurryMs`.
   * @throws Unavailable that says why there is none
   */
  async connection(): Promise<Connection> {
    if (this.#state.kind === 'down' && this.#state.retryAt !== undefined) await this.#hurry()
    if (this.#state.kind === 'starting') await this.settled(upstreamLimits.waitMs)
    const { name } = this.#options.spec
    const state = this.#state
    switch (state.kind) {
      case 'ready':
        return state.connection
      case 'starting':
        throw new Unavailable('unreachable', `server "${name}" is still starting; try again in a moment`)
      case 'down':
        throw new Unavailable('unreachable', `server "${name}" is down: ${state.told}`)
      case 'disabled':
      case 'closed':
        throw new Unavailable('closed', `server "${name}" is ${state.kind}`)
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#wait.abort()
    this.#become({ kind: 'closed' })
    this.#stop.abort(new TransportError('closed', 'the gateway is closing'))
    await Promise.all([...this.#connections].map(connection => connection.close()))
    await this.#run
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
    const { spec, process, open = openTransport, begin, onOffer } = this.#options
    const opened = open(spec, process)
    let connection: Connection
    try {
      connection = await begin(opened.transport, era, this.#stop.signal)
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
    onOffer(connection.listing.lists)
    this.#become({ kind: 'ready', client: connection.client, connection })
    connection.listing.follow()
    const reason = await connection.over
    void connection.retire().finally(() => this.#connections.delete(connection))
    if (!this.#isClosed) this.#down(opened, reason, Date.now() - since)
  }

  #down(opened: Opened, error: unknown, livedMs: number): void {
    const login = loginNeededIn(error)
    const wait = opened.isHopeless ? undefined : login ? upstreamLimits.loginMs : this.#backoff.next(livedMs)
    this.#options.onOffer(nothing)
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

  get #isClosed(): boolean {
    return this.#state.kind === 'closed'
  }

  #become(state: UpstreamState): void {
    if (this.#isClosed) return
    this.#state = state
    if (state.kind !== 'starting') for (const done of this.#waiters) done()
    this.#options.onState()
  }
}

function isUnreachable(error: unknown): boolean {
  const cause = error instanceof ConnectError ? error.cause : error
  return cause instanceof TransportError && cause.code === 'unreachable'
}
