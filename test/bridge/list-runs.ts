import { type CacheHint, code } from '@interlock/protocol'
import { expect } from 'vitest'
import { type Cell, call, errorOf, type ListMethod, listed, named, pagesOf, type Run, textOf, uriOf } from './cell.ts'
import { hints, manyPrompts } from './upstream.ts'

const lists = [
  ['tools', 'tools/list', named('added')],
  ['prompts', 'prompts/list', named('added')],
  ['resources', 'resources/list', uriOf('added')],
] as const

/** Of all kinds at once: the gateway reads a list that changes again and again only now and then. */
const listChanged: Run = async ({ end, route }) => {
  const some = route.depth === 'wire' ? lists.slice(0, 1) : lists
  await Promise.all(
    some.map(async ([kind, method, added]) => {
      const isListed = async (): Promise<boolean> =>
        (await listed(end, method)).some(entry => entry.uri === added || entry.name === added)
      const grown = end.host.changes.next(change => change.kind === kind)
      await call(end, 'grow', { kind })
      await grown
      expect(await isListed()).toBe(true)
      if (kind === 'tools') expect(textOf(await call(end, 'added'))).toBe('I am new')
      const shrunk = end.host.changes.next(change => change.kind === kind)
      await call(end, 'shrink', { kind })
      await shrunk
      expect(await isListed()).toBe(false)
    }),
  )
}

const resourceUpdates: Run = async ({ end }) => {
  const uri = uriOf('visits')
  const { changes } = end.host
  const before = changes.all.length
  const updates = (): string[] => changes.all.slice(before).flatMap(change => ('uri' in change ? [change.uri] : []))
  await using _ = await end.subscribe(uri)
  const updated = changes.next(({ kind }) => kind === 'resource')
  await call(end, 'visit')
  await updated
  expect(new Set(updates())).toEqual(new Set([uri]))
}

const pages: Run = async ({ end }) => {
  const all = await pagesOf(end, 'prompts/list')
  expect(all.map(({ length }) => length > 0)).toEqual([true, true])
  expect(all[0]).toHaveLength(1000)
  const names = all.flat().map(({ name }) => name)
  const own = Array.from({ length: manyPrompts }, (_, at) => named(`p${at}`))
  expect(names).toEqual([named('paint'), named('rich'), ...own, 'beside__last'])
  if (end.own !== undefined) expect((await end.own.listPrompts()).map(({ name }) => name)).toEqual(names)
  const error = await errorOf(end.request('prompts/list', { cursor: 'forged' }))
  expect(error.code).toBe(code.invalidParams)
}

const refs = [
  { type: 'ref/prompt', name: named('paint') },
  { type: 'ref/resource', uri: uriOf('colours/{colour}') },
] as const

const argument = { name: 'colour', value: 'b' }

const completion: Run = async ({ end }) => {
  for (const ref of refs) {
    const { completion } = await end.request('completion/complete', { ref, argument })
    expect(completion).toEqual({ values: ['black', 'blue'], total: 2, hasMore: false })
  }
}

const context: Run = async ({ end }) => {
  for (const ref of refs) {
    const chosen = { context: { arguments: { mood: 'calm' } } }
    const { completion } = await end.request('completion/complete', { ref, argument, ...chosen })
    expect(completion).toMatchObject({ values: ['blue'] })
  }
}

/** How long one result may be kept, as the client is told. */
async function hintOf({ end }: Cell, method: string, params: object): Promise<CacheHint | undefined> {
  if (end.own === undefined) {
    const { ttlMs, cacheScope } = await end.request(method, { ...params })
    return ttlMs === undefined ? undefined : ({ ttlMs, scope: cacheScope } as CacheHint) // as the specification has them
  }
  const told: (CacheHint | undefined)[] = []
  await end.own.request(method, { ...params }, { onCacheHint: hint => told.push(hint) })
  return told[0]
}

/** Nothing is known of how long it may be kept. */
const never: CacheHint = { ttlMs: 0, scope: 'private' }

/** A part of its time may have passed in the gateway. */
function expectHint(hint: CacheHint | undefined, { ttlMs, scope }: CacheHint): void {
  expect(hint?.scope).toBe(scope)
  expect(hint?.ttlMs).toBeGreaterThan(ttlMs / 2)
  expect(hint?.ttlMs).toBeLessThanOrEqual(ttlMs)
}

const resourceHints: Run = async cell => {
  const isModern = cell.client.features.era === 'modern'
  for (const path of ['visits', 'secret'] as const) {
    const hint = await hintOf(cell, 'resources/read', { uri: uriOf(path) })
    if (cell.rule.kind === 'carried') expectHint(hint, hints[path])
    else expect(hint).toEqual(isModern ? never : undefined)
  }
}

const listHints: Run = async cell => {
  const methods: ListMethod[] = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']
  for (const method of methods) {
    const hint = await hintOf(cell, method, {})
    if (cell.rule.kind !== 'carried') expect(hint).toBeUndefined()
    else if (cell.server.features.era === 'legacy') expect(hint).toEqual(never)
    else expectHint(hint, { ttlMs: hints.lists.ttlMs / 2, scope: 'private' })
  }
}

export const listRuns = {
  'changes of lists': listChanged,
  'changes of a resource': resourceUpdates,
  'pages of lists': pages,
  completion: completion,
  'completion with the arguments chosen so far': context,
  'cache hints of resources': resourceHints,
  'cache hints of lists': listHints,
} satisfies Readonly<Record<string, Run>>
