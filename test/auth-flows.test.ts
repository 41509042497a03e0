import {
  type CredentialStore,
  clientCredentials,
  deviceAuthorization,
  login,
  logout,
  memoryStore,
  type OAuthOptions,
  oauth,
  type ProtectOptions,
  protect,
  statusOf,
} from '@interlock/auth'
import { connect } from '@interlock/client'
import { revisions } from '@interlock/protocol'
import { server, text, tool } from '@interlock/server'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { expect, test } from 'vitest'
import { type LoginRecord, loginKey } from '../packages/auth/src/client/records.ts'
import { loginTokens, metadataOf, publicClient, revoke, secretClient } from '../packages/auth/src/testing/flows.ts'
import { metadataDocument, presence, type TestPresence } from '../packages/auth/src/testing/presence.ts'
import { startProvider, type TestProvider } from '../packages/auth/src/testing/provider.ts'

/** Our client, our server, and between them an authorization server that is not ours. */

const clients = [publicClient, secretClient].map(client => ({ ...client })) as never

const guarded = (provider: TestProvider, own: Partial<ProtectOptions> = {}): Promise<HttpListener> => {
  const whoami = tool('whoami', {}, (_, { principal }) => text(principal?.subject ?? 'nobody'))
  return listenHttp(server({ name: 'files', version: '1.0.0', tools: [whoami] }).receiver, {
    auth: resource =>
      protect({ issuer: provider.issuer, scopes: { required: ['files:read'] }, report: () => {}, ...own, resource }),
  })
}

const agreeing = (provider: TestProvider): TestPresence => presence(page => provider.agree(page))

/** Connects, asks who it is, and goes. */
async function subject(url: URL, options: OAuthOptions, version = revisions[0]?.version ?? ''): Promise<unknown> {
  await using client = await connect(url, { revisions: [version], auth: oauth(options) })
  const { content } = await client.callTool('whoami')
  return content[0]?.type === 'text' ? content[0].text : undefined
}

async function recordIn(store: CredentialStore, url: URL): Promise<LoginRecord> {
  return JSON.parse((await store.read(loginKey(url, 'default'))) ?? '') as LoginRecord
}

const tokenRequests = ({ requests }: TestProvider): number =>
  requests.filter(request => request === 'POST /token').length

/** The platform's `fetch`, with a look at token requests before they go out. */
const watching =
  (look: (url: string, form: URLSearchParams) => Promise<void> | void) =>
  async (url: string, init?: RequestInit): Promise<Response> => {
    const form = new URLSearchParams(String(init?.body ?? ''))
    if (!form.has('grant_type')) return fetch(url, init)
    await look(url, form)
    return fetch(url, { ...init, body: form.toString() })
  }

test('a token for another resource is refused', async () => {
  await using provider = await startProvider({ clients })
  await using listener = await guarded(provider)
  const { access_token: token } = await loginTokens(provider, {
    resource: new URL('/other', listener.url).href,
    scope: 'files:read',
  })
  const headers = { authorization: `Bearer ${token}` }
  const refused = connect({ url: listener.url, headers })
  await expect(refused).rejects.toThrow('answered HTTP 401: "the access token is for another resource"')
  await expect(refused).rejects.not.toThrow(token)
})

test('a code with a wrong verifier gives no token', async () => {
  await using provider = await startProvider()
  await using listener = await guarded(provider)
  const person = agreeing(provider)
  const verifiers: string[] = []
  const meddling = watching((_url, form) => {
    verifiers.push(form.get('code_verifier') ?? '')
    form.set('code_verifier', 'x'.repeat(43))
  })
  const failure = await subject(listener.url, { presence: person, fetch: meddling }).catch(String)
  expect(failure).toContain('/token refused authorization_code: invalid_grant')
  expect(verifiers).toHaveLength(1)
  expect(failure).not.toContain(verifiers[0])
})

test('a code that somebody else has used already gives no token', async () => {
  await using provider = await startProvider()
  await using listener = await guarded(provider)
  const stealing = watching(async (url, form) => {
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(200)
  })
  await expect(subject(listener.url, { presence: agreeing(provider), fetch: stealing })).rejects.toThrow(
    '/token refused authorization_code: invalid_grant',
  )
})

test('a code that is replayed after a login ends it', async () => {
  await using provider = await startProvider({ clients, format: 'opaque' })
  const introspection = { clientId: secretClient.client_id, clientSecret: secretClient.client_secret }
  await using listener = await guarded(provider, { introspection, limits: { introspectedMs: 0 } })
  const store = memoryStore()
  let used = new URLSearchParams()
  const listening = watching((_url, form) => {
    used = form
  })
  await login(listener.url, { store, presence: agreeing(provider), fetch: listening })
  expect(await subject(listener.url, { store })).toBe(`${provider.issuer} alice`)
  const { token_endpoint: endpoint = '' } = await metadataOf(provider)
  expect((await fetch(endpoint, { method: 'POST', body: used })).status).toBe(400)
  await expect(subject(listener.url, { store })).rejects.toThrow(`the login to ${listener.url.href} has ended`)
  expect(await statusOf(store, listener.url)).toMatchObject({ state: 'ended' })
})

