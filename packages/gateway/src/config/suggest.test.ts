import { expect, test } from 'vitest'
import { didYouMean, editDistance } from './suggest.ts'

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['command', 'commnd', 1],
  ['env', 'vne', 2],
  ['kitten', 'sitting', 3],
])('from "%s" to "%s" are %i edits', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
  expect(editDistance(b, a)).toBe(distance)
})

test.each([
  ['commnd', 'command'],
  ['Command', 'command'],
  ['arg', 'args'],
  ['urll', 'url'],
  ['id', undefined],
  ['description', undefined],
])('the known word near "%s" is %s', (word, known) => {
  expect(didYouMean(word, ['command', 'args', 'cwd', 'url'])).toBe(known)
})

test('the nearest of several wins', () => {
  expect(didYouMean('headrs', ['header', 'headers'])).toBe('headers')
  expect(didYouMean('server', ['servers', 'mcpServers'])).toBe('servers')
})
