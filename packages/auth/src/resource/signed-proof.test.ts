import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { firstProof, headerOf } from './signed-proof.ts'

const now = (): number => Math.floor(Date.now() / 1000)

/** Makes proofs of one key, and what the first of them has shown. */
async function prover(alg: string) {
  const pair = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(pair.publicKey)
  const make = (claims: Record<string, unknown>, signer = pair.privateKey): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ typ: 'dpop+jwt', alg, jwk }).sign(signer)
  const { key } = await firstProof(await make({ jti: 'first' }), 30)
  return { make, key, read: async (proof: string) => key.read(proof) }
}

// Those that are checked at once, and those that are not.
describe.each(['ES256', 'EdDSA', 'ES384', 'PS256'])('a further proof by %s', alg => {
  test('is read by the key of the first one', async () => {
    const { make, key, read } = await prover(alg)
    const proof = await make({ jti: 'second', htu: 'https://höst.example/mcp' })
    expect(headerOf(proof)).toBe(key.header)
    expect(await read(proof)).toEqual({ jti: 'second', htu: 'https://höst.example/mcp' })
  })

  test('is refused with the signature of another key, of another text, or none', async () => {
    const { make, read } = await prover(alg)
    const other = await generateKeyPair(alg)
    const [one = '', two = ''] = [await make({ jti: 'one' }), await make({ jti: 'two' })]
    const [header, payload, signature = ''] = one.split('.')
    const forged = [
      await make({ jti: 'one' }, other.privateKey),
      `${header}.${payload}.${two.split('.')[2]}`,
      `${header}.${two.split('.')[1]}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(4)}`,
      `${header}.${payload}`,
      `${one}.`,
      `${header}.${payload}.!${signature}`,
    ]
    for (const proof of forged) await expect(read(proof)).rejects.toThrow()
  })

  test('counts between nbf and exp, with the clocks a little apart', async () => {
    const { make, read } = await prover(alg)
    const isGood = async (claims: Record<string, unknown>): Promise<boolean> =>
      read(await make(claims)).then(
        () => true,
        () => false,
      )
    expect(await isGood({ exp: now() - 20, nbf: now() + 20 })).toBe(true)
    expect(await isGood({ exp: now() - 40 })).toBe(false)
    expect(await isGood({ nbf: now() + 40 })).toBe(false)
    expect(await isGood({ exp: 'never' })).toBe(false)
  })
})
