import { base64url, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Forgery, mint } from '../testing/forge.ts'
import { type HeaderLines, type ProtectedServer, protectedServer } from '../testing/protected.ts'
import { startProvider, type TestProvider } from '../testing/provider.ts'

let provider: TestProvider
let guarded: ProtectedServer
beforeAll(async () => {
  provider = await startProvider()
  guarded = await protectedServer({ issuer: provider.issuer, scopes: { required: ['files:read'] } })
})
afterAll(async () => {
  await guarded[Symbol.asyncDispose]()
  await provider.stop()
})

const scope = 'files:read'
const now = Math.floor(Date.now() / 1000)
const forged = (forgery: Forgery = {}): Promise<string> =>
  mint(provider, guarded.url, { ...forgery, claims: { scope, ...forgery.claims } })
const json = (value: unknown): string => base64url.encode(JSON.stringify(value))
const claimsOf = async (): Promise<string> => (await forged()).split('.')[1] ?? ''

/** The header and claims of a good token, signed by somebody else. */
async function signedByOther(header: object): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  const claims = { iss: provider.issuer, aud: guarded.url.href, sub: 'alice', scope, exp: now + 60 }
  const own = { alg: 'ES256', typ: 'at+jwt', jwk, ...header }
  return new SignJWT(claims).setProtectedHeader(own).sign(privateKey)
}

/** HS256 with what everybody can read as the secret. */
async function signedWithPublicKey(as: 'pem' | 'jwk'): Promise<string> {
  const [jwk] = provider.keys()
  const { kty, crv, x, y, kid } = jwk ?? {}
  const pub = { kty, crv, x, y } as Record<string, string>
  const key = await importJWK({ ...pub, kty: 'EC' }, 'ES256', { extractable: true })
  const secret = as === 'pem' ? await exportSPKI(key as Exclude<typeof key, Uint8Array>) : JSON.stringify(pub)
  const claims = { iss: provider.issuer, aud: guarded.url.href, sub: 'alice', scope, exp: now + 60 }
  const own = { alg: 'HS256', typ: 'at+jwt', ...(kid === undefined ? {} : { kid }) }
  return new SignJWT(claims).setProtectedHeader(own).sign(new TextEncoder().encode(secret))
}

test('the forger can make good tokens too, so that each fault below is the only one', async () => {
  expect((await guarded.bearer(await forged())).status).toBe(200)
})

const tokens: Readonly<Record<string, () => Promise<string> | string>> = {
  'wrong audience': () => forged({ claims: { aud: 'https://other.example/mcp' } }),
  'an audience that only begins like this one': () => forged({ claims: { aud: `${guarded.url.href}/more` } }),
  'no audience': () => forged({ claims: { aud: undefined } }),
  expired: () => forged({ claims: { exp: now - 120 } }),
  'no expiry': () => forged({ claims: { exp: undefined } }),
  'an expiry that is no number': () => forged({ claims: { exp: 'never' } }),
  'not valid yet': () => forged({ claims: { nbf: now + 3600 } }),
  'issued in the future': () => forged({ claims: { iat: now + 3600 } }),
  'wrong issuer': () => forged({ claims: { iss: 'https://other.example' } }),
  'an issuer with a slash more': () => forged({ claims: { iss: `${provider.issuer}/` } }),
  'no issuer': () => forged({ claims: { iss: undefined } }),
  'no subject': () => forged({ claims: { sub: undefined } }),
  'an ID token': () => forged({ header: { typ: 'JWT' } }),
  'no type': () => forged({ header: { typ: undefined } }),
  'a type that is no text': () => forged({ header: { typ: 1 } }),
  'a critical extension, well signed': () => forged({ header: { crit: ['urn:x'], 'urn:x': true } }),
  'an unencoded payload': async () => {
    const header = { alg: 'ES256', typ: 'at+jwt', crit: ['b64'], b64: false }
    return `${json(header)}.${await claimsOf()}.AAAA`
  },
  'alg none': async () => `${json({ alg: 'none', typ: 'at+jwt' })}.${await claimsOf()}.AAAA`,
  'alg none without a signature': async () => `${json({ alg: 'none', typ: 'at+jwt' })}.${await claimsOf()}.`,
  'alg nOnE': async () => `${json({ alg: 'nOnE', typ: 'at+jwt' })}.${await claimsOf()}.AAAA`,
  'HS256 with the public key as PEM': () => signedWithPublicKey('pem'),
  'HS256 with the public key as JWK': () => signedWithPublicKey('jwk'),
  'a key of its own in the header': () => signedByOther({}),
  'another key under the id of ours': () => signedByOther({ kid: provider.keys()[0]?.kid }),
  'an unknown key': () => signedByOther({ kid: 'unknown' }),
  'a key id that is a path': () => signedByOther({ kid: '../../../../dev/null' }),
  'a key id that is no text': () => signedByOther({ kid: { $ne: '' } }),
  'a key somewhere else': () =>
    signedByOther({ jku: 'https://attacker.example/jwks', x5u: 'https://attacker.example/c' }),
  'changed claims': async () => {
    const [header, , signature] = (await forged()).split('.')
    return `${header}.${json({ iss: provider.issuer, aud: guarded.url.href, sub: 'root', scope, exp: now + 60 })}.${signature}`
  },
  'no signature': async () => `${(await forged()).split('.').slice(0, 2).join('.')}.`,
  'claims that are no JSON': async () => `${(await forged()).split('.')[0]}.AAAA.AAAA`,
  'claims that are a list': async () => `${(await forged()).split('.')[0]}.${json([])}.AAAA`,
  'bound to a key, without proof': () => forged({ claims: { cnf: { jkt: 'x' } } }),
  'bound to a certificate': () => forged({ claims: { cnf: { 'x5t#S256': 'x' } } }),
  'bound in another way': () => forged({ claims: { cnf: { kid: 'x' } } }),
  'a binding that is none': () => forged({ claims: { cnf: 'x' } }),
  'not a JWT': () => 'opaque-token-of-somebody',
  'longer than allowed': () => 'a'.repeat(17 * 1024),
}

