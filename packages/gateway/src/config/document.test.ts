import { expect, test } from 'vitest'
import { parseDocument, plain } from './document.ts'
import { ConfigError, describe as describeError } from './error.ts'

function failure(text: string): string {
  try {
    parseDocument(text, 'c.json')
  } catch (error) {
    if (error instanceof ConfigError) return describeError(error)
    throw error
  }
  return 'it was read'
}

test('comments, trailing commas and a byte order mark are read', () => {
  const { root } = parseDocument('\uFEFF// servers\n{ "a": [1, "x",], /* none */ "b": { "c": null, }, }', 'c.json')
  expect(plain(root)).toEqual({ a: [1, 'x'], b: { c: null } })
})

test('places count from 1 and do not see the byte order mark', () => {
  const document = parseDocument('\uFEFF{\r\n  "a": 1\n}', 'c.json')
  expect(document.place(0)).toEqual({ file: 'c.json', line: 1, column: 1 })
  expect(document.place(5)).toEqual({ file: 'c.json', line: 2, column: 3 })
})

test('a key named __proto__ is a key like any other', () => {
  const { root } = parseDocument('{ "__proto__": { "x": 1 } }', 'c.json')
  expect(Object.keys(plain(root) as object)).toEqual(['__proto__'])
})

test.each([
  ['', 'c.json:1:1  the file is empty; an object with "mcpServers" is expected'],
  ['{ "a": 1 "b": 2 }', 'c.json:1:10  the file is not valid JSON: a "," is missing before this'],
  ['{\n "a" 1 }', 'c.json:2:6  the file is not valid JSON: a ":" is missing before this'],
  [
    '{ "a": "x\n}',
    'c.json:1:8  the file is not valid JSON: this string is not closed on its line; add the missing double quote',
  ],
  ['{ "a": {', 'c.json:1:9  the file is not valid JSON: the text ends before an object is closed; add the missing "}"'],
  [
    '{ "a": [1',
    'c.json:1:10  the file is not valid JSON: the text ends before an array is closed; add the missing "]"',
  ],
  [
    "{ 'a': 1 }",
    'c.json:1:3  the file is not valid JSON: a string begins with another quotation mark; use straight double quotes: "',
  ],
  [
    '{ “a”: 1 }',
    'c.json:1:3  the file is not valid JSON: a string begins with another quotation mark; use straight double quotes: "',
  ],
  [
    '{ command: 1 }',
    'c.json:1:3  the file is not valid JSON: a bare word; member names and strings go in double quotes',
  ],
  [
    '{ "a": "C:\\Users" }',
    'c.json:1:8  the file is not valid JSON: this string holds a backslash before a letter that cannot follow it; write \\\\ for a backslash',
  ],
  ['{ "a": 1,, "b": 2 }', 'c.json:1:10  the file is not valid JSON: a member name in double quotes is expected here'],
  [
    '{} {}',
    'c.json:1:4  the file is not valid JSON: nothing may follow the closing brace; remove the rest or move it inside',
  ],
  ['{} /* x', 'c.json:1:4  the file is not valid JSON: this comment is never closed; add "*/"'],
])('%j is refused with its place', (text, expected) => {
  expect(failure(text).split('\n')[0]).toBe(expected)
})

test('the line at fault is shown with a caret, and values in it are masked', () => {
  const text = '{ "mcpServers": { "a": {\n\t"command": "npx", "env": { "TOKEN": "sk-123" "B": "x" }\n} } }'
  expect(failure(text).split('\n').slice(1)).toEqual([
    '     "command": "***", "env": { "TOKEN": "******" "B": "*" }',
    '                                                  ^',
  ])
})

test('a secret whose quote is missing is masked as well', () => {
  expect(failure('{ "TOKEN: "sk-123/abc+def==" }')).not.toMatch(/sk-123|abc|def/)
})

test('a long line is cut around the fault', () => {
  const [, line = '', caret = ''] = failure(`{ "a": "${'x'.repeat(500)}" "command": 1 }`).split('\n')
  expect(line.length).toBeLessThan(80)
  expect(line.slice(caret.indexOf('^'))).toBe('"command": * }')
})

test('nesting without end is refused', () => {
  expect(failure('['.repeat(500_000))).toBe('c.json  the file is nested too deeply to be read; remove levels')
})
