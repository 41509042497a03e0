import { TransportError } from '@interlock/protocol'
import { platformSend } from '@interlock/transport'
import { expect, test } from 'vitest'
import { asking } from '../testing/ask.ts'
import { change, elsewhere, nearlyOver } from '../testing/kept.ts'
import { metadataDocument, presence, type TestPresence } from '../testing/presence.ts'
import { startProtected } from '../testing/protected-site.ts'
import { startProvider, type TestProvider } from '../testing/provider.ts'
import { startSite } from '../testing/site.ts'
import { accounts, statusOf } from './accounts.ts'
import { deviceAuthorization } from './grants/device-authorization.ts'
import { memoryStore } from './memory-store.ts'
import { authorizationErrorIn, oauth } from './oauth.ts'
import type { OAuthOptions } from './settings.ts'

const policy = { allowLoopback: true }

const agreeing = (provider: TestProvider, account = 'alice'): TestPresence =>
  presence(url => provider.agree(url, { account }))

const count = (requests: readonly string[], which: string): number =>
  requests.filter(request => request === which).length

test('a server that asks for a login gets one, and is not asked again', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const person = agreeing(provider)
  const steps: string[] = []
  const ask = asking(oauth({ presence: person, policy, onStep: step => steps.push(step) }), site.url)
  expect(await ask()).toEqual({ status: 200, body: { sub: 'alice', scope: 'files:read' } })
  expect(await ask()).toMatchObject({ status: 200 })
  expect(steps).toEqual([
    'resource metadata',
    'authorization server metadata',
    'authorization',
    'registration',
    'token',
  ])
  expect(provider.requests.filter(request => !/auth\/|person/.test(request))).toEqual([
    'GET /.well-known/oauth-authorization-server',
    'POST /reg',
    'GET /auth',
    'POST /token',
  ])
  expect(person.visits[0]?.searchParams.get('scope')).toBe('files:read offline_access')
  expect(site.credentials.map(header => header?.split(' ')[0])).toEqual([undefined, 'Bearer', 'Bearer'])
})

test('logins are kept by account, and shared', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const store = memoryStore()
  const as = (account: string): OAuthOptions => ({ store, account, policy, presence: agreeing(provider, account) })
  expect(await asking(oauth(as('alice')), site.url)()).toMatchObject({ body: { sub: 'alice' } })
  expect(await asking(oauth(as('bob')), site.url)()).toMatchObject({ body: { sub: 'bob' } })
  const { presence: _nobody, ...later } = as('alice')
  expect(await asking(oauth({ ...later, store: elsewhere(store) }), site.url)()).toMatchObject({
    body: { sub: 'alice' },
  })
  expect(await accounts(store)).toMatchObject([
    { account: 'alice', issuer: provider.issuer, state: 'live', canRefresh: true },
    { account: 'bob', issuer: provider.issuer, state: 'live', canRefresh: true },
  ])
})

test('many requests at once send a person to one login', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const person = agreeing(provider)
  const store = memoryStore()
  const asks = [1, 2, 3].map(() => asking(oauth({ store, presence: person, policy }), site.url))
  const answers = await Promise.all([...asks, ...asks].map(ask => ask()))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
  expect(person.visits).toHaveLength(1)
})

test('a declined login is told to all who waited for it, once', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const person = presence(url => provider.agree(url, { refuses: true }))
  const ask = asking(oauth({ presence: person, policy }), site.url)
  const failures = await Promise.all([ask(), ask(), ask()].map(asked => asked.catch((error: unknown) => error)))
  for (const failure of failures) {
    expect(failure).toBeInstanceOf(TransportError)
    expect(failure).toMatchObject({ code: 'http_status', status: 401 })
    expect(authorizationErrorIn(failure)).toMatchObject({
      step: 'authorization',
      oauthError: 'access_denied',
      message: expect.stringContaining(`the login was declined at ${provider.issuer}: access_denied`),
    })
  }
  expect(person.visits).toHaveLength(1)
})

