import { expect, test } from 'vitest'
import { expand } from './cpu.ts'

test('a list of cores is written out', () => {
  expect(expand(' 0,2-4\n')).toEqual(['0', '2', '3', '4'])
})
