import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchConsole } from '../testing/console.ts'
import { loginTokens, publicClient } from '../testing/flows.ts'
import { mint } from '../testing/forge.ts'
import { type HeaderLines, type ProtectedServer, protectedServer } from '../testing/protected.ts'
import { startProvider, type TestProvider } from '../testing/provider.ts'
import { digest } from './digest.ts'
import { memoryReplays } from './replays.ts'

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey']

let provider: TestProvider
let guarded: ProtectedServer
let key: Key
let jwk: JWK
let token: string
beforeAll(async () => {
  provider = await startProvider({ clients: [{ ...publicClient }] as never })
  guarded = await protectedServer({ issuer: provider.issuer, dpop: 'accept' })
  const pair = await generateKeyPair('ES256', { extractable: true })
  key = pair.privateKey
  jwk = await exportJWK(pair.publicKey)
  token = await boundTo(jwk)
})
afterAll(async () => {
  await guarded[Symbol.asyncDispose]()
  await provider.stop()
})

const boundTo = async (owner: JWK): Promise<string> =>
  mint(provider, guarded.url, { claims: { cnf: { jkt: await calculateJwkThumbprint(owner) } } })
const now = (): number => Math.floor(Date.now() / 1000)

/** A proof that is good but for what is changed. */
async function proof(changes: object = {}, header: object = {}, signer: Key | Uint8Array = key): Promise<string> {
  const claims = { jti: crypto.randomUUID(), htm: 'POST', htu: guarded.url.href, ath: await digest(token), iat: now() }
  const own = { typ: 'dpop+jwt', alg: 'ES256', jwk, ...header }
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader(own as never)
    .sign(signer, { crit: { 'urn:x': true } })
}

const send = (dpop: string | readonly string[], server = guarded) =>
  server.ask({ authorization: `DPoP ${token}`, dpop })

test('a bound token of a real login, with proofs of a real client', async () => {
  const dpop = oauth.DPoP({}, await oauth.generateKeyPair('ES256'))
  const resource = guarded.url.href
  const tokens = await loginTokens(provider, { resource, scope: 'files:read', dpop })
  expect(tokens.token_type).toBe('dpop')
  let sent: HeaderLines = {}
  await oauth.protectedResourceRequest(tokens.access_token, 'POST', guarded.url, undefined, undefined, {
    DPoP: dpop,
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (_url, { headers }) => {
      const { authorization = '', dpop: made = '' } = headers
      sent = { authorization, dpop: made }
      return new Response()
    },
  })
  expect((await guarded.ask(sent)).status).toBe(200)
  expect((await guarded.bearer(tokens.access_token)).status).toBe(401)
})

test('a good proof is good once', async () => {
  const made = await proof()
  expect((await send(made)).status).toBe(200)
  const { status, challenge } = await send(made)
  expect(status).toBe(401)
  expect(challenge).toMatch(
    /^DPoP error="invalid_dpop_proof", error_description="the proof was used before, or too many are sent", .*algs="/,
  )
})

test('a key that was good for a token stays the only one', async () => {
  const other = await generateKeyPair('ES256', { extractable: true })
  expect((await send(await proof())).status).toBe(200)
  expect((await send(await proof({}, { jwk: await exportJWK(other.publicKey) }, other.privateKey))).status).toBe(401)
  expect((await send(await proof({}, {}, other.privateKey))).status).toBe(401)
  expect((await send(await proof())).status).toBe(200)
})

test('a proof that says the URL with a query, or another way of writing it', async () => {
  expect((await send(await proof({ htu: `${guarded.url.href}?x=1#y` }))).status).toBe(200)
  expect((await send(await proof({ htu: guarded.url.href.replace('http:', 'HTTP:') }))).status).toBe(200)
})

const faulty: Readonly<Record<string, () => Promise<string | readonly string[]> | string>> = {
  'another method': () => proof({ htm: 'GET' }),
  'a method in lower case': () => proof({ htm: 'post' }),
  'another URL': () => proof({ htu: new URL('/other', guarded.url).href }),
  'another host': () => proof({ htu: 'https://other.example/mcp' }),
  'a URL that is none': () => proof({ htu: '/mcp' }),
  'another token': async () => proof({ ath: await digest('another') }),
  'no token': () => proof({ ath: undefined }),
  'no id': () => proof({ jti: undefined }),
  'an id that is no text': () => proof({ jti: 1 }),
  old: () => proof({ iat: now() - 600 }),
  'from the future': () => proof({ iat: now() + 600 }),
  'without a time': () => proof({ iat: undefined }),
  expired: () => proof({ exp: now() - 600 }),
  'of another type': () => proof({}, { typ: 'JWT' }),
  'without a key': () => proof({}, { jwk: undefined }),
  'with the private key': async () => proof({}, { jwk: await exportJWK(key) }),
  'signed by another key': async () => proof({}, {}, (await generateKeyPair('ES256')).privateKey),
  'signed with a shared secret': () =>
    proof(
      {},
      { alg: 'HS256', jwk: { kty: 'oct', k: base64url.encode('x'.repeat(32)) } },
      new TextEncoder().encode('x'.repeat(32)),
    ),
  'not signed': async () => {
    const [, body] = (await proof()).split('.')
    return `${base64url.encode(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk }))}.${body}.`
  },
  'with a critical extension, well signed': () => proof({}, { crit: ['urn:x'], 'urn:x': true }),
  'sent twice': async () => [await proof(), await proof()],
  'too long': () => proof({ more: 'x'.repeat(9000) }),
  'no JWT': () => 'proof',
}
test.each(Object.entries(faulty))('a proof %s: refused, and nothing about it in logs', async (_name, make) => {
  using logs = watchConsole()
  const made = await make()
  const { status, challenge, text } = await send(made)
  expect(status).toBe(401)
  expect(challenge).toContain('error="invalid_dpop_proof"')
  const said = challenge + text + logs.said() + guarded.reports.join()
  for (const secret of [token, ...[made].flat().filter(one => one.includes('.'))]) expect(said).not.toContain(secret)
})

