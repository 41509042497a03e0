import type { CacheHint } from '@interlock/protocol'

/** Until when, and by whom, something may be kept. */
export interface Freshness {
  /** Milliseconds since the epoch; 0 where it was never to be kept. */
  readonly until: number
  readonly scope: CacheHint['scope']
}

/** Of a list that a server does not have: when that changes, it tells. */
export const forever: Freshness = { until: Number.POSITIVE_INFINITY, scope: 'public' }

/** Of what nobody says how long it may be kept. */
const never: Freshness = { until: 0, scope: 'private' }

/** What may be said of several things together: the shortest time, and for all only what is for all. */
export function together(parts: readonly (Freshness | undefined)[]): Freshness {
  return parts.reduce<Freshness>((all, part = never) => {
    const scope = all.scope === 'public' && part.scope === 'public' ? 'public' : 'private'
    return { until: Math.min(all.until, part.until), scope }
  }, forever)
}

/** The same of what is for one user alone, whatever its server says. */
export const forOne = (part: Freshness = never): Freshness => ({ ...part, scope: 'private' })

/** Whether the time that it might be kept is over. */
export const isOver = ({ until }: Freshness): boolean => until > 0 && until <= Date.now()

/** Whether it was never to be kept. */
export const isFleeting = ({ until }: Freshness): boolean => until === 0

/** How long it is fresh from now; undefined when it is not, or when nothing limits it. */
export function hintOf({ until, scope }: Freshness): CacheHint | undefined {
  const ttlMs = until - Date.now()
  return ttlMs > 0 && Number.isFinite(ttlMs) ? { ttlMs, scope } : undefined
}

/** Options for reading a list, and what its pages said while it was read. */
export function hinting(): { options: { onCacheHint(hint: CacheHint | undefined): void }; freshness(): Freshness } {
  const pages: (Freshness | undefined)[] = []
  return {
    options: {
      onCacheHint: hint => void pages.push(hint && { until: endOf(hint), scope: hint.scope }),
    },
    freshness: () => (pages.length === 0 ? never : together(pages)),
  }
}

const endOf = ({ ttlMs }: CacheHint): number => (ttlMs > 0 ? Date.now() + ttlMs : 0)
