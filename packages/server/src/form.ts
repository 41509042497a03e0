import { isObject } from '@interlock/protocol'
import { isStandardSchema, type StandardSchema, toJsonSchema } from './schema.ts'

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
  const members = Object.entries({ ...field, type }).filter(
    ([member, value]) => fieldMembers.has(member) && (member !== 'format' || formats.has(value)),
  )
  return Object.fromEntries(members)
}
