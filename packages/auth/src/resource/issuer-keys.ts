import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { issuerPlaces } from '../documents/well-known.ts'
import { Unavailable } from './denied.ts'
import { trustedUrl } from './issuer-url.ts'
import type { ResourceLimits } from './limits.ts'
import { type DocumentOptions, getDocument } from './remote-document.ts'

export interface IssuerKeysOptions extends DocumentOptions {
  readonly issuer: string
  /** Default: what its metadata says. */
  readonly jwksUri?: string
  readonly limits: ResourceLimits
  readonly report: (problem: string) => void
}

interface Published {
  readonly atMs: number
  readonly metadata: Readonly<Record<string, unknown>>
  readonly keys: JWTVerifyGetKey
}

/**
 * What an authorization server publishes, its metadata and keys: fetched when it is needed, kept, and renewed in the
 * background. Whatever callers send, it is asked at most once in `keysRetryMs`. Where it cannot be reached, what is kept
 * is good for `keysStaleMs`; then, and without any, nothing is.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions
  #published: Published | undefined
  #attemptedAtMs = Number.NEGATIVE_INFINITY
  #renewal: Promise<Published> | undefined

  constructor(options: IssuerKeysOptions) {
    this.#options = options
  }

  /** @throws Unavailable */
  async metadata(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#current()).metadata
  }

  /** Stands for the keys that are known, however old: another object once they were renewed. Asks nobody. */
  get known(): object | undefined {
    return this.#published
  }

  /**
   * The same for keys that are good to be used now: renewed where they are too old.
   * @throws Unavailable
   */
  async current(): Promise<object> {
    return this.#current()
  }

  /**
   * The keys that may have signed a token, newest knowledge first.
   * @throws Unavailable; jose's JWKSNoMatchingKey, JWKSMultipleMatchingKeys
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const current = await this.#current()
    try {
      return await current.keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayAttempt()) throw error
      return (await this.#renew()).keys(header, token)
    }
  }

  async #current(): Promise<Published> {
    const { keysFreshMs, keysStaleMs } = this.#options.limits
    const age = this.#published === undefined ? Number.POSITIVE_INFINITY : Date.now() - this.#published.atMs
    if (this.#published === undefined || age > keysStaleMs) return this.#renew()
    if (age > keysFreshMs && this.#mayAttempt()) this.#renew().catch(() => {}) // reported, and tried again
    return this.#published
  }

  #mayAttempt(): boolean {
    return this.#renewal !== undefined || Date.now() - this.#attemptedAtMs >= this.#options.limits.keysRetryMs
  }

  /** One at a time; all who wait share it. */
  #renew(): Promise<Published> {
    if (!this.#mayAttempt()) throw new Unavailable(`the keys of ${this.#options.issuer} are not to be had`)
    this.#renewal ??= this.#attempt().finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  async #attempt(): Promise<Published> {
    const { issuer, report } = this.#options
    this.#attemptedAtMs = Date.now()
    try {
      this.#published = await this.#load()
      return this.#published
    } catch (error) {
      const problem = `the authorization server ${issuer} cannot be asked for its keys: ${sentence(error)}`
      report(problem)
      throw new Unavailable(problem)
    }
  }

  async #load(): Promise<Published> {
    const { issuer, jwksUri } = this.#options
    const metadata = jwksUri === undefined ? await this.#discover() : { issuer, jwks_uri: jwksUri }
    const uri = metadata['jwks_uri']
    if (typeof uri !== 'string') return { atMs: Date.now(), metadata, keys: createLocalJWKSet({ keys: [] }) }
    const document = await getDocument(trustedUrl(uri, 'jwks_uri').href, this.#options)
    if (document === undefined) throw new Error(`there are no keys at ${uri}`)
    // jose checks the shape, and throws what is reported.
    return { atMs: Date.now(), metadata, keys: createLocalJWKSet(document as unknown as JSONWebKeySet) }
  }

  async #discover(): Promise<Readonly<Record<string, unknown>>> {
    const { issuer } = this.#options
    const places = issuerPlaces(new URL(issuer)).map(String)
    for (const url of places) {
      const document = await getDocument(url, this.#options)
      if (document === undefined) continue
      if (document['issuer'] === issuer) return document
      throw new Error(
        `${url} is the metadata of ${JSON.stringify(document['issuer'])?.slice(0, 200)}, expected "${issuer}"`,
      )
    }
    throw new Error(`there is no metadata at ${places.join(', ')}; check the issuer's URL`)
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message
}
