import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore, type OAuthOptions } from '@interlock/auth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oauthOptions } from './oauth-options.ts'

const server = new URL('https://mcp.example/mcp')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-keys-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const options = async (pem: string): Promise<OAuthOptions> => {
  const privateKeyFile = join(folder, 'key.pem')
  await writeFile(privateKeyFile, pem)
  return oauthOptions(server, { clientId: 'gateway', issuer: 'https://login.example', privateKeyFile }, memoryStore())
}

const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

test.each([
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['ES512', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
  ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['EdDSA', generateKeyPairSync('ed25519').privateKey],
])('%s is what a key of its kind signs with', async (algorithm, key) => {
  expect((await options(pkcs8(key))).clients).toEqual([
    {
      clientId: 'gateway',
      issuer: 'https://login.example',
      authMethod: 'private_key_jwt',
      privateKey: { pem: pkcs8(key), algorithm },
    },
  ])
})

test('an older form of PEM is taken as well', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'sec1', format: 'pem' }).toString()
  expect((await options(pem)).clients?.[0]?.privateKey?.pem).toBe(pkcs8(privateKey))
})

const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const

test.each([
  ['one with a passphrase', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(locked).toString()],
  ['one that cannot sign', pkcs8(generateKeyPairSync('x25519').privateKey)],
  ['something else', 'tops3cret'],
])('%s is refused, and nothing of it is shown', async (_, pem) => {
  const failure = await options(pem).catch(error => error)
  expect(failure.message).toMatch(/key\.pem is no private key that can sign here; a key of RSA, .* is expected$/)
  expect(failure.cause).toBeUndefined()
})

test('a file that is not there is named', async () => {
  const auth = { grant: 'jwt_bearer', assertionFile: '/nowhere/token' } as const
  const { grant } = await oauthOptions(server, auth, memoryStore())
  expect(grant).toMatchObject({ name: 'JWT bearer', isInteractive: false })
  await expect(oauthOptions(server, { clientId: 'x', privateKeyFile: '/nowhere/key' }, memoryStore())).rejects.toThrow(
    'the private key cannot be read from /nowhere/key (ENOENT); check the path',
  )
})
