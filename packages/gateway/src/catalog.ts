import {
  type Complete,
  Cursors,
  complete,
  isObject,
  nearest,
  Pages,
  type Tool,
  type UriTemplate,
  uriTemplate,
} from '@interlock/protocol'
import { createNames, exposedName, type Names, serverSegment } from './names.ts'
import { hintOf, together } from './upstreams/freshness.ts'
import { type Lists, literalPrefix } from './upstreams/lists.ts'
import { exposedUri, ownUri } from './uris.ts'

/** What the catalog needs to know of a server. */
export interface Offer {
  readonly name: string
  readonly lists: Lists
  /** What it offered last, when it offers nothing now: URIs lead to it all the same. Default `lists`. */
  readonly known?: Lists
}

/** Where a name leads. */
export interface Route<Server extends Offer> {
  readonly server: Server
  /** The server's own name, or URI, for it. */
  readonly own: string
}

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
  #owners: ReadonlyMap<string, Route<Server>> | undefined
  #templates: readonly TemplateRoute<Server>[] | undefined
  /** The same, those first that say most about a URI. */
  #matching: readonly TemplateRoute<Server>[] | undefined

  /** @param servers in the order of the configuration, which decides who keeps a name that two of them have */
  constructor(servers: readonly Server[], cursors: Cursors = new Cursors('gateway')) {
    this.#servers = servers
    this.#cursors = cursors
    this.#byName = new Map(servers.map(server => [server.name, server]))
  }

  /** What a server offers has changed. */
  forget(list: 'tools' | 'resources' | 'prompts'): void {
    this.#pages.delete(list)
    if (list === 'prompts') return
    // Tools name views by their URIs, and so have a part in whose a URI is.
    for (const related of ['tools', 'resources', 'resourceTemplates'] as const) this.#pages.delete(related)
    this.#owners = undefined
    this.#templates = undefined
    this.#matching = undefined
  }

  /** @throws ProtocolError for a cursor that was not given out */
  page(list: CatalogList, cursor: unknown): Complete | Promise<Complete> {
    const page = this.#list(list).page(cursor)
    const cache = hintOf(together(this.#servers.map(server => server.lists.freshness?.[ownList[list]])))
    if (cache === undefined) return page
    return page instanceof Promise ? page.then(({ result }) => complete(result, cache)) : complete(page.result, cache)
  }

  tool(exposed: string): Route<Server> | undefined {
    this.#list('tools') // names lead somewhere once the list was made
    return this.#route(this.#tools, exposed)
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
    return this.listed(uri) ?? this.#matched(uri)
  }

  /** The server that a URI belongs to whatever others may still come to offer: it lists it, or is named in it. */
  listed(uri: string): Route<Server> | undefined {
    const owner = this.#resources().get(uri)
    if (owner !== undefined) return owner
    for (const server of this.#servers) {
      const own = ownUri(server.name, uri)
      if (own !== undefined) return { server, own }
    }
    return undefined
  }

  /** The owner of a template as it was listed, or of a resource. */
  template(exposed: string): Route<Server> | undefined {
    return this.#templateRoutes().find(route => route.exposed === exposed) ?? this.resource(exposed)
  }

  #list(list: CatalogList): Pages {
    let pages = this.#pages.get(list)
    if (pages === undefined) this.#pages.set(list, (pages = new Pages(list, this.#entries(list), this.#cursors)))
    return pages
  }

  #matched(uri: string): Route<Server> | undefined {
    this.#matching ??= this.#templateRoutes()
      .filter(({ parsed }) => parsed !== undefined)
      .sort((one, other) => literalPrefix(other.own).length - literalPrefix(one.own).length)
    const template = this.#matching.find(({ parsed }) => parsed?.match(uri) !== undefined)
    return template === undefined ? undefined : { server: template.server, own: uri }
  }

  /** Under which URI clients know a server's resource. */
  knownAs(server: Server, own: string): string {
    const owner = this.#resources().get(own)
    return owner === undefined || owner.server === server ? own : exposedUri(server.name, own)
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
        return this.#templateRoutes()
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

  #resources(): ReadonlyMap<string, Route<Server>> {
    if (this.#owners !== undefined) return this.#owners
    const owners = new Map<string, Route<Server>>()
    for (const server of this.#servers) {
      for (const uri of urisOf(knownOf(server))) {
        const isTaken = (owners.get(uri)?.server ?? server) !== server
        owners.set(isTaken ? exposedUri(server.name, uri) : uri, { server, own: uri })
      }
    }
    this.#owners = owners
    return owners
  }

  #templateRoutes(): readonly TemplateRoute<Server>[] {
    if (this.#templates !== undefined) return this.#templates
    const owners = new Map<string, Server>()
    this.#templates = this.#servers.flatMap(server =>
      knownOf(server).templates.map(template => {
        const own = template.uriTemplate
        const exposed = (owners.get(own) ?? server) === server ? own : exposedUri(server.name, own)
        owners.set(exposed, server)
        return { server, own, exposed, template, parsed: parse(own) }
      }),
    )
    return this.#templates
  }
}

interface TemplateRoute<Server extends Offer> extends Route<Server> {
  readonly exposed: string
  readonly template: Lists['templates'][number]
  /** Absent when the server's template is not one of RFC 6570: it is listed, but leads nowhere. */
  readonly parsed: UriTemplate | undefined
}

/** Its resources, and the views of its tools, which need not be listed. */
const urisOf = ({ resources, tools }: Lists): string[] => [
  ...resources.map(({ uri }) => uri),
  ...tools.flatMap(tool => viewOf(tool) ?? []),
]

/** The URI of the view that shows a tool's results (MCP Apps). */
function viewOf({ _meta }: Tool): string | undefined {
  const ui: unknown = _meta?.['ui']
  const uri = isObject(ui) ? ui['resourceUri'] : undefined
  return typeof uri === 'string' ? uri : undefined
}

const knownOf = ({ lists, known = lists }: Offer): Lists => known

function parse(template: string): UriTemplate | undefined {
  try {
    return uriTemplate(template)
  } catch {
    return undefined
  }
}
