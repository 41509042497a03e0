import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { read } from '../../bench/figures.ts'
import { figureOf, goals } from '../../bench/goals.ts'
import { homeless, withFigures } from './document.ts'

const path = (relative: string) => new URL(`../../${relative}`, import.meta.url)
const page = readFileSync(path('docs/performance.md'), 'utf8')
const figures = read(path('bench/figures.json'))

test('docs/performance.md shows the figures that were kept; otherwise run "npm run generate"', () => {
  expect(page).toBe(withFigures(page, figures))
})

test('every table that was kept has a place', () => {
  expect(homeless(page, figures)).toEqual([])
})

test('no figure was kept of a run with wrong answers', () => {
  expect(figures.tables.filter(({ wrong }) => wrong !== undefined)).toEqual([])
})

test('every goal is about a figure that was kept', () => {
  const missing = goals.filter(goal => figureOf(goal, figures) === undefined)
  expect(missing).toEqual([])
})

test('a place for a table that was never measured is an error', () => {
  expect(() => withFigures('<!-- figures: none -->\n<!-- end -->', figures)).toThrow('no table "none"')
})
