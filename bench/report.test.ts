import { expect, test } from 'vitest'
import { contestants } from './contestants.ts'
import type { Window } from './measure.ts'
import { median, rows, table, undisturbed } from './report.ts'

const window = (cpuMicroseconds: number | undefined, disturbed = 0): Window => ({
  calls: 100,
  ms: 10,
  wrong: 0,
  cpuNs: cpuMicroseconds === undefined ? undefined : cpuMicroseconds * 100_000,
  disturbed,
})
const [baseline, other] = contestants

test('figures are medians over undisturbed windows, as ratios to the first contestant', () => {
  const found = rows([
    { contestant: baseline!, windows: [window(10), window(11), window(12), window(90, 0.5)] },
    { contestant: other!, windows: [window(22), window(22), window(22)] },
  ])
  expect(found.map(({ cpuRatio }) => cpuRatio)).toEqual([1, 2])
  expect(found[0]).toMatchObject({ cpuMicroseconds: 11, keptWindows: 3, windows: 4, callsPerSecond: 10_000 })
})

test('when nearly all were disturbed, the less disturbed half counts', () => {
  const windows = [0.5, 0.2, 0.4, 0.3, 0.7, 0.01, 0.6, 0.8].map(disturbed => window(1, disturbed))
  expect(undisturbed(windows).map(({ disturbed }) => disturbed)).toEqual([0.01, 0.2, 0.3, 0.4])
})

test('without CPU times from the system the table says so', () => {
  expect(table(rows([{ contestant: baseline!, windows: [window(undefined)] }]))).toContain('| unavailable |')
})

test('the median of an even number of values is between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})
