import type { Binding, Revision, Service, Stream } from '@interlock/protocol'
import type { EventStore } from '../../event-store.ts'
import type { Era, ServerLimits } from '../../receive.ts'
import type { Work } from '../../work.ts'
import { reportFault } from '../fault.ts'
import { Conversation } from './conversation.ts'
import { versionFault } from './refusal.ts'
import { Sessions } from './sessions.ts'

/** Revisions that open a session with `initialize`. */
export interface LegacyEra extends Era {
  /** Whether the session that a binding names is of a revision with batches. */
  takesBatches(binding: Binding): boolean
  listen(stream: Stream): void
  terminate(binding: Binding): number
}

export function legacyEra(
  service: Service,
  work: Work,
  limits: ServerLimits,
  revisions: readonly Revision[],
  events?: EventStore,
): LegacyEra {
  const served = revisions.filter(({ features }) => features.era === 'legacy')
  const sessions = new Sessions(limits, events)
  const conversation = new Conversation(service, work, limits, revisions, sessions)
  /** Why what is done with a session as a whole is not done, as a status. */
  const faultOf = (binding: Binding): number | undefined => {
    // Who names no session, or asks where there are none, has the wrong method.
    if (served.length === 0 || binding.header?.('mcp-session-id') === undefined) return 405
    return sessions.find(binding) === undefined ? 404 : versionFault(binding, served)?.delivery.status
  }
  return {
    claims: () => true,
    serve: exchange => conversation.serve(exchange),
    takesBatches: binding => sessions.find(binding)?.peer.revision.features.batch === true,
    listen: stream => {
      const status = faultOf(stream.binding)
      if (status !== undefined) return stream.refuse({ status })
      void listen(sessions, stream).catch((error: unknown) => {
        reportFault('a stream', error)
        stream.refuse({ status: 500 })
      })
    },
    terminate: binding => faultOf(binding) ?? (sessions.terminate(binding) ? 204 : 404),
    close: () => sessions.close(),
  }
}

/** Opens a stream on which a session speaks unasked, or goes on with one that the client lost. */
async function listen(sessions: Sessions, stream: Stream): Promise<void> {
  const { binding } = stream
  const session = sessions.find(binding)
  if (session === undefined) return stream.refuse({ status: 404 })
  const eventId = binding.header?.('last-event-id')
  if (eventId === undefined) return session.listenOn(session.streams.open(stream.open()))
  const found = session.streams.find(eventId)
  // Not 404: that would tell the client that its session has ended.
  if (found === undefined || !(await found.stream.canResume(found.after))) return stream.refuse({ status: 400 })
  await session.resume(found.stream, stream.open(), found.after)
}
