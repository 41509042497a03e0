import { isObject } from '@interlock/protocol'
import { encodeHeaderValue } from '@interlock/transport'

/** A tool parameter that is repeated in an HTTP header. */
export interface HeaderParameter {
  readonly header: string
  /** Names of the properties that lead to it. */
  readonly path: readonly string[]
}

/** What a tool's schema says about headers (specification: Streamable HTTP, Custom Headers from Tool Parameters). */
export type HeaderParameters =
  | { readonly kind: 'sound'; readonly parameters: readonly HeaderParameter[] }
  | { readonly kind: 'broken'; readonly reason: string }

const annotation = 'x-mcp-header'
/** A header's name of RFC 9110, section 5.1. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const mirroredTypes: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean'])
/** Keywords whose value is data and not a schema. */
const data: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples', annotation])

export function headerParameters(inputSchema: unknown): HeaderParameters {
  const parameters: HeaderParameter[] = []
  const reason = collect(inputSchema, [], parameters) ?? twice(parameters)
  return reason === undefined ? { kind: 'sound', parameters } : { kind: 'broken', reason }
}

/** `path` is undefined where no chain of `properties` leads. Gives the first thing that is wrong. */
function collect(schema: unknown, path: readonly string[] | undefined, found: HeaderParameter[]): string | undefined {
  if (Array.isArray(schema)) return firstOf(schema, item => collect(item, undefined, found))
  if (!isObject(schema)) return undefined
  if (annotation in schema) {
    const reason = faultOf(schema, path)
    if (reason !== undefined) return reason
    found.push({ header: `mcp-param-${String(schema[annotation]).toLowerCase()}`, path: path ?? [] })
  }
  return firstOf(Object.entries(schema), ([keyword, value]) => {
    if (data.has(keyword)) return undefined
    if (keyword !== 'properties' || !isObject(value)) return collect(value, undefined, found)
    return firstOf(Object.entries(value), ([name, property]) => collect(property, path && [...path, name], found))
  })
}

function faultOf(schema: Record<string, unknown>, path: readonly string[] | undefined): string | undefined {
  const name = schema[annotation]
  if (typeof name !== 'string' || !token.test(name)) return `${annotation} ${JSON.stringify(name)} is no header name`
  if (path === undefined || path.length === 0)
    return `${annotation} "${name}" stands where no chain of properties leads`
  if (!mirroredTypes.has(schema['type'])) return `${annotation} "${name}" is not on a string, an integer or a boolean`
  return undefined
}

function twice(parameters: readonly HeaderParameter[]): string | undefined {
  const names = parameters.map(({ header }) => header)
  const repeated = names.find((name, at) => names.indexOf(name) !== at)
  return repeated === undefined ? undefined : `the header ${repeated} is named twice`
}

function firstOf<Item>(items: readonly Item[], judge: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const reason = judge(item)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** The headers for one call: a parameter that is absent or null has none. */
export function mirrored(parameters: readonly HeaderParameter[], args: unknown): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { header, path } of parameters) {
    const value = path.reduce<unknown>((inside, name) => (isObject(inside) ? inside[name] : undefined), args)
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value)) {
      headers[header] = encodeHeaderValue(String(value))
    }
  }
  return headers
}
