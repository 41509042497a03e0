import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeHeaderValue, encodeHeaderValue, standardHeaders } from './mirror.ts'

test.each([
  ['us-west1', 'us-west1'],
  ['two words', 'two words'],
  ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
  [' padded ', '=?base64?IHBhZGRlZCA=?='],
  ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
  ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
  ['', '=?base64??='],
])('%j travels as %s', (text, value) => {
  expect(encodeHeaderValue(text)).toBe(value)
  expect(decodeHeaderValue(value)).toBe(text)
})

test('every text comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const value = encodeHeaderValue(text)
      expect(value).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/)
      expect(decodeHeaderValue(value)).toBe(text)
    }),
  )
})

test.each(['=?base64?not base64?=', '=?base64?SGVsbG8?=', '=?base64?/w==?='])('%s cannot be decoded', value => {
  expect(decodeHeaderValue(value)).toBeUndefined()
})

test.each(['=?BASE64?SGVsbG8=?=', '=?base64?SGVsbG8=', '=?base64?='])(
  '%s is not wrapped and stands for itself',
  value => {
    expect(decodeHeaderValue(value)).toBe(value)
  },
)

test('a tool call repeats version, method and name', () => {
  expect(standardHeaders('tools/call', { name: 'größe' }, 'v')).toEqual({
    'mcp-protocol-version': 'v',
    'mcp-method': 'tools/call',
    'mcp-name': '=?base64?Z3LDtsOfZQ==?=',
  })
})

test('a read repeats the URI, and a list repeats no name', () => {
  expect(standardHeaders('resources/read', { uri: 'file:///a' }, 'v')['mcp-name']).toBe('file:///a')
  expect(standardHeaders('tools/list', { name: 'x' }, 'v')).toEqual({
    'mcp-protocol-version': 'v',
    'mcp-method': 'tools/list',
  })
})
