import { isDeepStrictEqual } from 'node:util'
import {
  type Call,
  clip,
  code,
  isObject,
  nearest,
  type Params,
  ProtocolError,
  revisions,
  type ServerCapabilities,
  tasksExtension,
} from '@interlock/protocol'
import type { Catalog } from './catalog.ts'
import type { Upstream } from './upstreams/upstream.ts'

type Settings = Readonly<Record<string, unknown>>

/** Extensions that the gateway has itself, whatever its servers have. */
const own: ReadonlySet<string> = new Set([tasksExtension])

/**
 * The extensions, or experimental capabilities, of all servers together. Clients cannot be told which server has one, so
 * the settings are those members that all who have it agree on: nothing is claimed that one of them denies.
 */
export function merged(
  servers: readonly ServerCapabilities[],
  member: 'extensions' | 'experimental',
): Readonly<Record<string, Settings>> {
  const found = new Map<string, Settings>()
  for (const { [member]: offered = {} } of servers) {
    for (const [id, settings] of Object.entries(offered)) {
      if (own.has(id) || !isObject(settings)) continue
      const known = found.get(id)
      found.set(id, known === undefined ? settings : agreed(known, settings))
    }
  }
  return Object.fromEntries(found)
}

const agreed = (one: Settings, other: Settings): Settings =>
  Object.fromEntries(
    Object.entries(one).filter(([name, value]) => Object.hasOwn(other, name) && isDeepStrictEqual(value, other[name])),
  )

/** Methods that no revision knows, and that some server's extension may. */
export const foreignMethods: Pick<ReadonlySet<string>, 'has'> = {
  has: method => !method.startsWith('tasks/') && !revisions.some(({ requests }) => Object.hasOwn(requests, method)),
}

/** Where the request of an extension leads, and its params under the server's own names. */
export interface ExtensionRoute {
  readonly server: Upstream
  readonly params: Params
}

/**
 * Nobody here knows the method, so the way is found by what all methods have in common: `params.name`, as the gateway
 * exposes names (`server__name`), or `params.uri`. A gateway with one server needs neither.
 */
export function extensionRoute(catalog: Catalog<Upstream>, { params }: Call): ExtensionRoute | undefined {
  const { name, uri } = params
  if (typeof name === 'string') {
    const route = catalog.tool(name) ?? catalog.prompt(name) ?? catalog.inNamespace(name)
    if (route !== undefined) return { server: route.server, params: { ...params, name: route.own } }
  }
  if (typeof uri === 'string') {
    const route = catalog.resource(uri)
    if (route !== undefined) return { server: route.server, params: { ...params, uri: route.own } }
  }
  const { sole } = catalog
  return sole === undefined ? undefined : { server: sole, params }
}

/** What is missing for a method of an extension to lead to a server. */
export function unroutable({ method, caller }: Call): ProtocolError {
  const didYouMean = nearest(method, Object.keys(caller.peer.revision.requests))
  return new ProtocolError(
    code.methodNotFound,
    `Method not found: ${clip(method)}; a method of one server's extension needs params.name that begins with "server__", or params.uri of one of its resources`,
    didYouMean === undefined ? undefined : { didYouMean },
  )
}
