import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { packAll, packedFolder } from '../../tools/pack/all.ts'
import { contestantsFolder } from '../size/installed.ts'

const ours = ['minimal-ours.js', 'minimal-ours-json-schema.js', 'minimal-ours-zod.js']

/** Where a minimal server lies: ours beside the packages as they are published, the others beside theirs. */
export const minimal = (script: string): string =>
  join(ours.includes(script) ? packedFolder : contestantsFolder, script)

/** Packs our packages, as `tsc -b` left them, so that what users get is measured and not what we work with. */
export async function packed(): Promise<void> {
  await packAll()
  for (const script of ours) copyFileSync(join(contestantsFolder, script), minimal(script))
}
