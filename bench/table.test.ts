import { expect, test } from 'vitest'
import { markdown, median } from './table.ts'

test('a table shows texts on the left, numbers on the right, and what could not be measured', () => {
  const columns = [
    { key: 'name', title: '' },
    { key: 'cpu', title: 'CPU × bare', digits: 2 },
    { key: 'calls', title: 'calls/s' },
  ]
  const rows = [
    { name: 'bare', cpu: 1, calls: 12_345.6 },
    { name: 'other', cpu: undefined, calls: 9 },
  ]
  expect(markdown({ name: 'x', title: 'X', columns, rows, note: 'Nothing else.' }).split('\n')).toEqual([
    '|  | CPU × bare | calls/s |',
    '| --- | ---: | ---: |',
    '| bare | 1.00 | 12,346 |',
    '| other | unavailable | 9 |',
    '',
    'Nothing else.',
  ])
})

test('the median of an even number of values is between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})
