import { type ChangeBus, Cursors, changeBus, type Implementation } from '@interlock/protocol'
import { Catalog } from './catalog.ts'
import type { ServerSpec } from './config/server.ts'
import { pageKnownAs } from './pages.ts'
import { type ServerStatus, statusOf } from './status.ts'
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
  readonly onStatus?: ((status: ServerStatus) => void) | undefined
  readonly eofMs?: number | undefined
  /** How servers are reached; by default as their configuration says. */
  readonly open?: Open
}

/** The servers, what they offer together, and who hears when that changes. */
export class Offering {
  readonly upstreams: readonly Upstream[]
  readonly catalog: Catalog<Upstream>
  readonly changes: ChangeBus
  readonly #watches: Watches
  readonly #onStatus: OfferingOptions['onStatus']

  constructor(options: OfferingOptions) {
    this.#onStatus = options.onStatus
    this.upstreams = options.servers.map(spec => this.#upstream(spec, options))
    this.catalog = new Catalog(this.upstreams, new Cursors(options.info.name, options.seal))
    this.changes = changeBus({
      onWatch: uri => this.#watches.watch(uri),
      onUnwatch: uri => this.#watches.unwatch(uri),
    })
    this.#watches = new Watches(this.catalog, change => this.changes.publish(change))
  }

  /** Starts all servers at once. */
  start(): void {
    for (const upstream of this.upstreams) upstream.start()
  }

  /** Resolves when every server is up or known to be down, or after `timeoutMs`. */
  async settled(timeoutMs: number): Promise<void> {
    await Promise.all(this.upstreams.map(upstream => upstream.settled(timeoutMs)))
  }

  /** Resolves when it is known that a watched resource is heard of. @throws ProtocolError when its server refuses that */
  watching(uri: string): Promise<void> {
    return this.#watches.settled(uri)
  }

  /** Stops every server and waits until no process is left. */
  async close(): Promise<void> {
    await Promise.all(this.upstreams.map(upstream => upstream[Symbol.asyncDispose]()))
  }

  #upstream(spec: ServerSpec, { info, parking, onStderr, eofMs, open }: OfferingOptions): Upstream {
    return new Upstream({
      spec,
      info,
      parking,
      onChange: (_, kind) => this.#changed(kind),
      onState: upstream => this.#stateChanged(upstream),
      onPageDone: id => this.changes.publish({ kind: 'page', elicitationId: pageKnownAs(spec.name, id) }),
      process: {
        ...(eofMs === undefined ? {} : { eofMs }),
        ...(onStderr === undefined ? {} : { onStderr: (line: string) => onStderr(spec.name, line) }),
      },
      ...(open === undefined ? {} : { open }),
    })
  }

  #changed(kind: ListKind): void {
    this.catalog.forget(kind)
    if (kind === 'resources') this.#watches.reroute()
    this.changes.publish({ kind })
  }

  #stateChanged(upstream: Upstream): void {
    if (upstream.state.kind === 'ready') this.#watches.renew(upstream)
    this.#onStatus?.(statusOf(upstream))
  }
}
