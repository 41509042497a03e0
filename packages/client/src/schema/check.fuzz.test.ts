import { jsonSchema } from '@interlock/json-schema'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { valueCheck } from './check.ts'
import { Run } from './run.ts'

const names = fc.constantFrom('a', 'b', 'c')
const scalar = fc.oneof(
  fc.constantFrom(null, true, false, 0, 1, 1.5, -2, '', 'a', 'ab', 'b1'),
  fc.integer(),
  fc.string(),
)

/** Small values over few names, so that schema and value have something to do with each other. */
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

const types = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']
const size = fc.nat({ max: 3 })

const { schema } = fc.letrec<{ schema: Record<string, unknown> }>(tie => {
  const part = fc.oneof({ maxDepth: 3 }, fc.record({ type: fc.constantFrom(...types) }), tie('schema'))
  const parts = fc.array(part, { minLength: 1, maxLength: 2 })
  const table = fc.dictionary(names, part, { maxKeys: 2, noNullPrototype: true })
  const keywords: Record<string, fc.Arbitrary<unknown>> = {
    type: fc.oneof(fc.constantFrom(...types), fc.uniqueArray(fc.constantFrom(...types), { minLength: 1 })),
    enum: fc.array(value, { minLength: 1, maxLength: 4 }),
    const: value,
    minimum: fc.integer({ min: -3, max: 3 }),
    exclusiveMaximum: fc.integer({ min: -3, max: 3 }),
    multipleOf: fc.constantFrom(1, 2, 0.5),
    minLength: size,
    maxLength: size,
    pattern: fc.constantFrom('^a', 'b$', '^[ab]*$', '\\d', '^(a|b1)+$'),
    properties: table,
    required: fc.uniqueArray(names, { maxLength: 2 }),
    patternProperties: fc.dictionary(fc.constantFrom('^a', 'c', '_'), part, { maxKeys: 2, noNullPrototype: true }),
    additionalProperties: fc.oneof(fc.boolean(), part),
    propertyNames: fc.record({ maxLength: size }),
    minProperties: size,
    maxProperties: size,
    items: part,
    prefixItems: parts,
    contains: part,
    minItems: size,
    maxItems: size,
    uniqueItems: fc.boolean(),
    allOf: parts,
    anyOf: parts,
    oneOf: parts,
    not: part,
    if: part,
    else: part,
  }
  // Written so, since an object with a member of this name is taken for a promise.
  const all = [...Object.entries(keywords), ['then', part] as const]
  const keyword = fc.oneof(...all.map(([name, of]) => fc.tuple(fc.constant(name), of)))
  return { schema: fc.array(keyword, { maxLength: 3 }).map(members => Object.fromEntries(members)) }
})

/** As it comes from the wire. */
const wired = (json: unknown): unknown => JSON.parse(JSON.stringify(json))

test('values fit the schemas that they fit for the library that authors use', () => {
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 1, maxLength: 5 }), (document, values) => {
      const theirs = jsonSchema(document)['~standard']
      const ours = valueCheck(wired(document))
      for (const one of values.map(wired)) {
        const verdict = ours(one, 'v')
        expect(verdict).toMatchObject({ kind: theirs.validate(one).issues === undefined ? 'fits' : 'faulty' })
      }
    }),
    { numRuns: 500 },
  )
})

test('whatever stands for a schema, a check ends within its steps and never throws', () => {
  const keyword = fc.constantFrom(
    'type',
    'enum',
    'required',
    'properties',
    'items',
    'prefixItems',
    'allOf',
    'anyOf',
    '$ref',
    'pattern',
    'contains',
    'minContains',
    'uniqueItems',
    'unevaluatedProperties',
    'dependentSchemas',
    '$schema',
    '$id',
    '$anchor',
    'if',
    '#',
  )
  const { junk } = fc.letrec<{ junk: unknown }>(tie => ({
    junk: fc.oneof(
      { maxDepth: 4 },
      value,
      fc.constantFrom('#', '#/$defs/a', '#/', '#/%', 'http://127.0.0.1:9/', '(', '(a+)+'),
      fc.array(tie('junk'), { maxLength: 3 }),
      fc.dictionary(keyword, tie('junk'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))
  fc.assert(
    fc.property(junk, value, (document, one) => {
      const run = new Run(5_000)
      const verdict = valueCheck(wired(document))(wired(one), 'v', run)
      expect(['fits', 'faulty', 'unusable', 'undecided']).toContain(verdict.kind)
      expect(verdict.steps).toBeLessThan(50_000)
    }),
    { numRuns: 1_000 },
  )
})
