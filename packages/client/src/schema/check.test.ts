import { describe, expect, test } from 'vitest'
import { valueCheck } from './check.ts'
import { schemaLimits } from './limits.ts'
import { Run } from './run.ts'

/** What a check says of a value: nothing, what is wrong, or why it cannot tell. */
function says(schema: unknown, value: unknown): string | undefined {
  const verdict = valueCheck(schema)(value, 'v')
  if (verdict.kind === 'fits') return undefined
  return verdict.kind === 'faulty' ? verdict.says : `${verdict.kind}: ${verdict.reason}`
}

const in2019 = 'https://json-schema.org/draft/2019-09/schema'
const in07 = 'http://json-schema.org/draft-07/schema#'
const person = {
  type: 'object',
  properties: { name: { type: 'string', minLength: 1 }, age: { type: 'integer' }, tags: { items: { type: 'string' } } },
  required: ['name'],
  additionalProperties: false,
}

describe('a fault is named with its place', () => {
  test.each<[unknown, unknown, string]>([
    [person, { age: 1 }, 'v.name is missing'],
    [person, { name: '' }, 'v.name must have at least 1 character'],
    [person, { name: 'a', tags: ['b', 2] }, 'v.tags[1] must be a string, not 2'],
    [person, { name: 'a', nick: 'b' }, 'v must not have the extra member "nick"'],
    [{ type: ['string', 'null'] }, [], 'v must be a string or null, not an array'],
    [{ enum: ['a', { b: 1 }] }, 'c', 'v must be one of "a", an object'],
    [{ const: { a: [1] } }, { a: [2] }, 'v must be an object'],
    [{ minimum: 3 }, 2, 'v must be at least 3'],
    [{ exclusiveMaximum: 3 }, 3, 'v must be less than 3'],
    [{ multipleOf: 0.01 }, 0.075, 'v must be a multiple of 0.01'],
    [{ maxLength: 1 }, '😀😀', 'v must have at most 1 character'],
    [{ pattern: '^a+$' }, 'ab', 'v must match the pattern "^a+$"'],
    [{ properties: { 'a b': false } }, { 'a b': 1 }, 'v["a b"] is not allowed'],
    [{ prefixItems: [{ type: 'string' }], items: false }, ['a', 1], 'v[1] is not allowed'],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      'v must not have the same item twice',
    ],
    [{ contains: { const: 1 }, minContains: 2 }, [1, 2], 'v must have at least 2 items of the kind under "contains"'],
    [{ minProperties: 2 }, { a: 1 }, 'v must have at least 2 members'],
    [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, 'v must not have a member named "ab"'],
    [{ patternProperties: { '^x-': { type: 'number' } } }, { 'x-a': '1' }, 'v["x-a"] must be a number, not a string'],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, 'v.b is missing'],
    [{ dependentSchemas: { a: { required: ['b'] } } }, { a: 1 }, 'v.b is missing'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 1, 'v must match one of the alternatives'],
    [{ oneOf: [{ type: 'string' }, { const: 'a' }] }, 'a', 'v must match exactly one alternative, not several'],
    [{ not: {} }, 1, 'v must not match what the schema excludes'],
    [JSON.parse('{"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":2}}'), 1, 'v must be at least 2'],
    [{ $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'null' } } }, 1, 'v must be null, not 1'],
    [{ $ref: '#n', $defs: { a: { $anchor: 'n', type: 'null' } } }, 1, 'v must be null, not 1'],
    [{ $id: 'https://a.example/x', $ref: 'https://a.example/x#/$defs/a', $defs: { a: false } }, 1, 'v is not allowed'],
    [
      { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { b: 1 },
      'v must not have the extra member "b"',
    ],
    [{ prefixItems: [{}], unevaluatedItems: false }, [1, 2], 'v must not have extra items'],
    [
      { allOf: [{ unevaluatedProperties: false }], properties: { a: {} } },
      { a: 1 },
      'v must not have the extra member "a"',
    ],
    [
      JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'),
      JSON.parse('{"__proto__":1}'),
      'v.__proto__ must be a string, not 1',
    ],
    [{ required: ['constructor'] }, {}, 'v.constructor is missing'],
    [{ $schema: in2019, items: [{ type: 'string' }], additionalItems: false }, ['a', 1], 'v[1] is not allowed'],
    [{ $schema: in07, dependencies: { a: ['b'] } }, { a: 1 }, 'v.b is missing'],
  ])('%j refuses %j', (schema, value, expected) => {
    expect(says(schema, value)).toBe(expected)
  })
})

