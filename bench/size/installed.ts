import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packedFolder } from '../../tools/pack/all.ts'

/** What an installation for production puts on the disk. */
export interface Installed {
  readonly packages: number
  readonly bytes: number
  readonly files: number
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

const bench = fileURLToPath(new URL('..', import.meta.url))

/** Where packages are found from: that of the contestants, then our own. */
export const contestantsFolder: string = join(bench, 'contestants')

/** A package and what it depends on: ours as they are published, others as they are installed. */
export function installed(name: string): Installed {
  const found = new Map<string, { files: number; bytes: number }>()
  visit(name, name.startsWith('@interlock/') ? packedFolder : contestantsFolder, found)
  const all = [...found.values()]
  return {
    packages: all.length,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    files: all.reduce((sum, { files }) => sum + files, 0),
  }
}

function visit(name: string, from: string, found: Map<string, { files: number; bytes: number }>): void {
  const folder = folderOf(name, from)
  if (folder === undefined) throw new Error(`${name} is not installed; run "npm ci" in bench/contestants`)
  if (found.has(folder)) return
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  found.set(folder, sizeOf(folder))
  for (const dependency of needs(manifest)) visit(dependency, folder, found)
}

/** npm installs peers as well, unless they are optional. */
function needs({ dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }: Manifest): string[] {
  const peers = Object.keys(peerDependencies).filter(name => peerDependenciesMeta[name]?.optional !== true)
  return [...Object.keys(dependencies), ...peers]
}

/** As Node looks it up: in the `node_modules` of each folder above. */
export function folderOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = join(folder, '..')) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === join(folder, '..')) return undefined
  }
}

/** Bytes of a file, or of all below a folder except for packages inside it, which are counted by themselves. */
function sizeOf(path: string): { files: number; bytes: number } {
  const stat = statSync(path)
  if (!stat.isDirectory()) return { files: 1, bytes: stat.size }
  let files = 0
  let bytes = 0
  for (const name of readdirSync(path)) {
    if (name === 'node_modules') continue
    const part = sizeOf(join(path, name))
    files += part.files
    bytes += part.bytes
  }
  return { files, bytes }
}
