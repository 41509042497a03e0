import { posix } from 'node:path'
import type { Found, Import } from './imports.ts'

export interface Offence {
  readonly line: number
  readonly rule: string
}

/** Our packages that each package may import. A package that is not here may import none. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  'json-schema': [],
  transport: ['protocol'],
  auth: ['protocol', 'transport'],
  server: ['protocol', 'transport'],
  client: ['protocol', 'transport'],
  gateway: ['protocol', 'transport', 'auth', 'json-schema', 'server', 'client'],
  cli: ['protocol', 'transport', 'auth', 'json-schema', 'server', 'client', 'gateway', 'filesystem'],
}
/** Every reference server is written as its users would write one. */
const serversMayImport: readonly string[] = ['server', 'json-schema']

/** Packages that run on nothing but what is in this repository. */
const withoutForeign: ReadonlySet<string> = new Set(['protocol', 'transport', 'server', 'client'])

/** Files that may import `node:`, and load the parts of our packages that do. */
const nodeFiles: readonly RegExp[] = [
  /^packages\/transport\/src\/(?:stdio\/|http\/node[^/]*$|node\.ts$)/,
  /^packages\/server\/src\/(?:serve(?:-stdio)?\.ts$|development\/|workers\/)/,
  /^packages\/auth\/src\/(?:node|testing)\//,
  /^packages\/(?:gateway|cli)\/src\//,
  /^servers\//,
]
const nodeSpecifier = /^(?:node:|@interlock\/transport\/(?:node|stdio(?:\/server)?)$)/

/** The files that put the eras together; every other file knows none of them. */
const composing: ReadonlySet<string> = new Set([
  'packages/server/src/receive.ts',
  'packages/client/src/client.ts',
  'packages/client/src/probe.ts',
])

/** The rules that a file breaks. `path` is relative to the repository's root, with slashes. */
export function offences(path: string, found: Found): readonly Offence[] {
  const [folder = '', name = ''] = path.split('/')
  const origin: Origin = { path, root: `${folder}/${name}/src/`, name, isServer: folder === 'servers' }
  const broken = found.imports.flatMap(item =>
    judge(origin, item).map(rule => ({ line: item.line, rule: `imports "${item.specifier}": ${rule}` })),
  )
  if (/\/src\/revisions\//.test(path)) return broken
  const dated = found.dates.map(({ text, line }) => ({
    line,
    rule: `names the date "${text}": dates appear only under revisions/; ask for a feature instead`,
  }))
  return [...broken, ...dated]
}

interface Origin {
  readonly path: string
  readonly root: string
  readonly name: string
  readonly isServer: boolean
}

function judge(origin: Origin, { specifier, kind }: Import): readonly string[] {
  if (specifier.startsWith('.')) return judgeRelative(origin, specifier)
  const rules: string[] = []
  const ours = /^@interlock\/([^/]+)/.exec(specifier)?.[1]
  const allowed = origin.isServer ? serversMayImport : (mayImport[origin.name] ?? [])
  if (ours !== undefined && !allowed.includes(ours)) {
    rules.push(`${origin.name} may import ${allowed.length === 0 ? 'none of our packages' : allowed.join(', ')}`)
  }
  if (
    nodeSpecifier.test(specifier) &&
    !(ours !== undefined && kind !== 'static') &&
    !nodeFiles.some(file => file.test(origin.path))
  ) {
    rules.push('only the leaf files for Node may do that; the others run on every web-standard runtime')
  }
  if (ours === undefined && !specifier.startsWith('node:') && !origin.isServer && withoutForeign.has(origin.name)) {
    rules.push(`${origin.name} has no foreign dependency`)
  }
  return rules
}

function judgeRelative({ path, root }: Origin, specifier: string): readonly string[] {
  const target = posix.join(posix.dirname(path), specifier)
  if (!target.startsWith(root))
    return ['a relative import stays inside its package; import the other package by its name']
  const revisions = `${root}revisions/`
  if (target.startsWith(revisions) && !path.startsWith(revisions) && target !== `${revisions}index.ts`) {
    return ['revisions are reached through revisions/index.ts']
  }
  const era = /\/src\/eras\/[^/]+\//.exec(target)?.[0]
  if (era !== undefined && !path.includes(era) && !composing.has(path)) {
    return [
      `an era is known only to its own folder and to ${[...composing].filter(file => file.startsWith(root)).join(', ')}`,
    ]
  }
  return []
}
