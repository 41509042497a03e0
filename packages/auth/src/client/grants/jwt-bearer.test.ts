import { expect, test } from 'vitest'
import { everythingIn, scriptedServer } from '../../testing/scripted-authorization-server.ts'
import { type JwtBearerOptions, jwtBearer } from './jwt-bearer.ts'

const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ3b3JrbG9hZCJ9.c2lnbmF0dXJl'
const good = { body: { access_token: 'access', token_type: 'Bearer' } }
const form = {
  grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  assertion: jwt,
  resource: 'https://mcp.example/mcp',
}

test.each<[string, Omit<JwtBearerOptions, 'assertion'>, object]>([
  ['without a client', {}, form],
  ['as a public client', { clientId: 'workload' }, { ...form, client_id: 'workload' }],
])('an assertion becomes a token %s', async (_name, options, expected) => {
  await using server = await scriptedServer([good])
  // Files end in a newline.
  const grant = jwtBearer({ ...options, assertion: async () => `${jwt}\n` })
  expect(await grant.obtain(server.request())).toEqual({ accessToken: 'access', tokenType: 'bearer' })
  expect(server.requests.map(request => request.form)).toEqual([expected])
  expect(server.requests[0]?.headers['authorization']).toBeUndefined()
})

test('the assertion is made for the authorization server, and the scope is asked for', async () => {
  await using server = await scriptedServer([good])
  const audiences: object[] = []
  const grant = jwtBearer({
    clientId: 'workload',
    clientSecret: 'secret',
    assertion: async ({ issuer, resource }) => {
      audiences.push({ issuer, resource })
      return jwt
    },
  })
  await grant.obtain(server.request({ scope: 'files:read' }))
  expect(audiences).toEqual([{ issuer: server.metadata.issuer, resource: 'https://mcp.example/mcp' }])
  expect(server.requests[0]?.form).toEqual({ ...form, scope: 'files:read' })
  expect(server.requests[0]?.headers['authorization']).toBe(`Basic ${btoa('workload:secret')}`)
})

test.each(['invalid_grant', 'invalid_scope', 'unauthorized_client'])(
  '%s is final: one request, one error',
  async code => {
    await using server = await scriptedServer([{ status: 400, body: { error: code, error_description: `no ${jwt}` } }])
    const error: unknown = await jwtBearer({ assertion: async () => jwt })
      .obtain(server.request())
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'AuthorizationError', oauthError: code, step: 'token' })
    expect(everythingIn(error)).not.toContain(jwt)
    expect(server.requests).toHaveLength(1)
  },
)

test.each([
  ['', 'the assertion is empty'],
  ['\n', 'the assertion is empty'],
  ['/var/run/secrets/token', 'the assertion is not a JWT; expected three parts joined by dots'],
  ['one.two', 'the assertion is not a JWT'],
  [`${jwt}\n${jwt}`, 'the assertion is not a JWT'],
])('an assertion %j is not sent', async (assertion, expected) => {
  await using server = await scriptedServer([good])
  await expect(jwtBearer({ assertion: async () => assertion }).obtain(server.request())).rejects.toThrow(expected)
  expect(server.requests).toEqual([])
})

test('a platform that gives no assertion is told, with its reason as the cause', async () => {
  await using server = await scriptedServer([good])
  const cause = new Error('the metadata service is away')
  const grant = jwtBearer({ assertion: () => Promise.reject(cause) })
  await expect(grant.obtain(server.request())).rejects.toMatchObject({ message: "the assertion can't be had", cause })
})

test('a secret without a client is a mistake', () => {
  expect(() => jwtBearer({ clientSecret: 's', assertion: async () => jwt })).toThrow('needs the clientId')
})
