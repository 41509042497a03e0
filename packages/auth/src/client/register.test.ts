import type { AuthorizationServer } from 'oauth4webapi'
import { expect, test } from 'vitest'
import { pages } from '../testing/pages.ts'
import type { CredentialStore } from './contract.ts'
import { memoryStore } from './memory-store.ts'
import { readRegistration, writeRegistration } from './records.ts'
import { type Identity, register } from './register.ts'

const server = new URL('https://mcp.example/mcp')
const issuer: AuthorizationServer = {
  issuer: 'https://as.example',
  token_endpoint: 'https://as.example/token',
  registration_endpoint: 'https://as.example/register',
}
const needs = { grantType: 'authorization_code', redirectUri: 'http://127.0.0.1:4000/callback' }
const own = { clientId: 'mine', authMethod: 'none' } as const
const metadataUrl = 'https://client.example/metadata.json'
const secret = 'registered-secret'

interface Desk {
  readonly sent: Record<string, unknown>[]
  register(
    identity?: Partial<Identity>,
    at?: Partial<AuthorizationServer>,
    wants?: Partial<typeof needs>,
  ): Promise<unknown>
}

function desk(
  answer: () => Response = () => Response.json({ client_id: 'new' }, { status: 201 }),
  store = memoryStore(),
): Desk {
  const sent: Record<string, unknown>[] = []
  const web = pages({
    'https://as.example/register': init => {
      sent.push(JSON.parse(String(init.body)) as Record<string, unknown>)
      return answer()
    },
  })
  return {
    sent,
    register: (identity = {}, at = {}, wants = {}) =>
      register(
        web.flow,
        { issuer: { ...issuer, ...at }, server, store },
        { clientName: 'Test', ...identity },
        { ...needs, ...wants },
      ),
  }
}

const documents = { client_id_metadata_document_supported: true }

test.each<[string, Partial<Identity>, Partial<AuthorizationServer>, string]>([
  [
    'pre-registered comes first',
    { clients: [{ ...own, issuer: issuer.issuer }], clientMetadataUrl: metadataUrl },
    documents,
    'mine',
  ],
  [
    'of several, the one for this issuer',
    {
      clients: [
        { ...own, clientId: 'other', issuer: 'https://b.example' },
        { ...own, issuer: issuer.issuer },
      ],
    },
    {},
    'mine',
  ],
  ['then the metadata document', { clientMetadataUrl: metadataUrl }, documents, metadataUrl],
  ['but only where it is supported', { clientMetadataUrl: metadataUrl }, {}, 'new'],
  ['then dynamic registration', {}, documents, 'new'],
])('%s', async (_what, identity, at, clientId) => {
  expect(await desk().register(identity, at)).toMatchObject({ clientId })
})

