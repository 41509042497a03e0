import { expect, test } from 'vitest'
import { cases } from './cases.ts'

const names = (...words: string[]): string[] => cases(words, '').map(({ name }) => name)

test('words choose cases that have one of each kind', () => {
  expect(names('http', '10mb')).toEqual(['http 10mb arguments', 'http 10mb results'])
  expect(names('stdio', 'modern', '1mb', 'results')).toEqual(['stdio modern 1mb results'])
  expect(names()).toHaveLength(12)
})

test('the baseline is kept, whoever else is chosen', () => {
  const [first] = cases(['http'], 'interlock')
  expect(first?.contestants.map(({ name }) => name)).toEqual(['bare', 'interlock, zod'])
})
