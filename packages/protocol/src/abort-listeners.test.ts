import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { forget, onAbort } from './abort-listeners.ts'
import { Cancellation } from './cancellation.ts'

test('everybody who listens is told the reason, once', () => {
  const controller = new AbortController()
  const told: unknown[] = []
  onAbort(controller.signal, reason => told.push(['first', reason]))
  onAbort(controller.signal, reason => told.push(['second', reason]))
  controller.abort('enough')
  controller.abort('again')
  expect(told).toEqual([
    ['first', 'enough'],
    ['second', 'enough'],
  ])
})

test('who has forgotten a signal hears nothing, and the others still do', () => {
  const controller = new AbortController()
  const told: string[] = []
  const gone = (): void => void told.push('gone')
  onAbort(controller.signal, gone)
  onAbort(controller.signal, () => told.push('stays'))
  forget(controller.signal, gone)
  controller.abort()
  expect(told).toEqual(['stays'])
})

test('a listener may forget another one while it is told', () => {
  const controller = new AbortController()
  const told: string[] = []
  const second = (): void => void told.push('second')
  onAbort(controller.signal, () => {
    told.push('first')
    forget(controller.signal, second)
  })
  onAbort(controller.signal, second)
  controller.abort()
  expect(told).toEqual(['first'])
})

test('a signal has one event listener, however many listen, and none when nobody does', () => {
  const { signal } = new AbortController()
  const stops = Array.from({ length: 100 }, () => () => {})
  for (const stop of stops) onAbort(signal, stop)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  for (const stop of stops) forget(signal, stop)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('who has forgotten can listen again, and a signal nobody listened to can be forgotten', () => {
  const controller = new AbortController()
  const told: unknown[] = []
  const listener = (reason: unknown): void => void told.push(reason)
  forget(controller.signal, listener)
  onAbort(controller.signal, listener)
  forget(controller.signal, listener)
  onAbort(controller.signal, listener)
  controller.abort('now')
  expect(told).toEqual(['now'])
})

test('what becomes a signal only when somebody looks is listened to without one', () => {
  const cancellation = new Cancellation()
  const told: unknown[] = []
  const gone = (): void => void told.push('gone')
  onAbort(cancellation, gone)
  onAbort(cancellation, reason => told.push(reason))
  forget(cancellation, gone)
  cancellation.abort('enough')
  expect(told).toEqual(['enough'])
})
