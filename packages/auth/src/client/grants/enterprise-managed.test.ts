import { expect, test } from 'vitest'
import { everythingIn, type ScriptedAnswer, scriptedServer } from '../../testing/scripted-authorization-server.ts'
import { enterpriseManaged } from './enterprise-managed.ts'

const idToken = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.aWQtdG9rZW4'
const idJag = 'eyJ0eXAiOiJvYXV0aC1pZC1qYWcrand0In0.eyJzdWIiOiJhbGljZSJ9.aWQtamFn'
const exchanged = {
  access_token: idJag,
  issued_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
  token_type: 'N_A',
  expires_in: 300,
}
const good = { body: { access_token: 'access-93kd', token_type: 'Bearer', scope: 'files:read' } }

const both = async (fromIdp: ScriptedAnswer, fromServer: ScriptedAnswer = good) => {
  const idp = await scriptedServer([fromIdp])
  const server = await scriptedServer([fromServer])
  const grant = enterpriseManaged({
    clientId: 'at-server',
    clientSecret: 'server-secret-83j',
    identity: async () => idToken,
    identityProvider: {
      issuer: 'https://idp.example',
      tokenEndpoint: `${idp.metadata.issuer}/token`,
      clientId: 'at-idp',
      clientSecret: 'idp-secret-93k',
    },
  })
  const obtain = (scope?: string) => grant.obtain(server.request({ scope }))
  const stop = async () => {
    await idp[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  }
  return { idp, server, obtain, [Symbol.asyncDispose]: stop }
}

test('an identity becomes an assertion at the identity provider and a token at the server', async () => {
  await using parties = await both({ body: exchanged })
  expect(await parties.obtain('files:read')).toEqual({
    accessToken: 'access-93kd',
    tokenType: 'bearer',
    scope: 'files:read',
  })
  expect(parties.idp.requests.map(({ form }) => form)).toEqual([
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      audience: parties.server.metadata.issuer,
      resource: 'https://mcp.example/mcp',
      scope: 'files:read',
      subject_token: idToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    },
  ])
  expect(parties.idp.requests[0]?.headers['authorization']).toBe(`Basic ${btoa('at-idp:idp-secret-93k')}`)
  expect(parties.server.requests.map(({ form }) => form)).toEqual([
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: idJag,
      resource: 'https://mcp.example/mcp',
      scope: 'files:read',
    },
  ])
  expect(parties.server.requests[0]?.headers['authorization']).toBe(`Basic ${btoa('at-server:server-secret-83j')}`)
})

const { issued_token_type: _issued, ...untyped } = exchanged
const { token_type: _type, ...typeless } = exchanged

test.each<[string, object, RegExp]>([
  [
    'an access token',
    { ...exchanged, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' },
    /expected issued_token_type ".*id-jag", the answer says ".*access_token"/,
  ],
  ['no issued_token_type', untyped, /expected issued_token_type ".*id-jag", the answer has none/],
  ['token_type Bearer', { ...exchanged, token_type: 'Bearer' }, /expected token_type "N_A", the answer says "Bearer"/],
  ['no token_type', typeless, /no usable token: token_type/],
  ['another token_type', { ...exchanged, token_type: 'mac' }, /unsupported token_type value/],
  ['no assertion', { ...exchanged, access_token: undefined }, /no usable token: access_token/],
])('the server is not asked when the identity provider gives %s', async (_name, body, expected) => {
  await using parties = await both({ body })
  const error: unknown = await parties.obtain().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'AuthorizationError', message: expect.stringMatching(expected) })
  for (const secret of [idToken, idJag, 'secret-']) expect(everythingIn(error)).not.toContain(secret)
  expect(parties.server.requests).toEqual([])
})

test.each<[string, ScriptedAnswer, ScriptedAnswer]>([
  [
    'the identity provider',
    { status: 400, body: { error: 'access_denied', error_description: `policy ${idToken}` } },
    good,
  ],
  ['the server', { body: exchanged }, { status: 400, body: { error: 'access_denied', error_description: idJag } }],
])('a refusal of %s is final, and tells no assertion', async (_name, fromIdp, fromServer) => {
  await using parties = await both(fromIdp, fromServer)
  const error: unknown = await parties.obtain().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'AuthorizationError', oauthError: 'access_denied' })
  for (const secret of [idToken, idJag, 'secret-']) expect(everythingIn(error)).not.toContain(secret)
  expect(parties.idp.requests).toHaveLength(1)
})

test("the identity provider's endpoint is found by its issuer", async () => {
  let issuer = ''
  await using idp = await scriptedServer(({ path }) =>
    path === '/.well-known/openid-configuration'
      ? { body: { issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/exchange` } }
      : path === '/exchange'
        ? { body: exchanged }
        : { status: 404 },
  )
  issuer = idp.metadata.issuer
  await using server = await scriptedServer([good])
  const grant = enterpriseManaged({
    clientId: 'at-server',
    identity: async () => 'saml',
    identityType: 'saml2',
    identityProvider: { issuer, clientId: 'at-idp' },
  })
  expect(await grant.obtain(server.request())).toMatchObject({ accessToken: 'access-93kd' })
  expect(idp.requests.at(-1)).toMatchObject({
    path: '/exchange',
    form: { client_id: 'at-idp', subject_token: 'saml', subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
  })
})
