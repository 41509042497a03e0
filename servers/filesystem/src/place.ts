import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises'
import { type Area, enclosing } from './area.ts'
import { Refusal } from './refusal.ts'

/**
 * Something that exists inside the allowed folders, held so that nobody can put something else in its place.
 *
 * On Linux it is an `O_PATH` handle, which neither reads nor waits, and `at` names it through `/proc/self/fd`: the
 * kernel goes from there to the held file or folder itself, however the names above it change meanwhile. Elsewhere
 * `at` is the path, and `confirm` compares path and inode again; a swap in between and back is not seen there.
 */
export interface Place extends AsyncDisposable {
  /** The real path, for sentences and comparison. */
  readonly path: string
  /** The path for the file system. Append a name to reach a child of a held folder. */
  readonly at: string
  readonly stats: Stats
}

export type Kind = 'file' | 'folder' | 'link' | 'other'

/** Not among Node's constants. The value of Linux on every architecture Node runs on. */
const O_PATH = 0o10000000
/** Absent on Windows. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0
const O_NONBLOCK = constants.O_NONBLOCK ?? 0

/** Takes hold of what is at `at`, never following a link in its last name. Fails with the system's error. */
export async function hold(area: Area, at: string): Promise<Place> {
  if (!area.byHandle) return { path: at, at, stats: await lstat(at), [Symbol.asyncDispose]: async () => {} }
  const handle = await open(at, O_PATH | O_NOFOLLOW)
  try {
    const self = `/proc/self/fd/${handle.fd}`
    const path = inside(area, await readlink(self))
    return { path, at: self, stats: await handle.stat(), [Symbol.asyncDispose]: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Opens a held file for reading: that very file, or an error. Anything but a regular file is refused unopened. */
export async function openFile(area: Area, place: Place): Promise<FileHandle> {
  if (!place.stats.isFile()) throw new Refusal(notAFile(kindOf(place.stats)))
  const handle = await open(place.at, constants.O_RDONLY | O_NONBLOCK | (area.byHandle ? 0 : O_NOFOLLOW))
  try {
    if (!isSame(place.stats, await handle.stat())) throw changed()
    await confirm(area, place)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Makes a new file under a held folder; fails when the name is taken, by a link too. */
export async function createFile(area: Area, folder: Place, at: string, mode: number): Promise<FileHandle> {
  await confirm(area, folder)
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | O_NOFOLLOW
  const handle = await open(at, flags, mode)
  try {
    // A folder moved out of the area while it was held takes the new, still empty file with it.
    if (area.byHandle) inside(area, await readlink(`/proc/self/fd/${handle.fd}`))
    else await confirm(area, folder)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Checks that a place is still where it was found. Free where handles make it certain. */
export async function confirm(area: Area, place: Place): Promise<void> {
  if (area.byHandle) return
  if ((await realpath(place.path)) !== place.path || !isSame(place.stats, await lstat(place.path))) throw changed()
}

export function isSame(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino
}

export function kindOf(of: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): Kind {
  if (of.isFile()) return 'file'
  if (of.isDirectory()) return 'folder'
  return of.isSymbolicLink() ? 'link' : 'other'
}

function notAFile(kind: Kind): string {
  return kind === 'folder'
    ? 'this is a folder; use list_directory'
    : 'this is a device, pipe or socket, not a file; only regular files are served'
}

function inside(area: Area, path: string): string {
  if (enclosing(area.folders, path) === undefined) throw new Refusal('this has moved outside the allowed folders')
  return path
}

const changed = (): Refusal => new Refusal('this changed while it was opened; try again')
