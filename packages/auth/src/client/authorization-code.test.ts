import type { AuthorizationServer } from 'oauth4webapi'
import { expect, test } from 'vitest'
import { presence } from '../testing/presence.ts'
import { authorizationCode, codeIn } from './authorization-code.ts'
import type { AuthorizationError, Fetch, GrantRequest } from './contract.ts'

const server: AuthorizationServer = {
  issuer: 'https://as.example',
  authorization_endpoint: 'https://as.example/authorize?tenant=1',
  token_endpoint: 'https://as.example/token',
  code_challenge_methods_supported: ['S256'],
}
const redirectUri = 'http://127.0.0.1:4000/callback'
const state = 'the-state-of-this-request'
const answer = (query: string): URL => new URL(`${redirectUri}?${query}`)
const says = { ...server, authorization_response_iss_parameter_supported: true }

test.each([
  ['announced and right', says, 'iss=https%3A%2F%2Fas.example'],
  ['not announced and right', server, 'iss=https%3A%2F%2Fas.example'],
  ['not announced and absent', server, ''],
])('iss %s: the code is taken', (_what, from, iss) => {
  expect(codeIn(answer(`code=abc&state=${state}&${iss}`), { server: from, redirectUri, state })).toBe('abc')
})

const elsewhere = 'the answer of the login'

test.each<[string, AuthorizationServer, string, string]>([
  ['iss announced and absent', says, `code=abc&state=${state}`, 'does not say who gave it'],
  [
    'iss of somebody else',
    says,
    `code=abc&state=${state}&iss=https%3A%2F%2Fevil.example`,
    'was given by "https://evil.example"; expected exactly "https://as.example"',
  ],
  [
    'iss not announced and wrong',
    server,
    `code=abc&state=${state}&iss=https%3A%2F%2Fevil.example`,
    'was given by "https://evil.example"',
  ],
  ['iss with a slash', says, `code=abc&state=${state}&iss=https%3A%2F%2Fas.example%2F`, 'expected exactly'],
  ['iss in capitals', says, `code=abc&state=${state}&iss=https%3A%2F%2FAS.example`, 'expected exactly'],
  ['iss with a port', says, `code=abc&state=${state}&iss=https%3A%2F%2Fas.example%3A443`, 'expected exactly'],
  ['an empty iss', server, `code=abc&state=${state}&iss=`, 'was given by ""'],
  [
    'iss twice',
    says,
    `code=abc&state=${state}&iss=https%3A%2F%2Fas.example&iss=https%3A%2F%2Fevil.example`,
    '"iss" more than once',
  ],
  ['no state', server, 'code=abc', 'its "state" is another one'],
  ['another state', server, 'code=abc&state=x', 'its "state" is another one'],
  ['two states', server, `code=abc&state=${state}&state=x`, '"state" more than once'],
  ['two codes', server, `code=abc&code=def&state=${state}`, '"code" more than once'],
  ['no code', server, `state=${state}`, 'has no code'],
  ['an empty code', server, `code=&state=${state}`, 'has no code'],
  ['a token', server, `code=abc&access_token=t&state=${state}`, 'of a flow that was not asked for'],
  [
    'a refusal',
    says,
    `error=access_denied&error_description=No%20thanks&state=${state}&iss=https%3A%2F%2Fas.example`,
    'the login was declined at https://as.example: access_denied, "No thanks"',
  ],
  [
    'another refusal',
    server,
    `error=invalid_scope&state=${state}`,
    'the login was refused at https://as.example: invalid_scope',
  ],
  ['an error that is no code', server, `error=%3Cscript%3E&state=${state}`, 'an unknown error'],
])('%s: refused', (_what, from, query, why) => {
  const take = (): string => codeIn(answer(query), { server: from, redirectUri, state })
  expect(take).toThrow(why)
  expect(take).not.toThrow('abc')
  expect(take).not.toThrow(state)
})

test('an error of somebody else is not even shown', () => {
  const query = `error=access_denied&error_description=call%20555&state=${state}&iss=https%3A%2F%2Fevil.example`
  const take = (): string => codeIn(answer(query), { server: says, redirectUri, state })
  expect(take).toThrow(elsewhere)
  expect(take).not.toThrow(/access_denied|555/)
})

test.each(['http://127.0.0.1:4001/callback', 'http://127.0.0.1:4000/other', 'https://evil.example/callback'])(
  'an answer at %s is not taken',
  place => {
    const take = (): string => codeIn(new URL(`${place}?code=abc&state=${state}`), { server, redirectUri, state })
    expect(take).toThrow('expected http://127.0.0.1:4000/callback')
  },
)

interface Sent {
  readonly tokens: URLSearchParams[]
}

