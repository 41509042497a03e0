import {
  type Exchange,
  type InputRequests,
  interactiveMethods,
  isObject,
  type Lowering,
  type Meta,
  type Outcome,
  type Params,
  type Peer,
  type Resume,
  type Revision,
  requireCapability,
  type Service,
} from '@interlock/protocol'
import type { ServerLimits } from '../../receive.ts'
import { ModernCaller } from './caller.ts'
import { newJournal, openJournal, sealJournal, type Ties } from './journal.ts'
import { ReplayInput } from './replay-input.ts'
import type { Replies } from './reply.ts'
import type { Seal } from './seal.ts'
import { withoutExecution } from './tasks.ts'

/** Calls whose questions go out with the reply, so that the client calls again (specification: Multi Round-Trip Requests). */
export class Rounds {
  readonly #service: Service
  readonly #limits: ServerLimits
  readonly #seal: Seal
  readonly #replies: Replies

  constructor(service: Service, limits: ServerLimits, seal: Seal, replies: Replies) {
    this.#service = service
    this.#limits = limits
    this.#seal = seal
    this.#replies = replies
  }

  /** One round: it ends with a result, a task, or the questions that are open. */
  async call(exchange: Exchange, method: string, peer: Peer, params: Params): Promise<object> {
    const isRetry = params['requestState'] !== undefined || params['inputResponses'] !== undefined
    const replay = isRetry && interactiveMethods.has(method) ? await this.#replay(method, peer, params) : undefined
    const caller = new ModernCaller(exchange, peer, params._meta as Meta, replay) // the envelope was checked
    const resume = replay === undefined ? undefined : resumeOf(replay, params)
    const call = resume === undefined ? { method, params, caller } : { method, params, caller, resume }
    let outcome: Outcome
    try {
      outcome = await this.#service.handle(call)
    } catch (error) {
      if (!hasQuestion(caller)) throw error
      outcome = { kind: 'input_required' }
    }
    if (outcome.kind === 'complete' && !hasQuestion(caller))
      return this.#replies.complete(method, outcome, loweringOf(method, peer.revision))
    if (outcome.kind === 'task' && !hasQuestion(caller)) return this.#replies.task(outcome.task)
    return this.#ask(method, params, caller, outcome)
  }

  /** A question that is open wins over whatever the handler returned or threw while it unwound. */
  async #ask(method: string, params: Params, caller: ModernCaller, outcome: Outcome): Promise<object> {
    const { peer, replay } = caller
    if (!interactiveMethods.has(method)) throw new TypeError(`${method} cannot ask its client`)
    await replay?.settled()
    if (replay?.fault !== undefined) throw replay.fault
    const journal = replay?.journal ?? newJournal()
    const explicit = outcome.kind === 'input_required' ? outcome : undefined
    const asked = Object.entries({ ...explicit?.requests, ...replay?.pending })
    const requests: InputRequests = Object.fromEntries(
      asked.map(([key, request]) => [key, requireCapability(peer, request)]),
    )
    if (explicit?.state !== undefined) journal.carry = explicit.state
    const state = await sealJournal(this.#seal, journal, this.#ties(method, peer, params))
    return this.#replies.inputRequired(requests, state)
  }

  async #replay(method: string, peer: Peer, params: Params): Promise<ReplayInput> {
    const token = params['requestState']
    const journal =
      typeof token === 'string' ? await openJournal(this.#seal, token, this.#ties(method, peer, params)) : newJournal()
    return new ReplayInput(journal, peer, responsesOf(params))
  }

  #ties(method: string, peer: Peer, params: Params): Ties {
    const { name, version } = this.#service.info
    return {
      principal: peer.principal,
      method,
      params,
      build: `${name}@${version}`,
      lifeMs: this.#limits.answerMs,
      stateBytes: this.#limits.stateBytes,
    }
  }
}

/** A question was asked, or the replay is not to be trusted. */
const hasQuestion = ({ replay }: ModernCaller): boolean =>
  replay !== undefined && (replay.fault !== undefined || Object.keys(replay.pending).length > 0)

const loweringOf = (method: string, { lower }: Revision): Lowering | undefined =>
  lower.results?.[method] ?? (method === 'tools/list' ? withoutExecution : undefined)

const responsesOf = (params: Params): Readonly<Record<string, unknown>> =>
  isObject(params['inputResponses']) ? params['inputResponses'] : {}

/** What a handler that asks by returning gets back: its own state, and the answers to its own questions. */
function resumeOf({ journal }: ReplayInput, params: Params): Resume {
  const own = Object.entries(responsesOf(params)).filter(([key]) => !Object.hasOwn(journal.entries, key))
  const responses = Object.fromEntries(own)
  return journal.carry === undefined ? { responses } : { responses, state: journal.carry }
}