test('without anybody to log in, it says where a login is needed', async () => {
  await using site = await startProtected('https://as.example')
  const ask = asking(oauth({ policy, account: 'work' }), site.url)
  await expect(ask()).rejects.toThrow(
    `${site.url.href} needs a login and there is none; log in to ${site.url.href} where somebody can, as account "work"`,
  )
  expect(site.requests).toEqual(['POST /mcp'])
})

test('an operation that needs more gets it, besides what the login had', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  site.needs = { write: 'files:write' }
  const person = agreeing(provider)
  const ask = asking(oauth({ presence: person, policy }), site.url)
  await ask()
  expect(await ask('write')).toEqual({ status: 200, body: { sub: 'alice', scope: 'files:read files:write' } })
  expect(person.visits.map(url => url.searchParams.get('scope'))).toEqual([
    'files:read offline_access',
    'files:read offline_access files:write',
  ])
})

test.each([
  ['wants ever more', ['a', 'b', 'c', 'd', 'e'], 4],
  ['wants what it was given', ['a', 'a', 'a', 'a', 'a'], 2],
])('an operation that %s costs few logins, however often it is tried', async (_what, wants, visits) => {
  await using provider = await startProvider({ scopes: ['files:read', 'a', 'b', 'c', 'd', 'e'] })
  await using site = await startProtected(provider.issuer)
  let refusals = 0
  site.insists = () => wants[refusals++]
  const person = agreeing(provider)
  const ask = asking(oauth({ presence: person, policy }), site.url)
  await ask()
  const refused = /wants scope "[a-e]" and is not content with the tokens that it was shown/
  await expect(ask('write')).rejects.toThrow(refused)
  expect(person.visits).toHaveLength(visits)
  for (let again = 0; again < 5; again += 1) {
    refusals = 0
    await expect(ask('write')).rejects.toThrow(refused)
  }
  expect(person.visits).toHaveLength(4)
  expect(await ask()).toMatchObject({ status: 200 })
})

test('a server that refuses a token that was just made for it is told off, without a second login', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const person = presence(async url => {
    const back = await provider.agree(url)
    site.issuers = ['https://nobody.example', ...site.issuers].slice(0, 1)
    site.metadata = { authorization_servers: [provider.issuer] }
    return back
  })
  await expect(asking(oauth({ presence: person, policy }), site.url)()).rejects.toThrow(
    'takes no token, not even one that its authorization server has just issued for it',
  )
  expect(person.visits).toHaveLength(1)
})

test('a server that moves to another authorization server is followed, and the old client id stays behind', async () => {
  await using first = await startProvider()
  await using second = await startProvider()
  await using site = await startProtected(first.issuer)
  const store = memoryStore()
  const person = presence(url => (url.origin === first.issuer ? first : second).agree(url))
  const ask = asking(oauth({ store, presence: person, policy }), site.url)
  await ask()
  site.issuers = [second.issuer]
  expect(await ask()).toMatchObject({ status: 200 })
  const [old, fresh] = person.visits
  expect([old?.origin, fresh?.origin]).toEqual([first.issuer, second.issuer])
  expect(fresh?.searchParams.get('client_id')).not.toBe(old?.searchParams.get('client_id'))
  expect(count(second.requests, 'POST /reg')).toBe(1)
  expect(count(second.requests, 'POST /token')).toBe(1)
  expect(await statusOf(store, site.url)).toMatchObject({ issuer: second.issuer })
})

test('tokens go to the origin of their server and nowhere else', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  let came: string | undefined = 'nothing'
  await using other = await startSite({
    'POST /mcp': ({ headers }) => {
      came = headers.authorization
      return { body: {} }
    },
  })
  const send = oauth({ presence: agreeing(provider), policy })(platformSend, site.url)
  const call = { method: 'POST', headers: {}, body: '{}' } as const
  ;(await send({ ...call, url: site.url })).close()
  ;(await send({ ...call, url: new URL(`${other.origin}/mcp`) })).close()
  expect(came).toBeUndefined()
})