test.each<[unknown, unknown]>([
  [true, 1],
  [{}, null],
  [person, { name: 'Ada', age: 36.0, tags: [] }],
  [{ format: 'email', 'x-vendor': 1, title: 'a' }, 'no address'],
  [{ type: 'integer' }, 1e300],
  [{ multipleOf: 0.0001 }, 0.0075],
  [{ const: { a: 1, b: 2 } }, { b: 2, a: 1 }],
  [{ uniqueItems: true }, [1, true, '1', [1], { a: 1 }, null]],
  [{ minLength: 2 }, 7],
  [{ $schema: in07, $ref: '#/definitions/a', type: 'string', definitions: { a: {} } }, 1],
  [{ dependencies: { a: ['b'] } }, { a: 1 }],
  [{ items: { $ref: '#' } }, [[[]], []]],
])('%j allows %j', (schema, value) => {
  expect(says(schema, value)).toBeUndefined()
})

test.each<[string, unknown, string]>([
  [
    'a network reference',
    { $ref: 'https://schemas.example/a.json' },
    'unusable: it refers to "https://schemas.example/a.json", which is outside of it and is never fetched',
  ],
  [
    'a file',
    { items: { $ref: 'file:///etc/passwd' } },
    'unusable: it refers to "file:///etc/passwd", which is outside of it and is never fetched',
  ],
  ['a reference to nothing', { $ref: '#/$defs/a' }, 'unusable: it refers to "#/$defs/a", which it has not'],
  [
    'another dialect',
    { $schema: 'https://a.example/mine' },
    'unusable: its dialect "https://a.example/mine" is not supported; 2020-12, 2019-09 and draft-07 are',
  ],
  ['an unknown type', { type: 'int' }, 'undecided: it has the type "int", which does not exist'],
  ['no schema', { anyOf: [7] }, 'undecided: a part of it that should be a schema is none'],
  ['a broken pattern', { items: { pattern: '(' } }, 'undecided: the pattern "(" is none'],
  [
    'several documents',
    { $ref: 'b#/a', $defs: { b: { $id: 'b' } } },
    'undecided: it is made of several documents, told apart by "$id"',
  ],
])('%s is told apart from a fault of the value', (_, schema, expected) => {
  expect(says(schema, ['a'])).toBe(expected)
})

const many = <Item>(count: number, item: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => item(at))

/** Schemas that refer to the next one twice, forty times over: 2^40 paths to the last. */
const doubling = (keyword: string, last: object): object => ({
  $ref: '#/$defs/0',
  $defs: Object.fromEntries(
    many(41, at => [at, at === 40 ? last : { [keyword]: many(2, () => ({ $ref: `#/$defs/${at + 1}` })) }]),
  ),
})
const nested = (levels: number): object => (levels === 0 ? {} : { not: nested(levels - 1) })
const lists = (levels: number): unknown => (levels === 0 ? [] : [lists(levels - 1)])
const long = (at: number): string => `${'x'.repeat(16_384)}${String(at).padStart(4, '0')}`

