import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { environmentKey, fileStore } from '../node/index.ts'
import { asking } from '../testing/ask.ts'
import { secretClient } from '../testing/flows.ts'
import { change, elsewhere, nearlyOver } from '../testing/kept.ts'
import { presence, type TestPresence } from '../testing/presence.ts'
import { startProtected } from '../testing/protected-site.ts'
import { startProvider, type TestProvider } from '../testing/provider.ts'
import { accounts, login, logout, statusOf } from './accounts.ts'
import type { CredentialStore } from './contract.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { memoryStore } from './memory-store.ts'
import { oauth } from './oauth.ts'

const agreeing = (provider: TestProvider): TestPresence => presence(url => provider.agree(url))

const count = (requests: readonly string[], which: string): number =>
  requests.filter(request => request === which).length

test('a login made elsewhere is found by a connection that had none', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const ask = asking(oauth({ store }), site.url)
  await expect(ask()).rejects.toThrow('needs a login')
  await asking(oauth({ store: elsewhere(store), presence: agreeing(provider) }), site.url)()
  expect(await ask()).toMatchObject({ status: 200 })
})

test('twenty who find the token about to end send one refresh, and nobody is logged out', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await asking(oauth({ store, presence: agreeing(provider) }), site.url)()
  await change(store, site.url, nearlyOver)
  const before = count(provider.requests, 'POST /token')
  const asks = Array.from({ length: 20 }, () => asking(oauth({ store: elsewhere(store) }), site.url))
  expect((await Promise.all(asks.map(ask => ask()))).map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(count(provider.requests, 'POST /token') - before).toBe(1)
  expect(new Set(site.credentials.slice(-20)).size).toBe(1)
  // The refresh token that came with it is the one that works now.
  await change(store, site.url, nearlyOver)
  expect((await Promise.all(asks.map(() => asking(oauth({ store: elsewhere(store) }), site.url)()))).length).toBe(20)
  expect(count(provider.requests, 'POST /token') - before).toBe(2)
  expect(await statusOf(store, site.url)).toMatchObject({ state: 'live' })
})

test('twenty whose token is refused send one refresh', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const person = agreeing(provider)
  const asks = Array.from({ length: 20 }, () => asking(oauth({ store: elsewhere(store), presence: person }), site.url))
  await Promise.all(asks.map(ask => ask()))
  site.revoked.add(site.credentials.at(-1)?.split(' ')[1] ?? '')
  const before = count(provider.requests, 'POST /token')
  expect((await Promise.all(asks.map(ask => ask()))).map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(count(provider.requests, 'POST /token') - before).toBe(1)
  expect(person.visits).toHaveLength(1)
})

test('a login that the server ended is marked so, and told where nobody can log in again', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await asking(oauth({ store, presence: agreeing(provider) }), site.url)()
  await change(store, site.url, login => {
    const { tokens, ...rest } = login
    return tokens === undefined ? rest : { ...rest, tokens: { ...tokens, refreshToken: 'no-such-refresh-token' } }
  })
  site.revoked.add(site.credentials.at(-1)?.split(' ')[1] ?? '')
  const failure = await asking(oauth({ store }), site.url)().catch((error: unknown) => error)
  expect(String(failure)).toContain(`the login to ${site.url.href} has ended: ${provider.issuer} refused to refresh it`)
  expect(String(failure)).not.toContain('no-such-refresh-token')
  expect(await statusOf(store, site.url)).toMatchObject({
    state: 'ended',
    canRefresh: false,
    reason: `${provider.issuer} refused to refresh it (invalid_grant)`,
  })
  const again = agreeing(provider)
  expect(await asking(oauth({ store, presence: again }), site.url)()).toMatchObject({ status: 200 })
  expect(await statusOf(store, site.url)).toMatchObject({ state: 'live' })
})

test('a login without a refresh token is as good, and made anew when its token is over', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const person = agreeing(provider)
  await asking(oauth({ store, presence: person }), site.url)()
  await change(store, site.url, ({ tokens, ...rest }) => {
    const { refreshToken: _none, ...without } = tokens ?? { accessToken: '', tokenType: 'bearer' }
    return { ...rest, tokens: without }
  })
  const ask = asking(oauth({ store: elsewhere(store), presence: person }), site.url)
  expect(await ask()).toMatchObject({ status: 200 })
  expect(person.visits).toHaveLength(1)
  site.revoked.add(site.credentials.at(-1)?.split(' ')[1] ?? '')
  expect(await ask()).toMatchObject({ status: 200 })
  expect(person.visits).toHaveLength(2)
})

test('a token that still has time is used while the authorization server is down', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await asking(oauth({ store, presence: agreeing(provider) }), site.url)()
  await change(store, site.url, nearlyOver)
  await provider.stop()
  const ask = asking(oauth({ store }), site.url)
  expect(await ask()).toMatchObject({ status: 200 })
  await provider.start()
  expect(await ask()).toMatchObject({ status: 200 })
  expect((await statusOf(store, site.url))?.expiresAtMs).toBeGreaterThan(Date.now() + 60_000)
})

