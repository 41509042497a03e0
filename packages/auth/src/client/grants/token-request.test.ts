import { decodeJwt, exportPKCS8, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import {
  everythingIn,
  grantRequest,
  type ScriptedAnswer,
  scriptedServer,
} from '../../testing/scripted-authorization-server.ts'
import { AuthorizationError, type ClientRegistration } from '../contract.ts'
import { prover } from '../dpop.ts'
import { requestTokens } from './token-request.ts'

const secrets = {
  code: 'code-Xq83hdWq1',
  code_verifier: 'verifier-kd93jfKDk39',
  refresh_token: 'refresh-9dk3lsKDE3',
  assertion: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl',
  device_code: 'device-93kdfkFDKE',
}
const clientSecret = 'secret:with/reserved characters+%'
const client: ClientRegistration = { clientId: 'a-client.of_tests', clientSecret, authMethod: 'client_secret_basic' }
const parameters = { grant_type: 'authorization_code', ...secrets }
const good = { access_token: 'access-8dj3kdls', token_type: 'Bearer', expires_in: 60 }

const failure = async (work: Promise<unknown>): Promise<unknown> => {
  const outcome = await work.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('value' in outcome) throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`)
  return outcome.error
}

test('an answer becomes tokens, and the request names the resource', async () => {
  await using server = await scriptedServer([
    { body: { ...good, refresh_token: 'next', scope: 'files:read', id_token: 'not even a JWT' } },
  ])
  const before = Date.now()
  const tokens = await requestTokens(server.request({ scope: 'files:read files:write' }), client, parameters)
  expect(tokens).toEqual({
    accessToken: 'access-8dj3kdls',
    tokenType: 'bearer',
    expiresAtMs: expect.any(Number),
    refreshToken: 'next',
    scope: 'files:read',
  })
  expect(tokens.expiresAtMs).toBeGreaterThanOrEqual(before + 60_000)
  expect(server.requests.map(({ form }) => form)).toEqual([{ ...parameters, resource: 'https://mcp.example/mcp' }])
})

test('without a scope in the answer the one asked for was granted', async () => {
  await using server = await scriptedServer([{ body: { access_token: 'a', token_type: 'bearer' } }])
  expect(await requestTokens(server.request({ scope: 'files:read' }), client, parameters)).toEqual({
    accessToken: 'a',
    tokenType: 'bearer',
    scope: 'files:read',
  })
})

test('a lifetime beyond a year is not believed', async () => {
  await using server = await scriptedServer([{ body: { ...good, expires_in: 1e300 } }])
  const { expiresAtMs = 0 } = await requestTokens(server.request(), client, parameters)
  expect(expiresAtMs).toBeLessThanOrEqual(Date.now() + 365 * 24 * 3_600_000)
})

test.each<[string, ClientRegistration | undefined, { authorization: string | undefined; form: object }]>([
  [
    'client_secret_basic',
    client,
    {
      authorization: `Basic ${btoa('a-client.of_tests:secret%3Awith%2Freserved+characters%2B%25')}`,
      form: {},
    },
  ],
  [
    'client_secret_post',
    { ...client, authMethod: 'client_secret_post' },
    { authorization: undefined, form: { client_id: client.clientId, client_secret: clientSecret } },
  ],
  ['none', { clientId: 'public', authMethod: 'none' }, { authorization: undefined, form: { client_id: 'public' } }],
  ['no client at all', undefined, { authorization: undefined, form: {} }],
])('client authentication: %s', async (_name, registration, { authorization, form }) => {
  await using server = await scriptedServer([{ body: good }])
  await requestTokens(server.request(), registration, { grant_type: 'client_credentials' })
  const [request] = server.requests
  expect(request?.headers['authorization']).toBe(authorization)
  expect(request?.form).toEqual({ grant_type: 'client_credentials', resource: 'https://mcp.example/mcp', ...form })
})

test.each(['ES256', 'RS256', 'PS256', 'EdDSA'])('client authentication: private_key_jwt with %s', async algorithm => {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const pem = await exportPKCS8(privateKey)
  await using server = await scriptedServer([{ body: good }])
  const registration = {
    clientId: 'machine',
    authMethod: 'private_key_jwt',
    privateKey: { pem, algorithm, keyId: 'k' },
  } as const
  await requestTokens(server.request(), registration, { grant_type: 'client_credentials' })
  const assertion = server.requests[0]?.form['client_assertion'] ?? ''
  const { issuer } = server.metadata
  expect(decodeJwt(assertion)).toMatchObject({ iss: 'machine', sub: 'machine', aud: issuer, jti: expect.any(String) })
  expect(JSON.parse(atob(assertion.split('.')[0] ?? ''))).toEqual({ alg: algorithm, kid: 'k' })
})

test.each<[string, ClientRegistration, RegExp]>([
  ['no secret', { clientId: 'c', authMethod: 'client_secret_post' }, /has no secret/],
  ['no key', { clientId: 'c', authMethod: 'private_key_jwt' }, /has no private key/],
  [
    'a key that is none',
    { clientId: 'c', authMethod: 'private_key_jwt', privateKey: { pem: 'PRIVATE-c2VjcmV0', algorithm: 'ES256' } },
    /can't be used for ES256; expected a PKCS #8 PEM/,
  ],
])('a registration with %s is refused before anything is sent', async (_name, registration, expected) => {
  await using server = await scriptedServer([{ body: good }])
  const error = await failure(requestTokens(server.request(), registration, parameters))
  expect(error).toBeInstanceOf(AuthorizationError)
  expect(String(error)).toMatch(expected)
  expect(everythingIn(error)).not.toContain('c2VjcmV0')
  expect(server.requests).toEqual([])
})

const received = { access_token: 'access-8dj3kdls', refresh_token: 'refresh-new-83jd' }
const sentAndReceived = [
  ...Object.values(secrets),
  ...Object.values(received),
  clientSecret,
  encodeURIComponent(clientSecret),
]

/** Answers that must not be taken for tokens, and what a person is told. */
const hostile: readonly [string, ScriptedAnswer, RegExp][] = [
  [
    'a page',
    { headers: { 'content-type': 'text/html' }, body: '<h1>access-8dj3kdls</h1>' },
    /answered 200 with text\/html/,
  ],
  [
    'JSON called a page',
    { headers: { 'content-type': 'text/html' }, body: good },
    /with text\/html where a JSON object/,
  ],
  [
    'broken JSON',
    { body: '{"access_token":"access-8dj3kdls' },
    /answered 200 with application\/json where a JSON object/,
  ],
  ['a list', { body: ['access-8dj3kdls'] }, /where a JSON object was expected/],
  ['null', { body: 'null' }, /where a JSON object was expected/],
  ['nothing', { body: '' }, /where a JSON object was expected/],
  ['a huge body', { body: `{"access_token":"${'a'.repeat(300_000)}"}` }, /more than 262144 bytes/],
  [
    'a redirect',
    { status: 307, headers: { location: 'https://elsewhere.example/' } },
    /with a redirect, which is not followed/,
  ],
  ['a failure', { status: 500, body: '' }, /answered 500 with application\/json/],
  ['tokens with status 201', { status: 201, body: good }, /answered 201/],
  ['no access_token', { body: { token_type: 'Bearer', refresh_token: received.refresh_token } }, /access_token/],
  ['an empty access_token', { body: { ...good, access_token: '' } }, /access_token/],
  ['an access_token that is a number', { body: { ...good, access_token: 7 } }, /access_token/],
  [
    'an access_token with a line break',
    { body: { ...good, access_token: 'access-8dj3kdls\r\nx: y' } },
    /access_token has characters that no token has/,
  ],
  [
    'a refresh_token with a blank',
    { body: { ...good, refresh_token: 'refresh-new-83jd x' } },
    /refresh_token has characters/,
  ],
  ['no token_type', { body: received }, /token_type/],
  ['another token_type', { body: { ...received, token_type: 'MAC' } }, /unsupported token_type value/],
  ['token_type N_A', { body: { ...received, token_type: 'N_A' } }, /unsupported token_type value/],
  ['a DPoP token nobody asked for', { body: { ...received, token_type: 'DPoP' } }, /expected token_type Bearer/],
  ['a negative lifetime', { body: { ...good, ...received, expires_in: -1 } }, /expires_in/],
  ['a lifetime that is no number', { body: { ...good, ...received, expires_in: 'soon' } }, /expires_in/],
  ['a scope that is a list', { body: { ...good, ...received, scope: ['a'] } }, /scope/],
  ['a closed connection', { instead: 'drop' }, /can't be reached: /],
  [
    'an error with status 200',
    { body: { error: 'bad_verification_code' } },
    /refused authorization_code: bad_verification_code/,
  ],
  [
    'invalid_grant',
    { status: 400, body: { error: 'invalid_grant' } },
    /refused authorization_code: invalid_grant; the assertion is expired/,
  ],
  [
    'an error that quotes what was sent',
    {
      status: 400,
      body: {
        error: secrets.code,
        error_description: `no ${secrets.assertion} ${secrets.code} ${secrets.refresh_token}`,
      },
    },
    /refused authorization_code: an unknown error, "no \[removed\] \[removed\] \[removed\]"/,
  ],
  [
    'an error with a challenge',
    { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: { error: 'invalid_client' } },
    /refused authorization_code: invalid_client; check the client id/,
  ],
  [
    'a description for a terminal',
    { status: 400, body: { error: 'invalid_scope', error_description: '\u001b[2Jall\r\ngood\u202e"\u0000' } },
    /invalid_scope, "\[2Jall good '"; ask for other scopes$/,
  ],
  [
    'an endless description',
    { status: 400, body: { error: 'invalid_scope', error_description: 'x'.repeat(9000) } },
    /invalid_scope, "x{200}…"; ask/,
  ],
  ['an error code for a terminal', { status: 400, body: { error: '\u001b[2J' } }, /: an unknown error$/],
  ['an error code that names a member of objects', { status: 400, body: { error: 'constructor' } }, /: constructor$/],
]

test.each(hostile)('refused, and nothing secret is told: %s', async (_name, answer, expected) => {
  await using server = await scriptedServer([answer])
  const error = await failure(requestTokens(server.request(), client, parameters))
  expect(error).toBeInstanceOf(AuthorizationError)
  expect(error).toMatchObject({ step: 'token', message: expect.stringMatching(expected) })
  expect(String(error)).toContain(`${server.metadata.issuer}/token`)
  for (const secret of sentAndReceived) expect(everythingIn(error)).not.toContain(secret)
  expect(server.requests).toHaveLength(1)
})

test('the error code is kept for the caller, and a refresh is told as one', async () => {
  await using server = await scriptedServer([{ status: 400, body: { error: 'invalid_grant' } }])
  const error = await failure(
    requestTokens(server.request(), client, { grant_type: 'refresh_token', refresh_token: secrets.refresh_token }),
  )
  expect(error).toMatchObject({ step: 'refresh', oauthError: 'invalid_grant' })
})

test('a server that is down, or names no endpoint, is told as such', async () => {
  const server = await scriptedServer([])
  await server[Symbol.asyncDispose]()
  expect(String(await failure(requestTokens(server.request(), client, parameters)))).toMatch(
    /can't be reached: .*ECONNREFUSED/,
  )
  const bare = { issuer: 'https://as.example' }
  const error = await failure(requestTokens(grantRequest(bare), client, parameters))
  expect(String(error)).toContain('the metadata of authorization server https://as.example names no token_endpoint')
})

test("an aborted request ends with the signal's reason", async () => {
  await using server = await scriptedServer([{ instead: 'hang' }])
  const stop = new AbortController()
  const tokens = failure(requestTokens(server.request({ signal: stop.signal }), client, parameters))
  stop.abort(new Error('the person went away'))
  expect(String(await tokens)).toBe('Error: the person went away')
})

test('a nonce that the server asks for is sent with a new proof, and only once', async () => {
  const wants: ScriptedAnswer = { status: 400, headers: { 'DPoP-Nonce': 'n1' }, body: { error: 'use_dpop_nonce' } }
  await using server = await scriptedServer([wants, { body: { ...good, token_type: 'DPoP' } }])
  const key = await prover()
  const tokens = await requestTokens(server.request({ prover: key }), client, parameters)
  expect(tokens).toMatchObject({ tokenType: 'dpop', key: key.key })
  const proofs = server.requests.map(({ headers }) => decodeJwt(String(headers['dpop'])))
  expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'n1'])
  expect(proofs[0]?.jti).not.toBe(proofs[1]?.jti)
  expect(proofs[1]).toMatchObject({ htm: 'POST', htu: `${server.metadata.issuer}/token` })

  await using stubborn = await scriptedServer([wants])
  const error = await failure(requestTokens(stubborn.request({ prover: await prover() }), client, parameters))
  expect(error).toMatchObject({ oauthError: 'use_dpop_nonce' })
  expect(stubborn.requests).toHaveLength(2)
})

test('a nonce in another refusal is kept, but does not make the request go out twice', async () => {
  await using server = await scriptedServer([
    { status: 400, headers: { 'DPoP-Nonce': 'n1' }, body: { error: 'invalid_grant' } },
  ])
  await failure(requestTokens(server.request({ prover: await prover() }), client, parameters))
  expect(server.requests).toHaveLength(1)
})

test('a token that is not bound to the key is refused', async () => {
  await using server = await scriptedServer([{ body: good }])
  const error = await failure(requestTokens(server.request({ prover: await prover() }), client, parameters))
  expect(String(error)).toContain('a token that is not bound to the key it was shown; expected token_type DPoP')
  expect(everythingIn(error)).not.toContain(good.access_token)
})
