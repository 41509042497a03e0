import * as oauth from 'oauth4webapi'
import type { Fetch } from '../client/contract.ts'
import { boundedText } from '../documents/bounded-text.ts'
import { Denied, invalidToken, Unavailable } from './denied.ts'
import { digest } from './digest.ts'
import { trustedUrl } from './issuer-url.ts'
import type { ResourceLimits } from './limits.ts'
import type { IntrospectionOptions } from './options.ts'

export interface IntrospectionChecks {
  readonly issuer: string
  readonly audience: readonly string[]
  readonly clockSkewSec: number
  readonly limits: ResourceLimits
  readonly fetch: Fetch
  readonly report: (problem: string) => void
  /** @throws Unavailable */
  readonly metadata: () => Promise<Readonly<Record<string, unknown>>>
}

type Claims = Readonly<Record<string, unknown>>

/** Values by key, each for a while. When there are too many the oldest goes: it would end first. */
class Moments<Value> {
  readonly #maximum: number
  readonly #kept = new Map<string, { readonly value: Value; readonly untilMs: number }>()

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  get(key: string): Value | undefined {
    const kept = this.#kept.get(key)
    if (kept !== undefined && kept.untilMs > Date.now()) return kept.value
    this.#kept.delete(key)
    return undefined
  }

  set(key: string, value: Value, untilMs: number): void {
    for (const old of this.#kept.keys()) {
      if (this.#kept.size < this.#maximum) break
      this.#kept.delete(old)
    }
    this.#kept.set(key, { value, untilMs })
  }
}

/**
 * Asks the authorization server about tokens (RFC 7662). Good answers are kept for a moment, never beyond the token's end;
 * refusals for a shorter one, apart, so that made-up tokens push no good one out.
 */
export class Introspection {
  readonly #options: IntrospectionOptions
  readonly #checks: IntrospectionChecks
  readonly #kept: Moments<Claims>
  readonly #refused: Moments<Denied>
  readonly #asked = new Map<string, Promise<Claims>>()
  #isFloodTold = false

  /** @throws TypeError */
  constructor(options: IntrospectionOptions, checks: IntrospectionChecks) {
    if (options.endpoint !== undefined) trustedUrl(options.endpoint, 'introspection.endpoint')
    const { introspectedTokens } = checks.limits
    this.#kept = new Moments(introspectedTokens)
    this.#refused = new Moments(introspectedTokens)
    this.#options = options
    this.#checks = checks
  }

  /**
   * What the authorization server says of a token that is good here and now.
   * @throws Denied, Unavailable
   */
  async claims(token: string): Promise<Claims> {
    const key = await digest(token)
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const refused = this.#refused.get(key)
    if (refused !== undefined) throw refused
    return this.#asked.get(key) ?? this.#learn(key, token)
  }

  #learn(key: string, token: string): Promise<Claims> {
    this.#checkRoom()
    const answer = this.#ask(token)
      .then(claims => {
        this.#check(claims)
        this.#keep(key, claims)
        return claims
      })
      .catch((error: unknown) => {
        if (error instanceof Denied) this.#refused.set(key, error, Date.now() + this.#checks.limits.refusedMs)
        throw error
      })
      .finally(() => this.#asked.delete(key))
    this.#asked.set(key, answer)
    return answer
  }

  /** The operator is told once, until there was quiet. */
  #checkRoom(): void {
    const { issuer, limits, report } = this.#checks
    if (this.#asked.size === 0) this.#isFloodTold = false
    if (this.#asked.size < limits.introspections) return
    const problem = `${limits.introspections} introspections at ${issuer} are under way, so further tokens are not checked; if the callers are honest, raise limits.introspections`
    if (!this.#isFloodTold) report(problem)
    this.#isFloodTold = true
    throw new Unavailable(problem)
  }

  #check(claims: Claims): void {
    const { issuer, audience, clockSkewSec } = this.#checks
    const { active, iss, aud, exp, nbf } = claims
    if (active !== true) throw invalidToken('the access token is not active: it has expired, or was revoked')
    if (iss !== undefined && iss !== issuer) throw invalidToken('the access token is of another issuer')
    const audiences = Array.isArray(aud) ? aud : [aud]
    if (!audiences.some(one => typeof one === 'string' && audience.includes(one))) {
      throw invalidToken('the access token is for another resource')
    }
    const now = Date.now() / 1000
    if (exp !== undefined && !(typeof exp === 'number' && exp > now - clockSkewSec)) {
      throw invalidToken('the access token has expired')
    }
    if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + clockSkewSec)) {
      throw invalidToken('the access token is not valid yet')
    }
  }

  #keep(key: string, claims: Claims): void {
    const { exp } = claims
    const endsMs = typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY
    this.#kept.set(key, claims, Math.min(Date.now() + this.#checks.limits.introspectedMs, endsMs))
  }

  async #ask(token: string): Promise<Claims> {
    const { clientId, clientSecret, authMethod } = this.#options
    const { issuer, report } = this.#checks
    const server: oauth.AuthorizationServer = { issuer, introspection_endpoint: await this.#endpoint() }
    const client: oauth.Client = { client_id: clientId }
    const authenticate = authMethod === 'client_secret_post' ? oauth.ClientSecretPost : oauth.ClientSecretBasic
    try {
      const response = await oauth.introspectionRequest(server, client, authenticate(clientSecret), token, {
        [oauth.customFetch]: (url, init) => this.#fetch(url, init as RequestInit), // it is what `fetch` takes
        [oauth.allowInsecureRequests]: true, // loopback alone: `trustedUrl` has seen to that
      })
      return { ...(await oauth.processIntrospectionResponse(server, client, response)) }
    } catch (error) {
      // What the library throws may hold the request, and with it the token.
      const status = error instanceof oauth.ResponseBodyError ? ` (${error.status} ${error.error})` : ''
      const problem = `the authorization server ${issuer} does not answer introspection${status}; check its address and the credentials of this server`
      report(problem)
      throw new Unavailable(problem)
    }
  }

  async #endpoint(): Promise<string> {
    const { issuer, report } = this.#checks
    const endpoint = this.#options.endpoint ?? (await this.#checks.metadata())['introspection_endpoint']
    try {
      if (typeof endpoint === 'string') return trustedUrl(endpoint, 'introspection_endpoint').href
      throw new TypeError('it names no introspection_endpoint; set introspection.endpoint')
    } catch (error) {
      const problem = `the metadata of ${issuer} does not do: ${error instanceof Error ? error.message : ''}`
      report(problem)
      throw new Unavailable(problem)
    }
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { fetch, limits } = this.#checks
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(limits.fetchMs) })
    const { status, headers } = response
    return new Response(await boundedText(response, limits.documentBytes), { status, headers })
  }
}
