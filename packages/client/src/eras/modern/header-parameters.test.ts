import { expect, test } from 'vitest'
import { headerParameters, mirrored } from './header-parameters.ts'

const at = (header: unknown, type = 'string'): object => ({ type, 'x-mcp-header': header })
const object = (properties: object): object => ({ type: 'object', properties })

test('parameters are found along chains of properties', () => {
  const schema = object({
    region: at('Region'),
    deep: object({ count: at('Count', 'integer') }),
    plain: { type: 'string' },
  })
  expect(headerParameters(schema)).toEqual({
    kind: 'sound',
    parameters: [
      { header: 'mcp-param-region', path: ['region'] },
      { header: 'mcp-param-count', path: ['deep', 'count'] },
    ],
  })
})

test.each([
  ['an empty name', object({ a: at('') }), /"" is no header name/],
  ['a name with a line break', object({ a: at('A\r\nB') }), /is no header name/],
  ['a name twice, however written', object({ a: at('Same'), b: at('same') }), /mcp-param-same is named twice/],
  ['a number', object({ a: at('A', 'number') }), /not on a string, an integer or a boolean/],
  ['the root', { ...object({}), 'x-mcp-header': 'A' }, /no chain of properties leads/],
  ['an item of a list', object({ a: { type: 'array', items: at('A') } }), /no chain of properties leads/],
  ['an alternative', object({ a: { anyOf: [at('A')] } }), /no chain of properties leads/],
  ['a definition', { ...object({}), $defs: { a: at('A') } }, /no chain of properties leads/],
])('%s makes the tool invalid', (_, schema, reason) => {
  expect(headerParameters(schema)).toEqual({ kind: 'broken', reason: expect.stringMatching(reason) })
})

test('a property of that name and examples that hold it are no annotation', () => {
  const schema = object({
    'x-mcp-header': { type: 'string' },
    a: { type: 'object', default: at('A'), examples: [at('B')] },
  })
  expect(headerParameters(schema)).toEqual({ kind: 'sound', parameters: [] })
})

test('values become text; what is absent, null or no such value has no header', () => {
  const parameters = ['text', 'count', 'flag', 'none', 'gone', 'large'].map(name => ({
    header: `mcp-param-${name}`,
    path: ['in', name],
  }))
  const args = { in: { text: 'größe', count: -7, flag: false, none: null, large: 2 ** 60 } }
  expect(mirrored(parameters, args)).toEqual({
    'mcp-param-text': '=?base64?Z3LDtsOfZQ==?=',
    'mcp-param-count': '-7',
    'mcp-param-flag': 'false',
  })
  expect(mirrored(parameters, undefined)).toEqual({})
})
