import { expect, test } from 'vitest'
import { words } from './words.ts'

test.each([
  ['node server.js', ['node', 'server.js']],
  ['  npx   -y  pkg ', ['npx', '-y', 'pkg']],
  [`run "two words" 'and "three" more'`, ['run', 'two words', 'and "three" more']],
  [`a"b"'c'd ""`, ['abcd', '']],
  ['my\\ dir/x \\"q\\"', ['my dir/x', '"q"']],
  ['C:\\tools\\server.exe --at "C:\\Program Files\\x"', ['C:\\tools\\server.exe', '--at', 'C:\\Program Files\\x']],
  ['"say \\"hi\\" \\\\ there"', ['say "hi" \\ there']],
  ['', []],
])('%s', (line, expected) => {
  expect(words(line)).toEqual(expected)
})

test('a quotation that is not closed is an error', () => {
  expect(() => words('node "server.js')).toThrow(
    new TypeError('the command line ends within a quotation that " begins: node "server.js'),
  )
})
