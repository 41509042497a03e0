import { type Call, complete, newest, type Outcome, type Params } from '@interlock/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ResultCache } from './cache.ts'
import type { Client } from './client.ts'
import { type ConnectOptions, connect } from './connect.ts'
import { clientLimits } from './limits.ts'
import { type Asked, legacyScript, modernScript, Scripted } from './testing/scripted.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const hints = { resultType: 'complete', ttlMs: 1_000, cacheScope: 'private' }
const tool = (name: string): object => ({ name, inputSchema: { type: 'object' } })

interface Joined {
  readonly client: Client
  readonly peer: Scripted
  /** How often a method was asked for. */
  count(method: string): number
}

/** Joined to a stateless server whose every answer says how many came before it. */
async function join(
  more: object = hints,
  options: ConnectOptions = {},
  kind: Scripted['kind'] = 'http',
): Promise<Joined> {
  let answers = 0
  const peer = new Scripted(
    kind,
    modernScript(asked => {
      if (asked.method === 'subscriptions/listen') return
      answers += 1
      asked.reply(answerTo(asked, answers, more))
    }),
  )
  const client = await connect(peer, options)
  return { client, peer, count: method => peer.asked.filter(asked => asked.method === method).length }
}

function answerTo({ method, params }: Asked, answers: number, more: object): object {
  switch (method) {
    case 'tools/list':
      return { tools: [tool(`t${answers}`)], ...more }
    case 'resources/read':
      return { contents: [{ uri: params['uri'], text: String(answers) }], ...more }
    case 'prompts/list':
      return { prompts: [], ...more }
    case 'resources/list':
      return { resources: [], ...more }
    case 'resources/templates/list':
      return { resourceTemplates: [], ...more }
    default:
      return { content: [], ...more }
  }
}

const lists = ['listTools', 'listPrompts', 'listResources', 'listResourceTemplates'] as const

test.each([
  ...lists.map(name => [name, (client: Client) => client[name]()] as const),
  ['readResource', (client: Client) => client.readResource('a:1')] as const,
])('%s takes a result that is fresh, and asks again when it is stale', async (_, ask) => {
  const { client, peer } = await join()
  const first = await ask(client)
  const asked = peer.asked.length
  vi.advanceTimersByTime(999)
  expect(await ask(client)).toEqual(first)
  expect(peer.asked).toHaveLength(asked)
  vi.advanceTimersByTime(1)
  await ask(client)
  expect(peer.asked).toHaveLength(asked + 1)
})

test.each([
  ['a time of 0', { ...hints, ttlMs: 0 }],
  ['no time', { resultType: 'complete' }],
])('a result with %s is not kept', async (_, more) => {
  const { client, count } = await join(more)
  await client.listTools()
  await client.listTools()
  expect(count('tools/list')).toBe(2)
})

test('what is no list and no resource is not kept, whatever the server says', async () => {
  const { client, count } = await join()
  await client.callTool('a')
  await client.callTool('a')
  expect(count('tools/call')).toBe(2)
})

test('other params are another result; trace context is none of them, other metadata is', async () => {
  const { client, count } = await join()
  await client.readResource('a:1')
  await client.readResource('a:2')
  expect(count('resources/read')).toBe(2)
  await client.readResource('a:1', { meta: { traceparent: '00-1-1-01' } })
  expect(count('resources/read')).toBe(2)
  await client.readResource('a:1', { meta: { 'example.com/tenant': 'b' } })
  expect(count('resources/read')).toBe(3)
})

test('"reload" asks and keeps the answer, "no-store" asks and keeps nothing', async () => {
  const { client, count } = await join()
  const text = async (cache?: 'default' | 'reload' | 'no-store'): Promise<unknown> =>
    (await client.readResource('a:1', cache && { cache })).contents[0]
  expect(await text('no-store')).toMatchObject({ text: '1' })
  expect(await text()).toMatchObject({ text: '2' })
  expect(await text('no-store')).toMatchObject({ text: '3' })
  expect(await text('default')).toMatchObject({ text: '2' })
  expect(await text('reload')).toMatchObject({ text: '4' })
  expect(await text()).toMatchObject({ text: '4' })
  expect(count('resources/read')).toBe(4)
})

