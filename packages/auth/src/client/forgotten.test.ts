import { expect, test } from 'vitest'
import { presence } from '../testing/presence.ts'
import { startProtected } from '../testing/protected-site.ts'
import { startProvider, type TestProvider } from '../testing/provider.ts'
import { login } from './accounts.ts'
import type { CredentialStore } from './contract.ts'
import { memoryStore } from './memory-store.ts'
import { readRegistration, writeRegistration } from './records.ts'

/** Dynamic registrations that an authorization server has forgotten: nobody has to clear a store to log in again. */

const registrations = ({ requests }: TestProvider): number => requests.filter(request => request === 'POST /reg').length

/** As if the provider had been set up anew since the client registered. */
async function forgetAtProvider(store: CredentialStore, { issuer }: TestProvider): Promise<void> {
  const kept = await readRegistration(store, issuer)
  if (kept === undefined) throw new Error('nothing is registered')
  await writeRegistration(store, { ...kept, client: { ...kept.client, clientId: 'unknown-now' } })
}

test('a login that ends on an error page is made with a new registration the next time', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const agreeing = { store, presence: presence(url => provider.agree(url)) }
  await login(site.url, agreeing)
  expect(registrations(provider)).toBe(1)
  await forgetAtProvider(store, provider)

  const stop = new AbortController()
  const stuck = presence(async url => {
    expect(url.searchParams.get('client_id')).toBe('unknown-now')
    await expect(provider.agree(url)).rejects.toThrow('client is invalid')
    stop.abort(new Error('the person gives up'))
    return new Promise<URL>(() => {})
  })
  await expect(login(site.url, { store, presence: stuck, signal: stop.signal })).rejects.toThrow('gives up')
  expect(await login(site.url, { ...agreeing, store: { ...store } })).toMatchObject({ state: 'live' })
  expect(registrations(provider)).toBe(2)
  await login(site.url, agreeing)
  expect(registrations(provider)).toBe(2)
})

test.each([
  ['invalid_client', 2],
  ['unauthorized_client', 2],
  ['server_error', 1],
])('a token endpoint that answers %s: %i registrations until the next login', async (error, count) => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const options = { store: memoryStore(), presence: presence(url => provider.agree(url)) }
  const refusing = async (url: string, init?: RequestInit): Promise<Response> =>
    url.endsWith('/token') ? Response.json({ error }, { status: 400 }) : fetch(url, init)
  await expect(login(site.url, { ...options, fetch: refusing })).rejects.toThrow(error)
  await login(site.url, options)
  expect(registrations(provider)).toBe(count)
})

test('who declines has been asked: the registration is good', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const declining = presence(url => provider.agree(url, { refuses: true }))
  await expect(login(site.url, { store, presence: declining })).rejects.toThrow('declined')
  await login(site.url, { store, presence: presence(url => provider.agree(url)) })
  expect(registrations(provider)).toBe(1)
})
