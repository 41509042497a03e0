import { connect } from '@interlock/client'
import { revisions } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { loginTokens, publicClient } from '../testing/flows.ts'
import { protectedServer } from '../testing/protected.ts'
import { startProvider } from '../testing/provider.ts'
import { protect } from './protect.ts'

const clients = [{ ...publicClient }] as never
const scopes = { required: ['files:read'], implies: { 'files:write': ['files:read'] } }

test.each(revisions)('$version: a token for this server is taken', async ({ version }) => {
  await using provider = await startProvider({ clients })
  await using guarded = await protectedServer({ issuer: provider.issuer, scopes })
  const { access_token: token } = await loginTokens(provider, { resource: guarded.url.href, scope: 'files:read' })
  const headers = { authorization: `Bearer ${token}` }
  await using client = await connect({ url: guarded.url, headers }, { revisions: [version] })
  const { content } = await client.callTool('whoami', {})
  const principal = JSON.parse(content[0]?.type === 'text' ? content[0].text : '')
  expect(principal).toMatchObject({
    subject: `${provider.issuer} alice`,
    issuer: provider.issuer,
    clientId: 'public',
    scopes: ['files:read'],
    claims: { aud: guarded.url.href, sub: 'alice' },
  })
  expect(JSON.stringify(principal)).not.toContain(token)
})

test('HTTP+SSE is protected by the same option', async () => {
  await using provider = await startProvider({ clients })
  await using guarded = await protectedServer({ issuer: provider.issuer, scopes })
  const url = guarded.sseUrl ?? ''
  expect((await fetch(url)).status).toBe(401)
  const { access_token: token } = await loginTokens(provider, { resource: guarded.url.href, scope: 'files:read' })
  await using client = await connect({ url, type: 'sse', headers: { authorization: `Bearer ${token}` } })
  const { content } = await client.callTool('whoami', {})
  expect(content[0]).toMatchObject({ text: expect.stringContaining(`${provider.issuer} alice`) })
})

test('without a token: 401 that says where to get one and which scopes to ask for', async () => {
  await using provider = await startProvider()
  await using guarded = await protectedServer({ issuer: provider.issuer, scopes })
  const { status, challenge } = await guarded.ask({})
  expect(status).toBe(401)
  const metadata = new URL('/.well-known/oauth-protected-resource/mcp', guarded.url).href
  expect(challenge).toBe(`Bearer scope="files:read", resource_metadata="${metadata}"`)
})

