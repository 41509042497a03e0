import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Lowerings } from '../../packages/protocol/src/revision.ts'
import { legacy, revisions } from '../../packages/protocol/src/revisions/index.ts'
import { rulesOf } from '../../packages/protocol/src/revisions/rules.ts'
import { bridgeDocument } from './document.ts'
import { features } from './table.ts'

test('docs/bridge.md is what the table says; otherwise run "npm run generate"', () => {
  const written = readFileSync(new URL('../../docs/bridge.md', import.meta.url), 'utf8')
  expect(written).toBe(bridgeDocument())
})

test('every feature has a rule for every pair', () => {
  const cells = features.flatMap(({ name, judge }) =>
    revisions.flatMap(client => revisions.map(server => ({ name, ...judge(client, server) }))),
  )
  expect(cells).toHaveLength(features.length * revisions.length ** 2)
  for (const cell of cells) if ('how' in cell) expect(cell.how, cell.name).toMatch(/^[^A-Z].*[^.]$/s)
})

test('between equals of the newest revision nothing is lowered', () => {
  const [newest] = revisions
  const kinds = features.flatMap(({ name, judge }) => {
    const { kind } = judge(newest, newest)
    return kind === 'lowered' ? [name] : []
  })
  expect(kinds).toEqual([])
})

test.each(legacy)(
  'each lowering to $version is told by a rule, and each rule is one of a lowering',
  async ({ version }) => {
    const { lower } = (await import(`../../packages/protocol/src/revisions/${version}/lower.ts`)) as {
      lower: Lowerings
    }
    const { results, requests, notifications, capabilities, info } = lower
    const rows = Object.entries({ results, requests, notifications }).flatMap(([kind, table]) =>
      Object.keys(table ?? {}).map(method => `${kind} ${method}`),
    )
    if (capabilities !== undefined) rows.push('capabilities')
    if (info !== undefined) rows.push('info')
    expect(new Set(rulesOf(version).flatMap(rule => rule.rows))).toEqual(new Set(rows))
  },
)
