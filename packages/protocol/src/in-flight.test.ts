import { expect, test } from 'vitest'
import { InFlight } from './in-flight.ts'

test('what was set is there until it is deleted', () => {
  const inFlight = new InFlight<number | string, string>()
  inFlight.set(1, 'number')
  inFlight.set('1', 'text')
  expect([inFlight.get(1), inFlight.get('1'), inFlight.has(2), inFlight.size]).toEqual(['number', 'text', false, 2])
  expect([inFlight.delete(1), inFlight.delete(1)]).toEqual([true, false])
  expect([...inFlight]).toEqual([['1', 'text']])
  inFlight.clear()
  expect(inFlight.size).toBe(0)
})

test('what stays while thousands come and go is neither lost nor moved behind them', () => {
  const inFlight = new InFlight<number, number>()
  const slow = [0, 1, 2]
  for (const key of slow) inFlight.set(key, key)
  for (let key = 10; key < 5_000; key += 1) {
    inFlight.set(key, key)
    if (key > 10) expect(inFlight.delete(key - 1)).toBe(true)
    expect([...inFlight.values()]).toEqual([...slow, key])
  }
})

test('as many as there are can be in flight at once', () => {
  const inFlight = new InFlight<number, number>()
  for (let key = 0; key < 2_000; key += 1) inFlight.set(key, key)
  expect([inFlight.size, inFlight.get(0), inFlight.get(1_999)]).toEqual([2_000, 0, 1_999])
})

test('entries may be deleted while they are looked through', () => {
  const inFlight = new InFlight<number, number>()
  for (const key of [1, 2, 3]) inFlight.set(key, key)
  const seen: number[] = []
  for (const value of inFlight.values()) {
    seen.push(value)
    inFlight.delete(value)
    inFlight.delete(2)
  }
  expect([seen, inFlight.size]).toEqual([[1, 3], 0])
})
