import { type Call, type Change, complete, type Handler, metaKey, type Outcome, type Params } from '@interlock/protocol'
import { HostCaller } from './host-caller.ts'
import { clientLimits } from './limits.ts'

/**
 * How a call goes about what is cached, in the words of `fetch`: `default` takes what is fresh, `reload` asks the server
 * and keeps its answer, `no-store` asks the server and keeps nothing.
 */
export type CacheMode = 'default' | 'reload' | 'no-store'

export interface CacheLimits {
  /** Results that are kept; those not used for longest go first. */
  readonly entries: number
  /** What they take in all, counted as two bytes a character of their JSON. */
  readonly bytes: number
}

interface Entry {
  readonly text: string
  readonly scope: 'public' | 'private'
  /** Milliseconds since the epoch. */
  readonly staleAt: number
}

/** Results that may be kept, and which changes make them stale (specification: Caching, Cacheable Results). */
const cacheable: ReadonlyMap<string, 'tools' | 'prompts' | 'resources' | 'resource' | undefined> = new Map([
  ['server/discover', undefined],
  ['tools/list', 'tools'],
  ['prompts/list', 'prompts'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resources'],
  ['resources/read', 'resource'],
])

const kinds: ReadonlySet<string | undefined> = new Set(cacheable.values())

/**
 * Results of one server, kept for as long as it said (specification: Caching). A result comes out as a copy, so nobody
 * can change what others get. Private ones are given only to those who got them: the host itself, or one principal.
 */
export class ResultCache {
  readonly #limits: CacheLimits
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>()
  #bytes = 0
  /** Counts what made results stale, so that one which was on its way meanwhile is not taken for fresh. */
  #changes = 0

  constructor(limits: Partial<CacheLimits> = {}) {
    this.#limits = { entries: clientLimits.cacheEntries, bytes: clientLimits.cacheBytes, ...limits }
  }

  /** What `next` gives, or gave before and may be given again. */
  through(next: Handler, call: Call, mode: CacheMode = 'default'): Promise<Outcome> {
    if (mode === 'no-store' || !isCacheable(call)) return next(call)
    const key = keyOf(call.method, call.params)
    const owner = ownerOf(call)
    const kept = mode === 'default' ? (this.#take(`public ${key}`) ?? this.#take(privately(owner, key))) : undefined
    if (kept === undefined) return this.#fetch(next, call, key, owner)
    if (call.caller.signal.aborted) return Promise.reject(call.caller.signal.reason)
    return Promise.resolve(kept)
  }

  /** What a change makes stale is forgotten. */
  invalidate(change: Change): void {
    if (!kinds.has(change.kind)) return
    this.#changes += 1
    for (const key of this.#entries.keys()) if (concerns(change, key)) this.#drop(key)
  }

  clear(): void {
    this.#changes += 1
    this.#entries.clear()
    this.#bytes = 0
  }

  /** Forgets every page of a list. Whether there was any. */
  forget(method: string): boolean {
    const pages = [...this.#entries.keys()].filter(key => methodOf(key) === method)
    for (const key of pages) this.#drop(key)
    return pages.length > 0
  }

  async #fetch(next: Handler, call: Call, key: string, owner: string | undefined): Promise<Outcome> {
    const changes = this.#changes
    const outcome = await next(call)
    if (outcome.kind !== 'complete' || outcome.cache === undefined || changes !== this.#changes) return outcome
    const { scope, ttlMs } = outcome.cache
    const at = scope === 'public' ? `public ${key}` : privately(owner, key)
    if (at === undefined) return outcome
    this.#drop(at)
    if (ttlMs > 0) this.#keep(at, outcome.result, scope, Math.min(ttlMs, clientLimits.cacheTtlMs))
    return outcome
  }

  #keep(key: string, result: object, scope: Entry['scope'], ttlMs: number): void {
    const text = JSON.stringify(result)
    const bytes = sizeOf(key, text)
    if (bytes > this.#limits.bytes || this.#limits.entries < 1) return
    this.#entries.set(key, { text, scope, staleAt: Date.now() + ttlMs })
    this.#bytes += bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limits.bytes && this.#entries.size <= this.#limits.entries) return
      this.#drop(oldest)
    }
  }

  #take(key: string | undefined): Outcome | undefined {
    const entry = key === undefined ? undefined : this.#entries.get(key)
    if (key === undefined || entry === undefined) return undefined
    const ttlMs = entry.staleAt - Date.now()
    if (ttlMs <= 0) {
      this.#drop(key)
      return undefined
    }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    // Whoever passes it on says how long it is fresh from now.
    return complete(JSON.parse(entry.text), { ttlMs: Math.floor(ttlMs), scope: entry.scope })
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= sizeOf(key, entry.text)
  }
}

const sizeOf = (key: string, text: string): number => 2 * (key.length + text.length)

/** Answers to questions, and keys of `_meta` that only the server understands, are no part of the key. */
export function isCacheable({ method, params, resume }: Call): boolean {
  if (!cacheable.has(method) || resume !== undefined) return false
  if ('inputResponses' in params || 'requestState' in params) return false
  const { _meta } = params
  return _meta === undefined || Object.keys(_meta).every(key => harmless.has(key))
}

const harmless: ReadonlySet<string> = new Set([...Object.values(metaKey), 'traceparent', 'tracestate', 'baggage'])

/** Method, then what the result depends on, the same in whatever order it was written. */
function keyOf(method: string, params: Params): string {
  const members = Object.entries(params)
    .filter(([name]) => name !== '_meta')
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return `${method} ${JSON.stringify(members)}`
}

const methodOf = (key: string): string | undefined => key.slice(key.indexOf(' ') + 1).split(' ', 1)[0]

/** Who may have a private result again; undefined when nobody can tell who got it. */
function ownerOf({ caller }: Call): string | undefined {
  if (caller instanceof HostCaller) return 'host'
  const { principal } = caller.peer
  return principal === undefined ? undefined : encodeURIComponent(JSON.stringify([principal.subject, principal.scopes]))
}

const privately = (owner: string | undefined, key: string): string | undefined =>
  owner === undefined ? undefined : `private:${owner} ${key}`

function concerns(change: Change, key: string): boolean {
  const method = methodOf(key)
  if (method === undefined || cacheable.get(method) !== change.kind) return false
  return change.kind !== 'resource' || key.endsWith(` ${JSON.stringify([['uri', change.uri]])}`)
}
