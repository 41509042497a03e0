import { type Definitions, isAnything, literal, memberKey, type Schema, target } from './schema.ts'

/** TypeScript source with one exported type per definition. */
export function renderTypes(definitions: Definitions): string {
  return Object.entries(definitions)
    .map(([name, schema]) => declaration(name, schema))
    .join('\n\n')
}

function declaration(name: string, schema: Schema): string {
  return schema.type === 'object'
    ? `export interface ${name} ${object(schema, '')}`
    : `export type ${name} = ${type(schema, '')}`
}

function type(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return target(schema.$ref)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(branch => type(branch, indent)))].join(' | ')
  if (schema.allOf) return schema.allOf.map(branch => grouped(type(branch, indent))).join(' & ')
  if (schema.type === undefined) return 'unknown'
  if (schema.type === 'object') return object(schema, indent)
  if (schema.type === 'array') return `${grouped(type(schema.items ?? {}, indent))}[]`
  return [schema.type].flat().map(primitive).join(' | ')
}

function object(schema: Schema, indent: string): string {
  const required = new Set(schema.required)
  const inner = `${indent}  `
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => `${inner}${memberKey(name)}${required.has(name) ? '' : '?'}: ${type(member, inner)}`,
  )
  const further = index(schema, inner)
  if (further !== undefined) members.push(`${inner}[key: string]: ${further}`)
  return members.length === 0 ? '{}' : `{\n${members.join('\n')}\n${indent}}`
}

/** The type of members that have no name of their own, or nothing when the schema does not speak of them. */
function index(schema: Schema, indent: string): string | undefined {
  const named = Object.keys(schema.properties ?? {}).length > 0
  const further = schema.additionalProperties
  if (further === undefined || typeof further === 'boolean') return named && further !== true ? undefined : 'unknown'
  if (named && !isAnything(further))
    throw new Error('an object has both named members and typed further ones; teach tools/generate/types.ts about it')
  return type(further, indent)
}

const grouped = (source: string): string => (/^[\w']+$|^\{[^{}]*\}$/.test(source) ? source : `(${source})`)

function primitive(name: string): string {
  if (name === 'integer') return 'number'
  if (['string', 'number', 'boolean', 'null'].includes(name)) return name
  throw new Error(`type "${name}" is not known to tools/generate/types.ts`)
}
