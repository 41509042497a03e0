import { chain, isObject, type Members, members } from '../lowering.ts'

/** Until 2025-11-25 structured content is an object. Other values travel as its one member `result`. */
export const wrapStructured = (result: Members): Members => {
  const { structuredContent } = result
  return structuredContent === undefined || isObject(structuredContent)
    ? result
    : { ...result, structuredContent: { result: structuredContent } }
}

/** A tool's schemas as this revision describes them: both are object schemas whose properties are written as objects. */
export const describeTool = (tool: Members): Members => {
  const { inputSchema, outputSchema } = tool
  const input = isObject(inputSchema) ? writtenOut(inputSchema) : inputSchema
  const output = isObject(outputSchema) ? writtenOut(objectSchema(outputSchema)) : outputSchema
  if (input === inputSchema && output === outputSchema) return tool
  return { ...tool, inputSchema: input, ...(output !== undefined && { outputSchema: output }) }
}

/** `true` and `false` are schemas in JSON Schema, but not in this revision's description of one. */
const writtenOut = chain(
  members('properties', schema => (schema === true ? {} : schema === false ? { not: {} } : schema)),
)

/**
 * The schema that what `wrapStructured` sends will match. A schema that may also be met by an object has to accept both
 * the value as it is and the value wrapped.
 */
function objectSchema(schema: Members): Members {
  const { type, $schema, ...rest } = schema
  if (type === 'object') return schema
  const dialect = $schema === undefined ? {} : { $schema }
  const inner = type === undefined ? rest : { type, ...rest }
  if (type !== undefined && !(Array.isArray(type) && type.includes('object'))) {
    return { ...dialect, ...wrapped(inner, '#/properties/result') }
  }
  const place = '#/anyOf/0/properties/result'
  return { ...dialect, type: 'object', anyOf: [wrapped(inner, place), { $ref: place }] }
}

function wrapped(schema: Members, place: string): Members {
  return { type: 'object', properties: { result: moved(schema, place) }, required: ['result'] }
}

/** Values under these keywords are data, whatever they look like. */
const dataKeywords = new Set(['const', 'enum', 'default', 'examples'])

/** A schema with its local references pointing at where it now is. A schema with its own `$id` carries its references along. */
function moved(schema: Members, place: string): Members {
  if (schema.$id !== undefined) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === '$ref' && typeof value === 'string') return [keyword, movedReference(value, place)]
      return [keyword, dataKeywords.has(keyword) ? value : movedInside(value, place)]
    }),
  )
}

function movedInside(value: unknown, place: string): unknown {
  if (Array.isArray(value)) return value.map(item => movedInside(item, place))
  return isObject(value) ? moved(value, place) : value
}

const movedReference = (reference: string, place: string): string =>
  reference === '#' || reference.startsWith('#/') ? place + reference.slice(1) : reference
