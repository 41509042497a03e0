import { type ChangeBus, ProtocolError } from '@interlock/protocol'
import type { Catalog } from './catalog.ts'
import { refusal } from './errors.ts'
import { upstreamLimits } from './upstreams/limits.ts'
import type { Upstream } from './upstreams/upstream.ts'

/** A resource that clients watch, under the URI that they know. */
interface Watch {
  readonly uri: string
  /** Where it is subscribed to; undefined while there is nobody to ask. */
  server: Upstream | undefined
  subscription: Promise<AsyncDisposable | undefined>
  /** The same for whoever waits: rejects with what the server says to it. */
  answered: Promise<unknown>
}

/** Subscriptions at servers for the resources that the gateway's clients watch, whatever becomes of the servers. */
export class Watches {
  readonly #catalog: Catalog<Upstream>
  readonly #publish: ChangeBus['publish']
  readonly #watches = new Map<string, Watch>()

  constructor(catalog: Catalog<Upstream>, publish: ChangeBus['publish']) {
    this.#catalog = catalog
    this.#publish = publish
  }

  /** The first client watches a resource. */
  watch(uri: string): void {
    const watch: Watch = { uri, server: undefined, subscription: nobody, answered: nobody }
    this.#watches.set(uri, watch)
    this.#route(watch)
  }

  /**
   * Resolves when the server tells of a watched resource, when there is none to ask, or when it does not answer in time:
   * it is heard of later then, if at all.
   * @throws ProtocolError when the server refuses
   */
  async settled(uri: string): Promise<void> {
    const { answered, server } = this.#watches.get(uri) ?? {}
    if (answered === undefined || server === undefined) return
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, upstreamLimits.watchMs)
    })
    try {
      await Promise.race([answered, patience])
    } catch (error) {
      // Without an answer nothing is refused: it is asked again when it is back.
      if (error instanceof ProtocolError) throw refusal(server, 'resources/subscribe', error)
    } finally {
      clearTimeout(timer)
    }
  }

  /** The last client that watched it has gone. */
  unwatch(uri: string): void {
    const watch = this.#watches.get(uri)
    this.#watches.delete(uri)
    if (watch !== undefined) leave(watch)
  }

  /** A server is up again, and knows nothing of what was watched at it before. */
  renew(server: Upstream): void {
    for (const watch of this.#watches.values()) {
      if (watch.server === server) leave(watch)
      this.#route(watch)
    }
  }

  /** What servers offer has changed: a URI may lead elsewhere, or somewhere at last. */
  reroute(): void {
    for (const watch of this.#watches.values()) this.#route(watch)
  }

  /** Subscribes where the URI leads now. A server that is down is asked when it is back. */
  #route(watch: Watch): void {
    const { uri } = watch
    const route = this.#catalog.resource(uri)
    if (route?.server === watch.server) return
    leave(watch)
    if (route?.server.state.kind !== 'ready') return
    watch.server = route.server
    // Under the URI that clients watch, since they know no other. A server that refuses is not asked again.
    const listener = (): void => this.#publish({ kind: 'resource', uri })
    const subscribed = route.server.watch(route.own, listener)
    watch.answered = subscribed
    watch.subscription = subscribed.catch(() => undefined)
  }
}

const nobody: Promise<undefined> = Promise.resolve(undefined)

function leave(watch: Watch): void {
  const { subscription } = watch
  watch.server = undefined
  watch.subscription = nobody
  watch.answered = nobody
  void subscription.then(open => open?.[Symbol.asyncDispose]()).catch(() => {})
}
