import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, test, vi } from 'vitest'
import { digest } from './digest.ts'
import { nodeCrypto } from './platform-crypto.ts'
import { firstProof } from './signed-proof.ts'

vi.mock('./platform-crypto.ts', () => ({ nodeCrypto: undefined }))

test('where the platform has no node:crypto, digests and proofs are checked all the same', async () => {
  expect(nodeCrypto).toBeUndefined()
  expect(await digest('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(publicKey) }
  const make = (jti: string): Promise<string> => new SignJWT({ jti }).setProtectedHeader(header).sign(privateKey)
  const { key } = await firstProof(await make('one'), 30)
  expect(await key.read(await make('two'))).toEqual({ jti: 'two' })
  const forged = `${(await make('two')).slice(0, -8)}AAAAAAAA`
  await expect(key.read(forged)).rejects.toThrow()
})
