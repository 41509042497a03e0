import {
  type Call,
  clip,
  code,
  type Handler,
  invalidParams,
  isObject,
  methodNotFound,
  type Outcome,
  type Params,
  ProtocolError,
  ResourceNotFound,
  TransportError,
  type TransportErrorCode,
} from '@interlock/protocol'
import type { Catalog, Route } from './catalog.ts'
import type { Upstream } from './upstreams/upstream.ts'

/**
 * The gateway's innermost handler: finds the server behind a name and passes the call on under the server's own name.
 * @param started settles when the servers have started, or have taken too long; undefined afterwards
 */
export function router(catalog: Catalog<Upstream>, started: () => Promise<void> | undefined): Handler {
  return async call => {
    const starting = started()
    if (starting !== undefined && !leadsSomewhere(catalog, call)) await starting
    switch (call.method) {
      case 'tools/call':
        return callTool(catalog, call)
      case 'tools/list':
        return catalog.page('tools', call.params['cursor'])
      case 'resources/list':
        return catalog.page('resources', call.params['cursor'])
      case 'resources/templates/list':
        return catalog.page('resourceTemplates', call.params['cursor'])
      case 'resources/read': {
        const uri = String(call.params['uri'])
        const route = catalog.resource(uri)
        if (route === undefined) throw new ResourceNotFound(uri)
        return pass(route, call, { ...call.params, uri: route.own })
      }
      case 'prompts/list':
        return catalog.page('prompts', call.params['cursor'])
      case 'prompts/get': {
        const name = String(call.params['name'])
        const route = catalog.prompt(name)
        if (route === undefined) throw unknown('prompt', name, catalog.nearest('prompts', name))
        return pass(route, call, { ...call.params, name: route.own })
      }
      case 'completion/complete':
        return completion(catalog, call)
      default:
        throw methodNotFound(call.method)
    }
  }
}

/** A name that is known need not wait for other servers, which may hang. */
const leadsSomewhere = (catalog: Catalog<Upstream>, { method, params }: Call): boolean =>
  (method === 'tools/call' && catalog.tool(String(params['name'])) !== undefined) ||
  (method === 'prompts/get' && catalog.prompt(String(params['name'])) !== undefined)

async function callTool(catalog: Catalog<Upstream>, call: Call): Promise<Outcome> {
  const name = String(call.params['name'])
  const server = catalog.tool(name)?.server ?? catalog.namesake(name)
  try {
    // A server that is down offers nothing, but that is another thing than a name that nobody has.
    if (server?.state.kind !== 'ready') await server?.client()
    const route = catalog.tool(name)
    if (route === undefined) throw unknown('tool', name, catalog.nearest('tools', name))
    return await route.server.handle({ ...call, params: { ...call.params, name: route.own } })
  } catch (error) {
    if (!(error instanceof TransportError) || server === undefined || call.caller.signal.aborted) throw error
    // The model is told, since it can go another way; the person finds the same words in the list of servers.
    return { kind: 'complete', result: { content: [{ type: 'text', text: sentence(error, server) }], isError: true } }
  }
}

/** Passes a call on; a server that cannot be reached is an error that names it. */
async function pass(route: Route<Upstream>, call: Call, params: Params): Promise<Outcome> {
  try {
    return await route.server.handle({ ...call, params })
  } catch (error) {
    if (!(error instanceof TransportError) || call.caller.signal.aborted) throw error
    throw new ProtocolError(code.internalError, sentence(error, route.server), undefined, { cause: error })
  }
}

function sentence(error: TransportError, server: Upstream): string {
  const first = error.message.split('\n')[0] ?? error.message
  const named = first.startsWith('server "') ? first : `server "${server.name}": ${first}`
  // After a break nobody knows whether the call took effect, so it is not repeated.
  return breaks.has(error.code) && server.state.kind !== 'disabled'
    ? `${named}; whether the call took effect is unknown`
    : named
}

/** How a call can end that may have reached its server. */
const breaks: ReadonlySet<TransportErrorCode> = new Set(['timeout', 'exited', 'closed', 'bad_reply'])

function unknown(kind: string, name: string, didYouMean: string | undefined): ProtocolError {
  return invalidParams(`Unknown ${kind}: ${clip(name)}`, didYouMean === undefined ? undefined : { didYouMean })
}

async function completion(catalog: Catalog<Upstream>, call: Call): Promise<Outcome> {
  const { ref } = call.params
  if (isObject(ref) && ref['type'] === 'ref/prompt') {
    const name = String(ref['name'])
    const route = catalog.prompt(name)
    if (route === undefined) throw unknown('prompt', name, catalog.nearest('prompts', name))
    return pass(route, call, { ...call.params, ref: { ...ref, name: route.own } })
  }
  if (isObject(ref) && ref['type'] === 'ref/resource') {
    const uri = String(ref['uri'])
    const route = catalog.template(uri)
    if (route === undefined) throw unknown('resource template', uri, undefined)
    return pass(route, call, { ...call.params, ref: { ...ref, uri: route.own } })
  }
  throw invalidParams('params.ref must be a prompt or a resource template')
}
