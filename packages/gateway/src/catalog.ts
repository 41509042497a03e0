import {
  type CacheHint,
  type Complete,
  Cursors,
  complete,
  isObject,
  nearest,
  Pages,
  type Tool,
} from '@interlock/protocol'
import { Addresses, isForViews, type Offer, type Route, viewOf } from './addresses.ts'
import { createNames, exposedName, type Names, serverSegment } from './names.ts'
import { forOne, hintOf, together } from './upstreams/freshness.ts'

export type { Offer, Route } from './addresses.ts'

export type CatalogList = 'tools' | 'resources' | 'resourceTemplates' | 'prompts'

/** How a server's own lists are called. */
const ownList = { tools: 'tools', resources: 'resources', resourceTemplates: 'templates', prompts: 'prompts' } as const

/** What the gateway offers: the union of what its servers do, under names that lead back to them. */
export class Catalog<Server extends Offer> {
  readonly #servers: readonly Server[]
  readonly #byName: ReadonlyMap<string, Server>
  readonly #cursors: Cursors
  readonly #tools: Names = createNames()
  readonly #prompts: Names = createNames()
  readonly #pages = new Map<CatalogList, Pages>()
  readonly #addresses: Addresses<Server>

  /** @param servers in the order of the configuration, which decides who keeps a name that two of them have */
  constructor(servers: readonly Server[], cursors: Cursors = new Cursors('gateway')) {
    this.#servers = servers
    this.#cursors = cursors
    this.#addresses = new Addresses(servers)
    this.#byName = new Map(servers.map(server => [server.name, server]))
  }

  /** What a server offers has changed. */
  forget(list: 'tools' | 'resources' | 'prompts'): void {
    this.#pages.delete(list)
    if (list === 'prompts') return
    // Tools name views by their URIs, and so have a part in whose a URI is.
    for (const related of ['tools', 'resources', 'resourceTemplates'] as const) this.#pages.delete(related)
    this.#addresses.forget()
  }

  /**
   * The first page is of lists that are fresh; further ones belong to it.
   * @param subject the principal who asks
   * @throws ProtocolError for a cursor that was not given out, or not to this principal
   */
  page(list: CatalogList, cursor: unknown, subject?: string): Complete | Promise<Complete> {
    const waits = cursor === undefined ? this.#servers.flatMap(server => server.freshen?.(ownList[list]) ?? []) : []
    const made = (): Complete | Promise<Complete> => this.#page(list, cursor, subject)
    return waits.length === 0 ? made() : Promise.all(waits).then(made)
  }

