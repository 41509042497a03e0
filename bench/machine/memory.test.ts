import { expect, test } from 'vitest'
import { kilobytes } from './memory.ts'

test('a line of a status is read as bytes', () => {
  expect(kilobytes('Name:\tnode\nVmHWM:\t   61236 kB\nVmRSS:\t   50000 kB\n', 'VmHWM')).toBe(61_236 * 1024)
  expect(kilobytes('Name:\tnode\n', 'VmHWM')).toBeUndefined()
})
