import type { InputRequest, Params, Peer } from '@interlock/protocol'
import { withPageOf } from '../pages.ts'

/** What a server asks over a session, as it is put to the client whose call it belongs to. */
export function reworded(server: string, peer: Peer, question: InputRequest): InputRequest {
  const { method, params } = question
  if (params === undefined) return question
  switch (method) {
    case 'elicitation/create':
      return { method, params: withPageOf(server, params) }
    case 'sampling/createMessage':
      return takesContext(peer) ? question : { method, params: withoutContext(params) }
    case 'roots/list':
      return question
  }
}

/**
 * Revisions that have the capability forbid to ask for the context of servers without it; the older ones leave to the
 * client what it makes of that (specification 2025-11-25: Sampling, Capabilities).
 */
const takesContext = ({ capabilities, revision }: Peer): boolean =>
  !revision.features.samplingTools || capabilities.sampling?.context !== undefined

/** The session was told that there may be such a client. What is left out means the same as `none`. */
function withoutContext(params: Params): Params {
  const { includeContext: _, ...others } = params
  return others
}
