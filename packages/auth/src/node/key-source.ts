import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { withLock } from './lock.ts'
import { createFile, privateDirectory, readPrivate } from './private-file.ts'
import { StoreError } from './store-error.ts'

/** Where the key of the encrypted files comes from. It never lies beside them. */
export interface KeySource {
  /** Names the folder of the files that this key encrypts: files of several keys are never mixed. */
  readonly id: 'key-ring' | 'key-file' | 'environment'
  /** For people, after "encrypted with a key": "in the system's key ring". */
  readonly place: string
  /** The 32 bytes of the key, made on first use where that is possible. Rejects when there is none, saying why. */
  key(): Promise<Uint8Array>
}

/** The environment variable that may hold the key. */
export const keyVariable = 'INTERLOCK_KEY'

/**
 * The key in an environment variable, 32 bytes as base64 or base64url: for containers and services, whose platform keeps
 * secrets. Protects as well as the platform does.
 */
export const environmentKey = (value: string | undefined = process.env[keyVariable]): KeySource => ({
  id: 'environment',
  place: `in the environment variable ${keyVariable}`,
  async key() {
    if (value === undefined || value === '') {
      throw new StoreError(`${keyVariable} is not set; set it to the output of: openssl rand -base64 32`)
    }
    const key = keyOf(value)
    if (key === undefined) {
      throw new StoreError(`${keyVariable} is not 32 bytes in base64; make one with: openssl rand -base64 32`)
    }
    return key
  },
})

/**
 * The key in a file that only its owner may read, made on first use, in another folder than what it encrypts. This
 * protects secrets where the encrypted files alone get out: in a copy or backup of the state folder, in a synchronised
 * folder, in files sent to somebody for support, on a disk that was not wiped. It does not protect against whoever
 * can read all of the person's files, such as other programs the person runs: only a key ring that asks does.
 */
export const fileKey = (path: string): KeySource => ({
  id: 'key-file',
  place: `in ${path}`,
  async key() {
    const present = await readPrivate(path)
    if (present === undefined) {
      await privateDirectory(dirname(path))
      await createFile(path, `${randomBytes(32).toString('base64url')}\n`)
    }
    const key = keyOf(present ?? (await readPrivate(path)) ?? '')
    if (key === undefined)
      throw new StoreError(`${path} holds no key of 32 bytes; bring it back, or remove it and log in again`)
    return key
  },
})

/** What is needed of a key ring: one entry. */
export interface KeyRingEntry {
  get(): Promise<Uint8Array | undefined>
  set(key: Uint8Array): Promise<void>
}

/**
 * The key in the system's key ring, made on first use. Only the key lies there, since some key rings take no more than
 * 2560 bytes an entry; who can't open the key ring can't read the files. `lockPath`: keeps two processes from making
 * two keys.
 */
export const keyRingKey = (entry: KeyRingEntry, lockPath: string): KeySource => ({
  id: 'key-ring',
  place: 'in the key ring of the system',
  async key() {
    return (await keyIn(entry)) ?? (await withLock(lockPath, () => made(entry)))
  },
})

async function made(entry: KeyRingEntry): Promise<Uint8Array> {
  const present = await keyIn(entry)
  if (present !== undefined) return present
  await entry.set(randomBytes(32))
  const kept = await keyIn(entry)
  if (kept === undefined) throw new StoreError('the key ring did not keep the key it was given; use a key file instead')
  return kept
}

async function keyIn(entry: KeyRingEntry): Promise<Uint8Array | undefined> {
  const key = await entry.get()
  if (key !== undefined && key.length !== 32) {
    throw new StoreError('the entry of Interlock in the key ring is no key of 32 bytes; remove it and log in again')
  }
  return key
}

function keyOf(text: string): Uint8Array | undefined {
  const trimmed = text.trim()
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined
  return Buffer.from(trimmed, 'base64')
}
