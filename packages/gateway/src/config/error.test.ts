import { expect, test } from 'vitest'
import { ConfigError, describe as describeError, quoted } from './error.ts'

test('a description has the place in front and the hint indented below', () => {
  const error = new ConfigError('syntax', 'a "," is missing before this', {
    file: '.mcp.json',
    line: 3,
    column: 7,
    hint: '"b": 1\n^',
  })
  expect(describeError(error)).toBe('.mcp.json:3:7  a "," is missing before this\n    "b": 1\n    ^')
})

test('a description leaves out what is not known', () => {
  expect(describeError(new ConfigError('syntax', 'broken'))).toBe('broken')
  expect(describeError(new ConfigError('file_unreadable', 'gone', { file: 'x.json' }))).toBe('x.json  gone')
})

test('an error carries its code, its place and its cause', () => {
  const cause = new Error('inner')
  const error = new ConfigError('file_unreadable', 'gone', { file: 'x.json', cause })
  expect(error).toMatchObject({ name: 'ConfigError', code: 'file_unreadable', message: 'gone', file: 'x.json', cause })
  expect('line' in error).toBe(false)
})

test('a quoted name is escaped and clipped', () => {
  expect(quoted('a"b\n')).toBe('"a\\"b\\n"')
  expect(quoted('x'.repeat(100))).toHaveLength(62)
})