test('tokens bound to a key are sent with a proof, with the nonces of both servers', async () => {
  await using provider = await startProvider({ dpopNonce: true })
  await using site = await startProtected(provider.issuer)
  site.metadata = { dpop_bound_access_tokens_required: true }
  site.nonce = 'nonce-of-the-server'
  const store = memoryStore()
  const ask = asking(oauth({ store, presence: agreeing(provider), policy }), site.url)
  expect(await ask()).toMatchObject({ status: 200 })
  expect(await ask()).toMatchObject({ status: 200 })
  expect(site.credentials.map(header => header?.split(' ')[0])).toEqual([undefined, 'DPoP', 'DPoP', 'DPoP'])
  await change(store, site.url, nearlyOver)
  expect(await asking(oauth({ store: elsewhere(store), policy }), site.url)()).toMatchObject({ status: 200 })
})

test('a metadata document is the client id where the server supports it', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const clientMetadataUrl = 'https://client.example/metadata.json'
  provider.documents.set(clientMetadataUrl, metadataDocument(clientMetadataUrl))
  const person = agreeing(provider)
  expect(await asking(oauth({ presence: person, policy, clientMetadataUrl }), site.url)()).toMatchObject({
    status: 200,
  })
  expect(person.visits[0]?.searchParams.get('client_id')).toBe(clientMetadataUrl)
  expect(count(provider.requests, 'POST /reg')).toBe(0)
})

test('a machine without browser logs in by device grant, registered for it, and refreshes what it got', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const codes: string[] = []
  const person = {
    ...presence(async url => url),
    async showCode(_at: URL, code: string, complete: URL | undefined) {
      codes.push(code)
      await provider.enterCode(complete ?? '')
    },
  }
  const store = memoryStore()
  const ask = asking(
    oauth({ store, grant: deviceAuthorization(person, { now: Date.now, wait: async () => {} }) }),
    site.url,
  )
  expect(await ask()).toMatchObject({ status: 200, body: { sub: 'alice' } })
  expect(codes).toHaveLength(1)
  site.revoked.add(site.credentials.at(-1)?.split(' ')[1] ?? '')
  expect(await ask()).toMatchObject({ status: 200 })
  expect(codes).toHaveLength(1)
})

test('whoever gives up leaves the login to those who still wait', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  let agree = (): void => {}
  const agreed = new Promise<void>(resolve => {
    agree = resolve
  })
  const person = presence(url => agreed.then(() => provider.agree(url)))
  const ask = asking(oauth({ presence: person, policy }), site.url)
  const stop = new AbortController()
  const [impatient, patient] = [ask('ping', stop.signal), ask()]
  const given = expect(impatient).rejects.toThrow('given up')
  await expect.poll(() => person.visits.length).toBe(1)
  stop.abort(new Error('given up'))
  await given
  agree()
  expect(await patient).toMatchObject({ status: 200 })
})

test('a login is made over https alone, or on loopback', async () => {
  const sent: unknown[] = []
  const send = oauth({ presence: presence(async url => url) })(async ({ headers }) => {
    sent.push(headers)
    return { status: 401, header: () => undefined, body: (async function* () {})(), close: () => {} }
  }, new URL('http://mcp.example/mcp'))
  await expect(send({ url: new URL('http://mcp.example/mcp'), method: 'POST', headers: {} })).rejects.toThrow(
    'http://mcp.example/mcp wants a login and is not https',
  )
  expect(sent).toEqual([{}])
})

test("a store that can't be used is told", async () => {
  await using site = await startProtected('https://as.example')
  const store = { ...memoryStore(), read: () => Promise.reject(new Error('the key ring is locked')) }
  await expect(asking(oauth({ store }), site.url)()).rejects.toThrow(
    "logins can't be read from or kept in memory, until the process ends: the key ring is locked",
  )
})

test('credentials of another kind are not for OAuth', async () => {
  await using site = await startSite({
    'POST /mcp': { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
  })
  expect(await asking(oauth({ policy }), new URL(`${site.origin}/mcp`))()).toMatchObject({ status: 401 })
  expect(site.requests).toEqual(['POST /mcp'])
})