test('a grant that needs nobody is repeated once by all, ahead of time and after a refusal', async () => {
  await using provider = await startProvider({ clients: [secretClient] })
  await using site = await startProtected(provider.issuer)
  const { client_id: clientId, client_secret: clientSecret } = secretClient
  const store = memoryStore()
  const asks = Array.from({ length: 20 }, () =>
    asking(oauth({ store: elsewhere(store), grant: clientCredentials({ clientId, clientSecret }) }), site.url),
  )
  const all = async (): Promise<number[]> => (await Promise.all(asks.map(ask => ask()))).map(({ status }) => status)
  expect(await all()).toEqual(Array(20).fill(200))
  expect(count(provider.requests, 'POST /token')).toBe(1)
  site.revoked.add(site.credentials.at(-1)?.split(' ')[1] ?? '')
  expect(await all()).toEqual(Array(20).fill(200))
  expect(count(provider.requests, 'POST /token')).toBe(2)
  await change(store, site.url, nearlyOver, { grant: 'client credentials', clientId })
  const later = asking(oauth({ store, grant: clientCredentials({ clientId, clientSecret }) }), site.url)
  const sent = site.credentials.length
  expect(await later()).toMatchObject({ status: 200 })
  expect(count(provider.requests, 'POST /token')).toBe(3)
  expect(site.credentials.length - sent).toBe(1)
})

test('twenty with the encrypted files of one folder send one refresh', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'interlock-auth-'))
  try {
    await using provider = await startProvider()
    await using site = await startProtected(provider.issuer)
    const key = environmentKey('q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=')
    const open = (): CredentialStore => fileStore({ directory, key })
    await asking(oauth({ store: open(), presence: agreeing(provider) }), site.url)()
    await change(open(), site.url, nearlyOver)
    const before = count(provider.requests, 'POST /token')
    const asks = Array.from({ length: 20 }, () => asking(oauth({ store: open() }), site.url))
    expect((await Promise.all(asks.map(ask => ask()))).map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(count(provider.requests, 'POST /token') - before).toBe(1)
    expect(await accounts(open())).toMatchObject([{ state: 'live' }])
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('a person who is logging in elsewhere holds up no refresh', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await asking(oauth({ store, presence: agreeing(provider) }), site.url)()
  await change(store, site.url, nearlyOver)
  const slow = presence(() => new Promise(() => {}))
  const stop = new AbortController()
  const logging = login(site.url, { store: elsewhere(store), presence: slow, signal: stop.signal })
  const given = expect(logging).rejects.toThrow('enough')
  await expect.poll(() => slow.visits.length).toBe(1)
  expect(await asking(oauth({ store: elsewhere(store) }), site.url)()).toMatchObject({ status: 200 })
  stop.abort(new Error('enough'))
  await given
})

test('who logs in where another process does so already waits for that, and is told', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const waits: (number | undefined)[] = []
  const shared = memoryStore()
  const store: CredentialStore = {
    ...shared,
    exclusively: (key, work, waiting) => {
      if (key.endsWith(':grant')) waits.push(waiting?.waitMs)
      return shared.exclusively(key, work)
    },
  }
  let finish = (): void => {}
  const called = new Promise<void>(resolve => {
    finish = resolve
  })
  const slow = presence(async url => {
    await called
    return provider.agree(url)
  })
  const first = asking(oauth({ store, presence: slow }), site.url)()
  await vi.waitFor(() => expect(slow.visits).toHaveLength(1))
  const steps: string[] = []
  const other = agreeing(provider)
  const onStep = (_step: string, what: string): void => void steps.push(what)
  const second = asking(oauth({ store: elsewhere(store), presence: other, onStep }), site.url)()
  await vi.waitFor(() => expect(steps.at(-1)).toContain('somebody is logging in'), 5_000)
  finish()
  expect(await Promise.all([first, second])).toMatchObject([{ status: 200 }, { status: 200 }])
  expect(other.visits).toHaveLength(0)
  expect(Math.min(...waits.map(ms => ms ?? 0))).toBeGreaterThan(10 * 60_000)
})

test('a logout elsewhere reaches a connection that is in use', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await login(site.url, { store, presence: agreeing(provider) })
  const ask = asking(oauth({ store }), site.url)
  expect(await ask()).toMatchObject({ status: 200 })
  await logout(site.url, { store: elsewhere(store) })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 })
  try {
    await expect(ask()).rejects.toThrow('needs a login and there is none')
  } finally {
    vi.useRealTimers()
  }
})

test('a store that cannot be read for a moment ends no login', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await login(site.url, { store, presence: agreeing(provider) })
  let isBroken = false
  const frail: CredentialStore = {
    ...store,
    read: key => (isBroken ? Promise.reject(new Error('no disk')) : store.read(key)),
  }
  const ask = asking(oauth({ store: frail }), site.url)
  expect(await ask()).toMatchObject({ status: 200 })
  isBroken = true
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 })
  try {
    expect(await ask()).toMatchObject({ status: 200 })
  } finally {
    vi.useRealTimers()
  }
})
