import type { HttpRequest } from '@interlock/transport'
import type { Fetch } from '../client/contract.ts'
import type { ResourceLimits } from './limits.ts'
import type { ReplayStore } from './replays.ts'

/** How to ask an authorization server about a token (RFC 7662). */
export interface IntrospectionOptions {
  readonly clientId: string
  readonly clientSecret: string
  /** Default `client_secret_basic`. */
  readonly authMethod?: 'client_secret_basic' | 'client_secret_post'
  /** Default: what the issuer's metadata says. */
  readonly endpoint?: string
  /** `opaque`: tokens that are no JWT. `all`: JWTs too, after they were verified, so that revoked ones end. Default `opaque`. */
  readonly tokens?: 'opaque' | 'all'
}

/** How tokens of one authorization server are checked. */
export interface IssuerOptions {
  /** What stands in `aud` for this server. Default: the resource (RFC 8707). For providers that have names of their own. */
  readonly audience?: string | readonly string[]
  /**
   * Values of `typ` that access tokens have. Default `at+jwt` (RFC 9068). Keycloak, Entra and Okta send `JWT`: with that,
   * it is the audience alone that keeps other tokens of the provider out. `''` stands for tokens without a type.
   */
  readonly tokenTypes?: readonly string[]
  /** Signature algorithms. Default: all asymmetric ones of JOSE. */
  readonly algorithms?: readonly string[]
  /** Where its keys are. Default: what its metadata says. */
  readonly jwksUri?: string
  readonly introspection?: IntrospectionOptions
  /** Reads the scopes from where a provider keeps them. Default: `scope`, and `scp`. */
  readonly scopesOf?: (claims: Readonly<Record<string, unknown>>) => readonly string[]
}

export interface ScopeOptions {
  /** What every request needs. Default: nothing. */
  readonly required?: readonly string[]
  /** What clients are told to ask for at first: little, since the rest is asked for when it is needed. Default: `required`. */
  readonly supported?: readonly string[]
  /** Which scopes a scope includes: `{ 'files:write': ['files:read'] }`. Those include theirs in turn. */
  readonly implies?: Readonly<Record<string, readonly string[]>>
}

/** Tokens bound to a key (RFC 9449). */
export interface DpopOptions {
  /** `accept`: bound tokens need proofs, others are taken too. `require`: bound tokens alone. */
  readonly use: 'accept' | 'require'
  /**
   * Asks for nonces of this server in proofs, so that none can be made in advance. `true`: with a secret made now. Several
   * processes of one server need the same secret, of 32 bytes or more.
   */
  readonly nonce?: boolean | Uint8Array
  /** Where proofs are remembered. Default: in this process. Several processes of one server share one. */
  readonly replays?: ReplayStore
  /**
   * The URL that a request was sent to, without query. Default: its path, at the origin of the resource. For proxies that
   * rewrite paths.
   */
  readonly urlOf?: (request: HttpRequest) => string
}

/** Tokens bound to the client's certificate (RFC 8705). */
export interface MtlsOptions {
  /** The certificate (DER) that the client has proved to hold, as whoever ends TLS hands it over. */
  readonly certificateOf: (request: HttpRequest) => Uint8Array | undefined
  /** Whether other tokens are refused. Default: no. */
  readonly isRequired?: boolean
}

/** A token that stays the same until it is withdrawn: an API key. */
export interface StaticKey {
  /** Whose it is; part of the principal's subject. */
  readonly name: string
  /** What `hashToken` gives. The token itself is kept nowhere. */
  readonly hash: string
  readonly scopes?: readonly string[]
  /** Unix time in milliseconds. Default: never. */
  readonly expiresAtMs?: number
}

export interface ProtectOptions extends IssuerOptions {
  /** The authorization server, as its metadata has it: exact, with a slash at the end where it has one. */
  readonly issuer?: string
  /** Several of them, with what differs. What `jwksUri` and `introspection` say here is of `issuer` alone. */
  readonly issuers?: readonly ({ readonly issuer: string } & IssuerOptions)[]
  /** The canonical URI of this server: the URL that clients use. */
  readonly resource: string | URL
  readonly scopes?: ScopeOptions
  readonly keys?: readonly StaticKey[]
  /** Default: bound tokens are refused, since their proof would go unchecked. */
  readonly dpop?: 'accept' | 'require' | DpopOptions
  readonly mtls?: MtlsOptions
  /** How far clocks may differ, in seconds. Default 30. */
  readonly clockSkewSec?: number
  /** For people: name and documentation of the server, in its metadata. */
  readonly name?: string
  readonly documentation?: string
  readonly limits?: Partial<ResourceLimits>
  /** Asks authorization servers. Default: the platform's, without redirects. */
  readonly fetch?: Fetch
  /** Told why tokens cannot be checked. Never of a token. Default: `console.error`. */
  readonly report?: (problem: string) => void
}
