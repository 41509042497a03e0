import { spawnSync } from 'node:child_process'
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { jsonSchema, limits } from './index.ts'

const person = jsonSchema({
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    age: { type: 'integer', minimum: 0 },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['name'],
  additionalProperties: false,
})

/** The issues as `path: message`, so that a test shows what a reader of the error sees. */
function issues(schema: Parameters<typeof jsonSchema>[0], value: unknown): string[] {
  const result = jsonSchema(schema)['~standard'].validate(value)
  return (result.issues ?? []).map(issue => `${issue.path.join('.')}: ${issue.message}`)
}

describe('validate', () => {
  test('gives back the very value, unknown to defaults', () => {
    const value = { name: 'Ada', tags: ['x'] }
    expect(person['~standard'].validate(value)).toEqual({ value })
    const schema = jsonSchema({ type: 'object', properties: { unit: { type: 'string', default: 'C' } } })
    const empty = {}
    const result = schema['~standard'].validate(empty)
    expect(result).toEqual({ value: {} })
    expect(result.issues === undefined && result.value).toBe(empty)
  })

  test('says where and what, one issue for each thing wrong', () => {
    expect(person['~standard'].validate({ age: 'old', tags: ['a', 2], nick: 'A' }).issues).toEqual([
      { path: ['name'], message: 'is required' },
      { path: [], message: 'must not have the extra member "nick"' },
      { path: ['age'], message: 'must be an integer' },
      { path: ['tags', 1], message: 'must be a string' },
    ])
  })

  test.each<[object, unknown, string[]]>([
    [{ type: ['string', 'null'] }, 1, [': must be a string or null']],
    [{ enum: ['a', 'b'] }, 'c', [': must be one of "a", "b"']],
    [{ const: { a: 1 } }, 'c', [': must be {"a":1}']],
    [{ minimum: 3 }, 1, [': must be at least 3']],
    [{ exclusiveMaximum: 3 }, 3, [': must be less than 3']],
    [{ type: 'string', minLength: 2 }, 'a', [': must have at least 2 characters']],
    [{ type: 'array', maxItems: 1 }, [1, 2], [': must have at most 1 item']],
    [{ pattern: '^a' }, 'b', [': must match the pattern "^a"']],
    [{ properties: { a: false } }, { a: 1 }, ['a: is not allowed']],
    [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, [': must not have a member named "ab"']],
    [
      { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { b: 1 },
      [': must not have the extra member "b"'],
    ],
    [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, true, [': must be a string, or must be a number']],
    [{ oneOf: [{ type: 'string' }, { const: 'a' }] }, 'a', [': must match exactly one alternative, not 2']],
    [
      { anyOf: [{ type: 'string' }, { type: 'object', properties: { k: { type: 'number' } } }] },
      { k: 'x' },
      [': must be a string, or "k" must be a number'],
    ],
    [{ properties: { 'a/b~c': { type: 'string' } } }, { 'a/b~c': 1 }, ['a/b~c: must be a string']],
  ])('%j refuses %j', (schema, value, expected) => {
    expect(issues({ ...schema }, value)).toEqual(expected)
  })

  test('follows references inside the document', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    }
    expect(issues(tree, { next: { next: {} } })).toEqual([])
    expect(issues(tree, { next: { next: 1 } })).toEqual(['next.next: must be an object'])
  })

  test('a value or reference that goes on for ever is an issue, not a crash', () => {
    let value: unknown = []
    for (let depth = 0; depth < 100_000; depth++) value = [value]
    expect(issues({ type: 'array', items: { $ref: '#' } }, value)).toEqual([': must not be nested so deeply'])
    expect(issues({ $ref: '#' }, 1)).toEqual([': must not be nested so deeply'])
  })
})

test('where code generation is forbidden, the schema is interpreted with the same verdicts', () => {
  const script = `
    import { jsonSchema } from '@interlock/json-schema'
    const schema = jsonSchema({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] })
    process.stdout.write(JSON.stringify([{ a: 'x' }, {}].map(value => schema['~standard'].validate(value))))`.replace(
    '@interlock/json-schema',
    new URL('./index.ts', import.meta.url).href,
  )
  const node = spawnSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module', '--eval', script],
    { encoding: 'utf8', cwd: import.meta.dirname },
  )
  expect(node.stderr).not.toMatch(/EvalError/)
  expect(JSON.parse(node.stdout)).toEqual([
    { value: { a: 'x' } },
    { issues: [{ path: ['a'], message: 'is required' }] },
  ])
})

describe('the wire', () => {
  test('carries the schema as it was written, also when it is changed later', () => {
    const written = { type: 'object', properties: { z: { type: 'string', 'x-mine': 1 }, a: {} }, title: 'T' }
    const before = JSON.stringify(written)
    const { jsonSchema: document } = jsonSchema(written)['~standard']
    written.title = 'changed'
    document.input({ target: 'draft-2020-12' }).title = 'changed'
    expect(JSON.stringify(document.input({ target: 'draft-2020-12' }))).toBe(before)
    expect(JSON.stringify(document.output({ target: 'draft-07' }))).toBe(before)
  })

  test('has no OpenAPI form', () => {
    expect(() => person['~standard'].jsonSchema.input({ target: 'openapi-3.0' })).toThrow(TypeError)
  })
})

