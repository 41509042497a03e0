import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, StoreError } from './store-error.ts'

/** Makes a directory that only its owner may enter. One that exists stays as it is. */
export const privateDirectory = async (path: string): Promise<void> =>
  void (await mkdir(path, { recursive: true, mode: 0o700 }))

/** Replaces a file as a whole: a reader, or a crash at any moment, finds the old content or the new one. */
export const replaceFile = (path: string, content: string): Promise<void> =>
  settle(path, content, temporary => rename(temporary, path))

/** Makes a file with its whole content at once. False: there is one already, which stays as it is. */
export async function createFile(path: string, content: string): Promise<boolean> {
  try {
    await settle(path, content, temporary => link(temporary, path))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * The content of a file that nobody but its owner may read; `undefined` where there is none. Windows keeps a person's
 * folders private by other means, which are not checked.
 * @throws StoreError when others have rights on it
 */
export async function readPrivate(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return undefined
  try {
    const { mode, uid } = await file.stat()
    const self = process.getuid?.()
    if (self !== undefined && uid !== self) {
      throw new StoreError(`${path} belongs to another user; make it your own, or name another file`)
    }
    if (self !== undefined && (mode & 0o077) !== 0) {
      throw new StoreError(`${path} can be read by others; run: chmod 600 ${path}`)
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

async function settle(path: string, content: string, move: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await move(temporary)
    await syncDirectory(dirname(path))
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Makes a rename survive a loss of power. Windows has no such call for directories. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
