import { existsSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { defaultLimits, type Limits } from './limits.ts'
import { quoted, Refusal } from './refusal.ts'

/** One allowed folder: as the operator wrote it, and where it really is. */
export interface AllowedFolder {
  readonly given: string
  readonly real: string
}

/** Where a server may read and write, and how much. */
export interface Area {
  readonly folders: readonly AllowedFolder[]
  readonly limits: Limits
  /** Whether paths are held by handles the kernel vouches for (Linux), or checked before and after (elsewhere). */
  readonly byHandle: boolean
}

export interface AreaOptions {
  readonly limits?: Partial<Limits> | undefined
  /** Default: on Linux with `/proc`. */
  readonly byHandle?: boolean | undefined
}

/** A place named in words only: names to step through from the real path of an allowed folder. */
export interface Location {
  readonly folder: string
  readonly names: readonly string[]
}

/** Throws `TypeError` unless every path is an existing folder. Relative paths resolve against the process. */
export function area(paths: readonly string[], options: AreaOptions = {}): Area {
  if (paths.length === 0) throw new TypeError('no folder is allowed; name at least one')
  return {
    folders: paths.map(allowedFolder),
    limits: { ...defaultLimits, ...options.limits },
    byHandle: options.byHandle ?? (process.platform === 'linux' && existsSync('/proc/self/fd')),
  }
}

function allowedFolder(path: string): AllowedFolder {
  const given = resolve(path)
  if (!statSync(given, { throwIfNoEntry: false })?.isDirectory()) {
    throw new TypeError(`${quoted(path)} is not a folder; name one that exists`)
  }
  return { given, real: realpathSync.native(given) }
}

/** Finds the allowed folder a path lies in, by its words alone: the disk is not asked. Relative to the first folder. */
export function locate({ folders }: Area, path: string): Location {
  if (path.includes('\0')) throw new Refusal('a path must not contain a NUL byte')
  if (/^~(?:[\\/]|$)/.test(path)) throw new Refusal(`"~" is not expanded; ${allowedSentence(folders)}`)
  const absolute = resolve(folders[0]?.real ?? '', path)
  if (process.platform === 'win32' && absolute.slice(2).includes(':')) {
    throw new Refusal(`${quoted(path)} has a colon in a name; alternate data streams are not served`)
  }
  const found = enclosing(folders, absolute)
  if (found === undefined) {
    throw new Refusal(`${quoted(path)} is outside the allowed folders; ${allowedSentence(folders)}`)
  }
  return found
}

/** The innermost allowed folder around an absolute path, or undefined. */
export function enclosing(folders: readonly AllowedFolder[], absolute: string): Location | undefined {
  return folders
    .flatMap(({ given, real }) => [given, real].map(base => ({ folder: real, inner: within(base, absolute) })))
    .flatMap(({ folder, inner }) => (inner === undefined ? [] : [{ folder, names: inner }]))
    .sort((a, b) => a.names.length - b.names.length)[0]
}

/** A real path the way the operator would write it. */
export function shown({ folders }: Area, real: string): string {
  const found = enclosing(folders, real)
  const folder = folders.find(each => each.real === found?.folder)
  return folder === undefined || found === undefined ? '(outside)' : join(folder.given, ...found.names)
}

export function allowedSentence(folders: readonly AllowedFolder[]): string {
  return `allowed: ${folders.map(folder => folder.given).join(', ')}`
}

/** Names that lead from `base` down to `path`; undefined when it lies elsewhere. */
function within(base: string, path: string): readonly string[] | undefined {
  const way = relative(base, path)
  if (way === '') return []
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : way.split(sep)
}