function request(own: Partial<GrantRequest> = {}): GrantRequest & Sent {
  const tokens: URLSearchParams[] = []
  const fetch: Fetch = async (_url, init = {}) => {
    tokens.push(new URLSearchParams(String(init.body)))
    return Response.json({ access_token: 'at', token_type: 'Bearer', expires_in: 60, refresh_token: 'rt' })
  }
  return {
    server,
    resource: 'https://mcp.example/mcp',
    scope: 'a offline_access',
    fetch,
    signal: new AbortController().signal,
    prover: undefined,
    registration: async () => ({ clientId: 'client', authMethod: 'none' }),
    tokens,
    ...own,
  }
}

const agreeing = (): ReturnType<typeof presence> =>
  presence(async url => {
    const back = new URL(url.searchParams.get('redirect_uri') ?? '')
    back.search = String(new URLSearchParams({ code: 'the-code', state: url.searchParams.get('state') ?? '' }))
    return back
  })

test('a person is sent with PKCE, state, resource and scope, and the code is swapped with the verifier', async () => {
  const person = agreeing()
  const asked = request()
  expect(await authorizationCode(person).obtain(asked)).toMatchObject({ accessToken: 'at', refreshToken: 'rt' })
  const url = person.visits[0]
  expect(`${url?.origin}${url?.pathname}`).toBe('https://as.example/authorize')
  expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
    tenant: '1',
    response_type: 'code',
    client_id: 'client',
    redirect_uri: 'http://127.0.0.1:53682/callback',
    state: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
    resource: 'https://mcp.example/mcp',
    scope: 'a offline_access',
    prompt: 'consent',
  })
  expect(Object.fromEntries(asked.tokens[0] ?? [])).toEqual({
    grant_type: 'authorization_code',
    client_id: 'client',
    code: 'the-code',
    redirect_uri: 'http://127.0.0.1:53682/callback',
    code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    resource: 'https://mcp.example/mcp',
  })
})

test('each login has a state and a verifier of its own', async () => {
  const person = agreeing()
  await authorizationCode(person).obtain(request())
  await authorizationCode(person).obtain(request())
  const [first, second] = person.visits.map(({ searchParams }) => [
    searchParams.get('state'),
    searchParams.get('code_challenge'),
  ])
  expect(first?.filter(value => second?.includes(value))).toEqual([])
})

const without = (name: keyof AuthorizationServer): AuthorizationServer => {
  const { [name]: _gone, ...rest } = server
  return { ...rest, issuer: server.issuer }
}

test.each<[string, AuthorizationServer, string]>([
  ['no PKCE method', without('code_challenge_methods_supported'), 'no PKCE method'],
  [
    'PKCE without S256',
    { ...server, code_challenge_methods_supported: ['plain'] },
    'names "["plain"]" in "code_challenge_methods_supported"; expected S256',
  ],
  ['no authorization endpoint', without('authorization_endpoint'), 'has no authorization_endpoint'],
  ['no code', { ...server, response_types_supported: ['token'] }, 'offers no response_type "code"'],
  [
    'a login in clear text',
    { ...server, authorization_endpoint: 'http://as.example/authorize' },
    'is not https; nobody is sent there',
  ],
  [
    'a login in a script',
    { ...server, authorization_endpoint: 'javascript:alert(1)//' },
    'is not https; nobody is sent there',
  ],
])('%s: nobody is sent anywhere', async (_what, from, why) => {
  const person = agreeing()
  await expect(authorizationCode(person).obtain(request({ server: from }))).rejects.toThrow(why)
  expect(person.visits).toEqual([])
})

test.each(['http://192.168.1.2:4000/callback', 'http://app.example/callback', 'com.example.app:/callback', 'callback'])(
  'a redirect to %s would show the code to others: nobody is sent anywhere',
  async redirectUri => {
    const person = agreeing()
    let closed = 0
    const redirect = async () => ({
      redirectUri,
      answer: () => new Promise<URL>(() => {}),
      close: async () => void closed++,
    })
    const asked = request()
    await expect(authorizationCode({ ...person, redirect }).obtain(asked)).rejects.toThrow(
      'use a redirect URI of https',
    )
    expect([person.visits, asked.tokens, closed]).toEqual([[], [], 1])
  },
)

test('a refused answer leads to no token request, and the listener is closed', async () => {
  let closed = 0
  const person = presence(async () => new URL('http://127.0.0.1:53682/callback?code=stolen&state=x'))
  const watched = {
    ...person,
    redirect: async () => ({ ...(await person.redirect()), close: async () => void closed++ }),
  }
  const asked = request()
  const failure = await authorizationCode(watched)
    .obtain(asked)
    .catch((error: AuthorizationError) => error)
  expect(failure).toMatchObject({ step: 'authorization' })
  expect(JSON.stringify(failure) + String(failure)).not.toContain('stolen')
  expect(asked.tokens).toEqual([])
  expect(closed).toBe(1)
})

test('whoever gives up stops listening', async () => {
  const stop = new AbortController()
  const person = presence(() => new Promise(() => {}))
  const waiting = authorizationCode({ ...person, visit: async () => stop.abort(new Error('given up')) }).obtain(
    request({ signal: stop.signal }),
  )
  await expect(waiting).rejects.toThrow('given up')
})
