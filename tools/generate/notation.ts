import { isAnything, type Schema, target } from './schema.ts'

/** A definition in the notation that `packages/protocol/src/definitions/read.ts` describes and reads. */
export function notation(schema: Schema): string {
  return alternatives(schema) ?? one(schema)
}

/** Written without a group around it: where nothing follows. */
function alternatives({ anyOf, allOf }: Schema): string | undefined {
  return anyOf?.map(one).join('|') ?? allOf?.map(one).join('&')
}

function one(schema: Schema): string {
  if (schema.$ref !== undefined) return target(schema.$ref)
  const group = alternatives(schema)
  if (group !== undefined) return `(${group})`
  if (schema.const !== undefined) return constant(schema.const)
  if (schema.enum) return schema.enum.map(constant).join('/')
  if (schema.type === 'object') return object(schema)
  if (schema.type === 'array') return array(schema)
  return schema.type === undefined ? '_' : [schema.type].flat().map(letter).join('/') + range(schema)
}

function object({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, member]) => `${memberName(name)}${required.includes(name) ? '' : '?'}:${notation(member)}`,
  )
  if (typeof additionalProperties === 'object' && !isAnything(additionalProperties)) {
    members.push(`*:${notation(additionalProperties)}`)
  }
  return `{${members.join(',')}}`
}

function array({ items, maxItems }: Schema): string {
  if (items === undefined && maxItems !== undefined)
    throw new Error('an array has a length but no items; teach notation.ts')
  return `[${items === undefined ? '' : notation(items)}${maxItems === undefined ? '' : `,${maxItems}`}]`
}

const range = ({ minimum, maximum }: Schema): string =>
  minimum === undefined && maximum === undefined ? '' : `(${minimum ?? ''},${maximum ?? ''})`

function constant(value: string | number | boolean): string {
  if (typeof value === 'boolean') throw new Error(`the constant ${value} is new; teach tools/generate/notation.ts`)
  return typeof value === 'string' ? quoted(value) : String(value)
}

const memberName = (name: string): string => (/^\w+$/.test(name) ? name : quoted(name))

function quoted(text: string): string {
  if (!/^[\w$ ./:-]*$/.test(text)) throw new Error(`${JSON.stringify(text)} has signs that the notation cannot quote`)
  return `"${text}"`
}

const letters: Readonly<Record<string, string>> = { string: 's', number: 'n', integer: 'i', boolean: 'b', null: 'z' }

function letter(type: string): string {
  const found = letters[type]
  if (found === undefined) throw new Error(`type "${type}" is not known to tools/generate/notation.ts`)
  return found
}
