import { authorizationCode } from './authorization-code.ts'
import type { CredentialStore, Fetch, Grant, Presence } from './contract.ts'
import type { OnStep } from './flow.ts'
import { platformFetch } from './platform-fetch.ts'
import type { Identity, PreRegistered } from './register.ts'
import { isLoopbackHost, type UrlPolicy } from './url-policy.ts'

/** How a client logs in. Without a grant and without anybody to log in, logins that the store has are used. */
export interface OAuthOptions {
  /** Keeps logins and registrations. Default: the memory of this process. */
  readonly store?: CredentialStore
  /** Which of a person's accounts at the server this is. Default: "default". */
  readonly account?: string
  /** The person who can log in. */
  readonly presence?: Presence
  /** Default: the authorization code grant, where there is a presence. */
  readonly grant?: Grant
  /** Client ids from elsewhere, each for its issuer. When there are any, no other way to be known is tried. */
  readonly clients?: readonly PreRegistered[]
  /** The https URL of this client's metadata document. */
  readonly clientMetadataUrl?: string
  /** The name that authorization servers show. */
  readonly clientName?: string
  /** Scopes to ask for at first, instead of those that the server names. */
  readonly scope?: string
  /** Binds tokens to a key (RFC 9449). Always done where the server's metadata demands it. */
  readonly dpop?: boolean
  /**
   * Takes metadata for exactly the server's URL alone, as RFC 9728 section 3.3 has it. Default: also for a path above it,
   * as many servers have it. For hosts whose paths belong to several parties: a token for all of the host, which one of
   * them gets, could be shown to another.
   */
  readonly requireExactResource?: boolean
  /** Fetches metadata and tokens. Default: under `policy`, on Node with a check of every address. */
  readonly fetch?: Fetch
  /**
   * What may be fetched, when `fetch` is not given. Default: https to public hosts; loopback too for a server that is
   * there itself.
   */
  readonly policy?: UrlPolicy
  readonly onStep?: OnStep
}

/** Options with their defaults. */
export interface Settings {
  readonly store: CredentialStore
  readonly account: string
  readonly grant: Grant | undefined
  readonly identity: Identity
  readonly scope: string | undefined
  readonly dpop: boolean
  readonly requireExactResource: boolean
  readonly fetch: Fetch
  readonly onStep: OnStep
}

export const defaultAccount = 'default'

export function settled(options: OAuthOptions, store: CredentialStore, server: URL): Settings {
  const { presence, clients, clientMetadataUrl, clientName = 'Interlock' } = options
  const policy = options.policy ?? { allowLoopback: isLoopbackHost(server.hostname) }
  return {
    store,
    account: options.account ?? defaultAccount,
    grant: options.grant ?? (presence === undefined ? undefined : authorizationCode(presence)),
    identity: {
      clientName,
      ...(clients && { clients }),
      ...(clientMetadataUrl !== undefined && { clientMetadataUrl }),
    },
    scope: options.scope,
    dpop: options.dpop ?? false,
    requireExactResource: options.requireExactResource ?? false,
    fetch: options.fetch ?? platformFetch(policy),
    onStep: options.onStep ?? (() => {}),
  }
}
