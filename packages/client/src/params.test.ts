import { expect, test } from 'vitest'
import { withMeta } from './params.ts'

test.each([
  ['none', { name: 'add' }],
  ['another', { _meta: { progressToken: 7 }, name: 'add' }],
  ['an undefined', { name: 'add', _meta: undefined }],
])('params with %s _meta get this one', (_, params) => {
  const before = structuredClone(params)
  expect(withMeta(params as Parameters<typeof withMeta>[0], { progressToken: 1 })).toEqual({
    _meta: { progressToken: 1 },
    name: 'add',
  })
  expect(params).toEqual(before)
})

test('a member that JSON may have and a literal may not stays a member', () => {
  const params = JSON.parse('{"__proto__":{"task":{}}}')
  const whole = withMeta(params, {})
  expect(JSON.stringify(whole)).toBe('{"_meta":{},"__proto__":{"task":{}}}')
  expect('task' in whole).toBe(false)
})
