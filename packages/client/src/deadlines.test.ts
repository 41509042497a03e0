import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Deadlines, type Timed } from './deadlines.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

interface Waiting extends Timed {
  readonly name: string
  deadlineAt: number
}

/** What waits, and the names of those whose time came. */
function watched() {
  const entries = new Set<Waiting>()
  const expired: string[] = []
  const deadlines = new Deadlines(() => entries)
  const add = (name: string, ms: number): Waiting => {
    const entry = {
      name,
      deadlineAt: Date.now() + ms,
      expire() {
        expired.push(name)
        entries.delete(entry)
      },
    }
    entries.add(entry)
    deadlines.watch(entry)
    return entry
  }
  return { add, entries, deadlines, expired }
}

test('each entry expires at its time, by one timer', () => {
  const { add, expired } = watched()
  add('late', 300)
  add('early', 100)
  add('between', 200)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(199)
  expect(expired).toEqual(['early'])
  vi.advanceTimersByTime(101)
  expect(expired).toEqual(['early', 'between', 'late'])
  expect(vi.getTimerCount()).toBe(0)
})

test('a deadline that has moved on is waited for, and one that has moved nearer once that is told', () => {
  const { add, deadlines, expired } = watched()
  const [one, other] = [add('one', 100), add('other', 1_000)]
  one.deadlineAt += 100
  vi.advanceTimersByTime(150)
  expect(expired).toEqual([])
  other.deadlineAt = Date.now() + 10
  deadlines.watch(other)
  vi.advanceTimersByTime(10)
  expect(expired).toEqual(['other'])
  vi.advanceTimersByTime(40)
  expect(expired).toEqual(['other', 'one'])
})

test('a timer that nothing waits for keeps no process alive, until something waits again', () => {
  const { add, entries, deadlines, expired } = watched()
  const timer = vi.spyOn(globalThis, 'setTimeout')
  add('gone', 100)
  const { value } = timer.mock.results[0] as { value: NodeJS.Timeout }
  entries.clear()
  deadlines.rest()
  expect(value.hasRef()).toBe(false)
  add('next', 200)
  expect(value.hasRef()).toBe(true)
  vi.advanceTimersByTime(200)
  expect(expired).toEqual(['next'])
})
