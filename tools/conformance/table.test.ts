import { expect, test } from 'vitest'
import type { Leg } from './listing.ts'
import { count, type Result, tableOf } from './table.ts'

const at = (side: Leg['side'], version: string, isExtension = false): Leg => ({
  name: `${side} ${version}`,
  side,
  version,
  isExtension,
  scenarios: [],
})

const results: readonly Result[] = [
  { leg: at('server', '2025-11-25'), scenario: 'ping', outcome: 'passed', remarks: [] },
  { leg: at('server', '2025-11-25'), scenario: 'tools-list', outcome: 'passed', remarks: [] },
  { leg: at('server', '2026-07-28'), scenario: 'tools-list', outcome: 'failed', remarks: ['order: it changed'] },
  { leg: at('server', '2026-07-28', true), scenario: 'tasks', outcome: 'skipped', remarks: [] },
  { leg: at('client', '2025-11-25'), scenario: 'ping', outcome: 'passed', remarks: [] },
]

test('the table has a row for each scenario, a column for each version, and what failed below its row', () => {
  expect(tableOf(results)).toBe(`\
server        2025-11-25  2026-07-28
  ping        ok
  tools-list  ok          FAILED
      2026-07-28  order: it changed
  passed      2 of 2      0 of 1

server, extensions  2025-11-25  2026-07-28
  tasks                   skipped
  passed                  0 of 1

client        2025-11-25  2026-07-28
  ping        ok
  passed      1 of 1`)
})

test('results are counted by what they came to', () => {
  expect([count(results, 'passed'), count(results, 'failed'), count(results, 'skipped')]).toEqual([3, 1, 1])
})

test('no results make an empty table', () => {
  expect(tableOf([])).toBe('')
})
