import { expect, test } from 'vitest'
import { partOf } from './bundled.ts'

test('what a bundle is made of is told by package', () => {
  expect(partOf('../../dist/node_modules/@interlock/server/dist/index.js')).toBe('@interlock/server')
  expect(partOf('node_modules/@scope/one/node_modules/two/index.js')).toBe('two')
  expect(partOf('node_modules/@scope/one/index.js')).toBe('@scope/one')
})
