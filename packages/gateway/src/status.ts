import type { Implementation } from '@interlock/protocol'
import type { Upstream, UpstreamState } from './upstreams/upstream.ts'

/** What a person wants to know of one server. */
export interface ServerStatus {
  readonly name: string
  readonly state: 'starting' | 'ready' | 'down' | 'disabled' | 'closed'
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

function reasonOf(state: UpstreamState): Pick<ServerStatus, 'reason'> {
  const { reason } = state.kind === 'down' || state.kind === 'starting' ? state : {}
  return reason === undefined ? {} : { reason }
}
