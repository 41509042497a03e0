import {
  type Call,
  code,
  type Handler,
  invalidParams,
  isObject,
  type Outcome,
  type Params,
  ProtocolError,
  ResourceNotFound,
} from '@interlock/protocol'
import type { Catalog, Route } from './catalog.ts'
import { MethodNotFoundThere, naming } from './errors.ts'
import { extensionRoute, foreignMethods, unroutable } from './extensions.ts'
import { outward } from './outward.ts'
import { callTool, type Lasting } from './tools.ts'
import type { Upstream } from './upstreams/upstream.ts'
import { leadsSomewhere, promptRoute, unknown } from './ways.ts'

/**
 * The gateway's innermost handler: finds the server behind a name and passes the call on under the server's own name.
 * @param started settles when the servers have started, or have taken too long; undefined afterwards
 */
export function router(
  catalog: Catalog<Upstream>,
  lasting: Lasting,
  started: () => Promise<void> | undefined,
): Handler {
  const answer: Handler = async call => {
    const { method, params, caller } = call
    const subject = caller.peer.principal?.subject
    switch (method) {
      case 'tools/list':
        return catalog.page('tools', params['cursor'], subject)
      case 'resources/list':
        return catalog.page('resources', params['cursor'], subject)
      case 'resources/templates/list':
        return catalog.page('resourceTemplates', params['cursor'], subject)
      case 'resources/read': {
        const uri = String(params['uri'])
        const route = catalog.resource(uri)
        if (route === undefined) throw new ResourceNotFound(uri)
        return pass(catalog, route, call, { ...params, uri: route.own }).catch(error => {
          throw error instanceof ResourceNotFound && uri !== route.own ? new ResourceNotFound(uri) : error
        })
      }
      case 'prompts/list':
        return catalog.page('prompts', params['cursor'], subject)
      case 'prompts/get': {
        const route = await promptRoute(catalog, lasting.parking, call, String(params['name']))
        return pass(catalog, route, call, { ...params, name: route.own })
      }
      case 'completion/complete':
        return completion(catalog, lasting, call)
      default:
        return passExtension(catalog, call)
    }
  }
  // Most requests are calls of tools: they do not wait for a promise that only passes another one on.
  const route: Handler = call => (call.method === 'tools/call' ? callTool(catalog, lasting, call) : answer(call))
  return call => {
    const starting = started()
    if (starting === undefined || leadsSomewhere(catalog, call)) return route(call)
    return starting.then(() => route(call))
  }
}

async function pass(
  catalog: Catalog<Upstream>,
  { server }: Route<Upstream>,
  call: Call,
  params: Params,
): Promise<Outcome> {
  const outcome = await naming(server, call, server.handle({ ...call, params }))
  return outward(outcome, own => catalog.knownAs(server, own))
}

/** That the server has no such method is for the client to know: it has asked for it. */
async function passExtension(catalog: Catalog<Upstream>, call: Call): Promise<Outcome> {
  const route = foreignMethods.has(call.method) ? extensionRoute(catalog, call) : undefined
  if (route === undefined) throw unroutable(call)
  const { server, params } = route
  return naming(
    server,
    call,
    server.handle({ ...call, params }).catch((error: unknown) => {
      throw error instanceof ProtocolError && error.code === code.methodNotFound
        ? new MethodNotFoundThere(server, call.method)
        : error
    }),
  )
}

async function completion(catalog: Catalog<Upstream>, lasting: Lasting, call: Call): Promise<Outcome> {
  const { ref } = call.params
  if (isObject(ref) && ref['type'] === 'ref/prompt') {
    const route = await promptRoute(catalog, lasting.parking, call, String(ref['name']))
    return pass(catalog, route, call, { ...call.params, ref: { ...ref, name: route.own } })
  }
  if (isObject(ref) && ref['type'] === 'ref/resource') {
    const uri = String(ref['uri'])
    const route = catalog.template(uri)
    if (route === undefined) throw unknown('resource template', uri, undefined)
    return pass(catalog, route, call, { ...call.params, ref: { ...ref, uri: route.own } })
  }
  throw invalidParams('params.ref must be a prompt or a resource template')
}
