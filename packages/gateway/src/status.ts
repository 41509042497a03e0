import type { Implementation } from '@interlock/protocol'
import type { UpstreamState } from './upstreams/supervisor.ts'
import type { Upstream } from './upstreams/upstream.ts'

/** What a person wants to know of one server. */
export interface ServerStatus {
  readonly name: string
  /** `perUser`: it is used over connections of each user's own, and there is none that all use. */
  readonly state: 'starting' | 'ready' | 'down' | 'disabled' | 'closed' | 'perUser'
  /** Why it is down, or was before it is tried again, with what it wrote about that to standard error. */
  readonly reason?: string
  /** When it will be started again. ISO 8601. */
  readonly retryAt?: string
  readonly revision?: string
  readonly info?: Implementation
  readonly tools: number
  readonly resources: number
  readonly templates: number
  readonly prompts: number
  /** Users who are connected to it, where each has a login of their own. */
  readonly users?: number
  /** Oddities that did not end it. */
  readonly warnings: readonly string[]
}

export function statusOf({ name, state, lists, warnings }: Upstream): ServerStatus {
  return {
    name,
    state: state.kind,
    ...reasonOf(state),
    ...(state.kind === 'down' && state.retryAt !== undefined ? { retryAt: new Date(state.retryAt).toISOString() } : {}),
    ...(state.kind === 'ready' ? { revision: state.client.server.revision.version } : {}),
    ...(state.kind === 'ready' && state.client.server.info !== undefined ? { info: state.client.server.info } : {}),
    tools: lists.tools.length,
    resources: lists.resources.length,
    templates: lists.templates.length,
    prompts: lists.prompts.length,
    warnings,
  }
}

/** Users whose connections fail that are told of at once. */
const toldUsers = 5

/** The same of a server that each user has a connection of their own to. @param isForAll whether `shared` is used itself */
export function statusPerUser(
  shared: Upstream,
  users: readonly (readonly [subject: string, upstream: Upstream])[],
  isForAll: boolean,
): ServerStatus {
  const connected = users.filter(([, { state }]) => state.kind === 'ready').length
  const { reason = '', ...status } = statusOf(shared)
  const failing = users.flatMap(([subject, { state }]) =>
    state.kind === 'down' ? [`user ${JSON.stringify(subject)}: ${state.reason}`] : [],
  )
  const warnings = [...status.warnings, ...failing.slice(0, toldUsers)]
  if (!isForAll && shared.state.kind === 'down') return { ...status, state: 'perUser', users: connected, warnings }
  const own = shared.state.kind === 'ready' ? 1 : 0
  return { ...status, ...(reason === '' ? {} : { reason }), users: own + connected, warnings }
}

function reasonOf(state: UpstreamState): Pick<ServerStatus, 'reason'> {
  const { reason } = state.kind === 'down' || state.kind === 'starting' ? state : {}
  return reason === undefined ? {} : { reason }
}