  #page(list: CatalogList, cursor: unknown, subject: string | undefined): Complete | Promise<Complete> {
    const pages = this.#list(list)
    const page = pages.page(cursor, subject)
    const parts = this.#servers.map(({ lists: { freshness }, isPersonal }) => {
      const part = freshness?.[ownList[list]]
      return isPersonal ? forOne(part) : part
    })
    const hint = hintOf(together(parts))
    if (hint === undefined) return page
    const cache: CacheHint = pages.isSharedWith(subject) ? hint : { ...hint, scope: 'private' }
    return page instanceof Promise ? page.then(({ result }) => complete(result, cache)) : complete(page.result, cache)
  }

  tool(exposed: string): Route<Server> | undefined {
    this.#list('tools') // names lead somewhere once the list was made
    return this.#route(this.#tools, exposed)
  }

  /**
   * Where a view's call leads: views know their server's tools by its own names only (MCP Apps). Such a name leads to the
   * one server with views that has such a tool for them; nowhere, when several have.
   */
  toolOfView(own: string): Route<Server> | undefined {
    const [one, ...others] = this.#servers.filter(({ lists: { tools } }) => {
      const tool = tools.find(({ name }) => name === own)
      return tool !== undefined && isForViews(tool) && tools.some(each => viewOf(each) !== undefined)
    })
    return one === undefined || others.length > 0 ? undefined : { server: one, own }
  }

  /** The names under which servers' tools of this own name are offered. */
  toolsNamed(own: string): string[] {
    this.#list('tools')
    const having = this.#servers.filter(({ lists }) => lists.tools.some(({ name }) => name === own))
    return having.map(({ name }) => this.#tools.add(name, own))
  }

  prompt(exposed: string): Route<Server> | undefined {
    this.#list('prompts')
    return this.#route(this.#prompts, exposed)
  }

  /** The name that a client most likely meant. */
  nearest(list: 'tools' | 'prompts', exposed: string): string | undefined {
    return nearest(
      exposed,
      this.#list(list).entries.map(entry => (isObject(entry) ? String(entry['name']) : '')),
    )
  }

  /** The server that a name would lead to by its first part, whether it offers such a thing or not. */
  namesake(exposed: string): Server | undefined {
    return this.#servers.find(({ name }) => exposed.startsWith(`${serverSegment(name)}__`))
  }

  /** The same, with what follows the first part. */
  inNamespace(exposed: string): Route<Server> | undefined {
    const server = this.namesake(exposed)
    return server === undefined ? undefined : { server, own: exposed.slice(`${serverSegment(server.name)}__`.length) }
  }

  /** The server, if there is but one. */
  get sole(): Server | undefined {
    return this.#servers.length === 1 ? this.#servers[0] : undefined
  }

  resource(uri: string): Route<Server> | undefined {
    return this.#addresses.resource(uri)
  }

  /** The server that a URI belongs to whatever others may still come to offer. */
  listed(uri: string): Route<Server> | undefined {
    return this.#addresses.listed(uri)
  }

  /** The owner of a template as it was listed, or of a resource. */
  template(exposed: string): Route<Server> | undefined {
    return this.#addresses.template(exposed)
  }

  /** Under which URI clients know a server's resource. */
  knownAs(server: Server, own: string): string {
    return this.#addresses.knownAs(server, own)
  }

  #list(list: CatalogList): Pages {
    let pages = this.#pages.get(list)
    if (pages === undefined) this.#pages.set(list, (pages = new Pages(list, this.#entries(list), this.#cursors)))
    return pages
  }

  #route(names: Names, exposed: string): Route<Server> | undefined {
    const origin = names.resolve(exposed)
    const server = origin === undefined ? undefined : this.#byName.get(origin.server)
    return origin === undefined || server === undefined ? undefined : { server, own: origin.name }
  }

  #entries(list: CatalogList): readonly unknown[] {
    switch (list) {
      case 'tools':
        return this.#named(this.#tools, server => server.lists.tools.map(tool => this.#withView(server, tool)))
      case 'prompts':
        return this.#named(this.#prompts, server => server.lists.prompts)
      case 'resources':
        return this.#servers.flatMap(server =>
          server.lists.resources.map(resource => ({
            ...resource,
            name: exposedName(server.name, resource.name),
            uri: this.knownAs(server, resource.uri),
          })),
        )
      case 'resourceTemplates':
        return this.#addresses
          .templates()
          .filter(({ server, template }) => server.lists.templates.includes(template))
          .map(({ server, exposed, template }) => ({
            ...template,
            name: exposedName(server.name, template.name),
            uriTemplate: exposed,
          }))
    }
  }

  /** The view that shows a tool's results is named by its URI (MCP Apps), which clients may know by another one. */
  #withView(server: Server, tool: Tool): Tool {
    const own = viewOf(tool)
    const resourceUri = own === undefined ? undefined : this.knownAs(server, own)
    if (resourceUri === own) return tool
    return { ...tool, _meta: { ...tool._meta, ui: { ...Object(tool._meta?.['ui']), resourceUri } } }
  }

  #named<Entry extends { readonly name: string }>(names: Names, of: (server: Server) => readonly Entry[]): Entry[] {
    return this.#servers.flatMap(server => {
      names.clear(server.name)
      return of(server).map(entry => ({ ...entry, name: names.add(server.name, entry.name) }))
    })
  }
}
