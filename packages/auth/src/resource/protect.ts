import type { Delivery, Principal } from '@interlock/protocol'
import type { HttpRequest, Protection, Refusal } from '@interlock/transport'
import { challenge } from './challenge.ts'
import { confirm } from './confirmation.ts'
import { readCredentials, schemeOf } from './credentials.ts'
import { Denied, Unavailable } from './denied.ts'
import { ProofChecker } from './dpop.ts'
import { trustedIdentifier } from './issuer-url.ts'
import { type ResourceLimits, resourceLimits } from './limits.ts'
import { metadataPaths, resourceMetadata } from './metadata.ts'
import type { DpopOptions, ProtectOptions } from './options.ts'
import { keyPrincipal } from './principal.ts'
import { Scopes } from './scopes.ts'
import { StaticKeys } from './static-keys.ts'
import { Verifier } from './verifier.ts'

/**
 * Protects a server: who calls it shows an access token that one of its issuers made for it, or a static key. Whatever
 * cannot be made sure of is refused.
 * @example
 * await serve(app, { auth: protect({ issuer: 'https://login.example', resource: 'https://mcp.example/mcp' }) })
 * @throws TypeError for options that would not protect
 */
export function protect(options: ProtectOptions): Protection {
  const guard = new Guard(options)
  return {
    authenticate: request => guard.authenticate(request),
    documents: guard.documents,
    challenge: (scopes, request) => guard.challenge(scopes, request),
  }
}

class Guard {
  readonly documents: Readonly<Record<string, object>>
  readonly #verifier: Verifier
  readonly #keys: StaticKeys
  readonly #scopes: Scopes
  readonly #limits: ResourceLimits
  readonly #options: ProtectOptions
  readonly #dpop: ProofChecker | undefined
  readonly #isDpopRequired: boolean
  readonly #metadataUrl: string | undefined

  constructor(options: ProtectOptions) {
    const { scopes, keys = [], clockSkewSec = 30 } = options
    const resource = identifierOf(options.resource)
    const url = trustedIdentifier(resource, 'the resource')
    this.#options = options
    this.#limits = { ...resourceLimits, ...options.limits }
    this.#scopes = new Scopes(scopes)
    this.#verifier = new Verifier(options, resource, this.#scopes, this.#limits)
    this.#keys = new StaticKeys(keys)
    const { issuers } = this.#verifier
    if (issuers.length === 0 && keys.length === 0) throw new TypeError('protect needs an issuer, or keys')
    const dpop: DpopOptions | undefined = typeof options.dpop === 'string' ? { use: options.dpop } : options.dpop
    this.#dpop = dpop && new ProofChecker(dpop, url, this.#limits, clockSkewSec)
    this.#isDpopRequired = dpop?.use === 'require'
    if (keys.length > 0 && (this.#isDpopRequired || options.mtls?.isRequired === true)) {
      throw new TypeError('static keys are bound to nobody: leave them out where bound tokens are required')
    }
    const paths = metadataPaths(url)
    const document = this.#metadata(resource, issuers)
    // A server with static keys alone has no authorization server to name.
    this.documents = issuers.length === 0 ? {} : Object.fromEntries(paths.map(path => [path, document]))
    this.#metadataUrl = issuers.length === 0 ? undefined : new URL(paths[0], url.origin).href
  }

  async authenticate(request: HttpRequest): Promise<Principal | Refusal> {
    try {
      const principal = await this.#identify(request)
      const { required } = this.#scopes
      if (required.every(scope => principal.scopes.includes(scope))) return principal
      throw new Denied('insufficient_scope', 'the access token lacks a scope that this server needs')
    } catch (error) {
      if (error instanceof Denied) return this.#refusal(error, request)
      if (!(error instanceof Unavailable)) this.#report(error)
      return unavailable
    }
  }

  challenge(scopes: readonly string[], request: HttpRequest): Delivery {
    const denied = new Denied('insufficient_scope', 'the access token lacks a scope that this request needs')
    const value = this.#challenge(denied, request, this.#scopes.needed(scopes))
    return { status: denied.status, headers: { 'www-authenticate': value } }
  }

  async #identify(request: HttpRequest): Promise<Principal> {
    const credentials = readCredentials(request, this.#limits.tokenChars)
    const key = credentials.scheme === 'bearer' ? await this.#keys.find(credentials.token) : undefined
    if (key !== undefined) return keyPrincipal(key, this.#scopes)
    const { principal, cnf } = await this.#verifier.verify(credentials.token)
    const { mtls } = this.#options
    await confirm(
      request,
      credentials,
      { subject: principal.subject, cnf },
      { dpop: this.#dpop, isDpopRequired: this.#isDpopRequired, mtls },
    )
    return principal
  }

  async #refusal(denied: Denied, request: HttpRequest): Promise<Refusal> {
    const isAboutProof = denied.code === 'use_dpop_nonce' || denied.code === 'invalid_dpop_proof'
    const nonce = isAboutProof ? await this.#dpop?.nonce() : undefined
    return {
      status: denied.status,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        'www-authenticate': this.#challenge(denied, request, this.#scopes.required),
        ...(nonce === undefined ? {} : { 'dpop-nonce': nonce }),
      },
      text: `${denied.message}\n`,
    }
  }

  #challenge({ code, message }: Denied, request: HttpRequest, scopes: readonly string[]): string {
    const usesDpop = this.#dpop !== undefined && (this.#isDpopRequired || schemeOf(request) === 'dpop')
    return challenge({
      scheme: usesDpop ? 'dpop' : 'bearer',
      code,
      description: message,
      scopes,
      resourceMetadata: this.#metadataUrl,
      algorithms: this.#dpop?.algorithms ?? [],
    })
  }

  #metadata(resource: string, issuers: readonly string[]): object {
    const { mtls, name, documentation } = this.#options
    return resourceMetadata({
      resource,
      issuers,
      scopesSupported: this.#scopes.supported,
      ...(this.#dpop && { dpop: { algorithms: this.#dpop.algorithms, isRequired: this.#isDpopRequired } }),
      bindsCertificates: mtls !== undefined,
      name,
      documentation,
    })
  }

  /** Says that something failed, but not with what: an error from elsewhere may hold the token. */
  #report(error: unknown): void {
    const { report = console.error } = this.#options
    report(`an access token could not be checked: ${error instanceof Error ? error.name : 'unknown failure'}`)
  }
}

/** As it is written; a URL at the root is written without its slash (specification: Canonical Server URI). */
function identifierOf(resource: string | URL): string {
  if (typeof resource === 'string') return resource
  return resource.pathname === '/' && resource.search === '' && resource.hash === '' ? resource.origin : resource.href
}

const unavailable: Refusal = {
  status: 503,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '5', 'cache-control': 'no-store' },
  text: 'access tokens cannot be checked now; try again soon\n',
}
