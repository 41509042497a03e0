import {
  compose,
  type Implementation,
  type Middleware,
  type Receiver,
  type ServerCapabilities,
  type Service,
  type Tool,
  tasksExtension,
} from '@interlock/protocol'
import { type ReceiveOptions, receive, Tasks } from '@interlock/server'
import type { ServerSpec } from './config/server.ts'
import { foreignMethods, merged } from './extensions.ts'
import { exposedName } from './names.ts'
import { Offering } from './offering.ts'
import { router } from './router.ts'
import { type ServerStatus, statusOf } from './status.ts'
import { type AuthorizeServer, opener } from './upstreams/open.ts'
import { Parking } from './upstreams/parked.ts'
import type { Upstream } from './upstreams/upstream.ts'

export interface GatewayOptions extends ReceiveOptions {
  readonly servers: readonly ServerSpec[]
  /** How the gateway calls itself. */
  readonly info: Implementation
  /** Wraps every call, the first outermost. */
  readonly middleware?: readonly Middleware[]
  /**
   * How to log in to a server over HTTP that has no credentials of its own. Where a person has to log in first, requests
   * reject with `LoginNeeded`: the server is down until then, and tells what to do.
   */
  readonly authorize?: AuthorizeServer
  /** Hears what servers write to standard error. */
  readonly onStderr?: (server: string, line: string) => void
  /** Hears that a server's state changed. */
  readonly onStatus?: (status: ServerStatus) => void
  /** How long the first requests wait for servers that are still starting. Default 15 s; they are offered when ready. */
  readonly startupMs?: number
  /** How long a local server may take to end by itself when its input is closed, before it is told to. Default 2 s. */
  readonly eofMs?: number
}

/** A server whose handler is a router over the servers behind it. */
export interface Gateway extends Service, AsyncDisposable {
  readonly receiver: Receiver
  /** Settles when every server is up or known to be down, or the time for that is over. */
  readonly started: Promise<void>
  servers(): readonly ServerStatus[]
  /** The tools of one server, under its own names. */
  tools(server: string): readonly Tool[]
  /** The name under which a server's tool is offered. */
  exposed(server: string, tool: string): string
  /** Stops every server and waits until no process is left. */
  close(): Promise<void>
}

/** Time that the first requests wait for slow servers: shorter than what clients wait for a list. */
const startupMs = 15_000

/** Starts the servers and offers them as one. */
export function gateway(options: GatewayOptions): Gateway {
  const { info, servers, middleware = [], onStatus, onStderr, eofMs, seal } = options
  const parking = new Parking()
  const offering = new Offering({
    servers,
    info,
    parking,
    seal,
    onStatus,
    onStderr,
    eofMs,
    open: opener(options.authorize),
  })
  const { upstreams, catalog, changes } = offering
  offering.start()
  let hasStarted = false
  const started = offering.settled(options.startupMs ?? startupMs).then(() => {
    hasStarted = true
  })
  const tasks = new Tasks(changes)
  const route = router(catalog, { tasks, parking }, () => (hasStarted ? undefined : started))
  const service: Service = {
    info,
    get instructions() {
      return instructionsOf(upstreams)
    },
    capabilities: () => withExtensions(upstreams),
    handle: compose(middleware, route),
    changes,
    watching: uri => offering.watching(uri),
    rootsChanged: () => {
      for (const upstream of upstreams) upstream.rootsChanged()
    },
    tasks,
    methods: foreignMethods,
  }
  const receiver = receive(service, options)
  const close = async (): Promise<void> => {
    await receiver.close()
    parking.close()
    await offering.close()
  }
  return Object.assign(service, {
    receiver,
    started,
    servers: () => upstreams.map(statusOf),
    tools: (server: string) => upstreams.find(({ name }) => name === server)?.lists.tools ?? [],
    exposed: (server: string, tool: string) => exposedName(server, tool),
    close,
    [Symbol.asyncDispose]: close,
  })
}

/** All that servers may turn out to offer: they come and go, and capabilities are said only once. */
const capabilities: ServerCapabilities = {
  tools: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  prompts: { listChanged: true },
  completions: {},
  logging: {},
  extensions: { [tasksExtension]: {} },
}

/** Extensions are those of the servers that are up: a session that is opened earlier does not hear of later ones. */
function withExtensions(upstreams: readonly Upstream[]): ServerCapabilities {
  const offered = upstreams.flatMap(({ state }) => (state.kind === 'ready' ? [state.client.server.capabilities] : []))
  const experimental = merged(offered, 'experimental')
  return {
    ...capabilities,
    ...(Object.keys(experimental).length === 0 ? {} : { experimental }),
    extensions: { ...merged(offered, 'extensions'), ...capabilities.extensions },
  } as ServerCapabilities // settings are JSON
}

/** Characters of instructions of all servers together; a model reads them before anything else. */
const instructionsLength = 8_000

function instructionsOf(upstreams: readonly Upstream[]): string | undefined {
  const parts = upstreams.flatMap(({ name, state }) => {
    const own = state.kind === 'ready' ? state.client.server.instructions : undefined
    return own === undefined ? [] : [`# ${name}\n\n${own}`]
  })
  return parts.length === 0 ? undefined : parts.join('\n\n').slice(0, instructionsLength)
}
