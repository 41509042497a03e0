import { decodeJwt, exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import type { ClientMetadata } from 'oidc-provider'
import { beforeAll, expect, test } from 'vitest'
import { metadataOf, secretClient } from '../../testing/flows.ts'
import { startProvider } from '../../testing/provider.ts'
import { everythingIn, grantRequest, scriptedServer } from '../../testing/scripted-authorization-server.ts'
import { prover } from '../dpop.ts'
import { clientCredentials } from './client-credentials.ts'

const resource = 'http://127.0.0.1:9/mcp'
const { client_id: clientId, client_secret: clientSecret } = secretClient

let keyClient: { readonly pem: string; readonly metadata: ClientMetadata }
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  keyClient = {
    pem: await exportPKCS8(privateKey),
    metadata: {
      ...secretClient,
      client_id: 'signs',
      client_secret: undefined,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] },
    },
  }
})

const start = async (own: { dpopNonce?: boolean } = {}) =>
  startProvider({
    ...own,
    clients: [
      secretClient,
      { ...secretClient, client_id: 'posts', token_endpoint_auth_method: 'client_secret_post' },
      keyClient.metadata,
    ],
  })

test.each([
  ['a secret', () => ({ clientId, clientSecret })],
  ['a private key', () => ({ clientId: 'signs', privateKey: { pem: keyClient.pem, algorithm: 'ES256' } })],
])('a program with %s gets a token for the resource', async (_name, identity) => {
  await using provider = await start()
  const request = grantRequest(await metadataOf(provider), { resource, scope: 'files:read' })
  const tokens = await clientCredentials(identity()).obtain(request)
  expect(tokens).toMatchObject({ tokenType: 'bearer', scope: 'files:read' })
  expect(decodeJwt(tokens.accessToken)).toMatchObject({
    aud: resource,
    client_id: identity().clientId,
    scope: 'files:read',
  })
})

test('the secret goes in the form where the server offers nothing else', async () => {
  await using provider = await start()
  const server = {
    ...(await metadataOf(provider)),
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_post'],
  }
  const grant = clientCredentials({ clientId: 'posts', clientSecret })
  expect(await grant.obtain(grantRequest(server, { resource }))).toMatchObject({ tokenType: 'bearer' })
})

test('a method that the server does not offer is not tried', async () => {
  await using server = await scriptedServer([])
  const metadata = { ...server.metadata, token_endpoint_auth_methods_supported: ['tls_client_auth'] }
  const request = grantRequest(metadata)
  await expect(clientCredentials({ clientId, clientSecret }).obtain(request)).rejects.toThrow(
    `offers no client_secret_basic or client_secret_post for client "machine"; it offers tls_client_auth`,
  )
  expect(server.requests).toEqual([])
})

test('a wrong secret is told as such and not repeated', async () => {
  await using provider = await start()
  const request = grantRequest(await metadataOf(provider), { resource })
  const error: unknown = await clientCredentials({ clientId, clientSecret: 'wrong-secret-83kd' })
    .obtain(request)
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'AuthorizationError', oauthError: 'invalid_client' })
  expect(String(error)).toContain('check the client id, and its secret or key')
  expect(everythingIn(error)).not.toContain('wrong-secret-83kd')
  expect(provider.requests.filter(line => line.startsWith('POST'))).toHaveLength(1)
})

test.each([false, true])('with DPoP the token is bound to the key (server wants a nonce: %s)', async dpopNonce => {
  await using provider = await start({ dpopNonce })
  const key = await prover()
  const request = grantRequest(await metadataOf(provider), { resource, prover: key })
  const tokens = await clientCredentials({ clientId, clientSecret }).obtain(request)
  expect(tokens).toMatchObject({ tokenType: 'dpop', key: key.key })
  expect(decodeJwt(tokens.accessToken)).toMatchObject({ cnf: { jkt: key.thumbprint } })
  expect(provider.requests.filter(line => line.startsWith('POST'))).toHaveLength(dpopNonce ? 2 : 1)
})

test('neither a secret nor a key is a mistake', () => {
  expect(() => clientCredentials({ clientId })).toThrow('client credentials need a clientSecret or a privateKey')
})
