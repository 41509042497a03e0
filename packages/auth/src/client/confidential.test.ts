import { expect, test } from 'vitest'
import { isConfidential } from './confidential.ts'

test.each([
  'https://mcp.example/mcp',
  'https://mcp.localhost/mcp',
  'http://localhost:3000/mcp',
  'http://127.0.0.1:3000/mcp',
  'http://127.8.9.1/mcp',
  'http://[::1]:3000/mcp',
])('a token may go to %s', url => {
  expect(isConfidential(new URL(url))).toBe(true)
})

test.each([
  ['http://mcp.example/mcp', 'on the way anybody reads it'],
  ['http://app.localhost:3000/mcp', 'it leads where a resolver says, which need not be this machine'],
  ['http://localhost./mcp', 'likewise'],
  ['http://127.0.0.1.example/mcp', 'it is a name'],
  ['http://10.0.0.1/mcp', 'it is another machine'],
])('no token goes to %s: %s', url => {
  expect(isConfidential(new URL(url))).toBe(false)
})
