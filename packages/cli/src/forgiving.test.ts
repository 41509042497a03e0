import { type CredentialStore, clientCredentials, login, memoryStore, oauth } from '@interlock/auth'
import { expect, test, vi } from 'vitest'
import { asking } from '../../auth/src/testing/ask.ts'
import { secretClient } from '../../auth/src/testing/flows.ts'
import { presence } from '../../auth/src/testing/presence.ts'
import { startProtected } from '../../auth/src/testing/protected-site.ts'
import { startProvider } from '../../auth/src/testing/provider.ts'
import { forgiving } from './forgiving.ts'

/** A store that cannot be read while `isBroken`. */
function frail(): CredentialStore & { isBroken: boolean } {
  const inner = memoryStore()
  const store = {
    ...inner,
    isBroken: false,
    read: (key: string) => (store.isBroken ? Promise.reject(new Error('the disk is away')) : inner.read(key)),
  }
  return store
}

test('a login that cannot be read is none, and it is known why', async () => {
  const store = frail()
  const kept = forgiving(store)
  store.isBroken = true
  expect(await kept.read('login:a')).toBeUndefined()
  expect(kept.problem()).toBe('the disk is away')
  store.isBroken = false
  expect(await kept.read('login:a')).toBeUndefined()
  expect(kept.problem()).toBeUndefined()
})

test('a live login is not dropped because the store cannot be read for a moment', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = frail()
  await login(site.url, { store, presence: presence(url => provider.agree(url)) })
  const ask = asking(oauth({ store: forgiving(store) }), site.url)
  expect(await ask()).toMatchObject({ status: 200 })
  store.isBroken = true
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 }) // when a login is read again
  try {
    expect(await ask()).toMatchObject({ status: 200 })
  } finally {
    vi.useRealTimers()
  }
})

test('a secret stays with its authorization server though the store cannot be read for a moment', async () => {
  await using first = await startProvider({ clients: [secretClient] })
  await using second = await startProvider({ clients: [secretClient] })
  await using site = await startProtected(first.issuer)
  const { client_id: clientId, client_secret: clientSecret } = secretClient
  const store = frail()
  const options = { store: forgiving(store), grant: clientCredentials({ clientId, clientSecret }) }
  expect(await asking(oauth(options), site.url)()).toMatchObject({ status: 200 })
  site.issuers = [second.issuer]
  store.isBroken = true
  await expect(asking(oauth(options), site.url)()).rejects.toThrow("logins can't be read from")
  store.isBroken = false
  await expect(asking(oauth(options), site.url)()).rejects.toThrow(`was used with ${first.issuer}`)
  expect(second.requests).not.toContain('POST /token')
})
