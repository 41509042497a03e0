import { clip } from './jsonrpc/error.ts'
import { isObject } from './jsonrpc/parse.ts'

/** Which member of a request's params `Mcp-Name` repeats (specification: Streamable HTTP, Standard Request Headers). */
const nameMembers: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/** The member of a method's params that `Mcp-Name` repeats; undefined for methods without such a header. */
export const nameMember = (method: string): string | undefined => nameMembers.get(method)

/** A tool parameter that is repeated in an HTTP header. */
export interface MirroredParameter {
  /** Lower-case name of the header. */
  readonly header: string
  /** Names of the properties that lead to it. */
  readonly path: readonly string[]
}

/** What a tool's schema says about headers (specification: Streamable HTTP, Custom Headers from Tool Parameters). */
export type MirroredParameters =
  | { readonly kind: 'sound'; readonly parameters: readonly MirroredParameter[] }
  | { readonly kind: 'broken'; readonly reason: string }

export const mirroringLimits = {
  /** Headers of one call. Servers refuse requests with more than about a hundred. */
  parameters: 64,
  /** Levels of a schema that are looked into; what lies deeper has no header. Schemas nest about ten deep. */
  depth: 64,
} as const

const annotation = 'x-mcp-header'
/** A header's name of RFC 9110, section 5.1. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Characters of a header's name. Longer ones are refused by proxies, if not by servers. */
const longestName = 256
const types: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean'])
/** Keywords whose value is data and not a schema. */
const data: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples', annotation])

/** Reads from a tool's input schema which parameters have a header, or the first thing that is wrong with them. */
export function mirroredParameters(inputSchema: unknown): MirroredParameters {
  const found = new Map<string, MirroredParameter>()
  const reason = collect(inputSchema, [], 0, found)
  return reason === undefined ? { kind: 'sound', parameters: [...found.values()] } : { kind: 'broken', reason }
}

/** `path` is undefined where no chain of `properties` leads. Gives the first thing that is wrong. */
function collect(
  schema: unknown,
  path: readonly string[] | undefined,
  depth: number,
  found: Map<string, MirroredParameter>,
): string | undefined {
  if (depth > mirroringLimits.depth) return undefined
  if (Array.isArray(schema)) return firstOf(schema, item => collect(item, undefined, depth + 1, found))
  if (!isObject(schema)) return undefined
  if (annotation in schema) {
    const reason = add(schema, path, found)
    if (reason !== undefined) return reason
  }
  return firstOf(Object.entries(schema), ([keyword, value]) => {
    if (data.has(keyword)) return undefined
    if (keyword !== 'properties' || !isObject(value)) return collect(value, undefined, depth + 1, found)
    return firstOf(Object.entries(value), ([name, property]) =>
      collect(property, path && [...path, name], depth + 1, found),
    )
  })
}

function add(
  schema: Record<string, unknown>,
  path: readonly string[] | undefined,
  found: Map<string, MirroredParameter>,
): string | undefined {
  const name = schema[annotation]
  if (typeof name !== 'string') return `its ${annotation} is no string`
  const quoted = JSON.stringify(clip(name))
  if (name.length > longestName || !token.test(name)) return `its ${annotation} ${quoted} is no header name`
  if (path === undefined || path.length === 0) {
    return `its ${annotation} ${quoted} stands where no chain of properties leads`
  }
  if (!types.has(schema['type'])) return `its ${annotation} ${quoted} is not on a string, an integer or a boolean`
  const header = `mcp-param-${name.toLowerCase()}`
  if (found.has(header)) return `its ${annotation} names the header ${clip(header)} twice`
  if (found.size >= mirroringLimits.parameters) {
    return `it has more than ${mirroringLimits.parameters} parameters with ${annotation}`
  }
  found.set(header, { header, path })
  return undefined
}

function firstOf<Item>(items: readonly Item[], judge: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const reason = judge(item)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** The argument that a parameter's header repeats; undefined when it is absent. */
export const mirroredValue = ({ path }: MirroredParameter, args: unknown): unknown =>
  path.reduce<unknown>(
    (inside, name) => (isObject(inside) && Object.hasOwn(inside, name) ? inside[name] : undefined),
    args,
  )
