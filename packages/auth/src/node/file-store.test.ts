import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileStore } from './file-store.ts'
import { environmentKey, fileKey, type KeyRingEntry, keyRingKey } from './key-source.ts'

let folder = ''
let directory = ''
let files = ''
let keyFile = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-store-'))
  directory = join(folder, 'state', 'credentials')
  files = join(directory, 'key-file')
  keyFile = join(folder, 'config', 'credentials.key')
})

afterEach(() => rm(folder, { recursive: true }))

const store = () => fileStore({ directory, key: fileKey(keyFile) })

const only = async (suffix: string) => {
  const names = (await readdir(files)).filter(name => name.endsWith(suffix))
  expect(names).toHaveLength(1)
  return join(files, names[0] ?? '')
}

test('keeps, lists, replaces and forgets secrets, across processes that open it again', async () => {
  expect(await store().read('https://as.example alice')).toBeUndefined()
  await store().write('https://as.example alice', 'one')
  await store().write('https://as.example bob', '')
  await store().write('https://as.example alice', 'two')
  expect(await store().keys()).toEqual(['https://as.example alice', 'https://as.example bob'])
  expect(await store().read('https://as.example alice')).toBe('two')
  expect(await store().read('https://as.example bob')).toBe('')
  await store().delete('https://as.example alice')
  await store().delete('https://as.example alice')
  expect(await store().keys()).toEqual(['https://as.example bob'])
})

test('neither secrets nor their keys are readable in the files, which are for the owner only', async () => {
  await store().write('https://as.example alice', 'a-refresh-token')
  const path = await only('.jwe')
  const decoded = (await readFile(path, 'utf8'))
    .split('.')
    .map(part => Buffer.from(part, 'base64url').toString('latin1'))
  for (const text of [path, ...decoded]) {
    expect(text).not.toContain('alice')
    expect(text).not.toContain('a-refresh-token')
  }
  const modes = await Promise.all(
    [path, keyFile, files, join(folder, 'config')].map(async name => (await stat(name)).mode),
  )
  expect(modes.map(mode => (mode & 0o777).toString(8))).toEqual(['600', '600', '700', '700'])
})

test('a damaged file is told and never overwritten; deleting it helps', async () => {
  await store().write('a', 'secret')
  const path = await only('.jwe')
  const whole = await readFile(path, 'utf8')
  const last = whole.at(-3) === 'A' ? 'B' : 'A'
  for (const damaged of ['', 'nonsense', whole.slice(0, -20), `${whole.slice(0, -3)}${last}${whole.slice(-2)}`]) {
    await writeFile(path, damaged)
    const told = `${path} is damaged or was changed; bring it back from a backup, or remove it and log in again`
    await expect(store().read('a')).rejects.toThrow(told)
    await expect(store().write('a', 'other')).rejects.toThrow(told)
    await expect(store().keys()).rejects.toThrow(told)
    expect(await readFile(path, 'utf8')).toBe(damaged)
  }
  await store().delete('a')
  await store().write('a', 'other')
  expect(await store().read('a')).toBe('other')
})

test("one file can't be put in place of another", async () => {
  await store().write('mallory', 'worthless')
  const theirs = await only('.jwe')
  await rename(theirs, join(folder, 'kept'))
  await store().write('alice', 'precious')
  await rename(join(folder, 'kept'), await only('.jwe'))
  await expect(store().read('alice')).rejects.toThrow('is damaged or was changed')
})

test('files of another key are told as such', async () => {
  await store().write('a', 'secret')
  await rm(keyFile)
  await expect(store().read('a')).rejects.toThrow(
    'was encrypted with another key; bring that key back, or remove the file',
  )
})

test('a key file that others can read, or that holds no key, is refused', async () => {
  await store().write('a', 'secret')
  await chmod(keyFile, 0o640)
  await expect(store().read('a')).rejects.toThrow(`${keyFile} can be read by others; run: chmod 600 ${keyFile}`)
  await chmod(keyFile, 0o600)
  expect(await store().read('a')).toBe('secret')
  await writeFile(keyFile, 'short')
  await expect(store().read('a')).rejects.toThrow(`${keyFile} holds no key of 32 bytes`)
})

test('a store whose key was unusable works once the key is mended', async () => {
  await store().write('a', 'secret')
  const opened = store()
  await chmod(keyFile, 0o644)
  await expect(opened.read('a')).rejects.toThrow('chmod 600')
  await chmod(keyFile, 0o600)
  expect(await opened.read('a')).toBe('secret')
})

test('stores opened at once for the first time agree on one key', async () => {
  const stores = Array.from({ length: 10 }, store)
  await Promise.all(stores.map((each, at) => each.write(`k${at}`, `v${at}`)))
  expect(await Promise.all(stores.map((_, at) => store().read(`k${at}`)))).toEqual(stores.map((_, at) => `v${at}`))
})

test('many writers of one secret leave one whole value and no other file', async () => {
  const values = Array.from({ length: 20 }, (_, at) => `${at}`.repeat(5000))
  await Promise.all(values.map(value => store().write('a', value)))
  expect(values).toContain(await store().read('a'))
  expect(await readdir(files)).toHaveLength(1)
})

test('read, change and write under the lock loses nothing, though each uses its own store', async () => {
  await store().write('n', '0')
  await Promise.all(
    Array.from({ length: 10 }, () => {
      const own = store()
      return own.exclusively('n', async () => own.write('n', String(Number(await own.read('n')) + 1)))
    }),
  )
  expect(await store().read('n')).toBe('10')
})

test('the key of the environment is taken as base64, and a bad one is told without showing it', async () => {
  const opened = (value: string | undefined) => fileStore({ directory, key: environmentKey(value) })
  const key = Buffer.alloc(32, 0xfb)
  await opened(key.toString('base64')).write('a', 'secret')
  expect(await opened(`${key.toString('base64url')}\n`).read('a')).toBe('secret')
  await expect(opened('hunter2').read('a')).rejects.toThrow(
    'INTERLOCK_KEY is not 32 bytes in base64; make one with: openssl rand -base64 32',
  )
  await expect(opened('').read('a')).rejects.toThrow('INTERLOCK_KEY is not set')
})

test('the key ring holds one key, made once however many ask', async () => {
  let kept: Uint8Array | undefined
  let made = 0
  const entry: KeyRingEntry = {
    get: async () => kept,
    set: async key => {
      made += 1
      kept = key
    },
  }
  const source = () => keyRingKey(entry, join(folder, 'key-ring.lock'))
  const keys = await Promise.all(Array.from({ length: 10 }, () => source().key()))
  expect(made).toBe(1)
  expect(new Set(keys.map(key => Buffer.from(key).toString('hex'))).size).toBe(1)
  kept = new Uint8Array(5)
  await expect(source().key()).rejects.toThrow('is no key of 32 bytes')
  await expect(
    keyRingKey({ get: async () => undefined, set: async () => {} }, join(folder, 'l')).key(),
  ).rejects.toThrow('the key ring did not keep the key it was given')
})
