import {
  compose,
  type Handler,
  type Implementation,
  type Middleware,
  type Receiver,
  type ServerCapabilities,
  type Service,
  type Tool,
  tasksExtension,
} from '@interlock/protocol'
import { type ReceiveOptions, receive, Tasks } from '@interlock/server'
import { isPerUser } from './config/http.ts'
import type { ServerSpec } from './config/server.ts'
import { foreignMethods, merged } from './extensions.ts'
import { exposedName } from './names.ts'
import { Offering, type OfferingOptions } from './offering.ts'
import { router } from './router.ts'
import { type ServerStatus, statusOf, statusPerUser } from './status.ts'
import { upstreamLimits } from './upstreams/limits.ts'
import { type AuthorizeServer, opener } from './upstreams/open.ts'
import { Parking } from './upstreams/parked.ts'
import type { Upstream } from './upstreams/upstream.ts'
import { Users } from './users.ts'

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
  /**
   * Who uses a server where each user has a login of their own (`perUser`). Principals each use theirs, in any case. Whoever
   * calls without one is the person who runs the gateway (`one`, the default), or cannot use it: where all have names
   * (`named`), or nobody has (`anyone`).
   */
  readonly audience?: Audience
  /** Users who have connections of their own at once, and how long those stay unused. Default: `upstreamLimits`. */
  readonly users?: { readonly most?: number; readonly idleMs?: number }
  /** Hears what servers write to standard error. */
  readonly onStderr?: (server: string, line: string) => void
  /** Hears that a server's state changed. */
  readonly onStatus?: (status: ServerStatus) => void
  /** How long the first requests wait for servers that are still starting. Default 15 s; they are offered when ready. */
  readonly startupMs?: number
  /** How long a local server may take to end by itself when its input is closed, before it is told to. Default 2 s. */
  readonly eofMs?: number
}

export type Audience = 'one' | 'named' | 'anyone'

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
  const { info, middleware = [] } = options
  const parking = new Parking()
  const { offering, users, status } = offerings(options, parking)
  const { upstreams, changes } = offering
  offering.start()
  let hasStarted = false
  const started = offering.settled(options.startupMs ?? startupMs).then(() => {
    hasStarted = true
  })
  const lasting = { tasks: new Tasks(changes), parking }
  const toAll = router(offering.catalog, lasting, () => (hasStarted ? undefined : started))
  const route: Handler = call => {
    const { peer } = call.caller
    if (users === undefined) return toAll(call)
    return users.serve(peer, offered => {
      const starting = async (): Promise<void> => void (await Promise.all([started, offered.starting()]))
      const isUp = hasStarted && offered.starting() === undefined
      return router(offered.offering.catalog, lasting, () => (isUp ? undefined : starting()))(call)
    })
  }
  const service: Service = {
    info,
    get instructions() {
      return instructionsOf(upstreams)
    },
    capabilities: () => withExtensions(upstreams),
    handle: compose(middleware, route),
    changes,
    watching: uri => offering.watching(uri),
    viewOf: peer => users?.viewOf(peer) ?? service,
    rootsChanged: peer => {
      const offered = users?.offeringOf(peer) ?? offering
      for (const upstream of offered.upstreams) upstream.rootsChanged()
    },
    tasks: lasting.tasks,
    methods: foreignMethods,
  }
  const receiver = receive(service, options)
  const close = async (): Promise<void> => {
    await receiver.close()
    parking.close()
    await users?.close()
    await offering.close()
  }
  return Object.assign(service, {
    receiver,
    started,
    servers: () => upstreams.map(status),
    tools: (server: string) => upstreams.find(({ name }) => name === server)?.lists.tools ?? [],
    exposed: (server: string, tool: string) => exposedName(server, tool),
    close,
    [Symbol.asyncDispose]: close,
  })
}

interface Offerings {
  /** What is offered to all. */
  readonly offering: Offering
  /** Those who are offered something else; undefined where all are offered the same. */
  readonly users: Users | undefined
  readonly status: (upstream: Upstream) => ServerStatus
}

function offerings(options: GatewayOptions, parking: Parking): Offerings {
  const { servers, info, onStatus, onStderr, eofMs, authorize, audience = 'one' } = options
  const { most = upstreamLimits.users, idleMs = upstreamLimits.userIdleMs } = options.users ?? {}
  // One user's cursors are good for as long as the gateway runs, whatever becomes of their connections.
  const seal = options.seal ?? [crypto.getRandomValues(new Uint8Array(32))]
  const personal = servers.filter(isPerUser)
  const status = (upstream: Upstream): ServerStatus =>
    upstream.isPersonal && upstream.state.kind !== 'disabled'
      ? statusPerUser(upstream, users?.connections(upstream.name) ?? [], audience !== 'named')
      : statusOf(upstream)
  const tell = (name: string): void => {
    const upstream = offering.own(name)
    if (upstream !== undefined) onStatus?.(status(upstream))
  }
  const all: Omit<OfferingOptions, 'servers'> = {
    info,
    parking,
    seal,
    onStderr,
    eofMs,
    onState: ({ name }) => tell(name),
  }
  const offering = new Offering({
    ...all,
    servers,
    open: opener(authorize),
    withheld: spec => (isPerUser(spec) && audience !== 'one' ? nameless(audience) : undefined),
  })
  const users =
    personal.length === 0
      ? undefined
      : new Users({
          common: offering,
          offeringFor: user =>
            new Offering({ ...all, servers: personal, open: opener(authorize, user), user, common: offering }),
          withoutRoom: () =>
            new Offering({ ...all, servers: personal, withheld: () => noRoom(most), common: offering }),
          view: ({ upstreams }) => ({
            instructions: instructionsOf(upstreams),
            capabilities: () => withExtensions(upstreams),
          }),
          startupMs: options.startupMs ?? startupMs,
          most,
          idleMs,
          onGone: () => {
            for (const { name } of personal) tell(name)
          },
        })
  return { offering, users, status }
}

const nameless = (audience: 'named' | 'anyone'): string =>
  audience === 'named'
    ? 'each user has a login of their own there, and it is not known whose call this is'
    : 'each user has a login of their own there, and this gateway does not ask its users who they are'

const noRoom = (most: number): string =>
  `${most} users have connections of their own there, which is as many as can be at once; try again in a few minutes`

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
