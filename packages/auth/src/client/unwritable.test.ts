import { expect, test } from 'vitest'
import { asking } from '../testing/ask.ts'
import { presence } from '../testing/presence.ts'
import { startProtected } from '../testing/protected-site.ts'
import { startProvider } from '../testing/provider.ts'
import { statusOf } from './accounts.ts'
import type { CredentialStore } from './contract.ts'
import { memoryStore } from './memory-store.ts'
import { oauth } from './oauth.ts'
import { type LoginRecord, loginKey } from './records.ts'

test('a refresh token is not used up while what comes for it could not be kept', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const inner = memoryStore()
  let isFull = false
  const store: CredentialStore = {
    ...inner,
    write: (key, value) => (isFull ? Promise.reject(new Error('the disk is full')) : inner.write(key, value)),
  }
  await asking(oauth({ store, presence: presence(url => provider.agree(url)) }), site.url)()
  const key = loginKey(site.url, 'default')
  const login = JSON.parse((await store.read(key)) ?? '') as LoginRecord
  const now = Date.now()
  const tokens = { ...login.tokens, expiresAtMs: now + 10_000 }
  await store.write(key, JSON.stringify({ ...login, obtainedAtMs: now - 290_000, tokens }))

  const ask = asking(oauth({ store }), site.url)
  const before = provider.requests.length
  isFull = true
  expect(await ask()).toMatchObject({ status: 200 }) // there are some seconds left
  expect(provider.requests.slice(before)).not.toContain('POST /token')
  isFull = false
  expect(await ask()).toMatchObject({ status: 200 })
  expect(provider.requests.slice(before)).toContain('POST /token')
  expect(await statusOf(store, site.url)).toMatchObject({ state: 'live' })
})
