/** The part of JSON Schema that the published schemas of the specification use, and nothing else. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: string | number | boolean
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
}

export type Definitions = Readonly<Record<string, Schema>>

/** A published schema file: definitions sit under `definitions` (draft-07) or `$defs` (2020-12). */
export interface SchemaFile {
  readonly $schema: string
  readonly definitions?: Definitions
  readonly $defs?: Definitions
}

const constraints = new Set([
  '$ref',
  'type',
  'const',
  'enum',
  'anyOf',
  'allOf',
  'items',
  'maxItems',
  'minimum',
  'maximum',
  'properties',
  'required',
  'additionalProperties',
])

/** Keywords that constrain nothing. `format` is an annotation in both drafts unless a validator is told otherwise. */
const annotations = new Set(['description', 'title', 'default', 'examples', '$comment', 'format', 'deprecated'])

/** The constraints of a schema and of everything inside it, without prose. Throws on a keyword the generator cannot turn into a check. */
export function bare(schema: Schema, at: string): Schema {
  const kept: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (annotations.has(keyword)) continue
    if (!constraints.has(keyword))
      throw new Error(
        `${at} uses the keyword "${keyword}", which the generator does not know; teach tools/generate about it`,
      )
    kept[keyword] = value
  }
  const result: Schema = kept
  refuseLooseKeywords(result, at)
  return {
    ...result,
    ...(result.items && { items: bare(result.items, `${at}[]`) }),
    ...(result.anyOf && { anyOf: result.anyOf.map(branch => bare(branch, `${at}|`)) }),
    ...(result.allOf && { allOf: result.allOf.map(branch => bare(branch, `${at}&`)) }),
    ...(result.properties && {
      properties: mapValues(result.properties, (member, name) => bare(member, `${at}.${name}`)),
    }),
    ...(typeof result.additionalProperties === 'object' && {
      additionalProperties: bare(result.additionalProperties, `${at}{}`),
    }),
  }
}

/**
 * JSON Schema applies most keywords only to values of their type. The generated checks assume that the type is stated
 * beside the keyword, and that references and unions stand alone, so anything else is refused here.
 */
function refuseLooseKeywords(schema: Schema, at: string): void {
  const refuse = (problem: string): never => {
    throw new Error(`${at} ${problem}; teach tools/generate about it`)
  }
  const alone = Object.keys(schema).length === 1
  if (schema.$ref !== undefined && !alone) refuse('has constraints beside "$ref"')
  if ((schema.anyOf || schema.allOf) && !alone) refuse('has constraints beside "anyOf" or "allOf"')
  if ((schema.properties || schema.required || schema.additionalProperties !== undefined) && schema.type !== 'object')
    refuse('constrains members without saying that it is an object')
  if (schema.additionalProperties === false) refuse('forbids unknown members')
  if ((schema.items || schema.maxItems !== undefined) && schema.type !== 'array')
    refuse('constrains items without saying that it is an array')
  if ((schema.minimum ?? schema.maximum) !== undefined && schema.type !== 'number' && schema.type !== 'integer')
    refuse('has a range without saying that it is a number')
  if (schema.required?.some(name => !schema.properties?.[name])) refuse('requires a member it does not declare')
}

/** Name of the definition a reference points at. */
export const target = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1)

/** The schema behind a chain of references. */
export function resolve(schema: Schema, definitions: Definitions): Schema {
  return schema.$ref === undefined ? schema : resolve(definition(target(schema.$ref), definitions), definitions)
}

export function definition(name: string, definitions: Definitions): Schema {
  const found = definitions[name]
  if (!found) throw new Error(`the schema has no definition "${name}"`)
  return found
}

/** True when every value matches. */
export const isAnything = (schema: Schema | boolean): boolean => schema === true || Object.keys(schema).length === 0

export function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}

/** A member name as written in TypeScript source. */
export const memberKey = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name))

export const literal = (value: string | number | boolean): string =>
  typeof value === 'string'
    ? `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
    : String(value)
