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
} from '@interlock/protocol'
import type { Tasks } from '@interlock/server'
import type { Catalog, Route } from './catalog.ts'
import { toldOf } from './errors.ts'
import { outward } from './outward.ts'
import type { Parking } from './upstreams/parked.ts'
import type { Upstream } from './upstreams/upstream.ts'
import { awaken, unknown } from './ways.ts'

/** Where calls go on that outlive the request that began them. */
export interface Lasting {
  readonly tasks: Tasks
  readonly parking: Parking
}

/**
 * Calls a tool under its server's own name. A call whose client takes tasks becomes one when its server makes a task of
 * it, or asks over a session.
 */
export async function callTool(catalog: Catalog<Upstream>, lasting: Lasting, call: Call): Promise<Outcome> {
  const name = String(call.params['name'])
  const known = catalog.tool(name) ?? catalog.toolOfView(name)
  const server = known?.server ?? catalog.namesake(name)
  try {
    // A parked call goes on whatever has become of its server: there its client learns what has become of the call.
    const isParked = lasting.parking.owns(call.resume?.state)
    let route = known
    if (!isParked && server?.state.kind !== 'ready') {
      await awaken(server)
      route = catalog.tool(name) ?? catalog.toolOfView(name)
    }
    if (route === undefined && isParked) route = catalog.inNamespace(name)
    if (route === undefined) throw unknownTool(catalog, name)
    const own = { ...call, params: ownParams(call.params, route.own) }
    if (call.caller.task !== undefined) return await runForTaker(catalog, lasting, route, own, name)
    return await told(catalog, route.server, own, route.server.handle(own))
  } catch (error) {
    if (server === undefined || error instanceof TaskRefused) throw error
    return toldOf(error, server, call)
  }
}

/** The params under the server's own name for the tool; what becomes a task is agreed between gateway and client. */
function ownParams(params: Params, name: string): Params {
  const own: Record<string, unknown> = { ...params, name }
  if ('task' in own) delete own['task']
  return own
}

/** Waits for what a server does, and says it as clients are told it. What a task ends with is told as what a call ends with. */
async function told(
  catalog: Catalog<Upstream>,
  server: Upstream,
  call: Call,
  work: Promise<Outcome>,
): Promise<Outcome> {
  try {
    return outward(await work, uri => catalog.knownAs(server, uri))
  } catch (error) {
    return toldOf(error, server, call)
  }
}

/** Runs a tool for a caller that takes a task. `name` is the one that the client knows. */
async function runForTaker(
  catalog: Catalog<Upstream>,
  { tasks, parking }: Lasting,
  route: Route<Upstream>,
  call: Call,
  name: string,
): Promise<Outcome> {
  const { server } = route
  const handle: Handler = each => told(catalog, server, each, server.handle(each))
  const isDemanded = call.caller.task?.isDemanded === true
  if (isDemanded && !runsAsTask(route)) throw new TaskRefused(name)
  // Where clients decide, the server is not asked for a task: the call that it answers is one already.
  if (isDemanded || (isOfCore(route) && runsAsTask(route))) return tasks.start(call, handle)
  const outcome = await handle(call)
  if (outcome.kind === 'task') {
    const begun = tasks.start(call, each => told(catalog, server, each, server.follow(outcome.task, each)))
    begun.catch(() => server.abandon(outcome.task)) // nobody would look after it
    return begun
  }
  const state = outcome.kind === 'input_required' ? outcome.state : undefined
  if (state === undefined || !parking.owns(state)) return outcome
  // It can be looked at then, and its questions need no further call. Where no more can be kept, the client brings answers.
  return tasks
    .start(call, each => told(catalog, server, each, parking.handOver(state, each.caller)))
    .catch(() => outcome)
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

/** Whoever uses a server's own name for its tool is told how the tool is called here. */
function unknownTool(catalog: Catalog<Upstream>, name: string): ProtocolError {
  const [one, ...others] = catalog.toolsNamed(name)
  if (one === undefined) return unknown('tool', name, catalog.nearest('tools', name))
  const names = [one, ...others].map(exposed => JSON.stringify(exposed)).join(' or ')
  return invalidParams(`Unknown tool: ${clip(name)}; call it ${names}`, { didYouMean: one })
}
