import { InsufficientScope, type Peer } from '@interlock/protocol'

/** Scopes that the methods of one kind need, besides what a single tool, resource or prompt needs of its own. */
export interface ScopesByKind {
  readonly tools?: readonly string[]
  readonly resources?: readonly string[]
  readonly prompts?: readonly string[]
}

/**
 * Lets through whoever has all of these scopes. Whoever starts a server and talks to it over stdio, or in the same
 * process, has what the process has, unless it was given scopes; over HTTP nobody has any without a token.
 * @throws InsufficientScope naming all of them, since a client asks for what is named
 */
export function demandScopes(
  { principal, isLocal }: Peer,
  ...needed: readonly (readonly string[] | undefined)[]
): void {
  if (needed.every(some => some === undefined || some.length === 0)) return
  const scopes = [...new Set(needed.flatMap(some => some ?? []))]
  if (principal === undefined ? isLocal : scopes.every(scope => principal.scopes.includes(scope))) return
  throw new InsufficientScope(scopes)
}

/** @throws TypeError for what cannot be a scope (RFC 6749 section 3.3) */
export function soundScopes(scopes: readonly string[] | undefined, of: string): void {
  const faulty = scopes?.find(scope => !/^[\x21\x23-\x5B\x5D-\x7E]+$/.test(scope))
  if (faulty !== undefined)
    throw new TypeError(`${of} has the scope ${JSON.stringify(faulty)}, which scopes cannot be called`)
}
