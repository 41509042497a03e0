import type { ClientMetadata, Configuration, JWKS, ResourceServer } from 'oidc-provider'
import { memoryStore } from './provider-store.ts'

/** How access tokens for one resource are made. */
export interface ResourceSettings {
  /** Default: the provider's. */
  readonly scopes?: readonly string[]
  /** Default: the provider's. */
  readonly format?: 'jwt' | 'opaque'
  /** Default: the provider's. */
  readonly ttlSec?: number
  /** What stands in `aud`. Default: the resource itself. */
  readonly audience?: string
}

export interface ProviderOptions {
  /** Scopes that exist at every resource. Default `files:read files:write mcp:admin`. */
  readonly scopes?: readonly string[]
  /** Settings of single resources by their URI. Every other one is a resource with the defaults. */
  readonly resources?: Readonly<Record<string, ResourceSettings>>
  /** Clients that are there from the start. `client_id` and the members of RFC 7591. */
  readonly clients?: readonly ClientMetadata[]
  /** Of the tokens for all resources. Default `jwt` (RFC 9068); `opaque` ones are known by introspection alone. */
  readonly format?: 'jwt' | 'opaque'
  /** Seconds that access tokens live. Default 300. */
  readonly ttlSec?: number
  /** Asks for a nonce in every DPoP proof sent to the token endpoint. Default: no. */
  readonly dpopNonce?: boolean
  /** Whether clients may register themselves. Default: yes. */
  readonly registration?: boolean
  /** Whether the client id may be the URL of a metadata document; see `TestProvider.documents`. Default: yes. */
  readonly metadataDocuments?: boolean
  /** Where the provider lives below its origin ("/tenant1"): a path of the issuer. Default: none. */
  readonly path?: string
  /** Anything of the library's configuration, laid over the rest. */
  readonly configuration?: Partial<Configuration>
}

/** Where interactions are shown: they are answered there at once, see `person.ts`. */
export const interactionPath = '/person/'

/** The library's configuration: everything that MCP's flows use, nothing that writes to the console. */
export function configurationOf(
  options: ProviderOptions,
  documents: ReadonlyMap<string, object>,
): (jwks: JWKS) => Configuration {
  const { scopes = ['files:read', 'files:write', 'mcp:admin'], ttlSec = 300, path = '' } = options
  const adapter = memoryStore()
  const nonceSecret = Buffer.from(crypto.getRandomValues(new Uint8Array(32)))
  const resource = (uri: string): ResourceServer => {
    const own = options.resources?.[uri]
    return {
      scope: (own?.scopes ?? scopes).join(' '),
      audience: own?.audience ?? uri,
      accessTokenTTL: own?.ttlSec ?? ttlSec,
      accessTokenFormat: own?.format ?? options.format ?? 'jwt',
      jwt: { sign: { alg: 'ES256' } },
    }
  }
  return jwks => ({
    adapter,
    jwks,
    clients: [...(options.clients ?? [])],
    scopes: ['openid', 'offline_access', ...scopes],
    cookies: { keys: ['a key for tests'] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    interactions: { url: (_ctx, { uid }) => `${path}${interactionPath}${uid}` },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    renderError: async (ctx, out) => {
      ctx.type = 'json'
      ctx.body = out
    },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'] },
    ttl: {
      AccessToken: ttlSec,
      AuthorizationCode: 60,
      ClientCredentials: ttlSec,
      DeviceCode: 600,
      Grant: 3600,
      IdToken: 600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    fetch: async (input: string | URL | Request) => answer(documents.get(String(input))),
    ...options.configuration,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      registration: { enabled: options.registration ?? true },
      revocation: { enabled: true, allowedPolicy: async () => true },
      introspection: { enabled: true, allowedPolicy: async () => true },
      clientCredentials: { enabled: true },
      clientIdMetadataDocument: { enabled: options.metadataDocuments ?? true, ack: 'draft-02' },
      dPoP: {
        enabled: true,
        ...(options.dpopNonce === true ? { nonceSecret, requireNonce: () => true } : {}),
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: async (ctx, form) => void (ctx.body = form),
        userCodeConfirmSource: async (ctx, form) => void (ctx.body = form),
        successSource: async ctx => void (ctx.body = 'done'),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async (_ctx, _client, oneOf) => oneOf ?? [],
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_ctx, uri) => resource(uri),
      },
      ...(options.configuration?.features as object | undefined), // the type says which of them go together
    },
  })
}

const answer = (document: object | undefined): Response =>
  document === undefined ? new Response(undefined, { status: 404 }) : Response.json(document)
