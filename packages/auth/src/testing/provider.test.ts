import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import { expect, test, vi } from 'vitest'
import { loginTokens, machineTokens, metadataOf, publicClient, redirectUri, secretClient } from './flows.ts'
import { startProvider } from './provider.ts'

const resource = 'http://127.0.0.1:9/mcp'
const clients = [publicClient, secretClient].map(client => ({ ...client })) as never
const insecure = { [oauth.allowInsecureRequests]: true } as const

test('a login gives a token for the resource; the console stays silent', async () => {
  const spies = (['log', 'info', 'warn', 'error'] as const).map(name => vi.spyOn(console, name))
  await using provider = await startProvider({ clients })
  const tokens = await loginTokens(provider, { resource, scope: 'files:read', account: 'bob' })
  expect(tokens.scope).toBe('files:read')
  expect(tokens.refresh_token).toEqual(expect.any(String))
  expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' })
  expect(decodeJwt(tokens.access_token)).toMatchObject({ iss: provider.issuer, aud: resource, sub: 'bob' })
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
})

test('refresh tokens are good once', async () => {
  await using provider = await startProvider({ clients })
  const { refresh_token: token = '' } = await loginTokens(provider, { resource, scope: 'files:read' })
  const server = await metadataOf(provider)
  const client = { client_id: publicClient.client_id }
  const refresh = () => oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, insecure)
  const again = await oauth.processRefreshTokenResponse(server, client, await refresh())
  expect(again.refresh_token).not.toBe(token)
  expect((await refresh()).status).toBe(400)
})

test('client credentials, bound to a key with a nonce', async () => {
  await using provider = await startProvider({ clients, dpopNonce: true })
  const dpop = oauth.DPoP({}, await oauth.generateKeyPair('ES256'))
  await expect(machineTokens(provider, { resource, scope: 'files:read', dpop })).rejects.toMatchObject({
    error: 'use_dpop_nonce',
  })
  const tokens = await machineTokens(provider, { resource, scope: 'files:read', dpop })
  expect(tokens.token_type).toBe('dpop')
})

test('the device grant, with the code entered by a person', async () => {
  const device = { ...publicClient, grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'] }
  await using provider = await startProvider({
    clients: [{ ...device, response_types: [], redirect_uris: [] }] as never,
  })
  const server = await metadataOf(provider)
  const client = { client_id: publicClient.client_id }
  const asked = await oauth.processDeviceAuthorizationResponse(
    server,
    client,
    await oauth.deviceAuthorizationRequest(server, client, oauth.None(), { resource, scope: 'files:read' }, insecure),
  )
  await provider.enterCode(asked.verification_uri_complete ?? '')
  const response = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), asked.device_code, {
    ...insecure,
    additionalParameters: { resource },
  })
  const tokens = await oauth.processDeviceCodeResponse(server, client, response)
  expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: resource, scope: 'files:read' })
})

test('the client id may be the URL of a metadata document', async () => {
  await using provider = await startProvider()
  const id = 'https://client.example/metadata.json'
  provider.documents.set(id, { ...publicClient, client_id: id, client_name: 'a client' })
  const server = await metadataOf(provider)
  expect(server['client_id_metadata_document_supported']).toBe(true)
  const url = new URL(server.authorization_endpoint ?? '')
  const challenge = await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier())
  url.search = new URLSearchParams({
    client_id: id,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'x',
    resource,
    scope: 'files:read',
  }).toString()
  const answer = await provider.agree(url)
  expect(answer.searchParams.get('code')).toEqual(expect.any(String))
  expect(answer.searchParams.get('iss')).toBe(provider.issuer)
  expect((await provider.agree(url, { refuses: true })).searchParams.get('error')).toBe('access_denied')
})

test('clients register themselves', async () => {
  await using provider = await startProvider()
  const server = await metadataOf(provider)
  const { client_id: _, ...metadata } = publicClient
  const response = await oauth.dynamicClientRegistrationRequest(
    server,
    { ...metadata, scope: 'files:read' } as never,
    insecure,
  )
  expect(response.status).toBe(201)
})

test('keys are rotated while serving, the port is closed and opened again, below a path too', async () => {
  await using provider = await startProvider({ clients, path: '/tenant1' })
  expect(provider.issuer).toMatch(/\/tenant1$/)
  const server = await metadataOf(provider)
  const { access_token: old } = await loginTokens(provider, { resource, scope: 'files:read' })
  await provider.rotateKeys()
  const keys = createRemoteJWKSet(new URL(server.jwks_uri ?? ''))
  await expect(jwtVerify(old, keys)).rejects.toThrow()
  await jwtVerify((await loginTokens(provider, { resource, scope: 'files:read' })).access_token, keys)
  await provider.stop()
  await expect(fetch(server.jwks_uri ?? '')).rejects.toThrow()
  await provider.start()
  expect((await fetch(server.jwks_uri ?? '')).ok).toBe(true)
})
