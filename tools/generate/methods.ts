import { methodOf, type Source } from './load.ts'
import { type Definitions, definition, literal, target } from './schema.ts'

type Sender = 'client' | 'server' | 'both'

export interface Method {
  readonly method: string
  readonly from: Sender
  /** Name of the definition of its params. */
  readonly params: string
  readonly optionalParams: boolean
  /** Name of the definition of its result; notifications have none. */
  readonly result?: string
}

export interface Methods {
  readonly requests: readonly Method[]
  readonly notifications: readonly Method[]
}

/** Who may send what, read from the schema's unions. A newer schema lists what a server may ask under `InputRequest`. */
export function methodsOf({ definitions }: Source): Methods {
  return {
    requests: rows(definitions, 'ClientRequest', definitions.ServerRequest ? 'ServerRequest' : 'InputRequest', true),
    notifications: rows(definitions, 'ClientNotification', 'ServerNotification', false),
  }
}

function rows(definitions: Definitions, byClient: string, byServer: string, answered: boolean): Method[] {
  const client = messages(byClient, definitions)
  const server = messages(byServer, definitions)
  return [...new Set([...client, ...server])]
    .map(name => row(name, definitions, client.has(name) ? (server.has(name) ? 'both' : 'client') : 'server', answered))
    .sort((a, b) => (a.method < b.method ? -1 : 1))
}

/** The definitions a union lists. A union of one is written out in place, so its message is looked up by its method. */
function messages(union: string, definitions: Definitions): Set<string> {
  const schema = definition(union, definitions)
  if (schema.anyOf) return new Set(schema.anyOf.map(branch => target(branch.$ref ?? '')))
  if (schema.$ref !== undefined) return new Set([target(schema.$ref)])
  const name = Object.keys(definitions).find(
    other => other !== union && methodOf(definition(other, definitions)) === methodOf(schema),
  )
  if (name === undefined) throw new Error(`"${union}" lists no message that has a definition`)
  return new Set([name])
}

function row(name: string, definitions: Definitions, from: Sender, answered: boolean): Method {
  const schema = definition(name, definitions)
  const method = methodOf(schema)
  const params = schema.properties?.params?.$ref
  if (method === undefined || params === undefined) throw new Error(`"${name}" has no method or no params`)
  const base = { method, from, params: target(params), optionalParams: !schema.required?.includes('params') }
  return answered ? { ...base, result: resultOf(name, definitions) } : base
}

function resultOf(request: string, definitions: Definitions): string {
  const own = request.replace(/Request$/, 'Result')
  return definitions[own] ? own : 'EmptyResult'
}

/** Checks exported for single values: parts of a list that may be dropped one by one, and answers of another kind. */
export const entryNames: readonly string[] = [
  'ContentBlock',
  'Tool',
  'Resource',
  'ResourceTemplate',
  'Prompt',
  'CreateTaskResult',
  'InputRequiredResult',
  'ServerCapabilities',
  'ClientCapabilities',
  'Implementation',
]

/** Where checks start: everything else is reached from here. Revisions before `ContentBlock` spell its union out. */
export function roots(source: Source): string[] {
  const { requests, notifications } = methodsOf(source)
  const names = [...requests, ...notifications].flatMap(row =>
    row.result === undefined ? [row.params] : [row.params, row.result],
  )
  return [...new Set([...names, ...entryNames.filter(name => source.definitions[name])])].sort()
}

/** TypeScript source of the two method tables. */
export function renderMethods(source: Source): string {
  const { requests, notifications } = methodsOf(source)
  return [
    `import type { NotificationChecks, RequestChecks } from '../../revision.ts'`,
    `import { table } from '../table.ts'`,
    `import * as checks from './validate.gen.ts'`,
    '',
    'export const requests: Readonly<Record<string, RequestChecks>> = table({',
    ...requests.map(requestRow),
    '})',
    '',
    'export const notifications: Readonly<Record<string, NotificationChecks>> = table({',
    ...notifications.map(notificationRow),
    '})',
  ].join('\n')
}

const paramsCheck = (row: Method): string =>
  row.optionalParams ? `value => value === undefined || checks.is${row.params}(value)` : `checks.is${row.params}`

const requestRow = (row: Method): string =>
  `  ${literal(row.method)}: {\n    from: '${row.from}',\n    params: ${paramsCheck(row)},\n    result: checks.is${row.result},\n    names: { params: '${row.params}', result: '${row.result}' },\n  },`

const notificationRow = (row: Method): string =>
  `  ${literal(row.method)}: { from: '${row.from}', params: ${paramsCheck(row)}, name: '${row.params}' },`
