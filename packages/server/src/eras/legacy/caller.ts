import {
  type Binding,
  type Caller,
  type Cancellation,
  type Exchange,
  type InputPort,
  isLogged,
  isObject,
  type LoggingLevel,
  type Params,
  type Peer,
  type RequestEvent,
  type TaskRequest,
} from '@interlock/protocol'
import { EventLine } from '../notify.ts'
import { LiveInput } from './live-input.ts'
import type { Session } from './session.ts'
import { SessionExchange } from './session-exchange.ts'
import { related } from './tasks.ts'

/** The peer of a session as this request shows it: another token of the same principal may allow more, or less. */
export function peerNow({ peer }: Session, { principal }: Binding): Peer {
  return principal === undefined || principal === peer.principal ? peer : { ...peer, principal }
}

/** The way back to a client with a session. */
export class LegacyCaller implements Caller {
  readonly peer: Peer
  readonly #session: Session
  readonly #exchange: Exchange
  readonly #cancellation: Cancellation
  readonly #params: Params
  readonly #answerMs: number
  readonly #takesTask: boolean
  #events: EventLine | undefined
  #input: InputPort | undefined

  /** @param takesTask whether this call may ask for a task at all */
  constructor(
    session: Session,
    exchange: Exchange,
    cancellation: Cancellation,
    params: Params,
    answerMs: number,
    takesTask: boolean,
  ) {
    this.peer = peerNow(session, exchange.binding)
    this.#session = session
    this.#exchange = exchange
    this.#cancellation = cancellation
    this.#params = params
    this.#answerMs = answerMs
    this.#takesTask = takesTask
  }

  get #token(): unknown {
    return this.#params._meta?.['progressToken']
  }

  get cancellation(): Cancellation {
    return this.#cancellation
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal
  }

  /** In revision 2025-11-25 it is the client that decides what becomes a task. */
  get task(): TaskRequest | undefined {
    const asked = this.#takesTask ? this.#params['task'] : undefined
    if (!isObject(asked)) return undefined
    const { ttl } = asked
    let events: EventLine | undefined
    return {
      isDemanded: true,
      ...(typeof ttl === 'number' ? { ttlMs: ttl } : {}),
      // The progress token stays good for as long as the task lives.
      notify: (event, taskId) => {
        if (!this.#session.isListening || !this.#wants(event)) return
        events ??= new EventLine(this.peer.revision, this.#token, message =>
          this.#session.send(related(message, taskId)),
        )
        events.notify(event)
      },
    }
  }

  get wantsProgress(): boolean {
    return this.#token !== undefined
  }

  get logLevel(): LoggingLevel {
    return this.#session.level
  }

  get input(): InputPort {
    this.#input ??= new LiveInput(this.#session, this.#exchange, this.#cancellation, this.#answerMs)
    return this.#input
  }

  letGo(retryMs: number): void {
    if (this.#exchange instanceof SessionExchange) this.#exchange.letGo(retryMs)
  }

  notify(event: RequestEvent): void {
    if (this.#cancellation.aborted || this.#exchange.isCongested || !this.#wants(event)) return
    this.#events ??= new EventLine(this.peer.revision, this.#token, message => this.#exchange.send(message))
    this.#events.notify(event)
  }

  #wants(event: RequestEvent): boolean {
    return event.kind !== 'log' || isLogged(event.level, this.logLevel)
  }
}
