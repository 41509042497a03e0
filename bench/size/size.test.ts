import { expect, test } from 'vitest'
import { partOf } from './bundled.ts'
import { matches } from './installed.ts'

test('what a bundle is made of is told by package, and in ours by folder', () => {
  expect(partOf('../../packages/protocol/dist/revisions/2025-11-25/validate.gen.js')).toBe('protocol/revisions')
  expect(partOf('../../packages/server/dist/index.js')).toBe('server')
  expect(partOf('node_modules/@scope/one/node_modules/two/index.js')).toBe('two')
  expect(partOf('node_modules/@scope/one/index.js')).toBe('@scope/one')
})

test('a manifest leaves out files by their names and by their ends', () => {
  expect(matches('!**/*.map', 'index.js.map')).toBe(true)
  expect(matches('!**/*.map', 'map.js')).toBe(false)
  expect(matches('!**/.tsbuildinfo', '.tsbuildinfo')).toBe(true)
})
