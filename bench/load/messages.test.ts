import { expect, test } from 'vitest'
import { isRight } from './messages.ts'
import { workloads } from './workloads.ts'

const add = workloads.find(({ tool }) => tool === 'add')!
const steps = workloads.find(({ tool }) => tool === 'steps')!
const sum = (text: string, more = {}) => ({ id: 7, result: { content: [{ type: 'text', text }], ...more } })
const progress = (progressToken: number) => ({ method: 'notifications/progress', params: { progressToken } })

test('a right answer has the id, the text and, in the modern era, the type of the result', () => {
  expect(isRight('legacy', add, 7, [sum('8')])).toBe(true)
  expect(isRight('modern', add, 7, [sum('8', { resultType: 'complete' })])).toBe(true)
})

test.each([
  ['another sum', [sum('9')]],
  ['an answer to another call', [{ ...sum('8'), id: 6 }]],
  ['a tool error', [sum('8', { isError: true })]],
  ['a protocol error', [{ id: 7, error: { code: -32603, message: 'Internal error' } }]],
  ['no answer', []],
  ['something before the reply', [progress(7), sum('8')]],
  ['what is no JSON', [undefined]],
])('%s is wrong', (_, messages) => {
  expect(isRight('legacy', add, 7, messages)).toBe(false)
})

test('a call that asked for progress has it before its reply', () => {
  expect(isRight('legacy', steps, 7, [progress(7), sum('8')])).toBe(true)
  expect(isRight('legacy', steps, 7, [progress(6), sum('8')])).toBe(false)
  expect(isRight('legacy', steps, 7, [sum('8')])).toBe(false)
})
