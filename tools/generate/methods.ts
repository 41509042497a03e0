import { methodOf, type Source } from './load.ts'
import { type Definitions, definition, target } from './schema.ts'

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

/**
 * One line for each method that is not the same in the next newer revision, and one for each that is only there:
 * `ping both PingRequestParams? EmptyResult`, `ping`.
 */
export function renderMethods(source: Source, newer: Source | undefined): string[] {
  const before = newer === undefined ? new Map<string, string>() : linesOf(newer)
  const now = linesOf(source)
  const gone = [...before.keys()].filter(method => !now.has(method))
  return [...[...now].flatMap(([method, line]) => (before.get(method) === line ? [] : [line])), ...gone]
}

function linesOf(source: Source): ReadonlyMap<string, string> {
  const { requests, notifications } = methodsOf(source)
  return new Map([...requests, ...notifications].map(row => [row.method, lineOf(row)]))
}

const lineOf = ({ method, from, params, optionalParams, result }: Method): string =>
  [method, from, optionalParams ? `${params}?` : params, ...(result === undefined ? [] : [result])].join(' ')
