import { type Caller, code, isObject, ProtocolError } from '@interlock/protocol'
import { decodeHeaderValue } from '@interlock/transport'

/** A parameter that HTTP clients repeat in a header (specification: Streamable HTTP, Custom Headers from Tool Parameters). */
export interface MirroredParameter {
  /** Lower-case name of the header. */
  readonly header: string
  /** Names of the properties that lead to it. */
  readonly path: readonly string[]
}

const annotation = 'x-mcp-header'
/** A header's name of RFC 9110, section 5.1. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const types: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean'])

/** @throws TypeError for an annotation that makes clients leave the tool out. */
export function mirroredParameters(schema: unknown, tool: string): readonly MirroredParameter[] {
  const found = collect(schema, [])
  const names = new Set(found.map(({ header }) => header))
  if (names.size < found.length) throw new TypeError(`tool "${tool}" names a header twice with ${annotation}`)
  for (const { header, type } of found) {
    const name = header.slice('mcp-param-'.length)
    if (!token.test(name)) throw new TypeError(`tool "${tool}" has an ${annotation} that is no header name: "${name}"`)
    if (!types.has(type)) {
      throw new TypeError(`${annotation} "${name}" of tool "${tool}" must be on a string, an integer or a boolean`)
    }
  }
  return found
}

function collect(schema: unknown, path: readonly string[]): (MirroredParameter & { readonly type: unknown })[] {
  if (!isObject(schema)) return []
  const own = path.length > 0 && annotation in schema ? [{ ...named(schema), path, type: schema['type'] }] : []
  const inner = isObject(schema['properties']) ? Object.entries(schema['properties']) : []
  return [...own, ...inner.flatMap(([name, property]) => collect(property, [...path, name]))]
}

const named = (schema: Record<string, unknown>): { header: string } => ({
  header: `mcp-param-${String(schema[annotation]).toLowerCase()}`,
})

/** @throws ProtocolError −32020 when a header does not repeat its argument; nothing is asked of other transports. */
export function checkMirrored(parameters: readonly MirroredParameter[], given: unknown, caller: Caller): void {
  for (const { header, path } of caller.header === undefined ? [] : parameters) {
    const value = path.reduce<unknown>((inside, name) => (isObject(inside) ? inside[name] : undefined), given)
    const text = caller.header?.(header)?.trim()
    const isAbsent = value === undefined || value === null
    if (isAbsent && text === undefined) continue
    if (text === undefined) throw mismatch(`${header} header is missing`)
    const decoded = decodeHeaderValue(text)
    if (decoded === undefined) throw mismatch(`${header} header is not valid base64`)
    if (isAbsent || !isSame(decoded, value)) throw mismatch(`${header} header does not match the body`)
  }
}

/** Numbers are compared as numbers. */
function isSame(text: string, value: unknown): boolean {
  if (typeof value === 'number') return text !== '' && Number(text) === value
  return (typeof value === 'string' || typeof value === 'boolean') && text === String(value)
}

const mismatch = (what: string): ProtocolError => new ProtocolError(code.headerMismatch, `Header mismatch: ${what}`)
