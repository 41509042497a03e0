import type { ChangeBus } from './change.ts'
import type { TaskDesk } from './extensions/tasks.ts'
import type { Handler } from './handler.ts'
import type { Implementation, ServerCapabilities } from './model/index.ts'

/** What an era serves to clients: a server that an author wrote, or a gateway. */
export interface Service {
  readonly info: Implementation
  readonly instructions?: string | undefined
  capabilities(): ServerCapabilities
  /** Answers every method but those by which a conversation is held (`initialize`, `server/discover`, `ping` …). */
  readonly handle: Handler
  readonly changes: ChangeBus
  /** Work that goes on after its request. Offered when the capabilities name the extension. */
  readonly tasks?: TaskDesk
  /** Methods of extensions that `handle` answers besides those of the revisions. */
  readonly methods?: Pick<ReadonlySet<string>, 'has'>
}
