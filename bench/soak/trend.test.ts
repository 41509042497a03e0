import { expect, test } from 'vitest'
import { growth } from './trend.ts'

const samples = (values: readonly number[]) => values.map((value, at) => ({ ms: at * 1_000, value }))

test('what grows steadily has grown by that much', () => {
  expect(growth(samples([10, 12, 14, 16]))).toBeCloseTo(6)
})

test('what goes up and down has not grown', () => {
  expect(Math.abs(growth(samples([10, 14, 10, 14, 10])))).toBeLessThan(0.001)
})

test('one sample, or none, is no trend', () => {
  expect([growth([]), growth(samples([10]))]).toEqual([0, 0])
})
