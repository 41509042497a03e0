import type { Call } from '@interlock/protocol'

/** The rest of a tool's work, which goes on as a task where the client takes one. */
export class TaskWork<Value> {
  /** @param call the call as the task makes it; undefined to go on within the call that there is */
  readonly run: (call?: Call) => Value | Promise<Value>

  constructor(run: (call?: Call) => Value | Promise<Value>) {
    this.run = run
  }
}
