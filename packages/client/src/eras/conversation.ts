import type {
  Call,
  Caller,
  DetailedTask,
  Implementation,
  LoggingLevel,
  Notification,
  Outcome,
  Request,
  Revision,
  ServerCapabilities,
} from '@interlock/protocol'
import type { Timing } from '../wire.ts'

/** What a server says about itself, and the revision that is spoken with it. */
export interface ServerDescription {
  readonly revision: Revision
  readonly info: Implementation | undefined
  readonly capabilities: ServerCapabilities
  readonly instructions: string | undefined
}

/** Somebody looks after a task: until this is disposed of, what belongs to the task goes there. */
export interface Attendance extends Disposable {
  /** The server tells of every change of the task by itself. */
  readonly isHeard: boolean
  /** Resolves when that is known; absent where servers never promise it. */
  readonly heard?: Promise<boolean>
}

/** One way of holding a conversation with a server, once both sides know each other. */
export interface Conversation {
  readonly server: ServerDescription
  /** Sends a call as it is and hands back what came; questions that came as a result are not answered here. */
  perform(call: Call, timing: Timing): Promise<Outcome>
  /** Resolves when the server answers at all. */
  ping(timing: Timing): Promise<void>
  setLogLevel(level: LoggingLevel): Promise<void>
  /** Tells the server that there are other roots now, where it was told that it would be; elsewhere it asks anew. */
  rootsChanged(): Promise<void>
  /** Takes a message of the server that came on no request's own stream. */
  take(message: Request | Notification): void
  /**
   * Makes the server tell what is wanted now. Resolves when it will. With a `uri`, a refusal of that resource rejects;
   * the server's refusals of other resources are warned of.
   */
  watch(uri?: string): Promise<void>
  /**
   * From now on `caller` is asked and told what belongs to a task, and `onChange` hears of what the server tells of the
   * task without being asked.
   */
  attend(taskId: string, caller: Caller, onChange: (task: DetailedTask) => void): Attendance
  /** Ends what is open. The transport stays. */
  close(): Promise<void>
}
