import type { Peer } from './call.ts'
import type { ChangeBus } from './change.ts'
import type { TaskDesk } from './extensions/tasks.ts'
import type { Handler } from './handler.ts'
import type { Implementation, ServerCapabilities } from './model/index.ts'

/** What a client learns of a service without calling it, and hears of it. */
export interface ServiceView {
  readonly instructions?: string | undefined
  capabilities(): ServerCapabilities
  readonly changes: ChangeBus
  /**
   * Settles when changes of a resource that somebody subscribed to will be heard of, soon in any case. Absent where they
   * are heard of at once.
   * @throws ProtocolError when they never will: the subscription is refused
   */
  watching?(uri: string): Promise<void>
}

/** What an era serves to clients: a server that an author wrote, or a gateway. */
export interface Service extends ServiceView {
  readonly info: Implementation
  /** Answers every method but those by which a conversation is held (`initialize`, `server/discover`, `ping` …). */
  readonly handle: Handler
  /** What one client learns and hears, where that is not the same for all. Default: what the service itself says. */
  viewOf?(peer: Peer): ServiceView
  /**
   * Whether a client may hear of changes of a resource. Default: it may.
   * @throws ProtocolError when it may not
   */
  mayWatch?(uri: string, peer: Peer): void
  /** A client with a session says that it has other roots than before. */
  rootsChanged?(peer: Peer): void
  /** Work that goes on after its request. Offered when the capabilities name the extension. */
  readonly tasks?: TaskDesk
  /** Methods of extensions that `handle` answers besides those of the revisions. */
  readonly methods?: Pick<ReadonlySet<string>, 'has'>
}
