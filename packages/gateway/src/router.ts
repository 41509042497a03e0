import {
  type Call,
  clip,
  code,
  type Handler,
  invalidParams,
  isObject,
  type Outcome,
  type Params,
  ProtocolError,
  ResourceNotFound,
  TransportError,
} from '@interlock/protocol'
import type { Tasks } from '@interlock/server'
import type { Catalog, Route } from './catalog.ts'
import { extensionRoute, foreignMethods, unroutable } from './extensions.ts'
import { outward } from './outward.ts'
import type { Parking } from './upstreams/parked.ts'
import { isOutcomeUnknown, publicReason, Unavailable } from './upstreams/reason.ts'
import type { Upstream } from './upstreams/upstream.ts'

/** Where calls go on that outlive the request that began them. */
export interface Lasting {
  readonly tasks: Tasks
  readonly parking: Parking
}

/**
 * The gateway's innermost handler: finds the server behind a name and passes the call on under the server's own name.
 * A call whose client takes tasks becomes one when its server makes a task of it, or asks over a session.
 * @param started settles when the servers have started, or have taken too long; undefined afterwards
 */
export function router(
  catalog: Catalog<Upstream>,
  lasting: Lasting,
  started: () => Promise<void> | undefined,
): Handler {
  return async call => {
    const starting = started()
    if (starting !== undefined && !leadsSomewhere(catalog, call)) await starting
    const { method, params } = call
    switch (method) {
      case 'tools/call':
        return callTool(catalog, lasting, call)
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
        return pass(catalog, route, call, { ...params, uri: route.own }).catch(error => {
          throw error instanceof ResourceNotFound && uri !== route.own ? new ResourceNotFound(uri) : error
        })
      }
      case 'prompts/list':
        return catalog.page('prompts', params['cursor'])
      case 'prompts/get': {
        const route = await promptRoute(catalog, call, String(params['name']))
        return pass(catalog, route, call, { ...params, name: route.own })
      }
      case 'completion/complete':
        return completion(catalog, call)
      default:
        return passExtension(catalog, call)
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

async function callTool(catalog: Catalog<Upstream>, lasting: Lasting, call: Call): Promise<Outcome> {
  const name = String(call.params['name'])
  const server = catalog.tool(name)?.server ?? catalog.namesake(name)
  try {
    await awaken(server)
    const route = catalog.tool(name)
    if (route === undefined) throw unknown('tool', name, catalog.nearest('tools', name))
    const { task: _, ...params } = call.params
    return await runTool(catalog, lasting, route, { ...call, params: { ...params, name: route.own } }, name)
  } catch (error) {
    if (server === undefined || error instanceof TaskRefused) throw error
    return toldOf(error, server, call)
  }
}

/** Calls a tool under its server's own name; `name` is the one that the client knows. */
async function runTool(
  catalog: Catalog<Upstream>,
  { tasks, parking }: Lasting,
  route: Route<Upstream>,
  call: Call,
  name: string,
): Promise<Outcome> {
  const { server } = route
  // What a task ends with is told as what a call ends with.
  const told = (work: Handler): Handler => {
    return async each => {
      try {
        return outward(await work(each), uri => catalog.knownAs(server, uri))
      } catch (error) {
        return toldOf(error, server, each)
      }
    }
  }
  const handle = told(each => server.handle(each))
  const { task } = call.caller
  if (task === undefined) return handle(call)
  if (task.isDemanded && !runsAsTask(route)) throw new TaskRefused(name)
  // Where clients decide, the server is not asked for a task: the call that it answers is one already.
  if (task.isDemanded || (isOfCore(route) && runsAsTask(route))) return tasks.start(call, handle)
  const outcome = await handle(call)
  if (outcome.kind === 'task') {
    const begun = tasks.start(
      call,
      told(work => server.follow(outcome.task, work)),
    )
    begun.catch(() => server.abandon(outcome.task)) // nobody would look after it
    return begun
  }
  const state = outcome.kind === 'input_required' ? outcome.state : undefined
  if (state === undefined || !parking.owns(state)) return outcome
  // It can be looked at then, and its questions need no further call. Where no more can be kept, the client brings answers.
  return tasks
    .start(
      call,
      told(work => parking.handOver(state, work.caller)),
    )
    .catch(() => outcome)
}

/** How a call ends that its server did not answer. @throws what the client itself is to be told */
function toldOf(error: unknown, server: Upstream, { caller }: Call): Outcome {
  if (caller.signal.aborted) throw error
  if (!(error instanceof TransportError)) throw ofThisHop(error, server)
  // The model is told, since it can go another way.
  return { kind: 'complete', result: { content: [{ type: 'text', text: sentence(error, server) }], isError: true } }
}

/** Whether a server says that a tool may run as a task (specification 2025-11-25: Tasks, Tool-Level Negotiation). */
function runsAsTask({ server, own }: Route<Upstream>): boolean {
  const tool: unknown = server.lists.tools.find(({ name }) => name === own)
  const execution = isObject(tool) ? tool['execution'] : undefined
  return isObject(execution) && ['optional', 'required'].includes(String(execution['taskSupport']))
}

const isOfCore = ({ server: { state } }: Route<Upstream>): boolean =>
  state.kind === 'ready' && state.client.server.revision.features.tasks === 'core'

class TaskRefused extends ProtocolError {
  constructor(name: string) {
    super(code.methodNotFound, `Tool "${clip(name)}" does not run as a task: call it without "task"`)
  }
}

async function promptRoute(catalog: Catalog<Upstream>, call: Call, name: string): Promise<Route<Upstream>> {
  const server = catalog.prompt(name)?.server ?? catalog.namesake(name)
  if (server !== undefined) await naming(server, call, awaken(server))
  const route = catalog.prompt(name)
  if (route === undefined) throw unknown('prompt', name, catalog.nearest('prompts', name))
  return route
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
        ? new MethodNotFoundThere(`server "${server.name}" has no method ${clip(call.method)}`)
        : error
    }),
  )
}

class MethodNotFoundThere extends ProtocolError {
  constructor(message: string) {
    super(code.methodNotFound, `Method not found: ${message}`)
  }
}

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
  if (error instanceof MethodNotFoundThere) return error
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
