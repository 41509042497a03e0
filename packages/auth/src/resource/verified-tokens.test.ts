import { afterEach, expect, test, vi } from 'vitest'
import { mint } from '../testing/forge.ts'
import { protectedServer } from '../testing/protected.ts'
import { startProvider } from '../testing/provider.ts'
import { VerifiedTokens } from './verified-tokens.ts'
import type { Verified } from './verifier.ts'

afterEach(() => void vi.useRealTimers())

const limits = { verifiedTokens: 2, verifiedTokenChars: 10 }
const verified = (): Verified => ({
  principal: { subject: 'a', scopes: ['files:read'], claims: { roles: { admin: false } } },
  cnf: undefined,
})
const kept = (untilMs: number = Date.now() + 60_000) => ({ verified: verified(), by: 'issuer', keys: {}, untilMs })

test('a token is remembered until it expires', () => {
  vi.useFakeTimers()
  const tokens = new VerifiedTokens<string>(limits)
  tokens.keep('one', kept(Date.now() + 1_000))
  vi.advanceTimersByTime(999)
  expect(tokens.get('one')?.by).toBe('issuer')
  vi.advanceTimersByTime(1)
  expect(tokens.get('one')).toBeUndefined()
})

test('the oldest makes room, long tokens are not kept, and 0 keeps none', () => {
  const tokens = new VerifiedTokens<string>(limits)
  for (const token of ['one', 'two', 'three', 'x'.repeat(11)]) tokens.keep(token, kept())
  expect(['one', 'two', 'three', 'x'.repeat(11)].map(token => tokens.get(token) !== undefined)).toEqual([
    false,
    true,
    true,
    false,
  ])
  const none = new VerifiedTokens<string>({ ...limits, verifiedTokens: 0 })
  none.keep('one', kept())
  expect(none.get('one')).toBeUndefined()
})

test('nobody can change what the next request of a token may do', () => {
  const tokens = new VerifiedTokens<string>(limits)
  const one = kept()
  tokens.keep('one', one)
  const { scopes, claims = {} } = one.verified.principal
  expect(() => Object.assign(scopes, ['files:write'])).toThrow(TypeError)
  expect(() => Object.assign(Object(claims['roles']), { admin: true })).toThrow(TypeError)
  expect(tokens.get('one')?.verified).toEqual(verified())
})

test('a token that was good is refused once the keys of its issuer were renewed without its own', async () => {
  await using provider = await startProvider()
  const limits = { keysFreshMs: 0, keysRetryMs: 0 }
  await using guarded = await protectedServer({ issuer: provider.issuer, limits })
  const token = await mint(provider, guarded.url)
  for (let at = 0; at < 3; at += 1) expect((await guarded.bearer(token)).status).toBe(200)
  await provider.rotateKeys()
  // What is renewed in the background is used as soon as it is there.
  await vi.waitFor(async () => expect((await guarded.bearer(token)).status).toBe(401))
})

test('a token that was good is refused when it has expired, whoever else has a newer one', async () => {
  await using provider = await startProvider()
  await using guarded = await protectedServer({ issuer: provider.issuer, clockSkewSec: 0 })
  const exp = Math.floor(Date.now() / 1000) + 60
  const token = await mint(provider, guarded.url, { claims: { exp } })
  const newer = await mint(provider, guarded.url, { claims: { exp: exp + 60 } })
  const statuses = async () => [(await guarded.bearer(newer)).status, (await guarded.bearer(token)).status]
  for (let at = 0; at < 2; at += 1) expect(await statuses()).toEqual([200, 200])
  vi.useFakeTimers({ toFake: ['Date'], now: exp * 1000 })
  expect(await statuses()).toEqual([200, 401])
})

test('a token that differs in its signature alone is another one', async () => {
  await using provider = await startProvider()
  await using guarded = await protectedServer({ issuer: provider.issuer })
  const token = await mint(provider, guarded.url)
  for (let at = 0; at < 2; at += 1) expect((await guarded.bearer(token)).status).toBe(200)
  const end = token.slice(-10, -9) === 'A' ? 'B' : 'A'
  expect((await guarded.bearer(token.slice(0, -10) + end + token.slice(-9))).status).toBe(401)
})
