import { randomUUID } from 'node:crypto'
import { existsSync, type Stats } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { StaticKey } from '@interlock/auth'
import { StoreError, withLock } from '@interlock/auth/node'
import { isObject } from '@interlock/protocol'
import { CommandError, exit } from './exit.ts'

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
  /** Longest wait for others who change the file. Each takes some milliseconds, and a person waits. */
  lockMs: 20_000,
}

/**
 * The keys of a file.
 * @throws CommandError when there is none, others could write into it, or two keys have one name
 */
export async function readKeys(file: string): Promise<readonly KeptKey[]> {
  const keys = keysIn(await readOwn(file))
  if (keys === undefined) {
    throw new CommandError(`${file} is no file of keys; it should be as "interlock keys add" writes it`)
  }
  const names = keys.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice === undefined) return keys
  throw new CommandError(
    `${file} has two keys named "${twice}", so nobody knows which of them is meant; take one out of the file`,
  )
}

/** What is judged and what is read are one file: its path may lead to another one at any moment. */
async function readOwn(file: string): Promise<string> {
  try {
    await using handle = await open(file, 'r')
    refuseForeign(file, await handle.stat())
    return await handle.readFile('utf8')
  } catch (error) {
    if (error instanceof CommandError) throw error
    if (codeOf(error) === 'ENOENT') {
      throw new CommandError(`there is no file ${file}; make one with: interlock keys add NAME --file ${file}`)
    }
    const reason = codeOf(error) ?? 'unknown failure'
    throw new CommandError(`${file} cannot be read (${reason}); check the path and its permissions`)
  }
}

/** Who writes into the file hands out keys. Windows has no such check. */
function refuseForeign(file: string, { mode, size, uid }: Stats): void {
  if (size > limits.fileBytes) throw new CommandError(`${file} is too large to be a file of keys; check the path`)
  const self = process.getuid?.()
  if (self === undefined) return
  if (uid !== self && uid !== 0) {
    throw new CommandError(
      `${file} belongs to another user, who could add keys of their own; make it your own, or name another file`,
    )
  }
  if ((mode & 0o022) !== 0) {
    throw new CommandError(`${file} can be written by others, who could add keys of their own; run: chmod 600 ${file}`)
  }
}

/**
 * Changes the keys of a file, or of one that is made for it, while no other command changes them.
 * @throws CommandError as for reading and writing; what `change` throws, and then the file stays as it is
 */
export async function changeKeys(
  file: string,
  change: (known: readonly KeptKey[]) => readonly KeptKey[],
): Promise<void> {
  const work = async (): Promise<void> => writeKeys(file, change(existsSync(file) ? await readKeys(file) : []))
  try {
    await withLock(`${file}.lock`, work, { waitMs: limits.lockMs })
  } catch (error) {
    if (error instanceof StoreError) throw new CommandError(error.message, exit.failed)
    throw codeOf(error) === undefined ? error : unwritable(file, error)
  }
}

const unwritable = (file: string, error: unknown): CommandError =>
  new CommandError(
    `${file} cannot be written (${codeOf(error) ?? 'unknown failure'}); check the folder and its permissions`,
  )

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
    throw unwritable(file, error)
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

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined
