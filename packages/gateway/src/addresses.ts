import { isObject, type Tool, type UriTemplate, uriTemplate } from '@interlock/protocol'
import { type ListName, type Lists, literalPrefix } from './upstreams/lists.ts'
import { exposedUri, isOfGateways, ownUri } from './uris.ts'

/** What the catalog needs to know of a server. */
export interface Offer {
  readonly name: string
  readonly lists: Lists
  /** What it offered last, when it offers nothing now: URIs lead to it all the same. Default `lists`. */
  readonly known?: Lists
  /** Whether what it offers is for one user alone. Default: no. */
  readonly isPersonal?: boolean
  /** Reads a list again whose time is over; undefined when there is nothing to wait for. */
  freshen?(list: ListName): Promise<void> | undefined
}

/** Where a name leads. */
export interface Route<Server extends Offer> {
  readonly server: Server
  /** The server's own name, or URI, for it. */
  readonly own: string
}

export interface TemplateRoute<Server extends Offer> extends Route<Server> {
  readonly exposed: string
  readonly template: Lists['templates'][number]
  /** Absent when the server's template is not one of RFC 6570: it is listed, but leads nowhere. */
  readonly parsed: UriTemplate | undefined
}

/** Which server a URI belongs to, and under which URI clients know a server's own. */
export class Addresses<Server extends Offer> {
  readonly #servers: readonly Server[]
  #owners: ReadonlyMap<string, Route<Server>> | undefined
  #templates: readonly TemplateRoute<Server>[] | undefined
  /** The same, those first that say most about a URI. */
  #matching: readonly TemplateRoute<Server>[] | undefined

  /** @param servers the first of two who have a URI keeps it */
  constructor(servers: readonly Server[]) {
    this.#servers = servers
  }

  /** What a server offers has changed. */
  forget(): void {
    this.#owners = undefined
    this.#templates = undefined
    this.#matching = undefined
  }

  /** The server that lists a URI, is named in it, or has a template for it. */
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
    return this.templates().find(route => route.exposed === exposed) ?? this.resource(exposed)
  }

  /** Under which URI clients know a server's resource. */
  knownAs(server: Server, own: string): string {
    if (isOfGateways(own)) return exposedUri(server.name, own)
    const owner = this.#resources().get(own)
    return owner === undefined || owner.server === server ? own : exposedUri(server.name, own)
  }

  /** The templates of all servers. */
  templates(): readonly TemplateRoute<Server>[] {
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

  #resources(): ReadonlyMap<string, Route<Server>> {
    if (this.#owners !== undefined) return this.#owners
    const owners = new Map<string, Route<Server>>()
    for (const server of this.#servers) {
      for (const uri of urisOf(knownOf(server))) {
        const isTaken = isOfGateways(uri) || (owners.get(uri)?.server ?? server) !== server
        owners.set(isTaken ? exposedUri(server.name, uri) : uri, { server, own: uri })
      }
    }
    this.#owners = owners
    return owners
  }

  #matched(uri: string): Route<Server> | undefined {
    this.#matching ??= this.templates()
      .filter(({ parsed }) => parsed !== undefined)
      .sort((one, other) => literalPrefix(other.own).length - literalPrefix(one.own).length)
    const template = this.#matching.find(({ parsed }) => parsed?.match(uri) !== undefined)
    return template === undefined ? undefined : { server: template.server, own: uri }
  }
}

/** Its resources, and the views of its tools, which need not be listed. */
const urisOf = ({ resources, tools }: Lists): string[] => [
  ...resources.map(({ uri }) => uri),
  ...tools.flatMap(tool => viewOf(tool) ?? []),
]

/** The URI of the view that shows a tool's results (MCP Apps). */
export function viewOf({ _meta }: Tool): string | undefined {
  const ui: unknown = _meta?.['ui']
  const uri = isObject(ui) ? ui['resourceUri'] : undefined
  return typeof uri === 'string' ? uri : undefined
}

/** Whether views may call a tool: all of a server's tools, but for those that say otherwise (MCP Apps, visibility). */
export function isForViews({ _meta }: Tool): boolean {
  const ui: unknown = _meta?.['ui']
  const visibility = isObject(ui) ? ui['visibility'] : undefined
  return !Array.isArray(visibility) || visibility.includes('app')
}

const knownOf = ({ lists, known = lists }: Offer): Lists => known

function parse(template: string): UriTemplate | undefined {
  try {
    return uriTemplate(template)
  } catch {
    return undefined
  }
}
