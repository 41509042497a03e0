import type { Catalog } from './catalog.ts'
import type { Upstream } from './upstreams/upstream.ts'

/** Subscriptions at servers for the resources that the gateway's clients watch. */
export class Watches {
  readonly #catalog: Catalog<Upstream>
  readonly #open = new Map<string, Promise<AsyncDisposable | undefined>>()

  constructor(catalog: Catalog<Upstream>) {
    this.#catalog = catalog
  }

  /** The first client watches a resource. */
  watch(uri: string): void {
    const route = this.#catalog.resource(uri)
    if (route === undefined) return
    // A server that cannot be asked now is asked again when it is back.
    const opening = route.server.watch(route.own).catch(() => undefined)
    this.#open.set(uri, opening)
  }

  /** The last client that watched it has gone. */
  unwatch(uri: string): void {
    const opening = this.#open.get(uri)
    this.#open.delete(uri)
    void opening?.then(subscription => subscription?.[Symbol.asyncDispose]()).catch(() => {})
  }

  /** A server is back: what is watched at it is asked for again. */
  renew(server: Upstream): void {
    const uris = [...this.#open.keys()].filter(uri => this.#catalog.resource(uri)?.server === server)
    for (const uri of uris) this.watch(uri)
  }
}
