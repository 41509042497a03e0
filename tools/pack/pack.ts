import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../sources.ts'
import { declarationsFrom } from './declarations.ts'

/**
 * Foreign packages that go into the files of ours instead of beside them: their licence comes along. `typebox` is 240
 * modules, of which most of the time until the first answer of a server with `jsonSchema()` went into finding files.
 */
const inlined: Readonly<Record<string, readonly string[]>> = { '@interlock/json-schema': ['typebox'] }

/**
 * Entries that are built by themselves, so that starting with them loads one file. What they have in common with other
 * entries is there twice: only for what holds no state and makes no errors that somebody tells by their class.
 */
const alone: Readonly<Record<string, readonly string[]>> = {
  '@interlock/server': ['./stdio'],
  '@interlock/transport': ['./stdio/server', './mirror'],
}

/** The part of a manifest that matters here; all other members are passed on. */
export interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly [member: string]: unknown
}

/**
 * Writes what is published of one package into `target`: each entry as one file, what several entries share or load
 * later as files beside them, and the declarations that the entries reach. It is all readable, nothing is minified. A
 * module costs a process about a millisecond and 0.4 MB to find and load, whatever is in it.
 */
export async function pack(folder: string, target: string): Promise<void> {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const taken = inlined[manifest.name] ?? []
  await bundle(folder, target, manifest, taken)
  const declared = Object.values(manifest.exports).flatMap(({ types }) => types ?? [])
  for (const [path, text] of declarationsFrom(folder, declared)) write(join(target, path), text)
  if (manifest.bin !== undefined) cpSync(join(folder, 'bin'), join(target, 'bin'), { recursive: true })
  if (existsSync(join(folder, 'README.md'))) copyFileSync(join(folder, 'README.md'), join(target, 'README.md'))
  copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'))
  for (const name of taken) write(join(target, 'licences', `${name}.txt`), licenceOf(name, folder))
  write(join(target, 'package.json'), `${JSON.stringify(published(manifest, taken), null, 2)}\n`)
}

async function bundle(folder: string, target: string, manifest: Manifest, taken: readonly string[]): Promise<void> {
  const outside = Object.keys({ ...manifest.dependencies, ...Object(manifest['optionalDependencies']) })
  for (const entryPoints of buildsOf(manifest)) {
    await build({
      absWorkingDir: folder,
      entryPoints: [...entryPoints],
      outbase: 'dist',
      outdir: join(target, 'dist'),
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: outside.flatMap(name => (taken.includes(name) ? [] : [name, `${name}/*`])),
      logLevel: 'warning',
    })
  }
}

/** The files of the entries, those together that share files. */
export function buildsOf({ name, exports }: Pick<Manifest, 'name' | 'exports'>): readonly (readonly string[])[] {
  const files = Object.entries(exports).flatMap(([entry, { default: path }]) =>
    path?.startsWith('./dist/') ? [{ path, isAlone: alone[name]?.includes(entry) === true }] : [],
  )
  const together = files.flatMap(({ path, isAlone }) => (isAlone ? [] : [path]))
  return [together, ...files.flatMap(({ path, isAlone }) => (isAlone ? [[path]] : []))]
}

/** The manifest without what is no longer beside it. */
export function published({ dependencies = {}, ...manifest }: Manifest, taken: readonly string[]): object {
  const kept = Object.entries(dependencies).filter(([name]) => !taken.includes(name))
  const files = ['dist', ...(manifest['bin'] === undefined ? [] : ['bin']), ...(taken.length > 0 ? ['licences'] : [])]
  return { ...manifest, files, dependencies: Object.fromEntries(kept) }
}

function licenceOf(name: string, from: string): string {
  const folders = createRequire(join(from, 'package.json')).resolve.paths(name) ?? []
  const files = folders.flatMap(path =>
    ['LICENSE', 'LICENSE.md', 'license', 'license.md'].map(file => join(path, name, file)),
  )
  const file = files.find(existsSync)
  if (file === undefined) throw new Error(`${name} has no licence that could come along; leave it out of "inlined"`)
  return readFileSync(file, 'utf8')
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
