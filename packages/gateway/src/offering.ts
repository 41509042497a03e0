import { type ChangeBus, Cursors, changeBus, type Implementation } from '@interlock/protocol'
import { Catalog } from './catalog.ts'
import type { ServerSpec } from './config/server.ts'
import { pageKnownAs } from './pages.ts'
import type { ListKind } from './upstreams/lists.ts'
import type { Open } from './upstreams/open.ts'
import type { Parking } from './upstreams/parked.ts'
import { Upstream } from './upstreams/upstream.ts'
import { Watches } from './watches.ts'

export interface OfferingOptions {
  readonly servers: readonly ServerSpec[]
  /** How the gateway calls itself to them. */
  readonly info: Implementation
  readonly parking: Parking
  /** Keys that every replica of the gateway has. */
  readonly seal?: readonly Uint8Array[] | undefined
  readonly onStderr?: ((server: string, line: string) => void) | undefined
  /** Told of every new state of one of the servers. */
  readonly onState?: ((upstream: Upstream) => void) | undefined
  readonly eofMs?: number | undefined
  /** How servers are reached; by default as their configuration says. */
  readonly open?: Open
  /** Why a server is not started. */
  readonly withheld?: (spec: ServerSpec) => string | undefined
  /** The user whom this is offered to alone: nobody else's cursors are good here. */
  readonly user?: string | undefined
  /** An offering to all, whose servers are offered here too, but for those that `servers` are in the place of. */
  readonly common?: Offering
}

/** The servers, what they offer together, and who hears when that changes. */
export class Offering {
  /** In the order of the configuration. */
  readonly upstreams: readonly Upstream[]
  readonly catalog: Catalog<Upstream>
  readonly changes: ChangeBus
  readonly #common: Offering | undefined
  /** Those that are started and stopped here. */
  readonly #own: readonly Upstream[]
  readonly #heard: ChangeBus
  readonly #watches: Watches
  readonly #onState: OfferingOptions['onState']
  /** Offerings that have the servers of this one as well. */
  readonly #others = new Set<Offering>()

  constructor(options: OfferingOptions) {
    const { servers, info, seal, user, common } = options
    this.#onState = options.onState
    this.#common = common
    const own = new Map(servers.map(spec => [spec.name, this.#upstream(spec, options)]))
    this.#own = [...own.values()]
    this.upstreams = common?.upstreams.map(upstream => own.get(upstream.name) ?? upstream) ?? this.#own
    const owner = user === undefined ? info.name : JSON.stringify([info.name, user])
    this.catalog = new Catalog(this.upstreams, new Cursors(owner, seal))
    this.#heard = changeBus({
      onWatch: uri => this.#watches.watch(uri),
      onUnwatch: uri => this.#watches.unwatch(uri),
    })
    this.changes = common === undefined ? this.#heard : withTasks(this.#heard, common.changes)
    this.#watches = new Watches(this.catalog, change => this.#heard.publish(change))
  }

  /** Starts all servers at once. */
  start(): void {
    if (this.#common !== undefined) this.#common.#others.add(this)
    for (const upstream of this.#own) upstream.start()
  }

  /** Resolves when every server that was started here is up or known to be down, or after `timeoutMs`. */
  async settled(timeoutMs: number): Promise<void> {
    await Promise.all(this.#own.map(upstream => upstream.settled(timeoutMs)))
  }

  /** Resolves when it is known that a watched resource is heard of. @throws ProtocolError when its server refuses that */
  watching(uri: string): Promise<void> {
    return this.#watches.settled(uri)
  }

  /** The server of this name that was started here. */
  own(name: string): Upstream | undefined {
    return this.#own.find(upstream => upstream.name === name)
  }

  /** Whether calls are in flight at servers that were started here. */
  get isBusy(): boolean {
    return this.#own.some(({ isBusy }) => isBusy)
  }

  /** Stops every server that was started here, and waits until no process is left. */
  async close(): Promise<void> {
    if (this.#common !== undefined) this.#common.#others.delete(this)
    await Promise.all(this.#own.map(upstream => upstream[Symbol.asyncDispose]()))
  }

  #upstream(spec: ServerSpec, { info, parking, onStderr, eofMs, open, withheld }: OfferingOptions): Upstream {
    return new Upstream({
      spec,
      info,
      parking,
      withheld: withheld?.(spec),
      onChange: (_, kind) => this.#all(offering => offering.#changed(kind)),
      onState: upstream => this.#stateChanged(upstream),
      onPageDone: id => {
        const elicitationId = pageKnownAs(spec.name, id)
        this.#all(({ changes }) => changes.publish({ kind: 'page', elicitationId }))
      },
      process: {
        ...(eofMs === undefined ? {} : { eofMs }),
        ...(onStderr === undefined ? {} : { onStderr: (line: string) => onStderr(spec.name, line) }),
      },
      ...(open === undefined ? {} : { open }),
    })
  }

  /** What a server says is for whom it is offered to: everybody, or one user. */
  #all(tell: (offering: Offering) => void): void {
    for (const offering of [this, ...this.#others]) tell(offering)
  }

  #changed(kind: ListKind): void {
    this.catalog.forget(kind)
    if (kind === 'resources') this.#watches.reroute()
    this.changes.publish({ kind })
  }

  #stateChanged(upstream: Upstream): void {
    if (upstream.state.kind === 'ready') this.#all(offering => offering.#watches.renew(upstream))
    this.#onState?.(upstream)
  }
}

/** Tasks are known by ids that their owners alone can ask with, so there is one place for those of all. */
function withTasks(heard: ChangeBus, common: ChangeBus): ChangeBus {
  return {
    publish: change => heard.publish(change),
    subscribe({ tasks, ...interest }, listener) {
      const told = heard.subscribe(interest, listener)
      const ofTasks = tasks === undefined ? undefined : common.subscribe({ tasks }, listener)
      return {
        [Symbol.dispose]() {
          told[Symbol.dispose]()
          ofTasks?.[Symbol.dispose]()
        },
      }
    },
  }
}