test('a client may keep nothing at all', async () => {
  const { client, count } = await join(hints, { cache: false })
  await client.listTools()
  await client.listTools()
  expect(count('tools/list')).toBe(2)
})

test('whoever changes a result changes it for nobody else', async () => {
  const { client } = await join()
  ;(await client.listTools()).splice(0)
  expect(await client.listTools()).toHaveLength(1)
})

test('an error is not kept', async () => {
  const peer = new Scripted(
    'http',
    modernScript(asked => asked.fail(-32603, 'no', hints)),
  )
  const client = await connect(peer)
  await expect(client.listTools()).rejects.toThrow('no')
  await expect(client.listTools()).rejects.toThrow('no')
})

test('a result that a server with sessions sends has no hints that mean anything', async () => {
  const peer = new Scripted(
    'http',
    legacyScript(asked => asked.reply({ tools: [], ttlMs: 1_000, cacheScope: 'public' })),
  )
  const client = await connect(peer)
  await client.listTools()
  await client.listTools()
  expect(peer.asked.filter(({ method }) => method === 'tools/list')).toHaveLength(2)
})

test('what a changed list held is asked for again, and nothing else', async () => {
  const { client, peer, count } = await join(hints, {}, 'memory')
  const readAll = async (): Promise<void> => {
    for (const list of lists) await client[list]()
    await client.readResource('a:1')
  }
  client.onChange(() => {})
  const listen = await peer.request('subscriptions/listen')
  const meta = { 'io.modelcontextprotocol/subscriptionId': listen.id }
  const acknowledged = { _meta: meta, notifications: { toolsListChanged: true, resourcesListChanged: true } }
  peer.tell({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: acknowledged })
  await readAll()
  peer.tell({ jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta: meta } })
  await readAll()
  expect(['tools', 'prompts', 'resources', 'resources/templates'].map(kind => count(`${kind}/list`))).toEqual([
    2, 1, 1, 1,
  ])
  peer.tell({ jsonrpc: '2.0', method: 'notifications/resources/list_changed', params: { _meta: meta } })
  await readAll()
  expect(['tools', 'prompts', 'resources', 'resources/templates'].map(kind => count(`${kind}/list`))).toEqual([
    2, 1, 2, 2,
  ])
  expect(count('resources/read')).toBe(1)
})

test('the cursor of a kept page that is none any more makes the whole list be read again', async () => {
  let generation = 1
  const peer = new Scripted(
    'http',
    modernScript(({ params, reply, fail }) => {
      const { cursor } = params
      if (cursor === undefined) reply({ ...hints, tools: [tool(`a${generation}`)], nextCursor: `c${generation}` })
      else if (cursor === `c${generation}`) reply({ ...hints, ttlMs: 0, tools: [tool(`b${generation}`)] })
      else fail(-32602, 'Invalid cursor')
    }),
  )
  const client = await connect(peer)
  await client.listTools()
  generation = 2
  expect((await client.listTools()).map(({ name }) => name)).toEqual(['a2', 'b2'])
})

// The cache by itself, for calls that are passed on.

const call = (params: Params = {}, subject?: string, method = 'resources/read'): Call => ({
  method,
  params,
  caller: {
    peer: {
      revision: newest,
      capabilities: {},
      ...(subject === undefined ? {} : { principal: { subject, scopes: [] } }),
    },
    signal: new AbortController().signal,
    input: {
      flow: '',
      isLive: false,
      ask: () => Promise.reject(new Error('not asked')),
      step: async (_, run) => run(),
    },
    wantsProgress: false,
    logLevel: undefined,
    notify: () => {},
  },
})

/** Counts what is asked for and hands out the count. */
function source(
  scope: 'public' | 'private',
  size = 1,
): { readonly next: (call: Call) => Promise<Outcome>; asked: number } {
  const one = {
    asked: 0,
    next: async (): Promise<Outcome> => {
      one.asked += 1
      return complete({ n: one.asked, text: 'x'.repeat(size) }, { ttlMs: 1_000, scope })
    },
  }
  return one
}

