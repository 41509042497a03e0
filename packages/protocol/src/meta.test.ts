import { expect, test } from 'vitest'
import { metaKey, withoutEnvelope } from './meta.ts'

test('what belongs to one hop is taken off, the rest stays as it is', () => {
  const rest = { traceparent: '00-1-2-01', 'com.example/key': { a: 1 }, [metaKey.subscriptionId]: 1 }
  const meta = {
    [metaKey.protocolVersion]: 'x',
    [metaKey.clientInfo]: {},
    [metaKey.clientCapabilities]: {},
    [metaKey.logLevel]: 'info',
    [metaKey.progressToken]: 1,
  }
  expect(withoutEnvelope({ ...meta, ...rest })).toEqual(rest)
  expect(Object.keys(meta)).toHaveLength(5)
})

test('no `_meta` is an empty one', () => {
  expect(withoutEnvelope(undefined)).toEqual({})
})

test('a key named __proto__ is carried along like any other', () => {
  const meta = JSON.parse('{"__proto__":{"a":1},"progressToken":1}')
  expect(JSON.stringify(withoutEnvelope(meta))).toBe('{"__proto__":{"a":1}}')
})
