import { isScope } from '../scope.ts'

/** The scopes of a space-separated list, each once, in order. What can be no scope is left out. */
export const scopesIn = (scope: string | undefined): readonly string[] => [
  ...new Set((scope ?? '').split(' ').filter(isScope)),
]

/** All scopes of several lists; `undefined` when there is none. */
export function unionOf(...lists: readonly (string | undefined)[]): string | undefined {
  const all = scopesIn(lists.join(' '))
  return all.length === 0 ? undefined : all.join(' ')
}

/** Whether a granted scope has all that is needed. */
export function covers(granted: string | undefined, needed: string | undefined): boolean {
  const has = new Set(scopesIn(granted))
  return scopesIn(needed).every(name => has.has(name))
}

export interface ScopeChoice {
  /** What the challenge says the operation needs. */
  readonly challenged: string | undefined
  /** `scopes_supported` of the resource's metadata. */
  readonly offered: readonly string[] | undefined
  /** What was asked for before, of the same authorization server. */
  readonly earlier: string | undefined
  /** `scopes_supported` of the authorization server. */
  readonly known: readonly string[] | undefined
  /** Whether a refresh token is wanted. */
  readonly isLasting: boolean
}

/** Which scopes to ask for (specification: Authorization, Scope Selection Strategy, Refresh Tokens, Step-Up). */
export function chooseScope({ challenged, offered, earlier, known, isLasting }: ScopeChoice): string | undefined {
  const needed = scopesIn(challenged).length > 0 ? challenged : offered?.join(' ')
  const lasting = isLasting && known?.includes('offline_access') === true ? 'offline_access' : undefined
  const chosen = unionOf(earlier, needed)
  // Without any scope of its own, a request for "offline_access" alone would be one for nothing else.
  return unionOf(chosen, lasting)
}
