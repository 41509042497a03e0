import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export const configFileName = '.mcp.json'

export interface FindOptions {
  /** The search goes no higher than this folder. Default: the user's home. */
  readonly home?: string
}

/**
 * Finds the configuration for a folder: `.mcp.json` in it, or else in the nearest folder above that has one. The last
 * folder looked at is the root of the git repository (the first with a `.git` on the way up), the home folder, or the
 * root of the file system, whichever comes first. Above `cwd` a file counts only when it belongs to the user who runs
 * this or to root: it names programs to start, and in a shared folder such as /tmp anybody could leave one.
 */
export async function findConfig(cwd: string, { home = homedir() }: FindOptions = {}): Promise<string | undefined> {
  const start = resolve(cwd)
  const last = resolve(home)
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, configFileName)
    const found = await statOrUndefined(file)
    if (found?.isFile() && (folder === start || isTrusted(found.uid))) return file
    const isLast = folder === last || folder === dirname(folder) || (await statOrUndefined(join(folder, '.git')))
    if (isLast) return undefined
  }
}

/** Windows has no user ids here; its shared folders are not above anybody's projects. */
function isTrusted(uid: number): boolean {
  const own = process.getuid?.()
  return own === undefined || uid === own || uid === 0
}

/** What cannot be looked at is not there: a folder above may be closed to this user. */
async function statOrUndefined(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch {
    return undefined
  }
}
