import { isObject } from '@interlock/protocol'
import { isStandardSchema, type SchemaIssue, type StandardSchema, toJsonSchema } from './schema.ts'

/** What the schema of one field of a form may say (specification: Elicitation, Requested Schema). */
const fieldMembers: ReadonlySet<string> = new Set([
  'type',
  'title',
  'description',
  'default',
  'enum',
  'enumNames',
  'oneOf',
  'anyOf',
  'items',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'format',
])
const formats: ReadonlySet<unknown> = new Set(['email', 'uri', 'date', 'date-time'])
const fieldTypes: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'array'])

/**
 * The schema of a form as clients are sent it: a flat object of primitive fields, without keywords they need not know.
 * @throws TypeError for a schema that no form can show.
 */
export function formSchema(schema: StandardSchema | Readonly<Record<string, unknown>>): Record<string, unknown> {
  const json = isStandardSchema(schema) ? toJsonSchema(schema, 'input', 'the schema given to elicit') : schema
  const { properties, required } = json
  if (json['type'] !== 'object' || !isObject(properties)) {
    throw new TypeError('the schema given to elicit must be an object with properties')
  }
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, formField(name, field)])),
    ...(Array.isArray(required) ? { required } : {}),
  }
}

function formField(name: string, field: unknown): Record<string, unknown> {
  if (!isObject(field)) throw new TypeError(`field "${name}" given to elicit has no schema`)
  const type = field['type'] ?? (Array.isArray(field['enum']) ? 'string' : undefined)
  if (!fieldTypes.has(type)) {
    throw new TypeError(`field "${name}" given to elicit must be a string, number, boolean or a list of choices`)
  }
  if (type === 'array' && choicesOf(field['items']) === undefined) {
    throw new TypeError(`the list "${name}" given to elicit needs items with an enum, or anyOf of const and title`)
  }
  const members = Object.entries({ ...field, type }).filter(
    ([member, value]) => fieldMembers.has(member) && (member !== 'format' || formats.has(value)),
  )
  return Object.fromEntries(members)
}

/** What is wrong with the content of an answer, one line each. Forms are flat, so this is all there is to check. */
export function formIssues(form: Record<string, unknown>, content: Readonly<Record<string, unknown>>): SchemaIssue[] {
  const properties = isObject(form['properties']) ? form['properties'] : {}
  const required = new Set<unknown>(Array.isArray(form['required']) ? form['required'] : [])
  return Object.entries(properties).flatMap(([name, field]) => {
    const value = Object.hasOwn(content, name) ? content[name] : undefined
    if (value === undefined) return required.has(name) ? [{ path: [name], message: 'is required' }] : []
    const message = isObject(field) ? fieldIssue(field, value) : undefined
    return message === undefined ? [] : [{ path: [name], message }]
  })
}

function fieldIssue(field: Readonly<Record<string, unknown>>, value: unknown): string | undefined {
  switch (field['type']) {
    case 'string':
      return typeof value === 'string' ? textIssue(field, value) : 'must be a string'
    case 'number':
    case 'integer':
      return numberIssue(field, value)
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    default:
      return listIssue(field, value)
  }
}

function textIssue(field: Readonly<Record<string, unknown>>, value: string): string | undefined {
  const choices = choicesOf(field)
  if (choices !== undefined && !choices.includes(value)) return `must be one of ${choices.join(', ')}`
  const { minLength, maxLength } = field
  if (typeof minLength === 'number' && value.length < minLength) return `must have at least ${minLength} characters`
  if (typeof maxLength === 'number' && value.length > maxLength) return `must have at most ${maxLength} characters`
  return undefined
}

function numberIssue(
  { type, minimum, maximum }: Readonly<Record<string, unknown>>,
  value: unknown,
): string | undefined {
  if (typeof value !== 'number') return 'must be a number'
  if (type === 'integer' && !Number.isInteger(value)) return 'must be a whole number'
  if (typeof minimum === 'number' && value < minimum) return `must be at least ${minimum}`
  if (typeof maximum === 'number' && value > maximum) return `must be at most ${maximum}`
  return undefined
}

function listIssue(
  { items, minItems, maxItems }: Readonly<Record<string, unknown>>,
  value: unknown,
): string | undefined {
  if (!Array.isArray(value)) return 'must be a list'
  const choices = choicesOf(items) ?? []
  if (!value.every(item => choices.includes(item))) return `must be some of ${choices.join(', ')}`
  if (typeof minItems === 'number' && value.length < minItems) return `must have at least ${minItems} items`
  if (typeof maxItems === 'number' && value.length > maxItems) return `must have at most ${maxItems} items`
  return undefined
}

/** The values that a field, or the items of a list, may have; undefined when it is free. */
function choicesOf(schema: unknown): readonly unknown[] | undefined {
  if (!isObject(schema)) return undefined
  if (Array.isArray(schema['enum'])) return schema['enum']
  const titled = schema['oneOf'] ?? schema['anyOf']
  return Array.isArray(titled) ? titled.map(choice => (isObject(choice) ? choice['const'] : undefined)) : undefined
}
