import { expect, test, vi } from 'vitest'
import { mint } from '../testing/forge.ts'
import { protectedServer } from '../testing/protected.ts'
import { startProvider } from '../testing/provider.ts'
import { createToken, hashToken, StaticKeys } from './static-keys.ts'

test('a static key, with its scopes', async () => {
  const token = createToken('acme')
  expect(token).toMatch(/^acme_[\w-]{43}$/)
  const keys = [{ name: 'nightly', hash: await hashToken(token), scopes: ['files:write'] }]
  const scopes = { required: ['files:read'], implies: { 'files:write': ['files:read'] } }
  await using guarded = await protectedServer({ keys, scopes })
  const { status, text } = await guarded.bearer(token)
  expect(status).toBe(200)
  expect(text).toContain('key nightly')
  const refused = await guarded.bearer(createToken('acme'))
  expect(refused).toMatchObject({ status: 401, challenge: expect.stringContaining('invalid_token') })
  expect(refused.challenge).not.toContain('resource_metadata') // nobody gives tokens out
  const metadata = await fetch(new URL('/.well-known/oauth-protected-resource', guarded.url))
  expect(metadata.status).toBe(404)
})

test('keys beside an authorization server', async () => {
  await using provider = await startProvider()
  const token = createToken()
  await using guarded = await protectedServer({
    issuer: provider.issuer,
    keys: [{ name: 'nightly', hash: await hashToken(token) }],
  })
  expect((await guarded.bearer(token)).status).toBe(200)
  expect((await guarded.bearer(await mint(provider, guarded.url))).status).toBe(200)
  expect((await guarded.ask({ authorization: `DPoP ${token}` })).status).toBe(401)
})

test('a key ends when it is said to', async () => {
  const token = createToken()
  const keys = new StaticKeys([{ name: 'x', hash: await hashToken(token), expiresAtMs: Date.now() + 1000 }])
  expect(await keys.find(token)).toMatchObject({ name: 'x' })
  vi.useFakeTimers({ now: Date.now() + 2000 })
  expect(await keys.find(token)).toBeUndefined()
  vi.useRealTimers()
})

test('what could be guessed is no token; the hash tells nothing of it', async () => {
  await expect(hashToken('secret')).rejects.toThrow(TypeError)
  const token = createToken()
  expect(await hashToken(token)).toBe(await hashToken(token))
  expect(await hashToken(token)).not.toContain(token.slice(4))
  expect(() => new StaticKeys([{ name: 'x', hash: token }])).toThrow(/hashToken/)
})
