import * as oauth from 'oauth4webapi'
import type { AgreeOptions, TestProvider } from './provider.ts'

/** Where clients of tests are sent back to. Nothing listens there: the walk ends before. */
export const redirectUri = 'http://127.0.0.1:1/callback'

/** A public client, as it would be registered beforehand. */
export const publicClient = {
  client_id: 'public',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: [redirectUri],
} as const

/** A client with a secret, for client credentials and introspection. */
export const secretClient = {
  client_id: 'machine',
  client_secret: 'the secret of the machine for tests',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
} as const

export interface FlowOptions extends AgreeOptions {
  readonly resource: string
  readonly scope?: string
  /** Binds the tokens to a key. */
  readonly dpop?: oauth.DPoPHandle
}

const insecure = { [oauth.allowInsecureRequests]: true } as const // loopback

/** The provider's metadata, discovered and checked. */
export async function metadataOf({ issuer }: Pick<TestProvider, 'issuer'>): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer)
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure))
}

/** Authorization code with PKCE, for `publicClient`. Scope `offline_access` is not needed for a refresh token. */
export async function loginTokens(provider: TestProvider, options: FlowOptions): Promise<oauth.TokenEndpointResponse> {
  const server = await metadataOf(provider)
  const client: oauth.Client = { client_id: publicClient.client_id }
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(server.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    resource: options.resource,
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  }).toString()
  const answer = oauth.validateAuthResponse(server, client, await provider.agree(url, options), state)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    answer,
    redirectUri,
    verifier,
    {
      ...insecure,
      additionalParameters: { resource: options.resource },
      ...(options.dpop === undefined ? {} : { DPoP: options.dpop }),
    },
  )
  return oauth.processAuthorizationCodeResponse(server, client, response)
}

/** Client credentials, for `secretClient`. */
export async function machineTokens(
  provider: TestProvider,
  options: FlowOptions,
): Promise<oauth.TokenEndpointResponse> {
  const server = await metadataOf(provider)
  const client: oauth.Client = { client_id: secretClient.client_id }
  const parameters = new URLSearchParams({
    resource: options.resource,
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  })
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic(secretClient.client_secret),
    parameters,
    { ...insecure, ...(options.dpop === undefined ? {} : { DPoP: options.dpop }) },
  )
  return oauth.processClientCredentialsResponse(server, client, response)
}

/** Revokes a token of `publicClient` or `secretClient` (RFC 7009). */
export async function revoke(provider: TestProvider, token: string, clientId: string): Promise<void> {
  const server = await metadataOf(provider)
  const authentication =
    clientId === secretClient.client_id ? oauth.ClientSecretBasic(secretClient.client_secret) : oauth.None()
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, { client_id: clientId }, authentication, token, insecure),
  )
}