describe('a hostile schema or value', () => {
  const rows: [string, unknown, unknown][] = [
    ['a pattern that backtracks', { pattern: '^(a+)+$' }, `${'a'.repeat(100_000)}!`],
    ['a pattern with many ways', { pattern: 'a*a*a*a*a*a*a*b' }, 'a'.repeat(100_000)],
    ['a pattern that counts', { pattern: '((a{1000}){1000}){1000}' }, 'a'],
    ['a pattern that counts nothing', { pattern: '(a{0}){1000000000}' }, 'a'],
    ['a pattern that looks ahead', { pattern: '^(?=(a+)+$)' }, 'aaa'],
    ['a pattern that looks back', { pattern: '(a*)*\\1' }, 'aaa'],
    ['a pattern without end', { pattern: 'a'.repeat(100_000) }, 'a'],
    ['patterns for members', { patternProperties: { '(a|a)*b': {} } }, { ['a'.repeat(100_000)]: 1 }],
    ['very many patterns', { patternProperties: Object.fromEntries(many(9_000, at => [`^[${at}a]`, true])) }, { a: 1 }],
    ['doubling anyOf', doubling('anyOf', { type: 'number' }), 'x'],
    ['doubling oneOf', doubling('oneOf', { type: 'number' }), 'x'],
    ['doubling allOf', doubling('allOf', {}), 'x'],
    ['a reference to itself', { $ref: '#' }, 1],
    ['a reference to itself, twice', { anyOf: [{ $ref: '#' }, { $ref: '#' }] }, 1],
    ['a value as deep as the schema', { items: { $ref: '#' } }, lists(5_000)],
    ['a schema too deep', nested(5_000), 1],
    ['a huge enum', { enum: many(100_000, String) }, 'x'],
    ['an enum of long texts', { enum: many(1_000, long) }, 'x'],
    ['an enum of objects for many', { items: { enum: many(1_000, a => ({ a })) } }, many(9_000, () => ({ a: 999 }))],
    ['unique items', { uniqueItems: true }, many(200_000, at => at)],
    ['unique long texts', { uniqueItems: true }, many(1_000, long)],
    [
      'unique items with many members',
      { uniqueItems: true },
      [1, Object.fromEntries(many(100_000, at => [`m${at}`, 1]))],
    ],
    [
      'members that nothing has looked at',
      { anyOf: many(500, () => ({ patternProperties: { '': {} } })), unevaluatedProperties: false },
      Object.fromEntries(many(500, at => [`m${at}`, 1])),
    ],
    ['contains', { contains: { enum: many(1_000, a => ({ a })) } }, many(9_000, a => [a])],
  ]

  test.each(rows)('%s is given up within its steps', (_, schema, value) => {
    const run = new Run()
    const verdict = valueCheck(schema)(value, 'v', run)
    expect(verdict.kind).toBe('undecided')
    // What is counted before it is done may exceed the steps, once.
    expect(verdict.steps).toBeLessThan(schemaLimits.steps + 2_000_000)
  })
})

test('a table of a thousand rows is well within the steps', () => {
  const row = { id: 1, name: 'a row', tags: ['a', 'b'], at: '2026-01-01' }
  const schema = {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        id: { type: 'integer' },
        name: { type: 'string', minLength: 1 },
        tags: { type: 'array', items: { enum: ['a', 'b'] } },
        at: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
      },
      required: ['id', 'name'],
      additionalProperties: false,
    },
  }
  const verdict = valueCheck(schema)(
    many(1_000, () => row),
    'v',
  )
  expect(verdict.kind).toBe('fits')
  expect(verdict.steps).toBeLessThan(schemaLimits.steps * 0.6)
})

test('however deep the place, the sentence about it is short', () => {
  const name = 'n'.repeat(50)
  let value: unknown = 1
  for (let level = 0; level < 100; level += 1) value = { [name]: value }
  const verdict = valueCheck({ type: 'object', additionalProperties: { $ref: '#' } })(value, 'v')
  expect(verdict).toMatchObject({
    kind: 'faulty',
    says: expect.stringMatching(/^v\.n+.{100,200}… must be an object, not 1$/),
  })
})

test('what was prepared for one value serves the next, and each has all its steps', () => {
  const check = valueCheck({ items: { type: 'integer' } })
  const first = check(
    many(40_000, at => at),
    'v',
  )
  const second = check(
    many(40_000, at => at),
    'v',
  )
  expect([first.kind, second.kind]).toEqual(['fits', 'fits'])
  expect(second.steps).toBeLessThan(first.steps)
})
