import { calculateJwkThumbprint, decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { everythingIn } from '../testing/scripted-authorization-server.ts'
import { dpopAlgorithm, dpopAlgorithms, prover } from './dpop.ts'

const url = 'https://mcp.example/mcp'

/** Verifies a proof with the key that it carries. */
async function opened(proof: string) {
  const { jwk = {}, alg } = decodeProtectedHeader(proof)
  return jwtVerify(proof, await importJWK(jwk as JWK, alg))
}

const headers = (all: Readonly<Record<string, string>>) => (name: string) => all[name]

test.each(dpopAlgorithms)('%s: a proof is signed by the key it carries, and tells the request', async algorithm => {
  const { key, thumbprint, proof } = await prover(algorithm)
  const { payload, protectedHeader } = await opened(await proof('POST', `${url}?query=1#fragment`))
  expect(protectedHeader).toMatchObject({ alg: algorithm, typ: 'dpop+jwt' })
  expect(payload).toEqual({ jti: expect.any(String), iat: expect.any(Number), htm: 'POST', htu: url })
  expect(Math.abs(Number(payload.iat) - Date.now() / 1000)).toBeLessThan(5)
  for (const secret of ['d', 'p', 'q', 'k']) expect(protectedHeader.jwk).not.toHaveProperty(secret)
  expect(await calculateJwkThumbprint(protectedHeader.jwk ?? {})).toBe(thumbprint)
  expect(key).toMatchObject({ alg: algorithm, d: expect.any(String) })
})

test('a proof for the protected resource has the hash of the token, and every proof its own id', async () => {
  const { proof } = await prover()
  const first = await opened(await proof('POST', url, 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'))
  // The example of RFC 9449 section 7.1.
  expect(first.payload['ath']).toBe('fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo')
  const second = await opened(await proof('POST', url))
  expect(second.payload.jti).not.toBe(first.payload.jti)
})

test('a stored key makes the same proofs', async () => {
  const first = await prover('ES384')
  const stored = JSON.parse(JSON.stringify(first.key)) as JWK
  const second = await prover(undefined, stored)
  expect(second.thumbprint).toBe(first.thumbprint)
  expect((await opened(await second.proof('GET', url))).protectedHeader.alg).toBe('ES384')
})

test.each<[string, (key: JWK) => JWK]>([
  ['that is public', ({ d: _d, ...rest }) => rest],
  ['of another algorithm', key => ({ ...key, alg: 'ES512' })],
  ['for no proof', key => ({ ...key, alg: 'HS256' })],
  ['that is broken', key => ({ ...key, x: 'AAAA' })],
])('a key %s is refused without being told', async (_name, change) => {
  const { key } = await prover()
  const error: unknown = await prover('ES256', change(key)).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'AuthorizationError', message: expect.stringContaining('log in again') })
  expect(everythingIn(error)).not.toContain(key.d)
})

test('a nonce is used with its origin only, the newest one counts', async () => {
  const { proof, learn } = await prover()
  learn('https://as.example/token', 200, headers({ 'dpop-nonce': 'a' }))
  learn('https://as.example/other', 200, headers({ 'dpop-nonce': 'b' }))
  expect((await opened(await proof('POST', 'https://as.example/token'))).payload['nonce']).toBe('b')
  expect((await opened(await proof('POST', url))).payload).not.toHaveProperty('nonce')
})

test.each<[string, number, Readonly<Record<string, string>>, boolean]>([
  ['a challenge with a nonce', 401, { 'dpop-nonce': 'n', 'www-authenticate': 'DPoP error="use_dpop_nonce"' }, true],
  [
    'one challenge of several',
    401,
    { 'dpop-nonce': 'n', 'www-authenticate': 'Bearer realm="x", DPoP algs="ES256", error=use_dpop_nonce' },
    true,
  ],
  ['a challenge without a nonce', 401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }, false],
  ['another error', 401, { 'dpop-nonce': 'n', 'www-authenticate': 'DPoP error="invalid_token"' }, false],
  ['success', 200, { 'dpop-nonce': 'n' }, false],
  ['a nonce that is none', 401, { 'dpop-nonce': 'a"b', 'www-authenticate': 'DPoP error="use_dpop_nonce"' }, false],
  [
    'a nonce too long',
    401,
    { 'dpop-nonce': 'n'.repeat(2000), 'www-authenticate': 'DPoP error="use_dpop_nonce"' },
    false,
  ],
])('whether a request is worth repeating after %s', async (_name, status, answer, expected) => {
  const { learn } = await prover()
  expect(learn(url, status, headers(answer))).toBe(expected)
})

test('nonces of many origins do not pile up: the oldest is forgotten', async () => {
  const { proof, learn } = await prover()
  for (let index = 0; index <= 100; index += 1) {
    learn(`https://host${index}.example/`, 200, headers({ 'dpop-nonce': `n${index}` }))
  }
  expect((await opened(await proof('GET', 'https://host0.example/'))).payload).not.toHaveProperty('nonce')
  expect((await opened(await proof('GET', 'https://host100.example/'))).payload['nonce']).toBe('n100')
})

test('the algorithm is one of the server, small ones first', () => {
  expect(dpopAlgorithm(undefined)).toBe('ES256')
  expect(dpopAlgorithm(['RS256', 'ES256'])).toBe('ES256')
  expect(dpopAlgorithm(['RS256', 'EdDSA'])).toBe('EdDSA')
  expect(dpopAlgorithm(['HS256', 'none'])).toBeUndefined()
})
