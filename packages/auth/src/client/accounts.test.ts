import { expect, test } from 'vitest'
import { asking } from '../testing/ask.ts'
import { presence } from '../testing/presence.ts'
import { startProtected } from '../testing/protected-site.ts'
import { startProvider } from '../testing/provider.ts'
import { startSite } from '../testing/site.ts'
import { accounts, login, logout, statusOf } from './accounts.ts'
import { memoryStore } from './memory-store.ts'
import { oauth } from './oauth.ts'
import { loginKey } from './records.ts'

const policy = { allowLoopback: true }

test('a login ahead of its use, its status, and a logout that takes the tokens back', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const person = presence(url => provider.agree(url))
  const steps: string[] = []
  const status = await login(site.url, { store, policy, presence: person, onStep: (_step, what) => steps.push(what) })
  expect(status).toEqual({
    server: site.url.href,
    account: 'default',
    issuer: provider.issuer,
    state: 'live',
    canRefresh: true,
    scope: 'files:read',
    expiresAtMs: expect.any(Number),
    obtainedAtMs: expect.any(Number),
  })
  expect(steps).toEqual([
    `asking ${site.url.href} what it wants`,
    `asking ${site.url.origin} which authorization server it trusts`,
    `asking ${provider.issuer} how to log in`,
    `asking ${provider.issuer} for access (authorization code)`,
    `registering at ${provider.issuer}`,
    `${provider.issuer} gave access`,
  ])
  expect(await asking(oauth({ store, policy }), site.url)()).toMatchObject({ status: 200 })
  expect(await accounts(store)).toEqual([status])

  expect(await logout(site.url, { store, policy })).toEqual({ wasLoggedIn: true, isRevoked: true })
  expect(provider.requests).toContain('POST /token/revocation')
  expect(await statusOf(store, site.url)).toBeUndefined()
  expect(await logout(site.url, { store, policy })).toEqual({ wasLoggedIn: false, isRevoked: false })
  await expect(asking(oauth({ store, policy }), site.url)()).rejects.toThrow('needs a login and there is none')
})

test('a login again replaces the one that there is', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const options = { store, policy, presence: presence(url => provider.agree(url)) }
  const first = await login(site.url, options)
  const second = await login(site.url, options)
  expect(second.obtainedAtMs).toBeGreaterThanOrEqual(first.obtainedAtMs)
  expect(options.presence.visits).toHaveLength(2)
  expect(await accounts(store)).toHaveLength(1)
})

test('a logout while the authorization server is down removes the login and says what it could not do', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await login(site.url, { store, policy, presence: presence(url => provider.agree(url)) })
  await provider.stop()
  expect(await logout(site.url, { store, policy })).toEqual({
    wasLoggedIn: true,
    isRevoked: false,
    reason: expect.stringContaining("can't be fetched"),
  })
  expect(await accounts(store)).toEqual([])
})

test.each([
  ['a path that is not there', { status: 404 }, 'answered HTTP 404; check the path'],
  ['no need of it', { body: {} }, 'did not ask for a login, and has no metadata that says where'],
  ['Basic', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }, 'wants credentials of another kind'],
])('a server with %s is no place to log in', async (_what, answer, why) => {
  await using site = await startSite({ 'POST /mcp': answer })
  const options = { policy, presence: presence(async url => url) }
  await expect(login(new URL(`${site.origin}/mcp`), options)).rejects.toThrow(why)
})

test('a server that is not there, or not https, is no place to log in', async () => {
  const options = { presence: presence(async url => url) }
  await expect(login(new URL('http://mcp.example/mcp'), options)).rejects.toThrow('is not https')
  const site = await startSite()
  await site[Symbol.asyncDispose]()
  await expect(login(new URL(`${site.origin}/mcp`), options)).rejects.toMatchObject({
    name: 'AuthorizationError',
    message: expect.stringContaining(`${site.origin}/mcp can't be reached: connect ECONNREFUSED`),
  })
})

test('what is not a login in the store is left out', async () => {
  const store = memoryStore()
  const server = new URL('https://mcp.example/mcp')
  for (const text of ['', '{', '[]', '{"server":"x"}', '{"server":1,"account":"a","issuer":"i","resource":"r"}']) {
    await store.write(loginKey(server, 'default'), text)
    expect(await accounts(store)).toEqual([])
    expect(await statusOf(store, server)).toBeUndefined()
  }
})
