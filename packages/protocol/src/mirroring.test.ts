import { expect, test } from 'vitest'
import { mirroredParameters, mirroringLimits, nameMember } from './mirroring.ts'

const at = (header: unknown, type = 'string'): object => ({ type, 'x-mcp-header': header })
const object = (properties: object): object => ({ type: 'object', properties })

test('parameters are found along chains of properties', () => {
  const schema = object({
    region: at('Region'),
    deep: object({ count: at('Count', 'integer') }),
    plain: { type: 'string' },
  })
  expect(mirroredParameters(schema)).toEqual({
    kind: 'sound',
    parameters: [
      { header: 'mcp-param-region', path: ['region'] },
      { header: 'mcp-param-count', path: ['deep', 'count'] },
    ],
  })
})

test.each([
  ['an empty name', object({ a: at('') }), /"" is no header name/],
  ['no name', object({ a: at(7) }), /is no string/],
  ['a name without end', object({ a: at('n'.repeat(100_000)) }), /^.{1,150}$/],
  ['a name with a line break', object({ a: at('A\r\nB') }), /is no header name/],
  ['a name twice, however written', object({ a: at('Same'), b: at('same') }), /names the header mcp-param-same twice/],
  ['a number', object({ a: at('A', 'number') }), /not on a string, an integer or a boolean/],
  ['the root', { ...object({}), 'x-mcp-header': 'A' }, /no chain of properties leads/],
  ['an item of a list', object({ a: { type: 'array', items: at('A') } }), /no chain of properties leads/],
  ['an alternative', object({ a: { anyOf: [at('A')] } }), /no chain of properties leads/],
  ['a definition', { ...object({}), $defs: { a: at('A') } }, /no chain of properties leads/],
])('%s makes the tool invalid', (_, schema, reason) => {
  expect(mirroredParameters(schema)).toEqual({ kind: 'broken', reason: expect.stringMatching(reason) })
})

test('a property of that name and examples that hold it are no annotation', () => {
  const schema = object({
    'x-mcp-header': { type: 'string' },
    a: { type: 'object', default: at('A'), examples: [at('B')] },
  })
  expect(mirroredParameters(schema)).toEqual({ kind: 'sound', parameters: [] })
})

const many = (count: number): object =>
  object(Object.fromEntries(Array.from({ length: count }, (_, nr) => [`p${nr}`, at(`h${nr}`)])))

test('a tool has no more headers than a server takes, however many it claims', () => {
  expect(mirroredParameters(many(mirroringLimits.parameters))).toMatchObject({ kind: 'sound' })
  expect(mirroredParameters(many(60_000))).toEqual({
    kind: 'broken',
    reason: 'it has more than 64 parameters with x-mcp-header',
  })
})

test('what lies too deep has no header and does no harm', () => {
  let schema = object({ a: at('Deep') })
  for (let level = 0; level < 20_000; level += 1) schema = object({ a: schema })
  expect(mirroredParameters(schema)).toEqual({ kind: 'sound', parameters: [] })
})

test.each([
  ['tools/call', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tools/list', undefined],
  ['constructor', undefined],
])('the header of %s repeats %s', (method, member) => {
  expect(nameMember(method)).toBe(member)
})