test('the metadata is there for everybody, from any origin, at both places', async () => {
  await using provider = await startProvider()
  await using guarded = await protectedServer({
    issuer: provider.issuer,
    scopes: { required: ['files:read', 'offline_access'] },
    dpop: 'require',
    name: 'Files',
  })
  for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource']) {
    const response = await fetch(new URL(path, guarded.url), { headers: { origin: 'https://elsewhere.example' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.json()).toMatchObject({
      resource: guarded.url.href,
      authorization_servers: [provider.issuer],
      bearer_methods_supported: ['header'],
      scopes_supported: ['files:read'],
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
      dpop_bound_access_tokens_required: true,
      resource_name: 'Files',
    })
  }
  expect((await fetch(new URL('/.well-known/other', guarded.url))).status).toBe(404)
})

test('a server at the root of its origin is named without a slash', () => {
  const { documents } = protect({ issuer: 'https://login.example', resource: new URL('https://MCP.example/') })
  expect(documents).toMatchObject({
    '/.well-known/oauth-protected-resource': { resource: 'https://mcp.example' },
  })
})

test('nobody is told to ask for a refresh token', async () => {
  await using guarded = await protectedServer({
    issuer: 'https://login.example',
    scopes: { required: ['files:read', 'offline_access'], supported: ['offline_access', 'files:write'] },
  })
  expect((await guarded.ask({})).challenge).toContain('scope="files:read"')
  const response = await fetch(new URL('/.well-known/oauth-protected-resource', guarded.url))
  expect(await response.json()).toMatchObject({ scopes_supported: ['files:write'] })
})

test('a token with too little: 403 that names all that is needed', async () => {
  await using provider = await startProvider({ clients })
  await using guarded = await protectedServer({
    issuer: provider.issuer,
    scopes: { required: ['mcp:admin', 'files:read'] },
  })
  const { access_token: token } = await loginTokens(provider, { resource: guarded.url.href, scope: 'files:read' })
  const { status, challenge } = await guarded.bearer(token)
  expect(status).toBe(403)
  expect(challenge).toContain('error="insufficient_scope"')
  expect(challenge).toContain('scope="mcp:admin files:read"')
})

test('a tool that needs more: 403 that names what every request needs as well', async () => {
  await using provider = await startProvider({ clients })
  await using guarded = await protectedServer({ issuer: provider.issuer, scopes })
  const tokens = async (scope: string) => {
    const { access_token: token } = await loginTokens(provider, { resource: guarded.url.href, scope })
    return { authorization: `Bearer ${token}` }
  }
  const { status, challenge } = await guarded.ask(await tokens('files:read'), { tool: 'write' })
  expect(status).toBe(403)
  expect(challenge).toMatch(
    /^Bearer error="insufficient_scope", .* scope="files:read files:write", resource_metadata="/,
  )
  expect(await guarded.ask(await tokens('files:write'), { tool: 'write' })).toMatchObject({ status: 200 })
})

test('a wider scope includes narrower ones', async () => {
  await using provider = await startProvider({ clients })
  const implies = { 'mcp:admin': ['files:write'], 'files:write': ['files:read'] }
  await using guarded = await protectedServer({
    issuer: provider.issuer,
    scopes: { required: ['files:read'], implies },
  })
  const { access_token: token } = await loginTokens(provider, { resource: guarded.url.href, scope: 'mcp:admin' })
  const { status, text } = await guarded.bearer(token)
  expect(status).toBe(200)
  expect(text).toContain('files:write')
})

test('an issuer below a path', async () => {
  await using provider = await startProvider({ clients, path: '/tenant1' })
  await using guarded = await protectedServer({ issuer: provider.issuer })
  const { access_token: token } = await loginTokens(provider, { resource: guarded.url.href, scope: 'files:read' })
  expect(await guarded.bearer(token)).toMatchObject({ status: 200 })
})

test('several issuers, each for its own tokens', async () => {
  await using one = await startProvider({ clients })
  await using other = await startProvider({ clients })
  await using stranger = await startProvider({ clients })
  await using guarded = await protectedServer({ issuers: [{ issuer: one.issuer }, { issuer: other.issuer }] })
  const status = async (provider: typeof one) => {
    const tokens = await loginTokens(provider, { resource: guarded.url.href, scope: 'files:read' })
    return (await guarded.bearer(tokens.access_token)).status
  }
  expect([await status(one), await status(other), await status(stranger)]).toEqual([200, 200, 401])
})

const resource = 'https://mcp.example/mcp'
const issuer = 'https://login.example'
const introspection = { clientId: 'a', clientSecret: 'b' }
test.each([
  ['nothing to check by', { resource }],
  ['a resource without TLS', { resource: 'http://mcp.example/mcp', issuer }],
  ['a resource with a fragment', { resource: `${resource}#x`, issuer }],
  ['an issuer without TLS', { resource, issuer: 'http://login.example' }],
  ['an issuer with a query', { resource, issuer: `${issuer}?x` }],
  ['no signatures', { resource, issuer, algorithms: ['none'] }],
  ['shared secrets', { resource, issuer, algorithms: ['HS256'] }],
  ['a faulty scope', { resource, issuer, scopes: { required: ['a b'] } }],
  ['a key in the clear', { resource, keys: [{ name: 'x', hash: 'the token itself' }] }],
  ['keys beside bound tokens alone', { resource, issuer, dpop: 'require', keys: [{ name: 'x', hash: 'sha256.x' }] }],
  ['a short secret', { resource, issuer, dpop: { use: 'accept', nonce: new Uint8Array(8) } }],
  ['an issuer twice', { resource, issuer, issuers: [{ issuer }] }],
  ['opaque tokens of two', { resource, issuer, issuers: [{ issuer: `${issuer}/2`, introspection }], introspection }],
] as const)('options that would not protect are refused: %s', (_case, options) => {
  expect(() => protect(options)).toThrow(TypeError)
})
