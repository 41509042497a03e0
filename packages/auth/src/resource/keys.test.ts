import { expect, test } from 'vitest'
import { loginTokens, publicClient } from '../testing/flows.ts'
import { mint } from '../testing/forge.ts'
import { protectedServer } from '../testing/protected.ts'
import { startProvider } from '../testing/provider.ts'

const clients = [{ ...publicClient }] as never

test('keys are rotated while serving', async () => {
  await using provider = await startProvider({ clients })
  await using guarded = await protectedServer({ issuer: provider.issuer, limits: { keysRetryMs: 0 } })
  const login = { resource: guarded.url.href, scope: 'files:read' }
  const { access_token: old } = await loginTokens(provider, login)
  expect((await guarded.bearer(old)).status).toBe(200)
  await provider.rotateKeys()
  const { access_token: renewed } = await loginTokens(provider, login)
  expect((await guarded.bearer(renewed)).status).toBe(200)
  expect((await guarded.bearer(old)).status).toBe(401) // its key was withdrawn
})

test('forged key ids cost the provider one request in a while', async () => {
  await using provider = await startProvider()
  await using guarded = await protectedServer({ issuer: provider.issuer })
  expect((await guarded.bearer(await mint(provider, guarded.url))).status).toBe(200)
  const asked = provider.requests.length
  for (let at = 0; at < 5; at += 1) {
    const token = await mint(provider, guarded.url, { header: { kid: `forged ${at}` } })
    expect((await guarded.bearer(token)).status).toBe(401)
  }
  expect(provider.requests.length).toBe(asked)
})

test('many callers wait for one request', async () => {
  await using provider = await startProvider()
  await using guarded = await protectedServer({ issuer: provider.issuer })
  const token = await mint(provider, guarded.url)
  const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await guarded.bearer(token)).status))
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(provider.requests).toHaveLength(2) // metadata and keys
})

test('no token is taken while the provider is down; it goes on when it is back', async () => {
  await using provider = await startProvider()
  await using guarded = await protectedServer({ issuer: provider.issuer, limits: { keysRetryMs: 0 } })
  const token = await mint(provider, guarded.url)
  await provider.stop()
  const { status, headers, text } = await guarded.bearer(token)
  expect(status).toBe(503)
  expect(headers['retry-after']).toBe('5')
  expect(headers['www-authenticate']).toBeUndefined() // the token may be good: nobody should log in again
  expect(guarded.reports[0]).toContain(`the authorization server ${provider.issuer} cannot be asked for its keys`)
  expect(text + guarded.reports.join()).not.toContain(token.split('.')[2])
  await provider.start()
  expect((await guarded.bearer(token)).status).toBe(200)
})

test('keys that cannot be renewed are used for a while, and then no more', async () => {
  await using provider = await startProvider()
  const limits = { keysFreshMs: -1, keysStaleMs: 60_000, keysRetryMs: 0 }
  await using lenient = await protectedServer({ issuer: provider.issuer, limits })
  await using strict = await protectedServer({ issuer: provider.issuer, limits: { ...limits, keysStaleMs: -1 } })
  const tokens = [await mint(provider, lenient.url), await mint(provider, strict.url)] as const
  expect((await lenient.bearer(tokens[0])).status).toBe(200)
  expect((await strict.bearer(tokens[1])).status).toBe(200)
  await provider.stop()
  expect((await lenient.bearer(tokens[0])).status).toBe(200)
  expect((await strict.bearer(tokens[1])).status).toBe(503)
})

const bad: readonly (readonly [string, (issuer: string, url: string) => Response, string])[] = [
  ['metadata of somebody else', () => Response.json({ issuer: 'https://other.example' }), 'expected'],
  ['a redirect', () => new Response(undefined, { status: 302, headers: { location: 'https://other.example' } }), '302'],
  ['a page', () => new Response('<html>'), 'JSON'],
  ['a failure', () => new Response('', { status: 500 }), '500'],
  ['none', () => new Response('', { status: 404 }), 'no metadata'],
  ['more than a document', () => new Response('x'.repeat(600 * 1024)), 'bytes'],
  ['keys without TLS', issuer => Response.json({ issuer, jwks_uri: 'http://keys.example' }), 'https'],
  ['keys that are none', (issuer, url) => Response.json({ issuer, jwks_uri: url, keys: 'x' }), 'keys'],
]
test.each(bad)('a provider that answers with %s: nothing is taken', async (_name, answer, said) => {
  await using provider = await startProvider()
  const fetch = async (url: string): Promise<Response> => answer(provider.issuer, url)
  await using guarded = await protectedServer({ issuer: provider.issuer, fetch })
  expect((await guarded.bearer(await mint(provider, guarded.url))).status).toBe(503)
  expect(guarded.reports.join()).toContain(said)
})
