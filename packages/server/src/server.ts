import {
  type Call,
  Cursors,
  clip,
  compose,
  type Handler,
  type Implementation,
  invalidParams,
  isObject,
  type Middleware,
  methodNotFound,
  type Outcome,
  type Receiver,
  ResourceNotFound,
  type ServerCapabilities,
  type Service,
} from '@interlock/protocol'
import { type Completers, runCompletion } from './completion.ts'
import { type Extension, extensionMethods } from './extension.ts'
import type { PromptDefinition } from './prompt.ts'
import { type ReceiveOptions, receive } from './receive.ts'
import { type Primitive, Registry } from './registry.ts'
import type { ResourceDefinition, TemplateDefinition } from './resource.ts'
import { demandScopes, type ScopesByKind, soundScopes } from './scopes.ts'
import type { TaskLimits } from './tasks/limits.ts'
import type { TaskStore } from './tasks/store.ts'
import { Tasks } from './tasks/tasks.ts'
import { nameOf, type ToolDefinition } from './tool.ts'
import { ownKeys, publish } from './workers/membership.ts'

export interface ServerOptions extends Implementation, ReceiveOptions {
  /** How to use this server, for the model. */
  readonly instructions?: string
  readonly tools?: readonly ToolDefinition[]
  readonly resources?: readonly (ResourceDefinition | TemplateDefinition)[]
  readonly prompts?: readonly PromptDefinition[]
  /** Scopes that all requests about tools, resources or prompts need, lists included. Default: none. */
  readonly scopes?: ScopesByKind
  readonly extensions?: readonly Extension[]
  /** Where tasks are kept, and how many. Default: in this process. */
  readonly tasks?: { readonly store?: TaskStore; readonly limits?: Partial<TaskLimits> }
  /** Wraps every call, the first outermost: `rateLimit()`, for example, without which calls are not limited over time. */
  readonly middleware?: readonly Middleware[]
  /**
   * While a server is being written: handlers that ask are replayed on purpose in every revision, and effects outside of
   * `ctx.step` that happen in several rounds are reported, on the console or to the function given. Node only; it wraps
   * Node's functions that write files. Default: whether the environment says `INTERLOCK_DEVELOPMENT=1`.
   */
  readonly development?: boolean | ((warning: string) => void)
}

/** A server: built once, it answers every request of every client, in every revision. */
export interface Server extends Service {
  /** What a transport delivers messages to. */
  readonly receiver: Receiver
  /** Adds a primitive while the server runs; clients are told. @throws TypeError when its name is taken. */
  add(...primitives: readonly Primitive[]): void
  remove(...primitives: readonly Primitive[]): void
  /** Tells subscribers that what stands behind a URI has changed. */
  updated(uri: string): void
  /** Tells the client whose user was sent to a page (`id` of what was asked) that all is done there. */
  pageDone(id: string): void
}

/**
 * @example
 * const hello = tool('hello', { input: z.object({ name: z.string() }) }, ({ name }) => `Hello ${name}`)
 * await serve(server({ name: 'greeter', version: '1.0.0', tools: [hello] }))
 */
export function server(options: ServerOptions): Server {
  const { instructions, tools, resources, prompts, extensions = [], middleware = [], development, ...rest } = options
  const { seal, limits, events, revisions, tasks: taskOptions, scopes = {}, ...info } = rest
  for (const member of ['name', 'version'] as const) {
    if (typeof info[member] !== 'string' || info[member] === '') throw new TypeError(`a server needs a ${member}`)
  }
  const registry = new Registry(new Cursors(info.name, seal ?? ownKeys()))
  for (const primitive of [...(tools ?? []), ...(resources ?? []), ...(prompts ?? [])]) registry.add(primitive)
  registry.tools.isOffered ||= tools !== undefined
  registry.resources.isOffered ||= resources !== undefined
  registry.prompts.isOffered ||= prompts !== undefined
  for (const [kind, some] of Object.entries(scopes)) soundScopes(some, `scopes.${kind}`)
  const tasks = new Tasks(registry.changes, taskOptions?.store, taskOptions?.limits)
  const methods = extensionMethods(extensions)
  const service: Service = {
    info,
    ...(instructions === undefined ? {} : { instructions }),
    capabilities: () => withExtensions(registry.capabilities(), extensions),
    handle: compose([...rehearsed(development), ...middleware], answer(registry, tasks, methods, scopes)),
    changes: registry.changes,
    tasks,
    methods: new Set(methods.keys()),
    mayWatch: (uri, peer) => demandScopes(peer, scopes.resources, readable(registry, uri)?.scopes),
  }
  return {
    ...service,
    receiver: receive(service, {
      ...(seal === undefined ? {} : { seal }),
      ...(limits === undefined ? {} : { limits }),
      ...(events === undefined ? {} : { events }),
      ...(revisions === undefined ? {} : { revisions }),
    }),
    add: (...primitives) => primitives.forEach(primitive => registry.add(primitive)),
    remove: (...primitives) => primitives.forEach(primitive => registry.remove(primitive)),
    updated: uri => publish(registry.changes, { kind: 'resource', uri }),
    pageDone: elicitationId => publish(registry.changes, { kind: 'page', elicitationId }),
  }
}

