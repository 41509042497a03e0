import {
  type Caller,
  type Cancellation,
  type Exchange,
  type InputPort,
  isLogged,
  type LoggingLevel,
  type Meta,
  metaKey,
  type Peer,
  type RequestEvent,
  type TaskRequest,
} from '@interlock/protocol'
import { EventLine } from '../notify.ts'
import { ReplayInput } from './replay-input.ts'
import { takesTasks } from './tasks.ts'

/** Here it is the server that decides what becomes a task. */
const taken: TaskRequest = {}

/** The way back to the client of one stateless request. */
export class ModernCaller implements Caller {
  readonly peer: Peer
  readonly #exchange: Exchange
  readonly #meta: Meta
  #events: EventLine | undefined
  #replay: ReplayInput | undefined

  /** @param replay what the client brought from the rounds before, if any */
  constructor(exchange: Exchange, peer: Peer, meta: Meta, replay: ReplayInput | undefined) {
    this.#exchange = exchange
    this.peer = peer
    this.#meta = meta
    this.#replay = replay
  }

  get input(): InputPort {
    this.#replay ??= new ReplayInput(undefined, this.peer, {})
    return this.#replay
  }

  /** The input port, if anybody has used it. */
  get replay(): ReplayInput | undefined {
    return this.#replay
  }

  get cancellation(): Cancellation {
    return this.#exchange.cancellation
  }

  get signal(): AbortSignal {
    return this.#exchange.cancellation.signal
  }

  get task(): TaskRequest | undefined {
    return takesTasks(this.peer) ? taken : undefined
  }

  get wantsProgress(): boolean {
    return this.#meta[metaKey.progressToken] !== undefined
  }

  get logLevel(): LoggingLevel | undefined {
    return this.#meta[metaKey.logLevel] as LoggingLevel | undefined // checked with the envelope
  }

  header(name: string): string | undefined {
    return this.#exchange.binding.header?.(name)
  }

  notify(event: RequestEvent): void {
    // Without a level in its envelope a request gets no log messages (specification: Logging).
    if (event.kind === 'log' && !isLogged(event.level, this.logLevel)) return
    if (this.#exchange.isCongested) return
    this.#events ??= new EventLine(this.peer.revision, this.#meta[metaKey.progressToken], message =>
      this.#exchange.send(message),
    )
    this.#events.notify(event)
  }
}
