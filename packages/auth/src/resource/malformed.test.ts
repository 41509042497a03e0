import { base64url, CompactEncrypt, CompactSign, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchConsole } from '../testing/console.ts'
import { loginTokens, publicClient } from '../testing/flows.ts'
import { mint } from '../testing/forge.ts'
import { type HeaderLines, type ProtectedServer, protectedServer } from '../testing/protected.ts'
import { startProvider, type TestProvider } from '../testing/provider.ts'

/** More of what attackers send (RFC 9700, RFC 8725), besides `refusals.test.ts`. */

let provider: TestProvider
let guarded: ProtectedServer
beforeAll(async () => {
  provider = await startProvider({ clients: [{ ...publicClient }] as never })
  guarded = await protectedServer({ issuer: provider.issuer, scopes: { required: ['files:read'] } })
})
afterAll(async () => {
  await guarded[Symbol.asyncDispose]()
  await provider.stop()
})

const scope = 'files:read'
const claimed = (claims: Readonly<Record<string, unknown>>): Promise<string> =>
  mint(provider, guarded.url, { claims: { scope, ...claims } })
const headed = (header: Readonly<Record<string, unknown>>): Promise<string> =>
  mint(provider, guarded.url, { header, claims: { scope } })
const parts = async (): Promise<string[]> => (await claimed({})).split('.')
const login = (more: string) =>
  loginTokens(provider, { resource: guarded.url.href, scope: `${scope}${more}`, account: 'alice' })

/** Signed with our key, whatever the payload is. */
async function signedBytes(payload: Uint8Array): Promise<string> {
  const [jwk] = provider.keys()
  const header = { alg: 'ES256', typ: 'at+jwt', ...(jwk?.kid !== undefined && { kid: jwk.kid }) }
  return new CompactSign(payload).setProtectedHeader(header).sign(await importJWK(jwk ?? {}, 'ES256'))
}

