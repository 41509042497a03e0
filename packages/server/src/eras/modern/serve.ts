import {
  type Cancellation,
  type Connection,
  cancelledId,
  code,
  complete,
  type Delivery,
  type Exchange,
  errorResponse,
  InFlight,
  invalidRequest,
  isRequest,
  type Params,
  type Peer,
  ProtocolError,
  type Request,
  type RequestId,
  type Revision,
  resultResponse,
  type Service,
  toErrorObject,
} from '@interlock/protocol'
import type { Era, ServerLimits } from '../../receive.ts'
import type { Work } from '../../work.ts'
import { challengeFor, reportFault } from '../fault.ts'
import { FaultyParams } from '../faulty-params.ts'
import { hasEnvelope, open, Refused } from './envelope.ts'
import { Listeners } from './listen.ts'
import { Replies } from './reply.ts'
import { Rounds } from './rounds.ts'
import type { Seal } from './seal.ts'
import { answerTask, taskMethods } from './tasks.ts'

/** Revisions whose every request says who is calling: nothing is remembered from one to the next. */
export function modernEra(
  service: Service,
  work: Work,
  limits: ServerLimits,
  seal: Seal,
  revisions: readonly Revision[],
): Era {
  const served = revisions.filter(({ features }) => features.era === 'modern')
  const conversation = new Conversation(service, work, limits, seal, served)
  return {
    claims: exchange => served.length > 0 && (hasEnvelope(exchange) || conversation.isCancelling(exchange)),
    serve: exchange => conversation.serve(exchange),
    close: () => conversation.close(),
  }
}

class Conversation {
  readonly #service: Service
  readonly #work: Work
  readonly #served: readonly Revision[]
  readonly #replies: Replies
  readonly #listeners: Listeners
  readonly #rounds: Rounds
  /** Methods that extensions add. */
  readonly #extended: Pick<ReadonlySet<string>, 'has'>
  /** Requests in flight on shared streams, which are cancelled by id. */
  readonly #inFlight = new WeakMap<Connection, InFlight<RequestId, Cancellation>>()

  constructor(service: Service, work: Work, limits: ServerLimits, seal: Seal, served: readonly Revision[]) {
    this.#service = service
    this.#served = served
    this.#work = work
    this.#replies = new Replies(service.info)
    this.#listeners = new Listeners(service, limits)
    this.#rounds = new Rounds(service, limits, seal, this.#replies)
    this.#extended = { has: method => taskMethods.has(method) || service.methods?.has(method) === true }
  }

  /** Whether a message cancels a request of this era. */
  isCancelling({ message, binding }: Exchange): boolean {
    const id = cancelledId(message)
    if (id === undefined || binding.connection === undefined) return false
    return this.#inFlight.get(binding.connection)?.has(id) === true
  }

  serve(exchange: Exchange): void {
    const { message, binding } = exchange
    if (!isRequest(message)) {
      const id = cancelledId(message)
      const inFlight = binding.connection && this.#inFlight.get(binding.connection)
      if (id !== undefined) inFlight?.get(id)?.abort(new Error('the client cancelled the request'))
      return exchange.end()
    }
    const refusal = this.#work.refusal
    if (refusal !== undefined) {
      return exchange.reply(errorResponse(message.id, { code: code.internalError, message: refusal }), { status: 503 })
    }
    this.#request(exchange, message)
      .catch((error: unknown) => {
        if (!exchange.cancellation.aborted) reportFault(message.method, error)
        exchange.reply(
          errorResponse(message.id, toErrorObject(error)),
          challengeFor(error, binding) ?? deliveryOf(error),
        )
      })
      // What an error carries may be no JSON.
      .catch(() => exchange.reply(errorResponse(message.id, toErrorObject(undefined)), { status: 500 }))
  }

  close(): void {
    this.#listeners.close()
  }

  async #request(exchange: Exchange, message: Request): Promise<void> {
    const { id, method } = message
    const { cancellation, binding } = exchange
    const forget = binding.connection && this.#remember(binding.connection, id, cancellation)
    if (forget === false) throw invalidRequest('a request with this id is in flight')
    this.#work.begin(exchange)
    try {
      const { peer, params } = open(message, binding, this.#served, this.#extended)
      if (method === 'subscriptions/listen') {
        return await this.#listeners.listen(exchange, message, peer, () => forget?.())
      }
      const result = await this.#answer(exchange, method, peer, params)
      exchange.reply(resultResponse(id, result))
      forget?.()
    } catch (error) {
      forget?.()
      const refused = error instanceof FaultyParams ? await refusal(error) : error
      if (!(refused instanceof Refused)) throw refused
      exchange.reply(errorResponse(id, refused.error.toObject()), { status: refused.status })
    } finally {
      this.#work.end(exchange)
    }
  }

  #answer(exchange: Exchange, method: string, peer: Peer, params: Params): object | Promise<object> {
    if (method === 'server/discover') return this.#discover(peer)
    return taskMethods.has(method)
      ? answerTask(this.#service, method, peer, params).then(result => this.#replies.complete(method, complete(result)))
      : this.#rounds.call(exchange, method, peer, params)
  }

  /** @returns how to forget it; false when a request with this id is in flight already */
  #remember(connection: Connection, id: RequestId, cancellation: Cancellation): (() => void) | false {
    const inFlight = this.#inFlight.get(connection) ?? this.#connected(connection)
    if (inFlight.has(id)) return false
    inFlight.set(id, cancellation)
    return () => inFlight.delete(id)
  }

  /** Requests of a connection are cancelled when it is lost. */
  #connected(connection: Connection): InFlight<RequestId, Cancellation> {
    const inFlight = new InFlight<RequestId, Cancellation>()
    this.#inFlight.set(connection, inFlight)
    connection.closed.signal.addEventListener('abort', () => {
      for (const cancellation of inFlight.values()) cancellation.abort(new Error('the client is gone'))
    })
    return inFlight
  }

  #discover(peer: Peer): object {
    const view = this.#service.viewOf?.(peer) ?? this.#service
    const { instructions } = view
    const result = {
      supportedVersions: this.#served.map(({ version }) => version),
      capabilities: view.capabilities(),
      ...(instructions === undefined ? {} : { instructions }),
    }
    return this.#replies.complete('server/discover', complete(result))
  }
}

async function refusal(faulty: FaultyParams): Promise<Refused> {
  return new Refused(await faulty.explained(), faulty.status)
}

const statuses: ReadonlyMap<number, number> = new Map([
  [code.methodNotFound, 404],
  [code.invalidRequest, 400],
  [code.missingCapability, 400],
  [code.headerMismatch, 400],
])

/** HTTP status of an error (specification: Streamable HTTP, Protocol Version Header; Base Protocol, `_meta`). */
function deliveryOf(error: unknown): Delivery {
  if (!(error instanceof ProtocolError)) return { status: 500 }
  return { status: statuses.get(error.code) ?? 200 }
}
