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
} from '@interlock/protocol'
import type { Catalog, Route } from './catalog.ts'
import { isOutcomeUnknown, publicReason, Unavailable } from './upstreams/reason.ts'
import type { Upstream } from './upstreams/upstream.ts'

/**
 * The gateway's innermost handler: finds the server behind a name and passes the call on under the server's own name.
 * @param started settles when the servers have started, or have taken too long; undefined afterwards
 */
export function router(catalog: Catalog<Upstream>, started: () => Promise<void> | undefined): Handler {
  return async call => {
    const starting = started()
    if (starting !== undefined && !leadsSomewhere(catalog, call)) await starting
    const { method, params } = call
    switch (method) {
      case 'tools/call':
        return callTool(catalog, call)
      case 'tools/list':
        return catalog.page('tools', params['cursor'])
      case 'resources/list':
        return catalog.page('resources', params['cursor'])
      case 'resources/templates/list':
        return catalog.page('resourceTemplates', params['cursor'])
      case 'resources/read': {
        const uri = String(params['uri'])
        const route = catalog.resource(uri)
        if (route === undefined) throw new ResourceNotFound(uri)
        return pass(route, call, { ...params, uri: route.own })
      }
      case 'prompts/list':
        return catalog.page('prompts', params['cursor'])
      case 'prompts/get': {
        const route = await promptRoute(catalog, call, String(params['name']))
        return pass(route, call, { ...params, name: route.own })
      }
      case 'completion/complete':
        return completion(catalog, call)
      default:
        throw methodNotFound(method)
    }
  }
}

/** What is known to belong to one server need not wait for other servers, which may hang. */
function leadsSomewhere(catalog: Catalog<Upstream>, { method, params }: Call): boolean {
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
async function awaken(server: Upstream | undefined): Promise<void> {
  if (server?.state.kind !== 'ready') await server?.client()
}

async function callTool(catalog: Catalog<Upstream>, call: Call): Promise<Outcome> {
  const name = String(call.params['name'])
  const server = catalog.tool(name)?.server ?? catalog.namesake(name)
  try {
    await awaken(server)
    const route = catalog.tool(name)
    if (route === undefined) throw unknown('tool', name, catalog.nearest('tools', name))
    return await route.server.handle({ ...call, params: { ...call.params, name: route.own } })
  } catch (error) {
    if (server === undefined || call.caller.signal.aborted) throw error
    if (!(error instanceof TransportError)) throw ofThisHop(error, server)
    // The model is told, since it can go another way.
    return { kind: 'complete', result: { content: [{ type: 'text', text: sentence(error, server) }], isError: true } }
  }
}

async function promptRoute(catalog: Catalog<Upstream>, call: Call, name: string): Promise<Route<Upstream>> {
  const server = catalog.prompt(name)?.server ?? catalog.namesake(name)
  if (server !== undefined) await naming(server, call, awaken(server))
  const route = catalog.prompt(name)
  if (route === undefined) throw unknown('prompt', name, catalog.nearest('prompts', name))
  return route
}

const pass = ({ server }: Route<Upstream>, call: Call, params: Params): Promise<Outcome> =>
  naming(server, call, server.handle({ ...call, params }))

/** A server that does not answer is an error that names it. */
async function naming<Value>(server: Upstream, call: Call, answer: Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    if (call.caller.signal.aborted) throw error
    if (!(error instanceof TransportError)) throw ofThisHop(error, server)
    throw new ProtocolError(code.internalError, sentence(error, server), undefined, { cause: error })
  }
}

function sentence(error: TransportError, { name }: Upstream): string {
  if (error instanceof Unavailable) return error.message
  const told = `server "${name}": ${publicReason(error)}`
  return isOutcomeUnknown(error) ? `${told}; whether the call took effect is unknown` : told
}

/** Errors about how the gateway spoke to a server: the client has spoken to the gateway, and rightly. */
const hopCodes: ReadonlySet<number> = new Set([
  code.headerMismatch,
  code.unsupportedVersion,
  code.methodNotFound,
  code.parseError,
  code.invalidRequest,
])

/** Characters of a server's error message that are repeated. */
const repeatedLength = 200

function ofThisHop(error: unknown, { name }: Upstream): unknown {
  if (!(error instanceof ProtocolError) || !hopCodes.has(error.code)) return error
  const message = `server "${name}" failed: ${clip(error.message, repeatedLength)}`
  return new ProtocolError(code.internalError, message, undefined, { cause: error })
}

function unknown(kind: string, name: string, didYouMean: string | undefined): ProtocolError {
  return invalidParams(`Unknown ${kind}: ${clip(name)}`, didYouMean === undefined ? undefined : { didYouMean })
}

async function completion(catalog: Catalog<Upstream>, call: Call): Promise<Outcome> {
  const { ref } = call.params
  if (isObject(ref) && ref['type'] === 'ref/prompt') {
    const route = await promptRoute(catalog, call, String(ref['name']))
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
