import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Area, shown } from './area.ts'
import { find } from './find.ts'
import { confirm, type Kind, kindOf, type Place } from './place.ts'
import { explained, quoted, Refusal } from './refusal.ts'

export interface Entry {
  readonly name: string
  readonly kind: Kind
  /** Bytes; of files only. */
  readonly size?: number
}

export interface Listing {
  readonly path: string
  readonly entries: readonly Entry[]
  /** Entries that exist beyond those listed; absent when all are listed, a lower bound in very large folders. */
  readonly omitted?: number
}

/** Lists what is in a folder, by name. Links are listed as links, wherever they lead. */
export function listDirectory(area: Area, path: string, signal?: AbortSignal): Promise<Listing> {
  return explained(path, async () => {
    await using folder = await find(area, path)
    if (!folder.stats.isDirectory()) throw new Refusal(`${quoted(path)} is not a folder; use read_file or file_info`)
    const names = await namesIn(area, folder, area.limits.readEntries, signal)
    const listed = names.toSorted().slice(0, area.limits.listedEntries)
    const entries: Entry[] = []
    for (const name of listed) {
      signal?.throwIfAborted()
      const entry = await describe(join(folder.at, name), name)
      if (entry !== undefined) entries.push(entry)
    }
    await confirm(area, folder)
    const omitted = names.length - listed.length
    return { path: shown(area, folder.path), entries, ...(omitted > 0 && { omitted }) }
  })
}

/** Names of at most `most` entries of a held folder, in the system's order. */
export async function namesIn(area: Area, folder: Place, most: number, signal?: AbortSignal): Promise<string[]> {
  const names: string[] = []
  for await (const entry of await opendir(folder.at)) {
    signal?.throwIfAborted()
    if (names.push(entry.name) >= most) break
  }
  await confirm(area, folder)
  return names
}

/** Undefined when the entry has gone since its name was read. */
async function describe(at: string, name: string): Promise<Entry | undefined> {
  const stats = await lstat(at).catch(() => undefined)
  if (stats === undefined) return undefined
  const kind = kindOf(stats)
  return kind === 'file' ? { name, kind, size: stats.size } : { name, kind }
}

/** A listing as lines for a reader: `name/` for folders, a size after files. */
export function printedListing({ path, entries, omitted }: Listing): string {
  const marks: Record<Kind, string> = { folder: '/', link: ' (link)', other: ' (special file)', file: '' }
  const lines = entries.map(entry => {
    const size = entry.size === undefined ? '' : `\t${entry.size} bytes`
    return `${entry.name}${marks[entry.kind]}${size}`
  })
  if (lines.length === 0) lines.push('(empty)')
  if (omitted !== undefined) {
    lines.push(`[${omitted} or more further entries are not shown; use search_files with a glob to find some of them]`)
  }
  return `${path}\n${lines.join('\n')}`
}
