import { join } from 'node:path'
import { applyEdits, type Edit } from './apply-edits.ts'
import { type Area, shown } from './area.ts'
import { unifiedDiff } from './diff.ts'
import { find, findTarget } from './find.ts'
import { sized } from './limits.ts'
import { openFile, type Place } from './place.ts'
import { readWhole } from './read-file.ts'
import { explained, quoted, Refusal } from './refusal.ts'
import { inTurn, replace } from './write-file.ts'

export interface EditRequest {
  readonly path: string
  readonly edits: readonly Edit[]
  /** Only say what would change. */
  readonly dryRun?: boolean | undefined
}

export interface EditAnswer {
  readonly path: string
  readonly written: boolean
  /** Unified diff; ends in a note when it was cut. */
  readonly diff: string
}

/** Replaces exact pieces of a text file, all of them or none. */
export function editFile(area: Area, request: EditRequest): Promise<EditAnswer> {
  return explained(request.path, async () => {
    await using seen = await find(area, request.path)
    return await inTurn(seen.path, () => edit(area, request))
  })
}

async function edit(area: Area, { path, edits, dryRun = false }: EditRequest): Promise<EditAnswer> {
  await using target = await findTarget(area, path, false)
  const { existing, folder, name } = target
  if (existing === undefined) throw new Refusal(`nothing exists at ${quoted(path)}; create it with write_file`)
  const label = shown(area, join(folder.path, name))
  const before = await readText(area, existing, path)
  const after = applyEdits(before, edits)
  const written = !dryRun && after !== before
  if (written) await replace(area, target, Buffer.from(after, 'utf8'), path, existing.stats)
  return { path: label, written, diff: clipped(unifiedDiff(before, after, label), area.limits.diffBytes) }
}

async function readText(area: Area, place: Place, path: string): Promise<string> {
  await using file = await openFile(area, place)
  const bytes = await readWhole(file, area.limits.writeBytes, path)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Refusal(`${quoted(path)} is not UTF-8 text; only text can be edited`, { cause })
  }
}

function clipped(diff: string, maxBytes: number): string {
  if (diff.length <= maxBytes) return diff
  return `${diff.slice(0, diff.lastIndexOf('\n', maxBytes) + 1)}[diff cut after ${sized(maxBytes)}]\n`
}
