import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../sources.ts'
import { pack } from './pack.ts'

/** Where the packages lie as they are published; whatever lies beside `node_modules` imports them. */
export const packedFolder: string = join(root, 'dist')

export interface Packed {
  readonly name: string
  readonly folder: string
}

/** Packs each package and reference server of this repository, as `tsc -b` left it. */
export async function packAll(): Promise<readonly Packed[]> {
  const folders = ['packages', 'servers'].flatMap(kind =>
    readdirSync(join(root, kind)).map(name => join(root, kind, name)),
  )
  return Promise.all(
    folders.map(async from => {
      const { name }: { name: string } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
      const folder = join(packedFolder, 'node_modules', name)
      await pack(from, folder)
      return { name, folder }
    }),
  )
}
