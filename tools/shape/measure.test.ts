import { expect, test } from 'vitest'
import { measure } from './measure.ts'

const text = `/** What
 * it is. */
export function pick(list: any[], wanted?: string): unknown {
  // the first
  for (const item of list) if (item && item.name === (wanted ?? 'x')) return item as unknown
  const later = (n: number): number => (n > 1 ? 1 : 2) // not counted here
  return list.length > 0 ? later(list.length) : undefined
}

class Box {
  static readonly sizes = ['s', 'm'] as const
  get open(): boolean {
    return !!this
  }
}
`

test('lines, comments, types and functions of a text are counted', () => {
  expect(measure('a.ts', text)).toEqual({
    lines: 15,
    filledLines: 14,
    commentLines: 3,
    any: 1,
    casts: 1,
    functions: [
      { name: 'pick', lines: 6, complexity: 6 },
      { name: 'later', lines: 1, complexity: 2 },
      { name: 'open', lines: 3, complexity: 1 },
    ],
  })
})

test('an empty text has no shape', () => {
  expect(measure('a.ts', '')).toEqual({ lines: 1, filledLines: 0, commentLines: 0, any: 0, casts: 0, functions: [] })
})