describe('a schema is refused when it is made', () => {
  const nested = (depth: number): Record<string, unknown> => (depth === 0 ? {} : { not: nested(depth - 1) })
  const circle: Record<string, unknown> = {}
  circle.not = circle

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['too deep', nested(limits.schemaDepth), /nested more than 64 levels/],
    ['far too deep', nested(5_000), /nested more than 64 levels/],
    ['a circle', circle, /nested more than 64 levels/],
    ['too large', { anyOf: Array.from({ length: limits.subschemas }, () => ({})) }, /more than 5000 subschemas/],
    ['a network reference', { $ref: 'https://schemas.example/a.json' }, /is not fetched/],
    ['a network reference below', { items: { $dynamicRef: 'http://schemas.example#a' } }, /is not fetched/],
    ['a file reference', { $ref: 'file:///etc/passwd' }, /is not fetched/],
    ['a reference to nothing', { $ref: '#/$defs/a' }, /does not exist/],
    ['an unknown type', { properties: { a: { type: 'int' } } }, /type "int"; a type is one of string/],
    ['a broken pattern', { pattern: '(' }, /cannot be compiled/],
    ['not JSON', { default: 1n }, /not JSON/],
  ])('%s', (_, schema, message) => {
    expect(() => jsonSchema(schema)).toThrow(TypeError)
    expect(() => jsonSchema(schema)).toThrow(message)
  })

  test('but not for data and names that merely look like keywords', () => {
    expect(() => jsonSchema(nested(limits.schemaDepth - 1))).not.toThrow()
    expect(issues({ const: { $ref: 'https://a.example' } }, { $ref: 'https://a.example' })).toEqual([])
    expect(issues({ properties: { $ref: { type: 'string' }, type: { type: 'string' } } }, { type: 1 })).toEqual([
      'type: must be a string',
    ])
    const named = { $id: 'https://a.example/x', $ref: 'https://a.example/x#/$defs/n', $defs: { n: { type: 'number' } } }
    expect(issues(named, 'a')).toEqual([': must be a number'])
  })
})

describe('types', () => {
  test('the result is what the published interfaces ask for', () => {
    type Person = { name: string; age?: number; tags?: string[] }
    expectTypeOf(person).toExtend<StandardSchemaV1<Person> & StandardJSONSchemaV1<Person>>()
    expectTypeOf<StandardSchemaV1.InferOutput<typeof person>>().toEqualTypeOf<Person>()
  })

  test('scalars, enumerations, arrays and unions', () => {
    expectTypeOf(valueOf(jsonSchema({ type: 'string' }))).toEqualTypeOf<string>()
    expectTypeOf(valueOf(jsonSchema({ type: ['integer', 'null'] }))).toEqualTypeOf<number | null>()
    expectTypeOf(valueOf(jsonSchema({ enum: ['a', 1] }))).toEqualTypeOf<'a' | 1>()
    expectTypeOf(valueOf(jsonSchema({ const: true }))).toEqualTypeOf<true>()
    expectTypeOf(valueOf(jsonSchema({ type: 'array', items: { type: 'boolean' } }))).toEqualTypeOf<boolean[]>()
    expectTypeOf(valueOf(jsonSchema({ type: 'array' }))).toEqualTypeOf<unknown[]>()
    const either = jsonSchema({ anyOf: [{ type: 'string' }, { type: 'object', properties: { a: { const: 1 } } }] })
    expectTypeOf(valueOf(either)).toEqualTypeOf<string | { a?: 1 }>()
    expectTypeOf(valueOf(jsonSchema({ oneOf: [{ const: 'x' }, { const: 'y' }] }))).toEqualTypeOf<'x' | 'y'>()
  })

  test('objects', () => {
    expectTypeOf(valueOf(jsonSchema({ type: 'object' }))).toEqualTypeOf<{ [member: string]: unknown }>()
    const map = jsonSchema({ type: 'object', additionalProperties: { type: 'number' } })
    expectTypeOf(valueOf(map)).toEqualTypeOf<{ [member: string]: number }>()
    const nested = jsonSchema({
      type: 'object',
      properties: { at: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] } },
      required: ['at'],
    })
    expectTypeOf(valueOf(nested)).toEqualTypeOf<{ at: { x: number } }>()
  })

  test('what is not said, or not known when compiling, is unknown', () => {
    expectTypeOf(valueOf(jsonSchema({}))).toEqualTypeOf<unknown>()
    expectTypeOf(valueOf(jsonSchema({ $ref: '#/$defs/a', $defs: { a: {} } }))).toEqualTypeOf<unknown>()
    const foreign: Record<string, unknown> = { type: 'string' }
    expectTypeOf(valueOf(jsonSchema(foreign))).toEqualTypeOf<unknown>()
  })
})

function valueOf<Schema extends StandardSchemaV1>(schema: Schema): StandardSchemaV1.InferOutput<Schema>
function valueOf(schema: StandardSchemaV1): unknown {
  return schema['~standard'].types?.output
}
