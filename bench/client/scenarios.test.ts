import { expect, test } from 'vitest'
import { lean } from './contestants.ts'
import { kinds, scenarios } from './scenarios.ts'

const names = (...words: string[]): string[] => scenarios(words).map(({ name }) => name)

test('words choose what is measured, each among those of its kind', () => {
  expect(names('null')).toEqual(['null legacy single', 'null legacy many', 'null modern single', 'null modern many'])
  expect(names('http', 'modern', 'many')).toEqual(['http modern json many', 'http modern sse many'])
  expect(names('stdio', 'legacy', 'large')).toEqual(['stdio legacy large'])
})

test('every word chooses something, and no two scenarios have one name', () => {
  for (const word of kinds.flat()) expect(names(word), word).not.toEqual([])
  expect(new Set(names()).size).toBe(names().length)
})

test('a client is compared to one without a library, and what reads much to JSON.parse', () => {
  for (const { clients, tool } of scenarios([], 'interlock')) {
    const [first, ...others] = clients.map(({ name }) => name)
    expect(first).toBe(tool === 'add' ? lean : 'JSON.parse')
    expect(others).toContain('interlock')
  }
})
