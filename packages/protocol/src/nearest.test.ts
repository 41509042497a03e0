import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test.each([
  ['read_fiel', ['write_file', 'read_file', 'read_folder'], 'read_file'],
  ['READ_FILE', ['read_file'], 'read_file'],
  ['ad', ['add', 'sum'], 'add'],
  ['search', ['serch', 'sea'], 'serch'],
  ['qurey', ['limit', 'query'], 'query'],
  ['headrs', ['header', 'headers'], 'headers'],
  ['server', ['servers', 'mcpServers'], 'servers'],
  ['id', ['cwd'], undefined],
  ['Command', ['command'], 'command'],
  ['urll', ['url'], 'url'],
  ['list', ['last', 'lost'], 'last'],
  ['weather', ['time', 'date'], undefined],
  ['', ['abc'], undefined],
  ['x', [], undefined],
])('%j among %j is %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected)
})

test('long words are compared by their beginnings', () => {
  const long = 'a'.repeat(64)
  expect(nearest(`${long}${'b'.repeat(10_000)}`, [`${long}${'c'.repeat(10_000)}`])).toMatch(/^a+c+$/)
})

test('only so many candidates are looked at, even of a source without end', () => {
  let asked = 0
  function* endless(): Generator<string> {
    for (;;) yield `name${asked++}`
  }
  expect(nearest('weather', endless())).toBeUndefined()
  expect(asked).toBeLessThan(3000)
})
