import {
  type CacheHint,
  type Complete,
  type Implementation,
  type InputRequests,
  isObject,
  type Lowering,
  metaKey,
  RawJson,
  type Task,
} from '@interlock/protocol'
import { SharedTexts } from '../shared-texts.ts'
import { createdTask } from './tasks.ts'

/** Results that say how long they may be kept (specification: Caching, Cacheable Results). */
const cacheable: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
])

/** A result may hold these too; then it is what the envelope says that counts. */
const envelopeMembers = ['_meta', 'resultType', 'ttlMs', 'cacheScope'] as const

const notCached: CacheHint = { ttlMs: 0, scope: 'private' }

/** Puts outcomes into the envelope of modern results. Made once per server. */
export class Replies {
  readonly #serverMeta: Readonly<Record<string, unknown>>
  /** The text before a result's own members. */
  readonly #head: string
  readonly #shared = new SharedTexts()

  constructor(info: Implementation) {
    this.#serverMeta = { [metaKey.serverInfo]: info }
    this.#head = `{"resultType":"complete","_meta":${JSON.stringify(this.#serverMeta)}`
  }

  complete(method: string, outcome: Complete, lower?: Lowering): RawJson {
    return outcome.isShared
      ? this.#shared.of(outcome, lower, () => this.#made(method, outcome, lower))
      : this.#made(method, outcome, lower)
  }

  #made(method: string, { result, cache }: Complete, lower: Lowering | undefined): RawJson {
    const lowered = lower === undefined ? result : lower(result as Record<string, unknown>) // an object
    return new RawJson(this.#write(method, lowered, cache))
  }

  task(task: Task): object {
    return { ...createdTask(task), _meta: this.#serverMeta }
  }

  inputRequired(requests: InputRequests, state: string): object {
    return {
      resultType: 'input_required',
      _meta: this.#serverMeta,
      ...(Object.keys(requests).length === 0 ? {} : { inputRequests: requests }),
      requestState: state,
    }
  }

  /** Most results have no member that the envelope has too, so their text is appended to a head made before. */
  #write(method: string, result: object, cache: CacheHint | undefined): string {
    const hint = cache ?? (cacheable.has(method) ? notCached : undefined)
    if (envelopeMembers.some(member => member in result)) return this.#merge(result, hint)
    const body = JSON.stringify(result)
    const cached = hint === undefined ? '' : `,"ttlMs":${hint.ttlMs},"cacheScope":"${hint.scope}"`
    return body === '{}' ? `${this.#head}${cached}}` : `${this.#head}${cached},${body.slice(1)}`
  }

  #merge(result: object, hint: CacheHint | undefined): string {
    const meta = '_meta' in result && isObject(result._meta) ? result._meta : {}
    return JSON.stringify({
      ...result,
      resultType: 'complete',
      _meta: { ...meta, ...this.#serverMeta },
      ...(hint === undefined ? {} : { ttlMs: hint.ttlMs, cacheScope: hint.scope }),
    })
  }
}
