import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import type { StaticKey } from '@interlock/auth'
import { isObject } from '@interlock/protocol'
import { CommandError } from './exit.ts'

/** A key that was handed out, as the file has it: never the key itself. */
export interface KeptKey {
  readonly name: string
  readonly hash: string
  readonly scopes?: readonly string[]
  /** ISO 8601. */
  readonly created: string
  /** ISO 8601. Absent: never. */
  readonly expires?: string
}

const limits = {
  /** Largest file read: some thousands of keys. More is a file given by mistake. */
  fileBytes: 1_048_576,
}

/**
 * The keys of a file.
 * @throws CommandError when there is none, or others could write into it
 */
export async function readKeys(file: string): Promise<readonly KeptKey[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') {
      throw new CommandError(`there is no file ${file}; make one with: interlock keys add NAME --file ${file}`)
    }
    throw new CommandError(`${file} cannot be read (${codeOf(error)}); check the path and its permissions`)
  })
  const { mode, size } = await stat(file)
  if (size > limits.fileBytes) throw new CommandError(`${file} is too large to be a file of keys; check the path`)
  // Who writes into it hands out keys.
  if (process.platform !== 'win32' && (mode & 0o022) !== 0) {
    throw new CommandError(`${file} can be written by others, who could add keys of their own; run: chmod 600 ${file}`)
  }
  const keys = keysIn(text)
  if (keys !== undefined) return keys
  throw new CommandError(`${file} is no file of keys; it should be as "interlock keys add" writes it`)
}

/** Replaces the file as a whole, so that nobody reads half of it. Only its owner may read it. */
export async function writeKeys(file: string, keys: readonly KeptKey[]): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify({ keys }, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    throw new CommandError(`${file} cannot be written (${codeOf(error)}); check the folder and its permissions`)
  } finally {
    await rm(temporary, { force: true })
  }
}

export const staticKey = ({ name, hash, scopes, expires }: KeptKey): StaticKey => ({
  name,
  hash,
  ...(scopes === undefined ? {} : { scopes }),
  ...(expires === undefined ? {} : { expiresAtMs: Date.parse(expires) }),
})

function keysIn(text: string): readonly KeptKey[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const keys = isObject(value) ? value['keys'] : undefined
    return Array.isArray(keys) && keys.every(isKept) ? keys : undefined
  } catch {
    return undefined
  }
}

const isKept = (value: unknown): value is KeptKey =>
  isObject(value) &&
  typeof value['name'] === 'string' &&
  /^sha256\.[\w-]{43}$/.test(String(value['hash'])) &&
  typeof value['created'] === 'string' &&
  (value['scopes'] === undefined ||
    (Array.isArray(value['scopes']) && value['scopes'].every(scope => typeof scope === 'string'))) &&
  (value['expires'] === undefined || !Number.isNaN(Date.parse(String(value['expires']))))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown failure'