test('a private result is for the one who got it; a public one is for all', async () => {
  const cache = new ResultCache()
  const own = source('private')
  for (const who of ['ann', 'ann', 'bob', undefined, undefined])
    await cache.through(own.next, call({ uri: 'a:1' }, who))
  expect(own.asked).toBe(4) // ann once, bob once, and whoever they are that nobody can tell apart
  const shared = source('public')
  for (const who of ['ann', 'bob', undefined]) await cache.through(shared.next, call({ uri: 'a:2' }, who))
  expect(shared.asked).toBe(1)
})

test('a kept result says how long it is fresh from now', async () => {
  const cache = new ResultCache()
  const { next } = source('public')
  expect(await cache.through(next, call())).toMatchObject({ cache: { ttlMs: 1_000, scope: 'public' } })
  vi.advanceTimersByTime(400)
  expect(await cache.through(next, call())).toMatchObject({ cache: { ttlMs: 600, scope: 'public' } })
})

test('a time without end ends', async () => {
  const cache = new ResultCache()
  const { next } = { next: async () => complete({}, { ttlMs: Number.MAX_SAFE_INTEGER, scope: 'public' as const }) }
  await cache.through(next, call())
  expect(await cache.through(next, call())).toMatchObject({ cache: { ttlMs: clientLimits.cacheTtlMs } })
})

test('a question is not kept, nor what its answer led to', async () => {
  const cache = new ResultCache()
  let asked = 0
  const next = async (one: Call): Promise<Outcome> => {
    asked += 1
    return one.resume === undefined
      ? { kind: 'input_required', state: 's' }
      : complete({}, { ttlMs: 1_000, scope: 'public' })
  }
  await cache.through(next, call())
  await cache.through(next, { ...call(), resume: { responses: {} } })
  await cache.through(next, { ...call(), resume: { responses: {} } })
  await cache.through(next, call({ inputResponses: {} }))
  await cache.through(next, call())
  expect(asked).toBe(5)
})

test('what changed while its result was on its way is not kept', async () => {
  const cache = new ResultCache()
  const { next } = source('public')
  const slow = async (one: Call): Promise<Outcome> => {
    const outcome = await next(one)
    cache.invalidate({ kind: 'resource', uri: 'a:1' })
    return outcome
  }
  await cache.through(slow, call({ uri: 'a:1' }))
  expect(await cache.through(next, call({ uri: 'a:1' }))).toMatchObject({ result: { n: 2 } })
})

test('an updated resource is read again, others are not', async () => {
  const cache = new ResultCache()
  const { next } = source('private')
  await cache.through(next, call({ uri: 'a:1' }, 'ann'))
  await cache.through(next, call({ uri: 'a:11' }, 'ann'))
  cache.invalidate({ kind: 'resource', uri: 'a:1' })
  expect(await cache.through(next, call({ uri: 'a:11' }, 'ann'))).toMatchObject({ result: { n: 2 } })
  expect(await cache.through(next, call({ uri: 'a:1' }, 'ann'))).toMatchObject({ result: { n: 3 } })
})

test('the results not used for longest make room', async () => {
  const cache = new ResultCache({ entries: 2 })
  const one = source('public')
  for (const uri of ['a:1', 'a:2', 'a:1', 'a:3', 'a:1']) await cache.through(one.next, call({ uri }))
  expect(one.asked).toBe(3)
  await cache.through(one.next, call({ uri: 'a:2' }))
  expect(one.asked).toBe(4)
})

test('bytes are counted, and one result that is larger than all may be is not kept', async () => {
  const cache = new ResultCache({ bytes: 3_000 })
  const small = source('public', 500)
  for (const uri of ['a:1', 'a:2', 'a:3', 'a:1']) await cache.through(small.next, call({ uri }))
  expect(small.asked).toBe(4) // three of them are more than fit
  const large = source('public', 2_000)
  await cache.through(large.next, call({ uri: 'a:4' }))
  await cache.through(small.next, call({ uri: 'a:1' }))
  expect(small.asked).toBe(4)
})

test('who has gone gets nothing, fresh or not', async () => {
  const cache = new ResultCache()
  const { next } = source('public')
  await cache.through(next, call())
  const gone = call()
  const caller = { ...gone.caller, signal: AbortSignal.abort(new Error('gone')) }
  await expect(cache.through(next, { ...gone, caller })).rejects.toThrow('gone')
})