const tokens: Readonly<Record<string, () => Promise<string> | string>> = {
  'the ID token of a login': async () => (await login(' openid')).id_token ?? '',
  'the refresh token of a login': async () => (await login('')).refresh_token ?? '',
  'an audience that is a number': () => claimed({ aud: 1 }),
  'an audience that is an object': () => claimed({ aud: { url: guarded.url.href } }),
  'audiences of others': () => claimed({ aud: ['https://a.example', 'https://b.example'] }),
  'the origin as audience': () => claimed({ aud: guarded.url.origin }),
  'an issuer that is a list': () => claimed({ iss: [provider.issuer] }),
  'a subject that is a number': () => claimed({ sub: 1 }),
  'an empty subject': () => claimed({ sub: '' }),
  'a start that is no number': () => claimed({ nbf: 'yesterday' }),
  'an issue time that is no number': () => claimed({ iat: 'yesterday' }),
  'an expiry before time began': () => claimed({ exp: -1 }),
  'the algorithm of another kind of key': async () => {
    const [, payload, signature] = await parts()
    const header = { alg: 'RS256', typ: 'at+jwt', kid: provider.keys()[0]?.kid }
    return `${base64url.encode(JSON.stringify(header))}.${payload}.${signature}`
  },
  'a list as algorithm': async () => {
    const [, payload, signature] = await parts()
    return `${base64url.encode(JSON.stringify({ alg: ['ES256'], typ: 'at+jwt' }))}.${payload}.${signature}`
  },
  'a signature of noughts': async () => {
    const [header, payload] = await parts()
    return `${header}.${payload}.${base64url.encode(new Uint8Array(64))}`
  },
  'a signature cut short': async () => (await parts()).join('.').slice(0, -8),
  'the signature of another token': async () => {
    const [header, payload] = await parts()
    const [, , signature] = (await claimed({ sub: 'bob' })).split('.')
    return `${header}.${payload}.${signature}`
  },
  'an encrypted token': () =>
    new CompactEncrypt(new TextEncoder().encode('{}'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(crypto.getRandomValues(new Uint8Array(32))),
  'a token in a token': async () =>
    new SignJWT({ inner: await claimed({}) })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', cty: 'JWT' })
      .sign(new Uint8Array(32)),
  'a DPoP proof as the token': () => headed({ typ: 'dpop+jwt' }),
  'a logout token': () => headed({ typ: 'logout+jwt' }),
  'bytes that are no text': () => signedBytes(new Uint8Array([0xff, 0xfe, 0xfd])),
  'text as claims': () => signedBytes(new TextEncoder().encode('"claims"')),
  'no claims': () => signedBytes(new TextEncoder().encode('{}')),
  'two dots and little else': () => 'a.b.c',
}

test('what is well signed is looked at, so that its content is the fault', async () => {
  const claims = JSON.parse(new TextDecoder().decode(base64url.decode((await parts())[1] ?? ''))) as object
  const signed = await signedBytes(new TextEncoder().encode(JSON.stringify(claims)))
  expect((await guarded.bearer(signed)).status).toBe(200)
})

test.each(Object.entries(tokens))('%s: 401, and nothing about it in logs', async (_name, make) => {
  using logs = watchConsole()
  const token = await make()
  expect(token).not.toBe('')
  const { status, challenge, text } = await guarded.bearer(token)
  expect(status).toBe(401)
  expect(challenge).toContain('Bearer error="invalid_token"')
  const said = text + challenge + logs.said()
  for (const part of token.split('.').filter(some => some.length > 8)) expect(said).not.toContain(part)
  expect(guarded.reports).toEqual([])
})

/** Of a caller who holds a good token but for one thing, or says something about itself that it must not decide. */
const requests: readonly (readonly [string, number, (token: string) => HeaderLines])[] = [
  ['an encoded token', 400, token => ({ authorization: `Bearer ${encodeURIComponent(`${token}=/`)}` })],
  ['a quoted token', 400, token => ({ authorization: `Bearer "${token}"` })],
  ['a token as a parameter', 400, token => ({ authorization: `Bearer token=${token}, realm=x` })],
  ['a tab before the token', 401, token => ({ authorization: `Bearer\t${token}` })],
  ['a token with another alphabet', 400, token => ({ authorization: `Bearer ${token}\u00e9` })],
  ['a cookie', 401, token => ({ cookie: `access_token=${token}` })],
  ['the header of a proxy', 401, token => ({ 'proxy-authorization': `Bearer ${token}` })],
  ['a header of its own', 401, token => ({ 'x-access-token': token, 'x-forwarded-access-token': token })],
  ['a user that a proxy would name', 401, () => ({ 'x-forwarded-user': 'alice', 'x-remote-user': 'alice' })],
]
test.each(requests)('%s: %i, and nothing about it in logs', async (_name, expected, headers) => {
  using logs = watchConsole()
  const token = await claimed({})
  const { status, challenge, text } = await guarded.ask(headers(token))
  expect(status).toBe(expected)
  expect(challenge).toContain('resource_metadata="')
  expect(text + challenge + logs.said()).not.toContain(token.slice(0, -8))
  expect(guarded.reports).toEqual([])
})

test('a token in the body is none', async () => {
  const token = await claimed({})
  const body = new URLSearchParams({ access_token: token })
  expect((await fetch(guarded.url, { method: 'POST', body })).status).toBe(401)
})

test('headers of proxies change neither the resource nor where its metadata is (RFC 9700 section 4.13)', async () => {
  const lies = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/evil',
    forwarded: 'host=evil.example;proto=https',
  }
  const { status, challenge } = await guarded.ask(lies)
  expect(status).toBe(401)
  const place = new URL('/.well-known/oauth-protected-resource/mcp', guarded.url)
  expect(challenge).toContain(`resource_metadata="${place}"`)
  const document = (await (await fetch(place, { headers: lies })).json()) as unknown
  expect(JSON.stringify(document)).not.toContain('evil')
  const token = await claimed({ aud: 'https://evil.example/mcp' })
  expect((await guarded.ask({ ...lies, authorization: `Bearer ${token}` })).status).toBe(401)
})

test('a client with the id of a user is not that user (RFC 9700 section 4.15)', async () => {
  const subjectOf = async (claims: Readonly<Record<string, unknown>>): Promise<unknown> =>
    /\{\\"subject\\":\\"([^"\\]+)/.exec((await guarded.bearer(await claimed(claims))).text)?.[1]
  expect(await subjectOf({ sub: 'alice', client_id: 'app' })).toBe(`${provider.issuer} alice`)
  expect(await subjectOf({ sub: 'alice', client_id: 'alice' })).toBe(`client ${provider.issuer} alice`)
  expect(await subjectOf({ sub: 'alice', client_id: undefined, azp: 'alice' })).toBe(`client ${provider.issuer} alice`)
})

test('a token is not shown to anybody but its issuer', async () => {
  const asked: string[] = []
  await using two = await protectedServer({
    issuers: [
      { issuer: provider.issuer },
      { issuer: 'https://other.example', introspection: { clientId: 'a', clientSecret: 'b' } },
    ],
    fetch: async (url, init) => {
      asked.push(`${url} ${String(init?.body)}`)
      return fetch(url, init)
    },
  })
  const token = await mint(provider, two.url)
  expect((await two.bearer(token)).status).toBe(200)
  expect(asked.join()).not.toContain('other.example')
  expect(asked.join()).not.toContain(token)
})
