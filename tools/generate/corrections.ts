import { type Definitions, mapValues, type Schema } from './schema.ts'

/**
 * A known flaw of the published schemas, put right before anything is generated or compared. The published
 * `schema.json` files are derived from `schema.ts`, which is normative; each row is a place where that derivation lost
 * something.
 */
export interface Correction {
  readonly reason: string
  applies(name: string, schema: Schema): boolean
  correct(schema: Schema): Schema
}

export const corrections: readonly Correction[] = [
  {
    reason: 'schema.ts says that a JSON value may be any number or null; schema.json allows integers only, and no null',
    applies: name => name === 'JSONValue',
    correct: schema => ({
      ...schema,
      ...(schema.anyOf && {
        anyOf: schema.anyOf.map(branch =>
          Array.isArray(branch.type) ? { ...branch, type: ['string', 'number', 'boolean', 'null'] } : branch,
        ),
      }),
    }),
  },
  {
    reason:
      'schema.ts says that answers of a form are string, number, boolean (or string[]); schema.json allows integers only',
    applies: name => name === 'ElicitResult',
    correct: numbersInContent,
  },
  {
    reason:
      'schema.ts lets _meta carry any further member (MetaObject is a record); schema.json loses it in what extends MetaObject',
    applies: (name, schema) => name.endsWith('MetaObject') && schema.additionalProperties === undefined,
    correct: openToMembers,
  },
]

/** The definitions with every correction that applies. */
export function corrected(definitions: Definitions): Definitions {
  return mapValues(definitions, (schema, name) =>
    corrections.filter(row => row.applies(name, schema)).reduce((fixed, row) => row.correct(fixed), schema),
  )
}

function openToMembers(schema: Schema): Schema {
  return { ...schema, additionalProperties: {} }
}

function numbersInContent(schema: Schema): Schema {
  const content = schema.properties?.content
  if (!content || typeof content.additionalProperties !== 'object') return schema
  const answer = content.additionalProperties
  const corrected = answer.anyOf ? { ...answer, anyOf: answer.anyOf.map(withNumber) } : withNumber(answer)
  return { ...schema, properties: { ...schema.properties, content: { ...content, additionalProperties: corrected } } }
}

function withNumber(schema: Schema): Schema {
  return Array.isArray(schema.type)
    ? { ...schema, type: schema.type.map(type => (type === 'integer' ? 'number' : type)) }
    : schema
}
