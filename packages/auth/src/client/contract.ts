import type { JWK } from 'jose'
import type { AuthorizationServer } from 'oauth4webapi'

/** Fetches what the flow needs, under a policy of its own: see `guardedFetch`. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** How this client is known to one authorization server. Never used with another one. */
export interface ClientRegistration {
  readonly clientId: string
  readonly clientSecret?: string
  /** Unix time in seconds when the secret ends; absent or 0: never. */
  readonly secretExpiresAt?: number
  /** `token_endpoint_auth_method` (RFC 7591 section 2). */
  readonly authMethod: 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'
  /** The private key for `private_key_jwt`, as PKCS #8 PEM, and its algorithm. */
  readonly privateKey?: { readonly pem: string; readonly algorithm: string; readonly keyId?: string }
}

/** What the token endpoint gave (RFC 6749 section 5.1). */
export interface Tokens {
  readonly accessToken: string
  readonly tokenType: 'bearer' | 'dpop'
  /** Unix time in milliseconds; absent where the server did not say. */
  readonly expiresAtMs?: number
  readonly refreshToken?: string
  /** Granted scope: the answer's, or else the one that was asked for. */
  readonly scope?: string
  /** The private key (JWK) that the token is bound to, for DPoP. */
  readonly key?: JWK
}

/** One request for tokens, whatever the grant. */
export interface GrantRequest {
  /** Metadata of the authorization server, validated against its issuer. */
  readonly server: AuthorizationServer
  /** The server's resource identifier, as its metadata has it (RFC 8707). */
  readonly resource: string
  readonly scope: string | undefined
  readonly fetch: Fetch
  readonly signal: AbortSignal
  /** Makes DPoP proofs (RFC 9449); absent: bearer tokens. */
  readonly prover: Prover | undefined
  /**
   * How this client is known to the server: pre-registered, by a metadata document, kept from before, or registered now.
   * Refreshes use what it gave. For grants that have no registration of their own.
   * @throws AuthorizationError
   */
  registration(needs: RegistrationNeeds): Promise<ClientRegistration>
}

/** What a grant wants of a registration. */
export interface RegistrationNeeds {
  /** "authorization_code" or another one; "refresh_token" is always added. */
  readonly grantType: string
  /** Where the authorization endpoint will send its answer, for grants that have one. */
  readonly redirectUri?: string
}

/** Credentials from elsewhere, which one authorization server gave or believes. */
export interface GrantCredentials {
  /** Absent for an assertion that says by itself who shows it. */
  readonly clientId?: string
  /** That authorization server. Without one: the first that they are used with for a server. */
  readonly issuer?: string
  /** Where an assertion comes from: what tells it from others that have no client id either. */
  readonly source?: string
}

/** A way to get tokens. */
export interface Grant {
  /** Told in messages: "client credentials". */
  readonly name: string
  /** Whether a person takes part: such a grant runs only where a person is. Tokens of any other are a program's own. */
  readonly isInteractive: boolean
  /** What it brings along to be known by; absent: it asks for a registration. It is shown to the issuer alone. */
  readonly credentials?: GrantCredentials
  /** @throws AuthorizationError */
  obtain(request: GrantRequest): Promise<Tokens>
}

/** Proves possession of a key (RFC 9449). Keeps the nonces that servers hand out. */
export interface Prover {
  /** The public key's thumbprint (RFC 7638). */
  readonly thumbprint: string
  /** The private key, as JWK, to be kept with the token. */
  readonly key: JWK
  /** A `DPoP` header's value. `accessToken` is given for requests to the protected resource. */
  proof(method: string, url: string, accessToken?: string): Promise<string>
  /** Takes over the nonce of an answer. True: the answer wanted a nonce which it now has, so try once more. */
  learn(url: string, status: number, header: (name: string) => string | undefined): boolean
}

/** Keeps secrets, as text by key. Every method rejects when the store can't be used, saying why. */
export interface CredentialStore {
  /** Where secrets lie, for people: "the system's key ring", "an encrypted file: …". */
  readonly description: string
  read(key: string): Promise<string | undefined>
  write(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
  keys(): Promise<readonly string[]>
  /** Runs `work` while nobody else who shares the store runs work for the same key, other processes included. */
  exclusively<T>(key: string, work: () => Promise<T>, waiting?: Waiting): Promise<T>
}

/** How to wait for others to be done. A store may leave it out of account. */
export interface Waiting {
  /** How long others may need for work under that key, when that is longer than requests take. */
  readonly waitMs?: number
  /** Aborted when the work is not wanted any more. */
  readonly signal?: AbortSignal
}

/** Receives the one answer of an authorization endpoint. */
export interface Redirect {
  readonly redirectUri: string
  /** Resolves with the whole URL that the browser was sent to. Rejects when the signal is aborted. */
  answer(signal: AbortSignal): Promise<URL>
  close(): Promise<void>
}

/** The person in front of an interactive grant. */
export interface Presence {
  /** Starts listening for the answer, before the person is sent anywhere. */
  redirect(): Promise<Redirect>
  /** Shows the authorization URL and opens it where possible. Only http and https URLs come here. */
  visit(url: URL): Promise<void>
  /** Device grant: shows where to go and the code to enter. */
  showCode?(verificationUri: URL, userCode: string, complete: URL | undefined, expiresAtMs: number): Promise<void>
}

/** The steps of authorization, as progress for people. */
export type Step =
  | 'resource metadata'
  | 'authorization server metadata'
  | 'registration'
  | 'authorization'
  | 'token'
  | 'refresh'

/** What only a person's login brings. `end`: there was a login, and why it is over. `scope`: the one there is lacks that. */
export type Lack =
  | { readonly kind: 'login' }
  | { readonly kind: 'end'; readonly reason: string }
  | { readonly kind: 'scope'; readonly scope: string | undefined }

/** Authorization failed, for a reason that a person can act on. */
export class AuthorizationError extends Error {
  override readonly name = 'AuthorizationError'
  readonly step: Step
  /** The OAuth error code, where a server gave one ("invalid_grant"). */
  readonly oauthError: string | undefined
  /** Where logging in would help. */
  readonly lack: Lack | undefined

  constructor(
    step: Step,
    message: string,
    options: { readonly cause?: unknown; readonly oauthError?: string; readonly lack?: Lack } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.step = step
    this.oauthError = options.oauthError
    this.lack = options.lack
  }
}