test.each(Object.entries(tokens))('%s: 401, and nothing about it in logs', async (_name, make) => {
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map(name => vi.spyOn(console, name))
  const token = await make()
  const { status, challenge, text, headers } = await guarded.bearer(token)
  expect(status).toBe(401)
  expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"\\]+", scope="files:read", /)
  expect(headers['cache-control']).toBe('no-store')
  const said = JSON.stringify([text, headers, guarded.reports, ...spies.map(spy => spy.mock.calls)])
  for (const part of token.split('.').filter(some => some.length > 4)) expect(said).not.toContain(part)
  expect(guarded.reports).toEqual([])
  for (const spy of spies) spy.mockRestore()
})

type Case = readonly [
  name: string,
  status: number,
  headers: (token: string) => HeaderLines,
  path?: (token: string) => string,
]
const requests: readonly Case[] = [
  ['nothing', 401, () => ({})],
  ['another scheme', 401, () => ({ authorization: 'Basic YTpi' })],
  ['two Authorization headers', 400, token => ({ authorization: [`Bearer ${token}`, `Bearer ${token}`] })],
  ['a scheme without a token', 400, () => ({ authorization: 'Bearer' })],
  ['a scheme with an empty token', 400, () => ({ authorization: 'Bearer  ' })],
  ['two tokens', 400, token => ({ authorization: `Bearer ${token} ${token}` })],
  ['two tokens with a comma', 400, token => ({ authorization: `Bearer ${token}, Bearer ${token}` })],
  ['a token without a scheme', 401, token => ({ authorization: token })],
  ['a token in the URL', 400, () => ({}), token => `/mcp?access_token=${token}`],
  [
    'a token in the URL and one in the header',
    400,
    token => ({ authorization: `Bearer ${token}` }),
    token => `/mcp?access_token=${token}`,
  ],
  ['an unbound token with DPoP', 401, token => ({ authorization: `DPoP ${token}` })],
]
test.each(requests.map(([name, status, headers, path]) => ({ name, expected: status, headers, path })))(
  '$name: $expected',
  async ({ expected, headers, path }) => {
    const token = await forged()
    const { status, challenge, text } = await guarded.ask(headers(token), { path: path?.(token) })
    expect(status).toBe(expected)
    if (expected === 400) expect(challenge).toContain('error="invalid_request"')
    expect(challenge).toContain('resource_metadata="')
    expect(text + challenge).not.toContain(token)
  },
)

test('the scheme may be written in any case', async () => {
  expect((await guarded.ask({ authorization: `bEARER ${await forged()}` })).status).toBe(200)
})

test('other types are taken where the provider has them, but no ID token of Keycloak', async () => {
  await using keycloak = await protectedServer({ issuer: provider.issuer, tokenTypes: ['JWT'] })
  const typed = (typ: unknown): Promise<string> =>
    mint(provider, keycloak.url, { header: { typ: 'JWT' }, claims: { typ } })
  expect((await keycloak.bearer(await typed('Bearer'))).status).toBe(200)
  expect((await keycloak.bearer(await typed('ID'))).status).toBe(401)
  expect((await keycloak.bearer(await typed('Refresh'))).status).toBe(401)
})

test('the server’s URL in capitals is the same server, with a slash at the root or without', async () => {
  await using shouting = await protectedServer({ issuer: provider.issuer, resource: 'HTTP://LOCALHOST:8080/mcp' })
  const status = async (at: typeof shouting, aud: string): Promise<number> =>
    (await at.bearer(await mint(provider, at.url, { claims: { aud } }))).status
  expect(await status(shouting, 'HTTP://LOCALHOST:8080/mcp')).toBe(200)
  expect(await status(shouting, 'http://localhost:8080/mcp')).toBe(200)
  expect(await status(shouting, 'http://localhost:8080/MCP')).toBe(401)
  await using root = await protectedServer({ issuer: provider.issuer, resource: 'https://MCP.example' })
  for (const aud of ['https://MCP.example', 'https://mcp.example', 'https://mcp.example/']) {
    expect(await status(root, aud)).toBe(200)
  }
  expect(await status(root, 'https://mcp.example/mcp')).toBe(401)
})

test('tokens without a type are taken where that is said, and no others then', async () => {
  await using untyped = await protectedServer({ issuer: provider.issuer, tokenTypes: [''] })
  const typed = (typ: unknown): Promise<string> => mint(provider, untyped.url, { header: { typ } })
  expect((await untyped.bearer(await typed(undefined))).status).toBe(200)
  expect((await untyped.bearer(await typed('JWT'))).status).toBe(401)
  expect((await untyped.bearer(await typed(1))).status).toBe(401)
})

test('scopes and audiences as Entra and Okta write them', async () => {
  await using entra = await protectedServer({
    issuer: provider.issuer,
    audience: 'api://files',
    scopes: { required: ['files:read'] },
  })
  const claims = { aud: ['api://files'], scp: ['files:read'], azp: 'app', client_id: undefined }
  expect(await entra.bearer(await mint(provider, entra.url, { claims }))).toMatchObject({
    status: 200,
    text: expect.stringContaining('app'),
  })
  expect((await entra.bearer(await mint(provider, entra.url, { claims: { scope } }))).status).toBe(401)
})
