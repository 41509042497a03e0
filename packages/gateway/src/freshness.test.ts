import { newest } from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { Offering } from './offering.ts'
import { gate, ScriptedServer, tool } from './testing/scripted.ts'
import { Parking } from './upstreams/parked.ts'

afterEach(() => {
  vi.useRealTimers()
})

interface Stating {
  readonly ttlMs: number
  readonly listChanged?: boolean
}

/** A stateless server whose tools may be kept for so long. */
function stating({ ttlMs, listChanged = false }: Stating, tools: () => object[] | Promise<object[]>): ScriptedServer {
  return new ScriptedServer('s', {
    'server/discover': () => ({
      resultType: 'complete',
      supportedVersions: [newest.version],
      capabilities: { tools: { listChanged } },
      ttlMs: 0,
      cacheScope: 'private',
    }),
    'subscriptions/listen': () => new Promise(() => {}),
    'tools/list': async () => ({ resultType: 'complete', tools: await tools(), ttlMs, cacheScope: 'public' }),
  })
}

async function front(server: ScriptedServer, ...disabled: ScriptedServer[]): Promise<Offering & AsyncDisposable> {
  const offering = new Offering({
    servers: [server.spec, ...disabled.map(({ spec }) => ({ ...spec, disabled: true }))],
    info: { name: 'gateway', version: '1' },
    parking: new Parking(),
    open: () => server.open(),
  })
  offering.start()
  await offering.settled(5_000)
  return Object.assign(offering, { [Symbol.asyncDispose]: () => offering.close() })
}

const hour = 3_600_000

/** So much later, for clocks; timers go on as ever. */
const later = (ms: number): void => {
  const now = Date.now() + ms
  vi.useFakeTimers({ toFake: ['Date'], now })
}

const named = async (offering: Offering): Promise<unknown> => {
  const { result } = await offering.catalog.page('tools', undefined)
  return Object.values(result).flatMap((tools: { name: string }[]) => tools.map(({ name }) => name))
}

test.each([
  ['is over', { ttlMs: hour }],
  ['is over, though changes are told of,', { ttlMs: hour, listChanged: true }],
  ['never began, and of which no changes are told,', { ttlMs: 0 }],
])('a list whose time %s is read again before it is given', async (_, says) => {
  let tools = [tool('old')]
  const server = stating(says, () => tools)
  await using at = await front(server)
  tools = [tool('new')]
  if (says.ttlMs > 0) expect(await named(at)).toEqual(['s__old'])
  later(hour + 1_000)

  expect(await named(at)).toEqual(['s__new'])
  expect(server.count('tools/list')).toBe(2)
})

test('a list that is the same when it is read again may be kept again', async () => {
  const server = stating({ ttlMs: hour }, () => [tool('same')])
  await using at = await front(server)
  later(hour + 1_000)

  expect((await at.catalog.page('tools', undefined)).cache?.ttlMs).toBeGreaterThan(hour - 60_000)
})

test('a list of whose changes the server tells is not read again for being asked for', async () => {
  const server = stating({ ttlMs: 0, listChanged: true }, () => [tool('same')])
  await using at = await front(server)
  later(hour)

  expect(await named(at)).toEqual(['s__same'])
  expect(server.count('tools/list')).toBe(1)
})

test('many who ask at once make one request, and get the last list where the server takes too long', async () => {
  const answer = gate()
  let isSlow = false
  const server = stating({ ttlMs: hour }, async () => {
    if (isSlow) await answer.promise
    return [tool('same')]
  })
  await using at = await front(server)
  isSlow = true
  later(hour + 1_000)
  const asked = [named(at), named(at), named(at)]

  expect(await Promise.all(asked)).toEqual([['s__same'], ['s__same'], ['s__same']])
  expect(server.count('tools/list')).toBe(2)
  answer.open()
})

test('a server that is disabled says nothing against keeping a list', async () => {
  await using at = await front(
    stating({ ttlMs: hour }, () => []),
    new ScriptedServer('off'),
  )

  expect(await at.catalog.page('tools', undefined)).toMatchObject({ cache: { scope: 'public' } })
})
