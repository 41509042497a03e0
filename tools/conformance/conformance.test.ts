import { expect, test } from 'vitest'
import { legsOf, readList } from './listing.ts'
import { type Check, judge } from './verdict.ts'

const listing = `Server scenarios:
  - ping [2025-11-25]
  - tools-list [2025-11-25,2026-07-28]
  - tasks [extension]
  - auth/basic [2026-07-28]
`

test('every scenario runs at every version that it has; authorization does not', () => {
  const list = readList(listing)
  expect(list[1]).toEqual({ name: 'tools-list', tags: ['2025-11-25', '2026-07-28'] })
  expect(legsOf('server', list)).toEqual([
    {
      name: 'server 2025-11-25',
      side: 'server',
      version: '2025-11-25',
      isExtension: false,
      scenarios: ['ping', 'tools-list'],
    },
    { name: 'server 2026-07-28', side: 'server', version: '2026-07-28', isExtension: false, scenarios: ['tools-list'] },
    {
      name: 'server 2026-07-28 extensions',
      side: 'server',
      version: '2026-07-28',
      isExtension: true,
      scenarios: ['tasks'],
    },
  ])
  expect(legsOf('client', list).map(({ name }) => name)).toContain('client 2025-11-25 extensions')
})

const ok: Check = { id: 'a', status: 'SUCCESS' }
const form: Check = { id: 'wire-schema-valid', status: 'SUCCESS' }
const bad: Check = { id: 'b', status: 'FAILURE', errorMessage: 'it did\n not' }
const skipped: Check = { id: 'c', status: 'SKIPPED' }

test.each([
  ['something was looked at', 0, [ok, form], 'passed'],
  ['a check failed', 0, [ok, bad], 'failed'],
  ['the tool says so', 1, [ok], 'failed'],
  ['nothing was looked at but the form', 0, [form, skipped], 'skipped'],
  ['nothing was written', 0, undefined, 'failed'],
] as const)('%s: %#', (_, exitCode, checks, outcome) => {
  expect(judge(exitCode, checks, 'boom').outcome).toBe(outcome)
})

test('a failure says what failed, in one line', () => {
  expect(judge(1, [bad], '').remarks).toEqual(['b: it did not'])
  expect(judge(1, undefined, 'one\nthe last line\n').remarks).toEqual(['the last line'])
})
