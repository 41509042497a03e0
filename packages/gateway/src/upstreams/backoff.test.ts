import { expect, test } from 'vitest'
import { Backoff } from './backoff.ts'

const options = { firstMs: 100, longestMs: 1000, healthyMs: 5000 }

test('waits twice as long after each crash in a row, up to a limit', () => {
  const backoff = new Backoff(options)

  expect([0, 0, 0, 0, 0, 0].map(lived => backoff.next(lived))).toEqual([100, 200, 400, 800, 1000, 1000])
})

test('forgets the crashes of a server that was healthy since', () => {
  const backoff = new Backoff(options)
  backoff.next(0)
  backoff.next(0)

  expect(backoff.next(5000)).toBe(100)
})
