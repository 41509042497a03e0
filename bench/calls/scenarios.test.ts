import { expect, test } from 'vitest'
import { scenarios } from './scenarios.ts'

const names = (...words: string[]) => scenarios(words, '').map(({ name }) => name)

test('words of one kind add to each other, words of several kinds narrow', () => {
  expect(names('http', 'legacy', 'add', 'steps')).toEqual(['http legacy add', 'http legacy steps'])
  expect(names('modern', 'echo')).toEqual(['http modern echo', 'stdio modern echo'])
  expect(names()).toHaveLength(16)
})

test('a word that means nothing chooses nothing', () => {
  expect(names('http', 'websocket')).toEqual([])
})

test('the baseline stays when contestants are narrowed', () => {
  const [found] = scenarios(['http', 'modern', 'add'], 'zod')
  expect(found?.contestants.map(({ name }) => name)).toEqual(['bare', 'interlock, zod'])
})

test('where something goes before the reply, contestants that only reply with JSON are not asked', () => {
  const [found] = scenarios(['http', 'legacy', 'steps'], '')
  expect(found?.contestants.map(({ reply }) => reply)).not.toContain('json')
})
