import { expect, test, vi } from 'vitest'
import { loginTokens, machineTokens, publicClient, revoke, secretClient } from '../testing/flows.ts'
import { mint } from '../testing/forge.ts'
import { protectedServer } from '../testing/protected.ts'
import { startProvider, type TestProvider } from '../testing/provider.ts'
import type { ProtectOptions } from './options.ts'

const clients = [publicClient, secretClient].map(client => ({ ...client })) as never
const introspection = { clientId: secretClient.client_id, clientSecret: secretClient.client_secret }

const opaque = (): Promise<TestProvider> => startProvider({ clients, format: 'opaque' })

const guarded = (provider: TestProvider, more: Partial<ProtectOptions> = {}) =>
  protectedServer({ issuer: provider.issuer, introspection, ...more })

test('an opaque token is asked about', async () => {
  await using provider = await opaque()
  await using server = await guarded(provider)
  const { access_token: token } = await loginTokens(provider, { resource: server.url.href, scope: 'files:read' })
  const { status, text } = await server.bearer(token)
  expect(status).toBe(200)
  expect(text).toContain(`${provider.issuer} alice`)
  expect((await server.bearer(`${token}x`)).status).toBe(401)
})

test('a client without a user has a subject of its own', async () => {
  await using provider = await opaque()
  await using server = await guarded(provider)
  const { access_token: token } = await machineTokens(provider, { resource: server.url.href, scope: 'files:read' })
  expect((await server.bearer(token)).text).toContain(`client ${provider.issuer} machine`)
})

test('a revoked token ends', async () => {
  await using provider = await opaque()
  await using server = await guarded(provider, { limits: { introspectedMs: 0 } })
  const { access_token: token } = await loginTokens(provider, { resource: server.url.href, scope: 'files:read' })
  expect((await server.bearer(token)).status).toBe(200)
  await revoke(provider, token, publicClient.client_id)
  const { status, challenge } = await server.bearer(token)
  expect(status).toBe(401)
  expect(challenge).toContain('error="invalid_token"')
})

test('an answer is kept for a moment, and asked for once', async () => {
  await using provider = await opaque()
  await using server = await guarded(provider)
  const { access_token: token } = await loginTokens(provider, { resource: server.url.href, scope: 'files:read' })
  await Promise.all(Array.from({ length: 5 }, () => server.bearer(token)))
  await server.bearer(token)
  expect(provider.requests.filter(line => line.includes('introspection'))).toHaveLength(1)
})

test('a token for another resource', async () => {
  await using provider = await opaque()
  await using server = await guarded(provider)
  const resource = 'https://other.example/mcp'
  const { access_token: token } = await loginTokens(provider, { resource, scope: 'files:read' })
  expect((await server.bearer(token)).challenge).toContain('for another resource')
})

test('JWTs are asked about as well, after they were verified, where that is wanted', async () => {
  await using provider = await startProvider({ clients })
  const asked: unknown[] = []
  const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    if (!url.includes('introspection')) return globalThis.fetch(url, init)
    asked.push(url)
    return Response.json({ active: false })
  }
  await using server = await guarded(provider, { introspection: { ...introspection, tokens: 'all' }, fetch })
  expect((await server.bearer(await mint(provider, server.url))).status).toBe(401)
  expect(asked).toHaveLength(1)
  await server.bearer(await mint(provider, server.url, { claims: { aud: 'https://other.example' } }))
  expect(asked).toHaveLength(1)
})

