import {
  type Caller,
  type Cancellation,
  type Exchange,
  type InputPort,
  isLogged,
  type LoggingLevel,
  type Params,
  type Peer,
  type RequestEvent,
} from '@interlock/protocol'
import { EventLine } from '../notify.ts'
import { LiveInput } from './live-input.ts'
import type { Session } from './session.ts'

/** The way back to a client with a session. */
export class LegacyCaller implements Caller {
  readonly #session: Session
  readonly #exchange: Exchange
  readonly #cancellation: Cancellation
  readonly #token: unknown
  readonly #answerMs: number
  #events: EventLine | undefined
  #input: InputPort | undefined

  constructor(session: Session, exchange: Exchange, cancellation: Cancellation, params: Params, answerMs: number) {
    this.#session = session
    this.#exchange = exchange
    this.#cancellation = cancellation
    this.#token = params._meta?.['progressToken']
    this.#answerMs = answerMs
  }

  get peer(): Peer {
    return this.#session.peer
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal
  }

  get wantsProgress(): boolean {
    return this.#token !== undefined
  }

  get logLevel(): LoggingLevel {
    return this.#session.level
  }

  get input(): InputPort {
    this.#input ??= new LiveInput(this.#session, this.#exchange, this.signal, this.#answerMs)
    return this.#input
  }

  notify(event: RequestEvent): void {
    if (this.#cancellation.aborted || this.#exchange.isCongested) return
    if (event.kind === 'log' && !isLogged(event.level, this.logLevel)) return
    this.#events ??= new EventLine(this.peer.revision, this.#token, message => this.#exchange.send(message))
    this.#events.notify(event)
  }
}
