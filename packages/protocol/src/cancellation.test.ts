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

test('who listens is told once with the reason, and no more after it has left', () => {
  const cancellation = new Cancellation()
  const told: unknown[] = []
  const leaving = (): void => void told.push('left')
  cancellation.listen(reason => told.push(reason))
  cancellation.listen(leaving)
  cancellation.forget(leaving)
  cancellation.abort('gone')
  cancellation.abort('again')
  expect(told).toEqual(['gone'])
})

test('without a reason, listeners and signal are told the same one', () => {
  const cancellation = new Cancellation()
  const told: unknown[] = []
  cancellation.listen(reason => told.push(reason))
  cancellation.abort()
  expect(cancellation.reason).toBeInstanceOf(DOMException)
  expect(told).toEqual([cancellation.signal.reason])
})
