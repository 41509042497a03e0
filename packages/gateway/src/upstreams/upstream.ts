import { type Client, connect } from '@interlock/client'
import {
  type Call,
  type Change,
  type ClientCapabilities,
  type Implementation,
  interactiveMethods,
  type Outcome,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import type { StdioTransportOptions } from '@interlock/transport/stdio'
import type { ServerSpec } from '../config/server.ts'
import { Backoff } from './backoff.ts'
import { type Journal, journal } from './journal.ts'
import { has, type ListKind, type Lists, listKinds, nothing, readLists } from './lists.ts'
import { openTransport } from './open.ts'
import type { Parking } from './parked.ts'

export const upstreamLimits: {
  readonly startupMs: number
  readonly requestMs: number
  readonly waitMs: number
  readonly hurryMs: number
} = {
  /** Time for a server to start and say what it offers; `npx` may have to download it first. */
  startupMs: 60_000,
  /** Time for any other request; progress extends it. */
  requestMs: 60_000,
  /** How long a call waits for its server to be started again. */
  waitMs: 10_000,
  /** A server that is down and asked for is started again at most this often, whatever its backoff. */
  hurryMs: 1_000,
}

/** What servers may ask the gateway's clients: whether the one who calls can answer is found out then. */
const passedOn: ClientCapabilities = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} }

export type UpstreamState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly client: Client; readonly since: number }
  | { readonly kind: 'down'; readonly reason: string; readonly retryAt: number | undefined }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'closed' }

export interface UpstreamOptions {
  readonly spec: ServerSpec
  readonly info: Implementation
  /** Told when what the server offers has changed, or one of its resources. */
  readonly onChange: (upstream: Upstream, change: Change) => void
  /** Told of every new state, after the changes that come with it. */
  readonly onState: (upstream: Upstream) => void
  /** Where calls wait that cannot be run again. */
  readonly parking: Parking
  /** How a local server's process is listened to and stopped. */
  readonly process?: StdioTransportOptions
}

/** One server behind the gateway: started, watched, started again when it ends, and stopped with all its processes. */
export class Upstream implements AsyncDisposable {
  readonly name: string
  readonly #options: UpstreamOptions
  readonly #journal: Journal = journal()
  readonly #backoff = new Backoff()
  #state: UpstreamState = { kind: 'starting' }
  #lists: Lists = nothing
  #transport: Transport | undefined
  #timer: NodeJS.Timeout | undefined
  #attemptedAt = 0
  #waiters: (() => void)[] = []
  #run: Promise<void> = Promise.resolve()
  /** Why a server was given up that did not end by itself. */
  #lost: TransportError | undefined

  constructor(options: UpstreamOptions) {
    this.name = options.spec.name
    this.#options = options
  }

  get state(): UpstreamState {
    return this.#state
  }

  get lists(): Lists {
    return this.#lists
  }

  /** What went wrong without ending the server: garbage on its output, a broken entry of a list. */
  get warnings(): readonly string[] {
    return this.#journal.lines()
  }

  start(): void {
    if (this.#options.spec.disabled) this.#become({ kind: 'disabled' })
    else this.#run = this.#attempt()
  }

  /** Resolves when the server is ready or known not to be, or after `timeoutMs`. */
  async settled(timeoutMs: number): Promise<void> {
    if (this.#state.kind !== 'starting') return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>(resolve => {
      timer = setTimeout(resolve, timeoutMs)
      this.#waiters.push(resolve)
    })
    clearTimeout(timer)
  }

  /** Passes a call on under the server's own names. @throws TransportError when the server is down. */
  async handle(call: Call): Promise<Outcome> {
    const client = await this.client()
    // A server with sessions asks while it works; a client without cannot be asked while it waits.
    const mustPark = client.server.revision.features.era === 'legacy' && interactiveMethods.has(call.method)
    try {
      if (mustPark && !call.caller.input.isLive) return await this.#options.parking.handle(call, client.handle)
      return await client.handle(call)
    } catch (error) {
      this.#noteFailure(client, error)
      throw error
    }
  }

