import { type Call, clip, invalidParams, isObject, type ProtocolError } from '@interlock/protocol'
import type { Catalog, Route } from './catalog.ts'
import { naming } from './errors.ts'
import type { Parking } from './upstreams/parked.ts'
import type { Upstream } from './upstreams/upstream.ts'

/** What is known to belong to one server need not wait for other servers, which may hang. */
export function leadsSomewhere(catalog: Catalog<Upstream>, { method, params }: Call): boolean {
  switch (method) {
    case 'tools/call':
      return catalog.tool(String(params['name'])) !== undefined
    case 'prompts/get':
      return catalog.prompt(String(params['name'])) !== undefined
    case 'resources/read':
      return catalog.listed(String(params['uri'])) !== undefined
    case 'completion/complete': {
      const { ref } = params
      if (!isObject(ref)) return false
      return catalog.prompt(String(ref['name'])) !== undefined || catalog.template(String(ref['uri'])) !== undefined
    }
    default:
      return false
  }
}

/** A server that is down offers nothing, but that is another thing than a name that nobody has: it is tried again. */
export async function awaken(server: Upstream | undefined): Promise<void> {
  if (server?.state.kind !== 'ready') await server?.client()
}

/** Where a prompt leads. A parked call goes on whatever has become of its server. */
export async function promptRoute(
  catalog: Catalog<Upstream>,
  parking: Parking,
  call: Call,
  name: string,
): Promise<Route<Upstream>> {
  const isParked = parking.owns(call.resume?.state)
  const server = catalog.prompt(name)?.server ?? catalog.namesake(name)
  if (server !== undefined && !isParked) await naming(server, call, awaken(server))
  const route = catalog.prompt(name) ?? (isParked ? catalog.inNamespace(name) : undefined)
  if (route === undefined) throw unknown('prompt', name, catalog.nearest('prompts', name))
  return route
}

export function unknown(kind: string, name: string, didYouMean: string | undefined): ProtocolError {
  return invalidParams(`Unknown ${kind}: ${clip(name)}`, didYouMean === undefined ? undefined : { didYouMean })
}
