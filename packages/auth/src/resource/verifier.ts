import type { Principal } from '@interlock/protocol'
import { bothBindings } from './confirmation.ts'
import { invalidToken } from './denied.ts'
import { Introspection } from './introspection.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { trustedIdentifier, trustedUrl } from './issuer-url.ts'
import { asymmetric, isJwt, namedIssuer, verifyJwt } from './jwt.ts'
import type { ResourceLimits } from './limits.ts'
import type { IssuerOptions, ProtectOptions } from './options.ts'
import { principalOf } from './principal.ts'
import { plainFetch } from './remote-document.ts'
import { claimedScopes, type Scopes } from './scopes.ts'
import { VerifiedTokens } from './verified-tokens.ts'

type Claims = Readonly<Record<string, unknown>>

/** Who sent a token, and what it is bound to. */
export interface Verified {
  readonly principal: Principal
  readonly cnf: unknown
}

/** Checks access tokens of the authorization servers of a resource. */
export class Verifier {
  readonly #issuers: ReadonlyMap<string, IssuerVerifier>
  /** Who is asked about tokens that do not say whose they are. One alone: the others must not see them. */
  readonly #opaque: IssuerVerifier | undefined
  readonly #kept: VerifiedTokens<IssuerVerifier>

  /** @throws TypeError */
  constructor(options: ProtectOptions, resource: string, scopes: Scopes, limits: ResourceLimits) {
    const { issuer, issuers = [], jwksUri, introspection, ...shared } = options
    if (issuer === undefined && (jwksUri !== undefined || introspection !== undefined)) {
      throw new TypeError(
        'jwksUri and introspection belong to one issuer: name it as "issuer", or put them in "issuers"',
      )
    }
    const all = [
      ...(issuer === undefined ? [] : [{ ...options, issuer }]),
      ...issuers.map(own => ({ ...shared, ...own })),
    ]
    const verifiers = all.map(own => new IssuerVerifier(own, options, resource, scopes, limits))
    this.#issuers = new Map(verifiers.map(verifier => [verifier.issuer, verifier]))
    if (this.#issuers.size < verifiers.length) throw new TypeError('an issuer is named twice')
    const introspecting = verifiers.filter(verifier => verifier.introspection !== undefined)
    if (introspecting.some(({ isForAll }) => !isForAll) && introspecting.length > 1) {
      throw new TypeError('opaque tokens do not say who issued them: introspection of them is for one issuer alone')
    }
    this.#opaque = introspecting.length === 1 ? introspecting[0] : undefined
    this.#kept = new VerifiedTokens(limits)
  }

  get issuers(): readonly string[] {
    return [...this.#issuers.keys()]
  }

  /** @throws Denied, Unavailable */
  async verify(token: string): Promise<Verified> {
    const kept = this.#kept.get(token)
    if (kept !== undefined) {
      if (kept.keys === (await kept.by.keys.current())) return kept.by.now(token, kept.verified)
      this.#kept.forget(token)
    }
    if (!isJwt(token)) {
      if (this.#opaque === undefined) throw invalidToken('the access token is not known here')
      return this.#opaque.verifyOpaque(token)
    }
    const named = namedIssuer(token)
    const verifier = typeof named === 'string' ? this.#issuers.get(named) : undefined
    if (verifier === undefined) throw invalidToken('the access token is of another issuer')
    // From before it is verified: where keys are renewed meanwhile, those it was kept for are not the current ones.
    const keys = verifier.keys.known
    const verified = await verifier.verifyJwt(token)
    const { expiresAtMs: untilMs = 0 } = verified.principal
    if (keys !== undefined) this.#kept.keep(token, { verified, by: verifier, keys, untilMs })
    return verifier.now(token, verified)
  }
}

class IssuerVerifier {
  readonly issuer: string
  readonly introspection: Introspection | undefined
  /** Whether JWTs are introspected as well. */
  readonly isForAll: boolean
  readonly keys: IssuerKeys
  readonly #verify: (token: string) => ReturnType<typeof verifyJwt>
  readonly #scopesOf: (claims: Claims) => readonly string[]
  readonly #scopes: Scopes
  readonly #clockSkewSec: number

  constructor(
    own: { readonly issuer: string } & IssuerOptions,
    shared: ProtectOptions,
    resource: string,
    scopes: Scopes,
    limits: ResourceLimits,
  ) {
    const { issuer, jwksUri, introspection, tokenTypes = ['at+jwt'], algorithms = asymmetric } = own
    const { clockSkewSec = 30, fetch = plainFetch, report = console.error } = shared
    trustedIdentifier(issuer, 'the issuer')
    const weak = algorithms.find(algorithm => !asymmetric.includes(algorithm))
    if (weak !== undefined)
      throw new TypeError(`"${weak}" is not an algorithm for access tokens; use some of ${asymmetric.join(', ')}`)
    this.issuer = issuer
    this.#clockSkewSec = clockSkewSec
    this.#scopes = scopes
    this.#scopesOf = own.scopesOf ?? claimedScopes
    const documents = { fetch, fetchMs: limits.fetchMs, documentBytes: limits.documentBytes }
    const where = jwksUri === undefined ? {} : { jwksUri: trustedUrl(jwksUri, 'jwksUri').href }
    this.keys = new IssuerKeys({ ...documents, ...where, issuer, limits, report })
    const audience = audiences(own.audience, resource)
    const types = tokenTypes.map(type => type.toLowerCase().replace(/^application\//, ''))
    const checks = { issuer, audience, tokenTypes: types, algorithms, clockSkewSec, find: this.keys.find }
    this.#verify = token => verifyJwt(token, checks)
    const metadata = (): ReturnType<IssuerKeys['metadata']> => this.keys.metadata()
    this.introspection =
      introspection &&
      new Introspection(introspection, { issuer, audience, clockSkewSec, limits, fetch, report, metadata })
    this.isForAll = introspection?.tokens === 'all'
  }

  /** What a token says: good until it expires, or the keys change. */
  async verifyJwt(token: string): Promise<Verified> {
    return this.#verified(await this.#verify(token))
  }

  /** What its issuer makes of a verified token now: revoked ones end where all tokens are introspected. */
  async now(token: string, verified: Verified): Promise<Verified> {
    const said = this.isForAll ? await this.introspection?.claims(token) : undefined
    return said === undefined ? verified : this.#narrowed(verified, said)
  }

  async verifyOpaque(token: string): Promise<Verified> {
    if (this.introspection === undefined) throw invalidToken('the access token is not known here')
    return this.#verified(await this.introspection.claims(token))
  }

  /** What the token says, and what its issuer says of it now: no more than both allow. */
  #narrowed({ principal, cnf }: Verified, said: Claims): Verified {
    const { scope: _scope, scp: _scp, ...others } = principal.claims ?? {}
    const saysScopes = said['scope'] !== undefined || said['scp'] !== undefined
    // What the answer leaves out is as the token has it (RFC 7662 section 2.2).
    const latest = { ...(saysScopes ? others : principal.claims), ...said }
    const allowed = this.#scopes.expand(this.#scopesOf(latest))
    return {
      principal: { ...principal, scopes: principal.scopes.filter(scope => allowed.includes(scope)) },
      cnf: bothBindings(cnf, said['cnf']),
    }
  }

  #verified(claims: Claims): Verified {
    const principal = principalOf(this.issuer, claims, this.#scopesOf(claims), this.#scopes, this.#clockSkewSec)
    return { principal, cnf: claims['cnf'] }
  }
}

/**
 * A URI without a path is the same with a slash at its end, and clients write both; scheme and host are the same in small
 * letters, as clients that write the URL anew have them (RFC 3986 section 6.2).
 */
function audiences(own: IssuerOptions['audience'], resource: string): readonly string[] {
  if (own !== undefined) return typeof own === 'string' ? [own] : own
  const { origin, pathname, href } = new URL(resource)
  return pathname === '/' ? [...new Set([resource, origin, `${origin}/`])] : [...new Set([resource, href])]
}
