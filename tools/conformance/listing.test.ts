import { expect, test } from 'vitest'
import { legsOf, readList } from './listing.ts'

const text = `Server scenarios (test against a server):
  - server-initialize [2025-06-18,2025-11-25]
  - server-stateless [2026-07-28]
  - tools-list [2025-06-18,2025-11-25,2026-07-28]
  - tasks-lifecycle [extension]
`

test('the scenarios of the tool are read with their versions, headings left out', () => {
  expect(readList(text)).toEqual([
    { name: 'server-initialize', tags: ['2025-06-18', '2025-11-25'] },
    { name: 'server-stateless', tags: ['2026-07-28'] },
    { name: 'tools-list', tags: ['2025-06-18', '2025-11-25', '2026-07-28'] },
    { name: 'tasks-lifecycle', tags: ['extension'] },
  ])
})

test('each scenario runs at every version it has', () => {
  expect(legsOf('server', readList(text)).map(({ name, scenarios }) => [name, scenarios])).toEqual([
    ['server 2025-06-18', ['server-initialize', 'tools-list']],
    ['server 2025-11-25', ['server-initialize', 'tools-list']],
    ['server 2026-07-28', ['server-stateless', 'tools-list']],
    ['server 2026-07-28 extensions', ['tasks-lifecycle']],
  ])
})

test('a client meets extensions with and without sessions', () => {
  expect(legsOf('client', [{ name: 'skills', tags: ['extension'] }])).toEqual([
    {
      name: 'client 2025-11-25 extensions',
      side: 'client',
      version: '2025-11-25',
      isExtension: true,
      scenarios: ['skills'],
    },
    {
      name: 'client 2026-07-28 extensions',
      side: 'client',
      version: '2026-07-28',
      isExtension: true,
      scenarios: ['skills'],
    },
  ])
})