const now = Math.floor(Date.now() / 1000)
const answers: readonly (readonly [string, number, (issuer: string, resource: string) => Response])[] = [
  ['good', 200, (_issuer, aud) => Response.json({ active: true, aud, sub: 'alice', exp: now + 60 })],
  ['no audience', 401, () => Response.json({ active: true, sub: 'alice' })],
  [
    'another audience among several',
    401,
    () => Response.json({ active: true, sub: 'a', aud: ['https://other.example'] }),
  ],
  [
    'another issuer',
    401,
    (_issuer, aud) => Response.json({ active: true, aud, sub: 'a', iss: 'https://other.example' }),
  ],
  ['expired', 401, (_issuer, aud) => Response.json({ active: true, aud, sub: 'a', exp: now - 100 })],
  ['not yet', 401, (_issuer, aud) => Response.json({ active: true, aud, sub: 'a', nbf: now + 100 })],
  ['an end that is no time', 401, (_issuer, aud) => Response.json({ active: true, aud, sub: 'a', exp: 'never' })],
  ['nobody', 401, (_issuer, aud) => Response.json({ active: true, aud })],
  ['bound', 401, (_issuer, aud) => Response.json({ active: true, aud, sub: 'a', cnf: { jkt: 'x' } })],
  ['active as text', 503, (_issuer, aud) => Response.json({ active: 'true', aud, sub: 'a' })],
  ['our credentials are wrong', 503, () => Response.json({ error: 'invalid_client' }, { status: 401 })],
  ['a failure', 503, () => new Response('', { status: 500 })],
  ['a page', 503, () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  ['too much', 503, () => new Response(' '.repeat(600 * 1024), { headers: { 'content-type': 'application/json' } })],
]
test.each(answers)('an authorization server that says: %s', async (_name, expected, answer) => {
  const token = 'opaque-token-for-this-test'
  let resource = ''
  const issuer = 'https://login.example'
  const fetch = async (url: string): Promise<Response> =>
    url.includes('.well-known')
      ? Response.json({ issuer, introspection_endpoint: `${issuer}/introspect` })
      : answer(issuer, resource)
  await using server = await protectedServer({ issuer, introspection, fetch })
  resource = server.url.href
  const { status, text, challenge } = await server.bearer(token)
  expect(status).toBe(expected)
  expect(server.reports.length).toBe(expected === 503 ? 1 : 0)
  const said = text + challenge + server.reports.join()
  expect(said).not.toContain(token)
  expect(said).not.toContain(introspection.clientSecret)
})

test('while the provider is down nothing opaque is taken', async () => {
  await using provider = await opaque()
  await using server = await guarded(provider, { limits: { introspectedMs: 0, keysRetryMs: 0 } })
  const { access_token: token } = await loginTokens(provider, { resource: server.url.href, scope: 'files:read' })
  expect((await server.bearer(token)).status).toBe(200)
  await provider.stop()
  expect((await server.bearer(token)).status).toBe(503)
  await provider.start()
  expect((await server.bearer(token)).status).toBe(200)
})

/** An issuer whose answers to introspection a test gives, and what it was asked. */
function issuerSaying(answer: (token: string) => Promise<object> | object) {
  const issuer = 'https://login.example'
  const asked: string[] = []
  const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    if (url.includes('.well-known')) return Response.json({ issuer, introspection_endpoint: `${issuer}/introspect` })
    const token = new URLSearchParams(String(init?.body)).get('token') ?? ''
    asked.push(token)
    return Response.json(await answer(token))
  }
  return { issuer, asked, fetch }
}

test('made-up tokens ask the issuer some questions at once, and what is beyond has to try again', async () => {
  let answer = (): void => {}
  const held = new Promise<void>(resolve => {
    answer = resolve
  })
  const { issuer, asked, fetch } = issuerSaying(async () => {
    await held
    return { active: false }
  })
  await using server = await protectedServer({ issuer, introspection, fetch, limits: { introspections: 3 } })
  const first = Array.from({ length: 3 }, (_, at) => server.bearer(`made-up-${at}`))
  await vi.waitFor(() => expect(asked).toHaveLength(3))
  const beyond = await Promise.all(['made-up-3', 'made-up-4'].map(token => server.bearer(token)))
  for (const { status, headers } of beyond) expect([status, headers['retry-after']]).toEqual([503, '5'])
  expect(server.reports).toEqual([expect.stringContaining('raise limits.introspections')])
  const again = server.bearer('made-up-0') // asked already: it needs no room
  answer()
  expect((await Promise.all([...first, again])).map(({ status }) => status)).toEqual([401, 401, 401, 401])
  expect((await server.bearer('made-up-3')).status).toBe(401)
  expect(asked).toHaveLength(4)
})

