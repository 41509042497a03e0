import type { Stats } from 'node:fs'
import { type Area, shown } from './area.ts'
import { find, findEntry } from './find.ts'
import { type Kind, kindOf } from './place.ts'
import { explained } from './refusal.ts'

export interface FileInfo {
  readonly path: string
  readonly kind: Kind
  readonly size: number
  /** Times in ISO 8601, UTC. */
  readonly modified: string
  readonly created: string
  readonly accessed: string
  /** As `ls` prints them: `rw-r--r--`. */
  readonly permissions: string
  /** Of a link: where it leads inside the allowed folders, or null when it leads outside or nowhere. */
  readonly linkTarget?: string | null
}

/** Describes a file, a folder or a link itself. */
export function fileInfo(area: Area, path: string): Promise<FileInfo> {
  return explained(path, async () => {
    await using place = await findEntry(area, path)
    const { stats } = place
    const info: FileInfo = {
      path: shown(area, place.path),
      kind: kindOf(stats),
      size: stats.size,
      modified: stats.mtime.toISOString(),
      created: stats.birthtime.toISOString(),
      accessed: stats.atime.toISOString(),
      permissions: permissionsOf(stats),
    }
    return info.kind === 'link' ? { ...info, linkTarget: await targetOf(area, path) } : info
  })
}

/** Outside, missing and unreadable look the same, so a link tells nothing about what is not served. */
async function targetOf(area: Area, path: string): Promise<string | null> {
  try {
    await using target = await find(area, path)
    return shown(area, target.path)
  } catch {
    return null
  }
}

function permissionsOf({ mode }: Stats): string {
  return [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('')
}
