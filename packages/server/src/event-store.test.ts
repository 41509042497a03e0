import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type EventStoreLimits, eventStoreLimits, memoryEventStore } from './index.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A store that is told of events by number: ten characters each. */
function filled(limits: Partial<EventStoreLimits> = {}) {
  const store = memoryEventStore(limits)
  return {
    store,
    append: (session: string, stream: string, ...sequences: readonly number[]) => {
      for (const sequence of sequences) void store.append({ session, stream, sequence, text: 'x'.repeat(10) })
    },
    after: async (session: string, stream: string, sequence: number) =>
      (await store.after(session, stream, sequence))?.map(event => event.sequence),
  }
}

test('what came after an event on its stream is given out, and nothing of another', async () => {
  const { append, after } = filled()
  append('a', '1', 1, 2, 3)
  append('a', '2', 1)
  append('b', '1', 1, 2)
  expect(await after('a', '1', 1)).toEqual([2, 3])
  expect(await after('a', '1', 0)).toEqual([1, 2, 3])
  expect(await after('a', '2', 1)).toEqual([])
  expect(await after('b', '1', 0)).toEqual([1, 2])
})

test('names that look like two are kept apart', async () => {
  const { append, after } = filled()
  append('a', '1 2', 1)
  append('a 1', '2', 1, 2)
  expect(await after('a', '1 2', 0)).toEqual([1])
})

test.each([
  ['a', '9'],
  ['b', '1'],
  ['__proto__', 'constructor'],
])('stream %s/%s is not there', async (session, stream) => {
  const { append, after } = filled()
  append('a', '1', 1)
  expect(await after(session, stream, 0)).toBeUndefined()
})

test('the oldest events of a stream make room, and what is missing is told', async () => {
  const { append, after } = filled({ streamCharacters: 20 })
  append('a', '1', 1, 2, 3)
  expect(await after('a', '1', 0)).toBeUndefined()
  expect(await after('a', '1', 1)).toEqual([2, 3])
})

test('one session takes no room from others', async () => {
  const { append, after } = filled({ sessionCharacters: 20 })
  append('b', '1', 1)
  append('a', '1', 1)
  append('a', '2', 1, 2)
  expect(await after('a', '1', 0)).toBeUndefined()
  expect(await after('a', '2', 0)).toEqual([1, 2])
  expect(await after('b', '1', 0)).toEqual([1])
})

test('the stream begun first makes room when all are too many', async () => {
  const { append, after } = filled({ characters: 20 })
  append('a', '1', 1)
  append('b', '1', 1)
  append('a', '2', 1)
  expect(await after('a', '1', 0)).toBeUndefined()
  expect(await after('b', '1', 0)).toEqual([1])
})

test('an event larger than a stream may be cannot be resumed', async () => {
  const { append, after } = filled({ streamCharacters: 5 })
  append('a', '1', 1)
  expect(await after('a', '1', 0)).toBeUndefined()
  expect(await after('a', '1', 1)).toEqual([])
})

test('a stream is kept for a while after its last event', async () => {
  const { append, after } = filled()
  append('a', '1', 1)
  vi.advanceTimersByTime(eventStoreLimits.keptMs - 1)
  append('a', '1', 2)
  vi.advanceTimersByTime(eventStoreLimits.keptMs - 1)
  expect(await after('a', '1', 0)).toEqual([1, 2])
  vi.advanceTimersByTime(60_000)
  expect(await after('a', '1', 0)).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
})

test('what is dropped is gone, and a store that keeps nothing has no timer', async () => {
  const { store, append, after } = filled()
  append('a', '1', 1)
  append('a', '2', 1)
  void store.drop('a', '1')
  void store.drop('a', '7')
  expect(await after('a', '1', 0)).toBeUndefined()
  expect(await after('a', '2', 0)).toEqual([1])
  void store.drop('a', '2')
  expect(vi.getTimerCount()).toBe(0)
})