test('a refused token is asked about once for a while; it pushes no good one out', async () => {
  let resource = ''
  const { issuer, asked, fetch } = issuerSaying(token => ({ active: token === 'good', aud: resource, sub: 'alice' }))
  const limits = { introspectedTokens: 2, refusedMs: 300 }
  await using server = await protectedServer({ issuer, introspection, fetch, limits })
  resource = server.url.href
  expect((await server.bearer('good')).status).toBe(200)
  for (const token of ['bad', 'bad', 'worse', 'worst', 'good']) await server.bearer(token)
  expect(asked).toEqual(['good', 'bad', 'worse', 'worst'])
  await vi.waitFor(async () => {
    await server.bearer('worst')
    expect(asked.slice(4)).toEqual(['worst'])
  })
})

const allowed: readonly (readonly [string, Record<string, unknown>, object, readonly string[]])[] = [
  ['less than the token', { scope: 'files:write files:read' }, { scope: 'files:read' }, ['files:read']],
  ['nothing any more', { scope: 'files:write' }, { scope: '' }, []],
  ['more than the token', { scope: 'files:read' }, { scope: 'files:read files:write' }, ['files:read']],
  ['the same in another claim', { scp: ['files:write'] }, { scope: 'files:read' }, ['files:read']],
  ['nothing about scopes', { scope: 'files:read' }, {}, ['files:read']],
]
test.each(allowed)('a JWT whose issuer now allows: %s', async (_name, claims, answer, scopes) => {
  await using provider = await startProvider({ clients })
  let resource = ''
  const fetch = async (url: string, init?: RequestInit): Promise<Response> =>
    url.includes('introspection')
      ? Response.json({ active: true, aud: resource, sub: 'alice', ...answer })
      : globalThis.fetch(url, init)
  const all = { introspection: { ...introspection, tokens: 'all' }, fetch } as const
  await using server = await guarded(provider, { ...all, scopes: { implies: { 'files:write': ['files:read'] } } })
  resource = server.url.href
  const { text } = await server.bearer(await mint(provider, server.url, { claims }))
  const [line = ''] = /\{.*\}/.exec(text) ?? []
  const { result } = JSON.parse(line) as { result: { content: [{ text: string }] } }
  expect(JSON.parse(result.content[0].text)).toMatchObject({ scopes })
})

test.each([
  ['a binding that the token does not have', {}, { jkt: 'a' }, 'send it with DPoP'],
  ['a binding that the issuer left out', { cnf: { jkt: 'a' } }, undefined, 'send it with DPoP'],
  ['another key', { cnf: { jkt: 'a' } }, { jkt: 'b' }, 'bound to one key, and its issuer names another'],
  ['a second binding', { cnf: { jkt: 'a' } }, { 'x5t#S256': 'b' }, 'bound to a certificate'],
  ['nonsense', {}, 'x', 'malformed'],
])('an issuer that says of a JWT: %s', async (_name, claims, cnf, expected) => {
  await using provider = await startProvider({ clients })
  let resource = ''
  const fetch = async (url: string, init?: RequestInit): Promise<Response> =>
    url.includes('introspection')
      ? Response.json({ active: true, aud: resource, sub: 'alice', cnf })
      : globalThis.fetch(url, init)
  const all = { introspection: { ...introspection, tokens: 'all' }, fetch, dpop: 'accept' } as const
  await using server = await guarded(provider, all)
  resource = server.url.href
  const { status, challenge } = await server.bearer(await mint(provider, server.url, { claims }))
  expect(status).toBe(401)
  expect(challenge).toContain(expected)
})