  /** Hears of changes to one of its resources until what this resolves with is disposed of. */
  async watch(uri: string): Promise<AsyncDisposable> {
    const client = await this.client()
    return client.subscribe(uri, own => this.#options.onChange(this, { kind: 'resource', uri: own }))
  }

  /**
   * The client of the running server. Waits a little for one that is being started, and starts one that is down at once
   * instead of when its time has come, but not more often than `hurryMs`.
   * @throws TransportError that says why there is none
   */
  async client(): Promise<Client> {
    if (this.#state.kind === 'down' && this.#state.retryAt !== undefined) await this.#hurry()
    if (this.#state.kind === 'starting') await this.settled(upstreamLimits.waitMs)
    const state = this.#state
    switch (state.kind) {
      case 'ready':
        return state.client
      case 'starting':
        throw new TransportError('unreachable', `server "${this.name}" is still starting; try again in a moment`)
      case 'down':
        throw new TransportError('unreachable', `server "${this.name}" is down: ${state.reason}`)
      case 'disabled':
      case 'closed':
        throw new TransportError('closed', `server "${this.name}" is ${state.kind}`)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#become({ kind: 'closed' })
    await this.#transport?.[Symbol.asyncDispose]()
    await this.#run
  }

  async #hurry(): Promise<void> {
    const pause = this.#attemptedAt + upstreamLimits.hurryMs - Date.now()
    if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
    if (this.#state.kind !== 'down') return // somebody else was faster
    clearTimeout(this.#timer)
    this.#run = this.#attempt()
  }

  /** Starts the server once and lives until it ends. Never rejects. */
  async #attempt(): Promise<void> {
    const { spec, info, process } = this.#options
    this.#attemptedAt = Date.now()
    this.#become({ kind: 'starting' })
    const opened = openTransport(spec, process)
    const { transport } = opened
    this.#transport = transport
    this.#lost = undefined
    let since: number | undefined
    let reason: string
    try {
      const client = await this.#connect(transport, info)
      since = Date.now()
      this.#become({ kind: 'ready', client, since })
      const ended = await transport.ended
      reason = opened.describe(this.#lost ?? ended)
      await client.close() // or it would try to listen for changes for ever
    } catch (error) {
      reason = opened.describe(error)
      await transport[Symbol.asyncDispose]()
    }
    if (this.#state.kind === 'closed') return
    this.#down(reason, opened.isHopeless, since === undefined ? 0 : Date.now() - since)
  }

  async #connect(transport: Transport, info: Implementation): Promise<Client> {
    const { spec } = this.#options
    const client = await connect(transport, {
      info,
      capabilities: passedOn,
      connectMs: spec.startupTimeoutMs ?? upstreamLimits.startupMs,
      timeoutMs: spec.timeoutMs ?? upstreamLimits.requestMs,
      onWarning: warning => this.#journal.note(warning),
    })
    const found = await Promise.allSettled(listKinds.map(kind => readLists(client, kind)))
    let lists = nothing
    for (const [index, list] of found.entries()) {
      if (list.status === 'fulfilled') lists = { ...lists, ...list.value }
      else if (hasEnded(list.reason)) throw list.reason
      else this.#journal.note(`could not list its ${listKinds[index]}: ${messageOf(list.reason)}`)
    }
    this.#offer(lists)
    client.onChange(change => this.#changed(client, change))
    return client
  }

  #changed(client: Client, change: Change): void {
    if (change.kind === 'resource') return
    this.#refresh(client, change.kind).catch((error: unknown) =>
      this.#journal.note(`could not list its ${change.kind}: ${messageOf(error)}`),
    )
  }

  async #refresh(client: Client, kind: ListKind): Promise<void> {
    const lists = await readLists(client, kind)
    if (this.#state.kind !== 'ready' || this.#state.client !== client) return
    this.#lists = { ...this.#lists, ...lists }
    this.#options.onChange(this, { kind })
  }

  /** A remote server that nobody answers for is down, and tried again like a process that ended. */
  #noteFailure(client: Client, error: unknown): void {
    if (!(error instanceof TransportError) || error.code !== 'unreachable') return
    if (this.#state.kind !== 'ready' || this.#state.client !== client || this.#lost !== undefined) return
    this.#lost = error
    void client.close()
  }

  #down(reason: string, isHopeless: boolean, livedMs: number): void {
    const wait = isHopeless ? undefined : this.#backoff.next(livedMs)
    this.#offer(nothing)
    this.#become({ kind: 'down', reason, retryAt: wait === undefined ? undefined : Date.now() + wait })
    if (wait === undefined) return
    this.#timer = setTimeout(() => {
      this.#run = this.#attempt()
    }, wait)
    this.#timer.unref()
  }

  /** Tells of those kinds only that the server had or has now: every client reads a changed list again. */
  #offer(lists: Lists): void {
    const before = this.#lists
    this.#lists = lists
    for (const kind of listKinds) {
      if (has(before, kind) || has(lists, kind)) this.#options.onChange(this, { kind })
    }
  }

  #become(state: UpstreamState): void {
    if (this.#state.kind === 'closed') return
    this.#state = state
    if (state.kind !== 'starting') for (const resolve of this.#waiters.splice(0)) resolve()
    this.#options.onState(this)
  }
}

const hasEnded = (error: unknown): boolean =>
  error instanceof TransportError && (error.code === 'exited' || error.code === 'closed')

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
