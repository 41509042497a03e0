import { isScope } from '../scope.ts'
import type { ScopeOptions } from './options.ts'

/** Scope that asks for a refresh token: of no interest to a resource (specification: Authorization, Refresh Tokens). */
const offline = 'offline_access'

/** The scopes of a server: what is needed, what is offered, what includes what. */
export class Scopes {
  /** What every request needs. */
  readonly required: readonly string[]
  readonly supported: readonly string[]
  readonly #implies: Readonly<Record<string, readonly string[]>>

  /** @throws TypeError for a scope that RFC 6749 does not allow */
  constructor({ required = [], supported, implies = {} }: ScopeOptions = {}) {
    this.required = sound(required)
    this.supported = sound(supported ?? required)
    this.#implies = implies
    sound(Object.entries(implies).flat(2))
  }

  /** All that was granted, with what it includes. */
  expand(granted: readonly string[]): readonly string[] {
    const all = new Set(granted)
    // A set visits what is added to it meanwhile.
    for (const scope of all) {
      if (Object.hasOwn(this.#implies, scope)) for (const implied of this.#implies[scope] ?? []) all.add(implied)
    }
    return [...all]
  }

  /** What a request needs, with what every one needs. */
  needed(scopes: readonly string[]): readonly string[] {
    return [...new Set([...this.required, ...sound(scopes)])]
  }
}

/** @throws TypeError */
function sound(scopes: readonly string[]): readonly string[] {
  const faulty = scopes.find(scope => !isScope(scope))
  if (faulty !== undefined)
    throw new TypeError(`the scope ${JSON.stringify(faulty)} has characters that scopes cannot have`)
  return scopes.filter(scope => scope !== offline)
}

/** The scopes in a token's claims: as RFC 9068 has them, or as Entra and Okta write them. */
export function claimedScopes(claims: Readonly<Record<string, unknown>>): readonly string[] {
  return [claims['scope'], claims['scp']].flatMap(value => {
    if (typeof value === 'string') return value.split(' ').filter(scope => scope !== '')
    return Array.isArray(value) ? value.filter(scope => typeof scope === 'string') : []
  })
}
