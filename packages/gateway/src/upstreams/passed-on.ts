import type {
  Caller,
  InputPort,
  InputRequest,
  LoggingLevel,
  Peer,
  RequestEvent,
  TaskRequest,
} from '@interlock/protocol'

export interface Changes {
  /** Taken instead of what the caller takes. */
  readonly task?: TaskRequest
  /** How a question is put to the caller. */
  reword?(question: InputRequest): InputRequest
}

/** A caller as one server behind the gateway sees it: the gateway stands between the two. */
export class PassedOn implements Caller {
  readonly #caller: Caller
  readonly #changes: Changes

  constructor(caller: Caller, changes: Changes) {
    this.#caller = caller
    this.#changes = changes
  }

  get peer(): Peer {
    return this.#caller.peer
  }

  get signal(): AbortSignal {
    return this.#caller.signal
  }

  get input(): InputPort {
    const { input } = this.#caller
    const { reword } = this.#changes
    if (reword === undefined) return input
    return {
      flow: input.flow,
      isLive: input.isLive,
      ask: (key, question, signal) => input.ask(key, reword(question), signal),
      step: (key, run) => input.step(key, run),
    }
  }

  get wantsProgress(): boolean {
    return this.#caller.wantsProgress
  }

  get logLevel(): LoggingLevel | undefined {
    return this.#caller.logLevel
  }

  get task(): TaskRequest | undefined {
    return this.#changes.task ?? this.#caller.task
  }

  notify(event: RequestEvent): void {
    this.#caller.notify(event)
  }
}
