import {
  type Caller,
  type Cancellation,
  type InputPort,
  type InputRequest,
  type LoggingLevel,
  MissingCapability,
  type Peer,
  type RequestEvent,
  type TaskRequest,
} from '@interlock/protocol'

export interface Changes {
  /** Taken instead of what the caller takes. */
  readonly task?: TaskRequest
  readonly questions?: Questions
}

export interface Questions {
  /** How a question is put to the caller. */
  reword(question: InputRequest): InputRequest
  /** Told that the caller cannot be asked. */
  onRefused(refusal: MissingCapability): void
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

  get cancellation(): Cancellation | undefined {
    return this.#caller.cancellation
  }

  get signal(): AbortSignal {
    return this.#caller.signal
  }

  get input(): InputPort {
    const { input } = this.#caller
    const { questions } = this.#changes
    if (questions === undefined) return input
    return {
      flow: input.flow,
      isLive: input.isLive,
      async ask(key, question, signal) {
        try {
          return await input.ask(key, questions.reword(question), signal)
        } catch (error) {
          if (error instanceof MissingCapability) questions.onRefused(error)
          throw error
        }
      },
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
