import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type KeyRingModule, systemKeyRing } from './key-ring.ts'
import { openStore, type StoreOptions } from './store.ts'
import { StoreError } from './store-error.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-open-'))
})
afterEach(() => rm(folder, { recursive: true }))

const key = Buffer.alloc(32, 7).toString('base64')

const open = (options: StoreOptions = {}, variables: Record<string, string> = {}) =>
  openStore({
    keyRing: () => Promise.reject(new StoreError("the key ring of the system can't be used: it is locked")),
    environment: { XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config'), ...variables },
    ...options,
  })

/** A module like the real one, which keeps its entries in a map. */
function fakeModule(entries = new Map<string, number[]>()): KeyRingModule {
  return {
    AsyncEntry: class {
      readonly #name: string
      constructor(service: string, username: string) {
        this.#name = `${service} ${username}`
      }
      async getSecret() {
        return entries.get(this.#name) ?? null
      }
      async setSecret(secret: Uint8Array) {
        entries.set(this.#name, [...secret])
      }
    },
  }
}

test('the key is in the key ring where there is one, and the files in the state folder', async () => {
  const entries = new Map<string, number[]>()
  const keyRing = () => systemKeyRing(async () => fakeModule(entries))
  const store = await open({ keyRing })
  await store.write('a', 'secret')
  const files = join(folder, 'state', 'interlock', 'credentials', 'key-ring')
  expect(store.description).toBe(`encrypted files in ${files}, with a key in the key ring of the system`)
  expect(await (await open({ keyRing })).read('a')).toBe('secret')
  expect([...entries.keys()]).toEqual(['interlock credentials'])
  expect(entries.get('interlock credentials')).toHaveLength(32)
  expect(await readdir(folder)).toEqual(['state'])
})

test('else it is in a file of the configuration folder, and the description says why', async () => {
  const store = await open()
  await store.write('a', 'secret')
  expect(store.description).toBe(
    `encrypted files in ${join(folder, 'state/interlock/credentials/key-file')}, ` +
      `with a key in ${join(folder, 'config/interlock/credentials.key')} ` +
      "(the key ring of the system can't be used: it is locked)",
  )
  expect(await (await open()).read('a')).toBe('secret')
})

test('a key in the environment goes before both, and has to be right', async () => {
  const store = await open({}, { INTERLOCK_KEY: key })
  await store.write('a', 'secret')
  expect(store.description).toContain('with a key in the environment variable INTERLOCK_KEY')
  await expect(open({}, { INTERLOCK_KEY: 'hunter2' })).rejects.toThrow('INTERLOCK_KEY is not 32 bytes in base64')
  expect(await (await open()).read('a')).toBeUndefined()
})

test('a source that is insisted on is used or told', async () => {
  await expect(open({ keyIn: 'key-ring' })).rejects.toThrow("the key ring of the system can't be used: it is locked")
  await expect(open({ keyIn: 'environment' })).rejects.toThrow('INTERLOCK_KEY is not set')
  expect((await open({ keyIn: 'key-file' }, { INTERLOCK_KEY: key })).description).toContain('credentials.key')
})

test('a key file beside the encrypted files is refused', async () => {
  const directory = join(folder, 'data', 'credentials')
  for (const keyFile of [join(directory, 'key'), join(directory, 'x', 'key'), join(folder, 'data', 'key')]) {
    await expect(open({ directory, keyFile })).rejects.toThrow('lies beside what it encrypts')
  }
  expect((await open({ directory, keyFile: join(folder, 'other', 'key') })).description).toContain(directory)
})

test('a key ring whose module is missing, or which fails, says so in plain words', async () => {
  await expect(systemKeyRing(() => Promise.reject(new Error('Cannot find module')))).rejects.toThrow(
    "the key ring of the system can't be used: its module is not installed for this system (@napi-rs/keyring)",
  )
  const failing = fakeModule()
  failing.AsyncEntry.prototype.getSecret = () => Promise.reject(new Error('no D-Bus'))
  await expect(systemKeyRing(async () => failing)).rejects.toThrow("the key ring of the system can't be used: no D-Bus")
})
