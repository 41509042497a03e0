import { expect, test } from 'vitest'
import { Cancellation } from './cancellation.ts'

test('the signal is aborted with the first reason, and once', () => {
  const cancellation = new Cancellation()
  let aborted = 0
  cancellation.signal.addEventListener('abort', () => {
    aborted += 1
  })
  cancellation.abort('first')
  cancellation.abort('second')
  expect(cancellation.aborted).toBe(true)
  expect(cancellation.signal.reason).toBe('first')
  expect(aborted).toBe(1)
})

test('a signal that is asked for late is aborted already, with the reason', () => {
  const cancellation = new Cancellation()
  expect(cancellation.aborted).toBe(false)
  cancellation.abort('gone')
  expect(cancellation.signal.aborted).toBe(true)
  expect(cancellation.signal.reason).toBe('gone')
})

test('there is one signal', () => {
  const cancellation = new Cancellation()
  expect(cancellation.signal).toBe(cancellation.signal)
  expect(cancellation.signal.aborted).toBe(false)
})

test('without a reason it is an AbortError, as everywhere', () => {
  const cancellation = new Cancellation()
  cancellation.abort()
  expect(cancellation.signal.reason).toMatchObject({ name: 'AbortError' })
})

test('who listens is called once with the reason, in the order of asking, or at once when it is over', () => {
  const cancellation = new Cancellation()
  const called: unknown[] = []
  for (const name of ['first', 'second', 'third']) cancellation.onAbort(reason => called.push([name, reason]))
  cancellation.abort('gone')
  cancellation.abort('again')
  cancellation.onAbort(reason => called.push(['late', reason]))
  expect(called).toEqual(['first', 'second', 'third', 'late'].map(name => [name, 'gone']))
})

test.each([1, 2, 3])('one of %i that has left is not called any more', count => {
  const cancellation = new Cancellation()
  const called: number[] = []
  const listeners = Array.from({ length: count }, (_, index) => () => void called.push(index))
  for (const listener of listeners) cancellation.onAbort(listener)
  cancellation.forget(listeners[0] as () => void)
  cancellation.abort()
  expect(called).toEqual([1, 2].slice(0, count - 1))
})

test('without a reason, listeners and signal are told the same one', () => {
  const cancellation = new Cancellation()
  const told: unknown[] = []
  cancellation.onAbort(reason => told.push(reason))
  cancellation.abort()
  expect(cancellation.reason).toBeInstanceOf(DOMException)
  expect(told).toEqual([cancellation.signal.reason])
})