test('a registration says what the client is and wants', async () => {
  const it = desk()
  expect(await it.register()).toEqual({ clientId: 'new', authMethod: 'none' })
  expect(it.sent).toEqual([
    {
      client_name: 'Test',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1:4000/callback'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
  ])
})

test.each([
  ['http://127.0.0.1:1/cb', 'native'],
  ['http://localhost:1/cb', 'native'],
  ['https://localhost:1/cb', 'native'],
  ['com.example.app:/cb', 'native'],
  ['https://app.example/cb', 'web'],
])('a client with the redirect %s is %s', async (redirectUri, type) => {
  const it = desk()
  await it.register({}, {}, { redirectUri })
  expect(it.sent[0]).toMatchObject({ application_type: type })
})

test.each([
  [undefined, 'none'],
  [['client_secret_basic', 'none'], 'none'],
  [['client_secret_post', 'client_secret_basic'], 'client_secret_basic'],
  [['private_key_jwt', 'client_secret_post'], 'client_secret_post'],
])('where a server takes %j, %s is asked for', async (supported, method) => {
  const it = desk()
  await it.register({}, supported === undefined ? {} : { token_endpoint_auth_methods_supported: supported })
  expect(it.sent[0]).toMatchObject({ token_endpoint_auth_method: method })
})

test.each([
  [
    { client_id: 'a', client_secret: secret },
    { clientId: 'a', clientSecret: secret, authMethod: 'client_secret_basic' },
  ],
  [
    {
      client_id: 'a',
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_post',
      client_secret_expires_at: 0,
    },
    { clientId: 'a', clientSecret: secret, authMethod: 'client_secret_post', secretExpiresAt: 0 },
  ],
  [
    { client_id: 'a', client_secret: secret, token_endpoint_auth_method: 'none' },
    { clientId: 'a', clientSecret: secret, authMethod: 'none' },
  ],
])('the answer %j is taken', async (answer, registration) => {
  expect(await desk(() => Response.json(answer, { status: 201 })).register()).toEqual(registration)
})

test.each([
  ['no id', () => Response.json({ client_secret: secret }, { status: 201 }), 'it gave no client_id'],
  [
    'a method that was not asked for',
    () =>
      Response.json(
        { client_id: 'a', client_secret: secret, token_endpoint_auth_method: 'client_secret_jwt' },
        { status: 201 },
      ),
    'another token_endpoint_auth_method',
  ],
  [
    'a secret method without secret',
    () => Response.json({ client_id: 'a', token_endpoint_auth_method: 'client_secret_basic' }, { status: 201 }),
    'another token_endpoint_auth_method',
  ],
  [
    'a number as secret',
    () => Response.json({ client_id: 'a', client_secret: 12345 }, { status: 201 }),
    'client_secret is no text',
  ],
  [
    'a refusal',
    () => Response.json({ error: 'invalid_redirect_uri', error_description: 'no\nloopback' }, { status: 400 }),
    'invalid_redirect_uri, "no loopback"; register it there by hand',
  ],
  ['a page', () => new Response(`<p>${secret}</p>`, { status: 500 }), 'refused to register this client: HTTP 500'],
  ['a redirect', () => new Response('', { status: 307, headers: { location: 'https://evil.example' } }), 'HTTP 307'],
])('%s is told, without any secret', async (_what, answer, why) => {
  const failure: unknown = await desk(answer)
    .register()
    .catch((error: unknown) => error)
  expect(failure).toMatchObject({ step: 'registration', message: expect.stringContaining(why) })
  expect(String(failure)).not.toContain(secret)
  expect(String(failure)).not.toContain('12345')
})

test('a server that registers nobody is told with what to do', async () => {
  const { registration_endpoint: _none, ...bare } = issuer
  const nobody = register(pages({}).flow, { issuer: bare, server, store: memoryStore() }, { clientName: 'Test' }, needs)
  await expect(nobody).rejects.toThrow(
    'https://as.example registers no clients by itself; register this client there by hand',
  )
})

test.each([
  'http://client.example/m',
  'https://client.example',
  'https://client.example/#m',
  'https://client.example/m#',
  'https://client.example/a/../m',
  'https://client.example/%2E/m',
  'https://user@client.example/m',
  'https://:pw@client.example/m',
  'metadata.json',
])('%s can be no metadata document', async clientMetadataUrl => {
  await expect(desk().register({ clientMetadataUrl }, documents)).rejects.toThrow('expected https with a path')
})

test('a pre-registered id is not shown to another issuer, and nothing else is tried', async () => {
  const it = desk()
  const clients = [{ ...own, issuer: 'https://b.example' }]
  await expect(it.register({ clients, clientMetadataUrl: metadataUrl }, documents)).rejects.toThrow(
    'names authorization server https://as.example, and the client ids given are for https://b.example',
  )
  expect(it.sent).toEqual([])
})

test('an id without issuer stays with the first one', async () => {
  const store: CredentialStore = memoryStore()
  const identity = { clients: [own] }
  expect(await desk(undefined, store).register(identity)).toEqual(own)
  expect(await desk(undefined, store).register(identity)).toEqual(own)
  await expect(desk(undefined, store).register(identity, { issuer: 'https://b.example' })).rejects.toThrow(
    'client id "mine" was used with https://as.example; it is not shown to other servers',
  )
})

test('a registration is kept for its issuer and its redirect address', async () => {
  const store = memoryStore()
  const it = desk(undefined, store)
  await it.register()
  await it.register()
  expect(it.sent).toHaveLength(1)
  await it.register({}, { issuer: 'https://b.example' })
  expect(it.sent).toHaveLength(2)
  await it.register({}, {}, { redirectUri: 'http://127.0.0.1:4001/callback' })
  expect(it.sent).toHaveLength(3)
})

test('a registration whose secret is about to end is made anew', async () => {
  const endsAt = Math.floor(Date.now() / 1000) + 60
  const it = desk(() =>
    Response.json({ client_id: 'a', client_secret: secret, client_secret_expires_at: endsAt }, { status: 201 }),
  )
  await it.register()
  await it.register()
  expect(it.sent).toHaveLength(2)
})

test('a registration that is a month old is made anew', async () => {
  const store = memoryStore()
  const it = desk(undefined, store)
  await it.register()
  const kept = await readRegistration(store, issuer.issuer)
  if (kept === undefined) throw new Error('nothing is kept')
  for (const [days, registrations] of [
    [29, 1],
    [30, 2],
  ] as const) {
    await writeRegistration(store, { ...kept, registeredAtMs: Date.now() - days * 24 * 60 * 60_000 })
    await it.register()
    expect(it.sent).toHaveLength(registrations)
  }
})
