import { expect, test } from 'vitest'
import { legacy, modern, newest, receivedByClients, revision, revisions } from './index.ts'

test('revisions are listed newest first', () => {
  const versions = revisions.map(({ version }) => version)
  expect(versions).toEqual([...versions].sort().reverse())
  expect([...modern, ...legacy]).toEqual(revisions)
  expect(revision(newest.version)).toBe(newest)
})

test.each(['constructor', '__proto__', 'toString', '1999-01-01'])(
  '%s is no revision, no method and no notification',
  name => {
    expect(revision(name)).toBeUndefined()
    for (const { requests, notifications, lower } of revisions) {
      expect([requests[name], notifications[name]]).toEqual([undefined, undefined])
      if (lower.results) expect(lower.results[name]).toBeUndefined()
    }
  },
)

test('a method that a revision does not have has no row', () => {
  expect(revisions.map(({ requests }) => 'ping' in requests)).toEqual([false, true, true, true, true])
  expect(revisions.map(({ requests }) => 'server/discover' in requests)).toEqual([true, false, false, false, false])
  expect(revisions.map(({ requests }) => 'elicitation/create' in requests)).toEqual([true, true, true, false, false])
  expect(revisions.map(({ requests }) => 'tasks/get' in requests)).toEqual([false, true, false, false, false])
})

test('rows say who sends what', () => {
  expect(revisions.map(({ requests }) => requests['sampling/createMessage']?.from)).toEqual(
    revisions.map(() => 'server'),
  )
  expect(revisions.map(({ requests }) => requests['tools/call']?.from)).toEqual(revisions.map(() => 'client'))
  expect(revisions.map(({ requests }) => requests.ping?.from)).toEqual([undefined, 'both', 'both', 'both', 'both'])
  const progress = revisions.map(({ notifications }) => notifications['notifications/progress']?.from)
  expect(progress).toEqual(['server', 'both', 'both', 'both', 'both'])
})

test('params may be absent where the schema says so', () => {
  expect(revisions.map(({ requests }) => requests['tools/list']?.params(undefined))).toEqual([
    false,
    true,
    true,
    true,
    true,
  ])
  expect(revisions.map(({ requests }) => requests['tools/call']?.params(undefined))).toEqual(revisions.map(() => false))
})

test.each(revisions)('$version: checks take any value without throwing and leave it as it is', revision => {
  const { requests, notifications, entries } = receivedByClients(revision)
  const bare: unknown = Object.assign(Object.create(null), { name: 'a', __proto__: null })
  const values = [
    undefined,
    null,
    0,
    Number.NaN,
    '',
    [],
    [null],
    {},
    bare,
    new Date(0),
    Symbol('s'),
    JSON.parse('{"__proto__":{"name":"a"}}'),
  ]
  const checks = [
    ...Object.values(requests).flatMap(({ params, result }) => [params, result]),
    ...Object.values(notifications).map(({ params }) => params),
    ...Object.values(entries),
  ]
  for (const check of checks) for (const value of values) expect(check(Object.freeze(value))).toBeTypeOf('boolean')
  expect(entries.Tool({ name: 'a', inputSchema: { type: 'object' }, unknown: true })).toBe(true)
  expect(entries.Tool({ name: 'a', inputSchema: { type: 'string' } })).toBe(false)
})