/** What development mode puts around every call; loaded with the first one. */
function rehearsed(development: ServerOptions['development']): Middleware[] {
  const isOn = development ?? globalThis.process?.env['INTERLOCK_DEVELOPMENT'] === '1'
  if (isOn === false) return []
  const report = typeof development === 'function' ? development : console.warn
  return [
    next => {
      let handle: Promise<Handler> | undefined
      return async call => {
        handle ??= import('./development/rehearsal.ts').then(({ rehearsal }) => rehearsal(report)(next))
        return (await handle)(call)
      }
    },
  ]
}

function withExtensions(capabilities: ServerCapabilities, extensions: readonly Extension[]): ServerCapabilities {
  if (extensions.length === 0) return capabilities
  const own = Object.fromEntries(extensions.map(({ id, settings = {} }) => [id, { ...settings }]))
  return { ...capabilities, extensions: { ...capabilities.extensions, ...own } } as ServerCapabilities // settings are JSON
}

/** The innermost handler: every method that a registry, or an extension, answers. */
function answer(
  registry: Registry,
  tasks: Tasks,
  extended: ReadonlyMap<string, Handler>,
  scopes: ScopesByKind,
): Handler {
  const dispatch = (call: Call): Outcome | Promise<Outcome> => {
    const kind = kindOf(call.method)
    const needed = kind && scopes[kind]
    if (call.method.endsWith('/list')) demandScopes(call.caller.peer, needed)
    switch (call.method) {
      case 'tools/call':
        return callTool(registry, tasks, call, needed)
      case 'tools/list':
        return page(registry.tools.isOffered, registry.tools, call)
      case 'resources/list':
        return page(registry.offersResources, registry.resources, call)
      case 'resources/templates/list':
        return page(registry.offersResources, registry.templates, call)
      case 'resources/read':
        return readResource(registry, call, needed)
      case 'prompts/list':
        return page(registry.prompts.isOffered, registry.prompts, call)
      case 'prompts/get':
        return getPrompt(registry, call, needed)
      case 'completion/complete':
        if (registry.capabilities().completions === undefined) throw methodNotFound(call.method)
        return runCompletion(call, completersOf(registry, call, scopes))
      default: {
        const handler = extended.get(call.method)
        if (handler === undefined) throw methodNotFound(call.method)
        return handler(call)
      }
    }
  }
  // Awaited: a promise that an async function returns as it is takes three turns of the queue instead of one.
  return async call => await dispatch(call)
}

/** A page of a list, when the server has such things at all. */
function page(
  isOffered: boolean,
  list: { page(cursor: unknown, subject: string | undefined): Outcome | Promise<Outcome> },
  call: Call,
): Outcome | Promise<Outcome> {
  if (!isOffered) throw methodNotFound(call.method)
  return list.page(call.params['cursor'], call.caller.peer.principal?.subject)
}

/** What a method is about, by the first word of its name. */
function kindOf(method: string): keyof ScopesByKind | undefined {
  const kind = method.slice(0, method.indexOf('/'))
  return kind === 'tools' || kind === 'resources' || kind === 'prompts' ? kind : undefined
}

interface Readable {
  readonly scopes: readonly string[] | undefined
  read(call: Call): Promise<Outcome>
}

/** What stands behind a URI. */
function readable(registry: Registry, uri: string): Readable | undefined {
  const exact = registry.resources.get(uri)
  if (exact !== undefined) return { scopes: exact.scopes, read: call => exact.read(call, uri) }
  for (const template of registry.templates.values()) {
    const variables = template.match(uri)
    if (variables !== undefined) return { scopes: template.scopes, read: call => template.read(call, uri, variables) }
  }
  return undefined
}

type Needed = readonly string[] | undefined

function callTool(registry: Registry, tasks: Tasks, call: Call, needed: Needed): Promise<Outcome> {
  if (!registry.tools.isOffered) throw methodNotFound(call.method)
  const tool = registry.tool(nameOf(call))
  demandScopes(call.caller.peer, needed, tool.scopes)
  return tool.call(call, tasks)
}

async function getPrompt(registry: Registry, call: Call, needed: Needed): Promise<Outcome> {
  if (!registry.prompts.isOffered) throw methodNotFound(call.method)
  const prompt = registry.prompt(nameOf(call))
  demandScopes(call.caller.peer, needed, prompt.scopes)
  return prompt.get(call)
}

async function readResource(registry: Registry, call: Call, needed: Needed): Promise<Outcome> {
  if (!registry.offersResources) throw methodNotFound(call.method)
  const { uri } = call.params
  if (typeof uri !== 'string') throw invalidParams('params.uri must be a string')
  const found = readable(registry, uri)
  demandScopes(call.caller.peer, needed, found?.scopes)
  if (found === undefined) throw new ResourceNotFound(uri)
  return found.read(call)
}

function completersOf(registry: Registry, call: Call, scopes: ScopesByKind): Completers {
  const ref = call.params['ref']
  const { peer } = call.caller
  if (isObject(ref) && ref['type'] === 'ref/prompt') {
    const prompt = registry.prompt(String(ref['name']))
    demandScopes(peer, scopes.prompts, prompt.scopes)
    return prompt.complete
  }
  if (isObject(ref) && ref['type'] === 'ref/resource') {
    const uri = String(ref['uri'])
    const template = registry.templates.get(uri)
    demandScopes(peer, scopes.resources, template?.scopes)
    if (template !== undefined) return template.complete
    if (registry.resources.get(uri) !== undefined) return {}
    throw invalidParams(`Unknown resource template: ${clip(uri)}`)
  }
  throw invalidParams('params.ref must be a prompt or a resource template')
}
