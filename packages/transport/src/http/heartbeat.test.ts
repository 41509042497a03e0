import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Heartbeat } from './heartbeat.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('each is called at the interval, whenever it was added', () => {
  const heartbeat = new Heartbeat(25_000)
  const early = { keepAlive: vi.fn() }
  const late = { keepAlive: vi.fn() }
  heartbeat.add(early)
  vi.advanceTimersByTime(10_000)
  heartbeat.add(late)
  vi.advanceTimersByTime(15_000)
  expect([early.keepAlive.mock.calls.length, late.keepAlive.mock.calls.length]).toEqual([1, 0])
  vi.advanceTimersByTime(10_000)
  expect([early.keepAlive.mock.calls.length, late.keepAlive.mock.calls.length]).toEqual([1, 1])
  vi.advanceTimersByTime(50_000)
  expect([early.keepAlive.mock.calls.length, late.keepAlive.mock.calls.length]).toEqual([3, 3])
})

test('what was taken away is called no more, and without anything there is no timer', () => {
  const heartbeat = new Heartbeat(25_000)
  const beating = { keepAlive: vi.fn() }
  const slot = heartbeat.add(beating)
  heartbeat.remove(beating, slot)
  heartbeat.remove(beating, slot)
  expect(vi.getTimerCount()).toBe(0)
  heartbeat.add(beating)
  expect(vi.getTimerCount()).toBe(1)
})

test('one that goes away while it is called is called no more', () => {
  const heartbeat = new Heartbeat(25_000)
  const beating = {
    calls: 0,
    keepAlive() {
      this.calls += 1
      heartbeat.remove(this, slot)
    },
  }
  const slot = heartbeat.add(beating)
  vi.advanceTimersByTime(100_000)
  expect(beating.calls).toBe(1)
})