test.each(revisions)('$version: tokens are bound to a key, and worth nothing without it', async ({ version }) => {
  await using provider = await startProvider({ dpopNonce: true })
  await using listener = await guarded(provider, { dpop: { use: 'require', nonce: true } })
  const store = memoryStore()
  expect(await subject(listener.url, { store, presence: agreeing(provider) }, version)).toBe(`${provider.issuer} alice`)
  const { tokens } = await recordIn(store, listener.url)
  expect(tokens?.tokenType).toBe('dpop')
  for (const [scheme, error] of [
    ['DPoP', 'invalid_dpop_proof'],
    ['Bearer', 'invalid_token'],
  ]) {
    const headers = { authorization: `${scheme} ${tokens?.accessToken}` }
    const refused = await fetch(listener.url, { method: 'POST', headers, body: '{}' })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain(`error="${error}"`)
  }
})

test('a machine logs in with its own credentials', async () => {
  await using provider = await startProvider({ clients })
  await using listener = await guarded(provider)
  const { client_id: clientId, client_secret: clientSecret } = secretClient
  const grant = clientCredentials({ clientId, clientSecret })
  expect(await subject(listener.url, { grant })).toBe(`client ${provider.issuer} ${clientId}`)
  const wrong = clientCredentials({ clientId, clientSecret: 'a wrong secret' })
  const failure = await subject(listener.url, { grant: wrong }).catch(String)
  expect(failure).toContain('/token refused client_credentials: invalid_client, ')
  expect(failure).not.toContain('a wrong secret')
})

test('a machine without a browser shows a code, which a person enters elsewhere', async () => {
  await using provider = await startProvider()
  await using listener = await guarded(provider)
  const screen = {
    ...agreeing(provider),
    showCode: (_at: URL, _code: string, complete: URL | undefined) => provider.enterCode(complete ?? ''),
  }
  const grant = deviceAuthorization(screen, { now: Date.now, wait: async () => {} })
  expect(await subject(listener.url, { grant })).toBe(`${provider.issuer} alice`)
})

test('a client is known by its metadata document, without registration', async () => {
  await using provider = await startProvider({ registration: false })
  await using listener = await guarded(provider)
  const clientMetadataUrl = 'https://client.example/metadata.json'
  const person = agreeing(provider)
  provider.documents.set(clientMetadataUrl, metadataDocument(clientMetadataUrl))
  expect(await subject(listener.url, { presence: person, clientMetadataUrl })).toBe(`${provider.issuer} alice`)
  expect(person.visits[0]?.searchParams.get('client_id')).toBe(clientMetadataUrl)
})

test('a revoked token ends, also in a connection that is open', async () => {
  await using provider = await startProvider({ clients, format: 'opaque' })
  const introspection = { clientId: secretClient.client_id, clientSecret: secretClient.client_secret }
  await using listener = await guarded(provider, { introspection, limits: { introspectedMs: 0 } })
  const store = memoryStore()
  await login(listener.url, { store, presence: agreeing(provider) })
  await using client = await connect(listener.url, { auth: oauth({ store }) })
  await client.callTool('whoami')
  const { tokens, client: known } = await recordIn(store, listener.url)
  await revoke(provider, tokens?.refreshToken ?? '', known?.clientId ?? '')
  await expect(client.callTool('whoami')).rejects.toThrow(`the login to ${listener.url.href} has ended`)
})

test('a logout takes the tokens back', async () => {
  await using provider = await startProvider({ clients, format: 'opaque' })
  const introspection = { clientId: secretClient.client_id, clientSecret: secretClient.client_secret }
  await using listener = await guarded(provider, { introspection, limits: { introspectedMs: 0 } })
  const store = memoryStore()
  await login(listener.url, { store, presence: agreeing(provider) })
  await using client = await connect(listener.url, { auth: oauth({ store }) })
  await client.callTool('whoami')
  expect(await logout(listener.url, { store })).toEqual({ wasLoggedIn: true, isRevoked: true })
  await expect(client.callTool('whoami')).rejects.toThrow(`${listener.url.href} needs a login and there is none`)
})

test('keys are rotated while serving: connections go on with a new token, and nobody logs in again', async () => {
  await using provider = await startProvider()
  await using listener = await guarded(provider, { limits: { keysRetryMs: 0 } })
  const person = agreeing(provider)
  await using client = await connect(listener.url, { auth: oauth({ presence: person }) })
  await client.callTool('whoami')
  const before = tokenRequests(provider)
  await provider.rotateKeys()
  // Until it has reason to look, the server knows the old key; another token brings it the new one.
  await using other = await connect(listener.url, { auth: oauth({ presence: agreeing(provider) }) })
  await other.callTool('whoami')
  const since = tokenRequests(provider)
  expect(await client.callTool('whoami')).toMatchObject({ content: [text(`${provider.issuer} alice`)] })
  expect([since - before, tokenRequests(provider) - since]).toEqual([1, 1])
  expect(person.visits).toHaveLength(1)
})

test('while the authorization server is down nobody is let in, and nobody has to log in again afterwards', async () => {
  await using provider = await startProvider()
  await using listener = await guarded(provider, { limits: { keysRetryMs: 0 } })
  const store = memoryStore()
  const person = agreeing(provider)
  await login(listener.url, { store, presence: person })
  await provider.stop()
  await expect(subject(listener.url, { store, presence: person })).rejects.toThrow(
    'answered HTTP 503: "access tokens cannot be checked now; try again soon"',
  )
  await provider.start()
  expect(await subject(listener.url, { store, presence: person })).toBe(`${provider.issuer} alice`)
  expect(person.visits).toHaveLength(1)
})
