import { randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { access, lstat, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Area, shown } from './area.ts'
import { findTarget, type Target } from './find.ts'
import { sized } from './limits.ts'
import { confirm, createFile, isSame } from './place.ts'
import { explained, quoted, Refusal } from './refusal.ts'

export interface WriteRequest {
  readonly path: string
  readonly content: string
  /** Whether folders on the way are made; else they must exist. */
  readonly createFolders?: boolean | undefined
}

export interface WriteAnswer {
  readonly path: string
  readonly bytes: number
  readonly created: boolean
}

/** Creates a file or replaces it whole, in one step: a reader sees the old content or the new, never a part. */
export function writeFile(area: Area, request: WriteRequest): Promise<WriteAnswer> {
  return explained(request.path, async () => {
    const content = Buffer.from(request.content, 'utf8')
    if (content.length > area.limits.writeBytes) {
      throw new Refusal(`the content is ${sized(content.length)}; at most ${sized(area.limits.writeBytes)} are written`)
    }
    await using target = await findTarget(area, request.path, request.createFolders ?? false)
    const path = join(target.folder.path, target.name)
    await inTurn(path, () => replace(area, target, content, request.path))
    return { path: shown(area, path), bytes: content.length, created: target.existing === undefined }
  })
}

/**
 * Puts `content` in the place of a target through a new file beside it, so that a link or a hard link put there in the
 * meantime is replaced and never written through. Keeps the permissions of what it replaces; owner and extended
 * attributes are those of a new file. With `unchanged`, refuses when the file is no longer the one described.
 */
export async function replace(
  area: Area,
  target: Target,
  content: Uint8Array,
  path: string,
  unchanged?: Stats,
): Promise<void> {
  const { folder, existing, name } = target
  if (existing !== undefined) await access(existing.at, constants.W_OK)
  const temporary = join(folder.at, `.interlock-${randomUUID()}.tmp`)
  const file = await createFile(area, folder, temporary, existing === undefined ? 0o666 : 0o600)
  try {
    try {
      await file.writeFile(content)
      if (existing !== undefined) await file.chmod(existing.stats.mode & 0o777)
      await file.sync()
    } finally {
      await file.close()
    }
    await confirm(area, folder)
    const final = join(folder.at, name)
    if (unchanged !== undefined && !isUntouched(unchanged, await lstat(final))) {
      throw new Refusal(`${quoted(path)} was changed by someone else meanwhile; read it again and repeat the edit`)
    }
    await rename(temporary, final)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
}

const isUntouched = (then: Stats, now: Stats): boolean =>
  isSame(then, now) && then.size === now.size && then.mtimeMs === now.mtimeMs

const turns = new Map<string, Promise<unknown>>()

/** Runs work on the same path one after the other, so that two edits at once do not lose one. */
export async function inTurn<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
  const turn = (turns.get(path) ?? Promise.resolve()).then(work, work)
  turns.set(path, turn)
  try {
    return await turn
  } finally {
    if (turns.get(path) === turn) turns.delete(path)
  }
}