test('no proof at all, and a proof for a key that the token is not bound to', async () => {
  expect(await guarded.ask({ authorization: `DPoP ${token}` })).toMatchObject({ status: 401 })
  const other = await generateKeyPair('ES256', { extractable: true })
  const made = await proof({}, { jwk: await exportJWK(other.publicKey) }, other.privateKey)
  expect((await send(made)).challenge).toContain('error="invalid_token"')
})

test('a bound token sent as a bearer token is refused, good proof or not', async () => {
  const { status, challenge } = await guarded.ask({ authorization: `Bearer ${token}`, dpop: await proof() })
  expect(status).toBe(401)
  expect(challenge).toContain('send it with DPoP and a proof')
})

test('nonces: the answer has one, and what is made with it is taken', async () => {
  await using strict = await protectedServer({ issuer: provider.issuer, dpop: { use: 'require', nonce: true } })
  token = await mint(provider, strict.url, { claims: { cnf: { jkt: await calculateJwkThumbprint(jwk) } } })
  const htu = strict.url.href
  const refused = await send(await proof({ htu }), strict)
  expect(refused).toMatchObject({ status: 401, challenge: expect.stringContaining('error="use_dpop_nonce"') })
  const nonce = refused.headers['dpop-nonce']
  expect(nonce).toEqual(expect.any(String))
  expect((await send(await proof({ htu, nonce }), strict)).status).toBe(200)
  expect((await send(await proof({ htu, nonce: 'made up' }), strict)).challenge).toContain('use_dpop_nonce')
  expect((await strict.ask({})).challenge).toMatch(/^DPoP /)
  expect((await strict.bearer(await mint(provider, strict.url))).status).toBe(401)
  token = await boundTo(jwk)
})

test('a server without DPoP takes no bound tokens', async () => {
  await using plain = await protectedServer({ issuer: provider.issuer })
  const own = await mint(provider, plain.url, { claims: { cnf: { jkt: await calculateJwkThumbprint(jwk) } } })
  expect((await plain.bearer(own)).status).toBe(401)
  expect((await plain.ask({ authorization: `DPoP ${own}`, dpop: await proof() })).status).toBe(401)
})

test('tokens bound to a certificate', async () => {
  const certificate = new Uint8Array([1, 2, 3])
  let shown: Uint8Array | undefined = certificate
  await using server = await protectedServer({
    issuer: provider.issuer,
    mtls: { certificateOf: () => shown, isRequired: true },
  })
  const own = await mint(provider, server.url, { claims: { cnf: { 'x5t#S256': await digest(certificate) } } })
  expect((await server.bearer(own)).status).toBe(200)
  shown = new Uint8Array([1, 2, 4])
  expect((await server.bearer(own)).status).toBe(401)
  shown = undefined
  expect((await server.bearer(own)).status).toBe(401)
  shown = certificate
  expect((await server.bearer(await mint(provider, server.url))).status).toBe(401)
})

test('a full store takes no further proofs, until old ones end', async () => {
  const replays = memoryReplays(2)
  const soon = Date.now() + 60_000
  expect([
    replays.take('a', Date.now() - 1, 'alice'),
    replays.take('b', soon, 'alice'),
    replays.take('b', soon, 'alice'),
  ]).toEqual([true, true, false])
  expect([replays.take('c', soon, 'bob'), replays.take('d', soon, 'carol')]).toEqual([true, false])
})

test('one caller fills a share of the store and not the room of others', async () => {
  const own = { issuer: provider.issuer, dpop: 'accept', limits: { proofsPerSubject: 2 } } as const
  await using server = await protectedServer(own)
  const other = await generateKeyPair('ES256', { extractable: true })
  const keys = [
    { sub: 'alice', signer: key, jwk },
    { sub: 'alice', signer: other.privateKey, jwk: await exportJWK(other.publicKey) },
    { sub: 'bob', signer: key, jwk },
  ]
  const call = async ({ sub, signer, jwk: owner }: (typeof keys)[number]): Promise<number> => {
    const cnf = { jkt: await calculateJwkThumbprint(owner) }
    const bound = await mint(provider, server.url, { claims: { sub, cnf } })
    const claims = { htu: server.url.href, ath: await digest(bound) }
    return (await server.ask({ authorization: `DPoP ${bound}`, dpop: await proof(claims, { jwk: owner }, signer) }))
      .status
  }
  const statuses: number[] = []
  for (const at of [0, 0, 0, 1, 2]) statuses.push(await call(keys[at] as (typeof keys)[number]))
  expect(statuses).toEqual([200, 200, 401, 401, 200])
})

test('what a caller had in the store is free again when it ends', () => {
  const replays = memoryReplays(10, 1)
  const soon = Date.now() + 60_000
  expect(replays.take('a', Date.now() - 1, 'alice')).toBe(true)
  expect(replays.take('b', soon, 'alice')).toBe(true)
  expect(replays.take('c', soon, 'alice')).toBe(false)
  expect(replays.take('c', soon, 'bob')).toBe(true)
})
