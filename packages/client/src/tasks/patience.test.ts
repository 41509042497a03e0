import { expect, test, vi } from 'vitest'
import { Patience } from './patience.ts'

test('what is over does not begin again when somebody who was asked answers after all', () => {
  const patience = new Patience(60_000, vi.fn())
  patience.hold()
  patience[Symbol.dispose]()
  patience.resume()
  patience.hold()
  patience.resume()
  expect(patience.deadlineAt).toBe(Number.POSITIVE_INFINITY)
})
