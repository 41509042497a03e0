import { expect, test } from 'vitest'
import { figures, undisturbed, type Window, wrongOf } from './turns.ts'

const window = (cpuMicroseconds: number | undefined, disturbed = 0): Window => ({
  calls: 100,
  ms: 10,
  wrong: 0,
  cpuNs: cpuMicroseconds === undefined ? undefined : cpuMicroseconds * 100_000,
  disturbed,
})

test('figures are medians over undisturbed windows', () => {
  expect(figures([window(10), window(11), window(12), window(90, 0.5)])).toMatchObject({
    cpuMicroseconds: 11,
    kept: '3 of 4',
    callsPerSecond: 10_000,
  })
})

test('when nearly all were disturbed, the less disturbed half counts', () => {
  const windows = [0.5, 0.2, 0.4, 0.3, 0.7, 0.01, 0.6, 0.8].map(disturbed => window(1, disturbed))
  expect(undisturbed(windows).map(({ disturbed }) => disturbed)).toEqual([0.01, 0.2, 0.3, 0.4])
})

test('without CPU times from the system there is no figure for them', () => {
  expect(figures([window(undefined)]).cpuMicroseconds).toBeUndefined()
})

test('a wrong answer fails the run with the name of the contestant', () => {
  const right = { name: 'bare', ...figures([window(10)]) }
  const wrong = { name: 'ours', ...figures([window(10), { ...window(10), wrong: 1, firstWrong: '{"id":2}' }]) }
  expect(wrongOf([right, wrong])).toEqual({ wrong: 'a wrong answer with ours: {"id":2}' })
  expect(wrongOf([right])).toEqual({})
})
