import { createHash, hkdfSync } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CompactEncrypt, compactDecrypt } from 'jose'
import type { CredentialStore } from '../client/contract.ts'
import type { KeySource } from './key-source.ts'
import { type LockLimits, withLock } from './lock.ts'
import { privateDirectory, replaceFile } from './private-file.ts'
import { codeOf, reasonOf, StoreError } from './store-error.ts'

export interface FileStoreOptions {
  /** Folder of the encrypted files. Made when missing, for its owner only. */
  readonly directory: string
  readonly key: KeySource
  readonly lock?: Partial<LockLimits>
}

/**
 * Keeps each secret in an encrypted file of its own (JWE, AES-256-GCM), named by a hash of its key. The key is encrypted with
 * it and has to fit the name, so that no file can be put in place of another. A file that is damaged, or was encrypted with another key, is told as an
 * error and never overwritten: `delete` removes it. What it protects against is told at the key's source; besides, who
 * may write into the folder can bring back older secrets or remove them, and who reads it can see whether there is
 * a secret for a key that they can guess.
 */
export function fileStore({ directory, key: source, lock }: FileStoreOptions): CredentialStore {
  const folder = join(directory, source.id)
  const pathOf = (key: string) => join(folder, `${nameOf(key)}.jwe`)
  let ready: Promise<ContentKey> | undefined
  const contentKey = async () => {
    ready ??= prepared(folder, source)
    return ready.catch((error: unknown) => {
      ready = undefined
      throw error
    })
  }
  return {
    description: `encrypted files in ${folder}, with a key ${source.place}`,
    async read(key) {
      return (await open(pathOf(key), await contentKey()))?.value
    },
    async write(key, value) {
      const path = pathOf(key)
      const secret = await contentKey()
      await open(path, secret)
      await replaceFile(path, await seal({ key, value }, secret))
    },
    async delete(key) {
      await rm(pathOf(key), { force: true })
    },
    async keys() {
      const secret = await contentKey()
      const names = (await readdir(folder)).filter(name => name.endsWith('.jwe'))
      const entries = await Promise.all(names.map(name => open(join(folder, name), secret)))
      return entries.flatMap(entry => (entry === undefined ? [] : [entry.key])).toSorted()
    },
    async exclusively(key, work, { waitMs, signal } = {}) {
      await privateDirectory(folder)
      const limits = { ...(waitMs !== undefined && { waitMs }), ...lock }
      return withLock(join(folder, `${nameOf(key)}.lock`), work, limits, signal)
    },
  }
}

interface Entry {
  readonly key: string
  readonly value: string
}

interface ContentKey {
  readonly bytes: Uint8Array
  /** Tells keys apart without telling anything about them. */
  readonly id: string
}

async function prepared(folder: string, source: KeySource): Promise<ContentKey> {
  await privateDirectory(folder)
  const key = await source.key()
  const derived = (purpose: string, bytes: number) =>
    new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `interlock credentials: ${purpose}`, bytes))
  return { bytes: derived('content', 32), id: Buffer.from(derived('id', 9)).toString('base64url') }
}

const nameOf = (key: string): string => createHash('sha256').update(key).digest('base64url')

const seal = ({ key, value }: Entry, secret: ContentKey): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify({ key, value })))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: secret.id })
    .encrypt(secret.bytes)

async function open(path: string, secret: ContentKey): Promise<Entry | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new StoreError(`${path} can't be read: ${reasonOf(error)}`)
  })
  if (text === undefined) return undefined
  const entry = await decrypted(text, path, secret)
  if (entry === undefined || !path.endsWith(`${nameOf(entry.key)}.jwe`)) {
    throw new StoreError(
      `${path} is damaged or was changed; bring it back from a backup, or remove it and log in again`,
    )
  }
  return entry
}

async function decrypted(text: string, path: string, secret: ContentKey): Promise<Entry | undefined> {
  let kid: string | undefined
  const choose = (header: { readonly kid?: unknown }) => {
    kid = typeof header.kid === 'string' ? header.kid : undefined
    return secret.bytes
  }
  const allowed = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
  const opened = await compactDecrypt(text, choose, allowed).catch(() => undefined)
  if (opened !== undefined) return entryOf(opened.plaintext)
  if (kid !== undefined && kid !== secret.id) {
    throw new StoreError(
      `${path} was encrypted with another key; bring that key back, or remove the file and log in again`,
    )
  }
  return undefined
}

function entryOf(plaintext: Uint8Array): Entry | undefined {
  const value: unknown = JSON.parse(new TextDecoder().decode(plaintext))
  return isEntry(value) ? value : undefined
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  typeof value.key === 'string' &&
  'value' in value &&
  typeof value.value === 'string'
