import { expect, test } from 'vitest'
import type { Section } from './section.ts'
import { choose } from './sections.ts'

const section = (name: string, ...words: string[]): Section => ({ name, about: '', words: [words], async *run() {} })
const all = [section('calls', 'http', 'stdio'), section('gateway'), section('payload', 'http')]
const chosen = (...words: string[]) => choose(words, all).map(found => [found.section.name, ...found.words])

test('without words everything is measured', () => {
  expect(chosen()).toEqual([['calls'], ['gateway'], ['payload']])
})

test('a section is chosen by its name, and hears the words it understands', () => {
  expect(chosen('gateway')).toEqual([['gateway']])
  expect(chosen('gateway', 'payload', 'http')).toEqual([['gateway'], ['payload', 'http']])
})

test('words alone choose the sections that understand all of them', () => {
  expect(chosen('http')).toEqual([
    ['calls', 'http'],
    ['payload', 'http'],
  ])
  expect(chosen('http', 'stdio')).toEqual([['calls', 'http', 'stdio']])
})

test('a word that nobody understands chooses nothing', () => {
  expect(chosen('gateway', 'http')).toEqual([])
  expect(chosen('websocket')).toEqual([])
})
