import {
  type CacheHint,
  type Complete,
  type Implementation,
  type InputRequests,
  isObject,
  type Lowering,
  metaKey,
  RawJson,
  type Source,
  type Task,
  textResult,
  writtenFrom,
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

  #made(method: string, { result, cache, source }: Complete, lower: Lowering | undefined): RawJson {
    const lowered = lower === undefined ? result : lower(result as Record<string, unknown>) // an object
    return this.#write(method, lowered, cache, source)
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
  #write(method: string, result: object, cache: CacheHint | undefined, source: Source | undefined): RawJson {
    const hint = cache ?? (cacheable.has(method) ? notCached : undefined)
    const { head, own } = this.#split(result, hint)
    const cached = hint === undefined ? '' : `,"ttlMs":${hint.ttlMs},"cacheScope":"${hint.scope}"`
    if (source !== undefined) return writtenFrom(source, own, head + cached)
    const body = textResult(own) ?? JSON.stringify(own)
    return new RawJson(body === '{}' ? `${head}${cached}}` : `${head}${cached},${body.slice(1)}`)
  }

  /** The text that a result begins with, and what it has besides. */
  #split(result: object, hint: CacheHint | undefined): { readonly head: string; readonly own: object } {
    if (!envelopeMembers.some(member => member in result)) return { head: this.#head, own: result }
    const { _meta, resultType: _, ...own }: Members = result
    const meta = isObject(_meta) ? { ..._meta, ...this.#serverMeta } : this.#serverMeta
    const head = `{"resultType":"complete","_meta":${JSON.stringify(meta)}`
    if (hint === undefined) return { head, own }
    const { ttlMs: __, cacheScope: ___, ...rest } = own
    return { head, own: rest }
  }
}

type Members = { readonly [Member in (typeof envelopeMembers)[number]]?: unknown }
