import type { Tool } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

const tool: Tool = {
  name: 'search',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string' },
      limit: { type: 'integer' },
      deep: { type: 'boolean' },
      tags: { type: 'array' },
      anything: {},
    },
    additionalProperties: false,
  },
}
const read = (...pairs: string[]) => readArguments(pairs, undefined, tool)

test.each<[string, unknown]>([
  ['query=42', { query: '42' }],
  ['query=a=b', { query: 'a=b' }],
  ['query=', { query: '' }],
  ['limit=3', { limit: 3 }],
  ['deep=true', { deep: true }],
  ['tags=["a","b"]', { tags: ['a', 'b'] }],
  ['anything={"a":1}', { anything: { a: 1 } }],
  ['anything=plain', { anything: 'plain' }],
])('%s is read as the schema says', (pair, expected) => {
  expect(read(pair)).toEqual(expected)
})

test.each<[string, string]>([
  ['query', '"query" is not of the form key=value'],
  ['limit=many', 'argument "limit" must be integer, not "many"'],
  ['limit=1.5', 'argument "limit" must be integer, not "1.5"'],
  ['limit=', 'argument "limit" must be integer, not ""'],
  ['deep=1', 'argument "deep" must be boolean, not "1"'],
  ['tags=a', `argument "tags" must be array, not "a"; for example tags='["a","b"]'`],
  ['qurey=x', 'tool "search" has no argument "qurey"; did you mean "query"?'],
])('%s is refused with what was expected', (pair, message) => {
  expect(() => read(pair)).toThrow(message)
})

test('an argument is given once', () => {
  expect(() => read('query=a', 'query=b')).toThrow('argument "query" is given twice')
})

test('takes all arguments as one JSON object', () => {
  expect(readArguments([], '{"query":"x","limit":1}', tool)).toEqual({ query: 'x', limit: 1 })
  expect(() => readArguments([], '[1]', tool)).toThrow('--json must be an object')
  expect(() => readArguments(['query=x'], '{}', tool)).toThrow('not both')
})
