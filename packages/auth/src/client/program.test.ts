import { expect, test } from 'vitest'
import { asking } from '../testing/ask.ts'
import { secretClient } from '../testing/flows.ts'
import { presence } from '../testing/presence.ts'
import { startProtected } from '../testing/protected-site.ts'
import { startProvider } from '../testing/provider.ts'
import { accounts, login, logout, statusOf } from './accounts.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { jwtBearer } from './grants/jwt-bearer.ts'
import { identityOf } from './identity.ts'
import { memoryStore } from './memory-store.ts'
import { oauth } from './oauth.ts'
import { loginKey } from './records.ts'

/** Programs that act in their own right, beside the persons of the same store. */

const adminClient = { ...secretClient, client_id: 'admin' }

const right = (clientId: string) => clientCredentials({ clientId, clientSecret: secretClient.client_secret })

test('a program acts in its own right, whoever has logged in to the server before', async () => {
  await using provider = await startProvider({ clients: [secretClient] })
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const person = asking(
    oauth({ store, presence: presence(url => provider.agree(url, { account: 'alice' })) }),
    site.url,
  )
  expect(await person()).toMatchObject({ body: { sub: 'alice' } })
  const program = asking(oauth({ store, grant: right('machine') }), site.url)
  expect(await program()).toMatchObject({ body: { sub: 'machine' } })
  expect(await person()).toMatchObject({ body: { sub: 'alice' } })
  expect(await asking(oauth({ store }), site.url)()).toMatchObject({ body: { sub: 'alice' } })
})

test('a person who has not logged in is not given the right of a program', async () => {
  await using provider = await startProvider({ clients: [secretClient] })
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await asking(oauth({ store, grant: right('machine') }), site.url)()
  await expect(asking(oauth({ store }), site.url)()).rejects.toThrow('needs a login and there is none')
})

test('two programs at one server have tokens of their own, also when both ask at once', async () => {
  await using provider = await startProvider({ clients: [secretClient, adminClient] })
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const asks = ['machine', 'admin', 'machine', 'admin'].map(id => asking(oauth({ store, grant: right(id) }), site.url))
  const subjects = async (): Promise<unknown[]> => Promise.all(asks.map(async ask => (await ask()).body))
  const expected = ['machine', 'admin', 'machine', 'admin'].map(sub => ({ sub, scope: 'files:read' }))
  expect(await subjects()).toEqual(expected)
  expect(await subjects()).toEqual(expected)
  expect(provider.requests.filter(request => request === 'POST /token')).toHaveLength(2)
})

test('assertions from two sources are two programs, though neither has a client id', () => {
  const keys = ['/run/reader', '/run/admin'].map(source => {
    const { name, credentials } = jwtBearer({ source, assertion: async () => 'a.b.c' })
    return loginKey(new URL('https://mcp.example/mcp'), 'default', { grant: name, ...credentials })
  })
  expect(new Set(keys).size).toBe(2)
})

test("a program's tokens are listed as such, and ended without those of a person", async () => {
  await using provider = await startProvider({ clients: [secretClient] })
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  await login(site.url, { store, presence: presence(url => provider.agree(url)) })
  const status = await login(site.url, { store, grant: right('machine') })
  const { program } = status
  expect(program).toEqual({ grant: 'client credentials', clientId: 'machine' })
  expect((await accounts(store)).map(known => known.program)).toEqual([undefined, program])
  expect(await statusOf(store, site.url, 'default', program)).toEqual(status)
  expect(await identityOf(store, site.url, 'default', program)).toMatchObject({ subject: 'machine' })
  expect(await logout(site.url, { store, ...(program && { program }) })).toMatchObject({ wasLoggedIn: true })
  expect((await accounts(store)).map(known => known.program)).toEqual([undefined])
})
