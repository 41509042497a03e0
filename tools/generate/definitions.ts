import { reachable, renderCompiled } from './checks.ts'
import type { Source } from './load.ts'
import { entryNames, methodsOf, renderMethods } from './methods.ts'
import { notation } from './notation.ts'
import { definition } from './schema.ts'

/** Definitions that nearly every call checks: they are compiled, the others put together when they are needed. */
const compiledNames: ReadonlySet<string> = new Set([
  'CallToolRequestParams',
  'RequestMetaObject',
  'ClientCapabilities',
  'Implementation',
  'CallToolResult',
  'ContentBlock',
  'TextContent',
])

/** Entries that a server checks as well: what its tools return. */
const serverEntries: readonly string[] = ['ContentBlock']

export interface Halves {
  /** Definitions of what servers receive. */
  readonly server: readonly string[]
  /** Definitions of what only clients receive. */
  readonly client: readonly string[]
}

/** Which definitions each side needs, so that a server carries none that only clients need. */
export function halvesOf(source: Source): Halves {
  const { requests, notifications } = methodsOf(source)
  const isDefined = (name: string): boolean => source.definitions[name] !== undefined
  const server = reachable(source.definitions, [
    ...requests.flatMap(row => (row.from === 'server' ? [] : [row.params])),
    ...requests.flatMap(row => (row.from === 'client' || row.result === undefined ? [] : [row.result])),
    ...notifications.flatMap(row => (row.from === 'server' ? [] : [row.params])),
    ...serverEntries.filter(isDefined),
  ])
  const all = reachable(source.definitions, [
    ...requests.flatMap(row => (row.result === undefined ? [row.params] : [row.params, row.result])),
    ...notifications.map(row => row.params),
    ...entryNames.filter(isDefined),
  ])
  return { server, client: all.filter(name => !server.includes(name)) }
}

/** TypeScript source of the definitions and methods of one revision: those that differ from the next newer one's. */
export function renderDefinitions(source: Source, newer: Source | undefined): string {
  const { server, client } = keptOf(source, newer)
  const gone = newer === undefined ? [] : all(halvesOf(newer)).filter(name => !all(halvesOf(source)).includes(name))
  return [
    text(
      'serverReceives',
      server.map(name => line(source, name)),
    ),
    text('clientReceives', [...client.map(name => line(source, name)), ...gone.map(name => `${name}=`)]),
    text('methods', renderMethods(source, newer)),
  ].join('\n\n')
}

/** TypeScript source of the checks that are compiled, of the same definitions. */
export function renderCompiledHalves(source: Source, newer: Source | undefined): string {
  const { server, client } = keptOf(source, newer)
  const compiled = compiledOf(source)
  const half = (names: readonly string[]): string[] => names.filter(name => compiled.includes(name))
  return renderCompiled(source.definitions, { serverReceives: half(server), clientReceives: half(client) })
}

const all = ({ server, client }: Halves): string[] => [...server, ...client]

const line = (source: Source, name: string): string => `${name}=${notation(definition(name, source.definitions))}`

const text = (name: string, lines: readonly string[]): string =>
  `export const ${name} = \`\n${lines.map(one => `${one}\n`).join('')}\``

/** The halves without what is found with the next newer revision. A server finds nothing in the clients' half. */
function keptOf(source: Source, newer: Source | undefined): Halves {
  const { server, client } = halvesOf(source)
  if (newer === undefined) return { server, client }
  const found = halvesOf(newer)
  const isSame = (name: string): boolean => line(newer, name) === line(source, name)
  return {
    server: server.filter(name => !(found.server.includes(name) && isSame(name))),
    client: client.filter(name => !(all(found).includes(name) && isSame(name))),
  }
}

/** What calls reach through nothing but definitions that are compiled: a legacy call has no capabilities in it. */
function compiledOf({ definitions }: Source): string[] {
  return reachable(definitions, ['CallToolRequestParams', 'CallToolResult'], isCompiled).filter(isCompiled)
}

const isCompiled = (name: string): boolean => compiledNames.has(name)
