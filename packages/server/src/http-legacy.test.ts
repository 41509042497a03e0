import { legacy, request } from '@interlock/protocol'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type Server, type ServerOptions, server, text, tool } from './index.ts'
import { events, post, session } from './testing/http.ts'

const sessions = legacy.map(revision => [revision.version, revision] as const)
const asking = sessions.filter(([, { features }]) => features.elicitation !== 'none')
const [newest] = legacy as [(typeof legacy)[0]]

const seen = { started: vi.fn(), aborted: vi.fn(), finished: vi.fn() }
const release: (() => void)[] = []
const work = tool('work', {}, async (_, ctx) => {
  ctx.signal.addEventListener('abort', seen.aborted)
  ctx.progress(1)
  seen.started()
  await new Promise<void>(resolve => release.push(resolve))
  ctx.progress(2)
  seen.finished()
})
const ask = tool('ask', {}, async (_, ctx) => {
  const answer = await ctx.elicit({ message: 'who', schema: z.object({ name: z.string() }) })
  return answer.action === 'accept' ? answer.content.name : answer.action
})

let made: Server
let listener: HttpListener
let url: URL
beforeAll(async () => {
  made = server({ name: 'web', version: '1.0.0', tools: [work, ask], resources: [], limits: { queuedMessages: 3 } })
  listener = await listenHttp(made.receiver)
  url = listener.url
})
afterAll(() => {
  for (const end of release) end()
  return listener.close()
})

const ping = request(1, 'ping')
const initialize = (version: string) =>
  request(0, 'initialize', { protocolVersion: version, capabilities: {}, clientInfo: { name: 'p', version: '1' } })

test.each(sessions)('%s: a session is opened, used and ended', async (_, revision) => {
  const opened = await post(url, initialize(revision.version))
  expect(opened).toMatchObject({ status: 200, body: { result: { protocolVersion: revision.version } } })
  const id = opened.headers.get('mcp-session-id') ?? ''
  expect(id).toMatch(/^[\x21-\x7e]{20,}$/)
  const own = { 'mcp-session-id': id }
  expect(await post(url, ping, own)).toMatchObject({ status: 200, body: { id: 1, result: {} } })
  const ended = await fetch(url, { method: 'DELETE', headers: own })
  expect(ended.status).toBe(204)
  expect(await post(url, ping, own)).toMatchObject({ status: 404, body: { id: 1, error: { code: -32600 } } })
  expect((await fetch(url, { method: 'DELETE', headers: own })).status).toBe(404)
})

test('a request without a session: 400', async () => {
  expect(await post(url, ping)).toMatchObject({ status: 400, body: { id: 1, error: { code: -32600 } } })
  expect(await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' })).toMatchObject({ status: 400 })
  expect(await post(url, { jsonrpc: '2.0', id: 'q1', result: {} })).toMatchObject({ status: 400 })
})

test('a session that is not there: 404', async () => {
  const unknown = { 'mcp-session-id': '00000000-0000-4000-8000-000000000000' }
  expect(await post(url, ping, unknown)).toMatchObject({ status: 404 })
  expect((await events(url, undefined, unknown)).status).toBe(404)
  expect((await fetch(url, { method: 'DELETE', headers: unknown })).status).toBe(404)
})

test('the session of somebody else: 404', async () => {
  const { receiver } = server({ name: 'guarded', version: '1.0.0', tools: [] })
  await using guarded = await listenHttp(receiver, {
    auth: { authenticate: async incoming => ({ subject: incoming.header('authorization') ?? '', scopes: [] }) },
  })
  const hers = { authorization: 'alice' }
  const opened = await post(guarded.url, initialize(newest.version), hers)
  const own = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' }
  expect(await post(guarded.url, ping, { ...own, ...hers })).toMatchObject({ status: 200 })
  expect(await post(guarded.url, ping, { ...own, authorization: 'bob' })).toMatchObject({ status: 404 })
})

test.each(['1999-01-01', 'newest', '__proto__'])('version header %s: 400', async version => {
  const own = await session(url, newest)
  expect(await post(url, ping, { ...own, 'mcp-protocol-version': version })).toMatchObject({
    status: 400,
    body: { id: 1, error: { code: -32600 } },
  })
  expect(await post(url, ping, { ...own, 'mcp-protocol-version': undefined })).toMatchObject({ status: 200 })
})

test.each(['1999-01-01', '2099-01-01', ''])(
  'asked for version "%s", the newest with sessions is agreed',
  async asked => {
    expect(await post(url, initialize(asked))).toMatchObject({ body: { result: { protocolVersion: newest.version } } })
  },
)

test.each([
  ['no params', undefined],
  ['no client info', { protocolVersion: newest.version, capabilities: {} }],
  ['a version that is no text', { protocolVersion: 7, capabilities: {}, clientInfo: { name: 'p', version: '1' } }],
])('initialize with %s is refused', async (_, params) => {
  const { headers, body } = await post(url, { jsonrpc: '2.0', id: 0, method: 'initialize', params })
  expect(body).toMatchObject({ id: 0, error: { code: -32602 } })
  expect(headers.get('mcp-session-id')).toBeNull()
})

test('a second initialize opens a session of its own', async () => {
  const own = await session(url, newest)
  const second = await post(url, initialize(newest.version), own)
  expect(second.headers.get('mcp-session-id')).not.toBe(own['mcp-session-id'])
  expect(await post(url, ping, own)).toMatchObject({ status: 200 })
})

test('unknown and removed methods are told apart from misspelt ones', async () => {
  const own = await session(url, newest)
  expect(await post(url, request(1, 'server/discover'), own)).toMatchObject({
    status: 200,
    body: { error: { code: -32601 } },
  })
  expect(await post(url, request(1, 'tools.list'), own)).toMatchObject({
    body: { error: { code: -32601, data: { didYouMean: 'tools/list' } } },
  })
})

test.each(sessions)('%s: changes come on the stream of the session', async (_, revision) => {
  const own = await session(url, revision)
  const stream = await events(url, undefined, own)
  expect(stream.status).toBe(200)
  const extra = tool('extra', {}, () => '')
  made.add(extra)
  expect(await stream.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
  made.remove(extra)
  await stream.next()
  await post(url, request(1, 'resources/subscribe', { uri: 'x:a' }), own)
  made.updated('x:a')
  expect(await stream.next()).toMatchObject({ method: 'notifications/resources/updated', params: { uri: 'x:a' } })
  stream.close()
})

test('what is told while no stream is open waits for one, the oldest goes first when it is too much', async () => {
  const own = await session(url, newest)
  for (const uri of ['x:1', 'x:2', 'x:3', 'x:4', 'x:5']) {
    await post(url, request(1, 'resources/subscribe', { uri }), own)
    made.updated(uri)
  }
  await post(url, ping, own)
  const stream = await events(url, undefined, own)
  for (const uri of ['x:3', 'x:4', 'x:5']) expect(await stream.next()).toMatchObject({ params: { uri } })
  stream.close()
})

test('a session may have several streams: each message goes to one, and closing one keeps the others', async () => {
  const own = await session(url, newest)
  const first = await events(url, undefined, own)
  const second = await events(url, undefined, own)
  await post(url, request(1, 'resources/subscribe', { uri: 'x:a' }), own)
  made.updated('x:a')
  expect(await second.next()).toMatchObject({ params: { uri: 'x:a' } })
  second.close()
  const told = vi.fn()
  first.next().then(told, told)
  await vi.waitFor(() => {
    made.updated('x:a') // until the server has noticed
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ params: { uri: 'x:a' } }))
  })
  first.close()
})

test.each(asking)('%s: a question goes out on the stream of its call', async (_, revision) => {
  const own = await session(url, revision, { elicitation: {} })
  const stream = await events(url, request(5, 'tools/call', { name: 'ask' }), own)
  const question = await stream.next()
  expect(question).toMatchObject({ method: 'elicitation/create', params: { message: 'who' } })
  const answer = { jsonrpc: '2.0', id: question?.['id'], result: { action: 'accept', content: { name: 'Ada' } } }
  const other = await session(url, revision)
  expect(await post(url, answer, other)).toMatchObject({ status: 202 })
  expect(await post(url, answer, own)).toMatchObject({ status: 202 })
  expect(await stream.next()).toMatchObject({ id: 5, result: { content: [text('Ada')] } })
  expect(await stream.next()).toBeUndefined()
})

test('a connection that is lost cancels nothing', async () => {
  const own = await session(url, newest)
  for (const spy of Object.values(seen)) spy.mockClear()
  const stream = await events(url, request(5, 'tools/call', { name: 'work', _meta: { progressToken: 1 } }), own)
  expect(await stream.next()).toMatchObject({ method: 'notifications/progress' })
  stream.close()
  await post(url, ping, own)
  release.pop()?.()
  await vi.waitFor(() => expect(seen.finished).toHaveBeenCalledOnce())
  expect(seen.aborted).not.toHaveBeenCalled()
})

test('a notification on another POST cancels, and nothing is sent after', async () => {
  const own = await session(url, newest)
  for (const spy of Object.values(seen)) spy.mockClear()
  const stream = await events(url, request(5, 'tools/call', { name: 'work', _meta: { progressToken: 1 } }), own)
  expect(await stream.next()).toMatchObject({ params: { progress: 1 } })
  const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } }
  const other = await session(url, newest)
  await post(url, cancelled, other)
  expect(seen.aborted).not.toHaveBeenCalled()
  expect(await post(url, cancelled, own)).toMatchObject({ status: 202 })
  expect(seen.aborted).toHaveBeenCalledOnce()
  release.pop()?.()
  expect(await stream.next()).toBeUndefined()
})

test('the session idle longest makes room for a new one, unless it works', async () => {
  const small = server({ name: 's', version: '1', tools: [work], limits: { sessions: 2 } })
  await using other = await listenHttp(small.receiver)
  const busy = await session(other.url, newest)
  seen.started.mockClear()
  const stream = await events(other.url, request(5, 'tools/call', { name: 'work', _meta: { progressToken: 1 } }), busy)
  await vi.waitFor(() => expect(seen.started).toHaveBeenCalledOnce())
  const idle = await session(other.url, newest)
  await session(other.url, newest)
  expect(await post(other.url, ping, busy)).toMatchObject({ status: 200 })
  expect(await post(other.url, ping, idle)).toMatchObject({ status: 404 })
  release.pop()?.()
  await stream.next()
})

/** A server whose clients are who they say. */
async function guarded(limits: NonNullable<ServerOptions['limits']>) {
  const { receiver } = server({ name: 'guarded', version: '1.0.0', tools: [work], limits })
  const listener = await listenHttp(receiver, {
    auth: {
      authenticate: async incoming => {
        const subject = incoming.header('authorization')
        return subject === undefined ? undefined : { subject, scopes: [] }
      },
    },
  })
  return {
    url: listener.url,
    /** Opens a session; its headers. */
    async open(authorization?: string) {
      const own = authorization === undefined ? {} : { authorization }
      const { headers } = await post(listener.url, initialize(newest.version), own)
      return { ...own, 'mcp-session-id': headers.get('mcp-session-id') ?? '' }
    },
    /** Whether a session is still there. Not asked of one that must stay idle. */
    has: async (own: Record<string, string>) => (await post(listener.url, ping, own)).status === 200,
    /** Keeps a session at work. */
    async busy(own: Record<string, string>) {
      const stream = await events(
        listener.url,
        request(5, 'tools/call', { name: 'work', _meta: { progressToken: 1 } }),
        own,
      )
      await stream.next()
      return stream
    },
    [Symbol.asyncDispose]: () => listener.close(0),
  }
}

test('a principal has its share of sessions: a further one ends its own idlest, never that of others', async () => {
  await using served = await guarded({ sessionsPerPrincipal: 2 })
  const { open, has } = served
  const [bob, nobody] = [await open('bob'), await open()]
  const [first, second] = [await open('alice'), await open('alice')]
  expect(await has(first)).toBe(true)
  const third = await open('alice')
  expect(await Promise.all([first, second, third, bob, nobody].map(has))).toEqual([true, false, true, true, true])
})

test('a session that hears something stays longer than one that does not', async () => {
  await using served = await guarded({ sessionsPerPrincipal: 2 })
  const { open, has, url } = served
  const [first, second] = [await open('alice'), await open('alice')]
  const stream = await events(url, undefined, first)
  await open('alice')
  expect(await Promise.all([first, second].map(has))).toEqual([true, false])
  stream.close()
})

test('when all of its sessions work, a principal is refused, and told what to do', async () => {
  await using served = await guarded({ sessionsPerPrincipal: 1 })
  const { open, busy, url } = served
  const only = await open('alice')
  const working = await busy(only)
  const refused = await post(url, initialize(newest.version), { authorization: 'alice' })
  expect(refused).toMatchObject({
    status: 503,
    body: {
      id: 0,
      error: {
        code: -32603,
        message: 'you have 1 sessions, and calls are in flight in all of them; end one with DELETE, or wait for a call',
      },
    },
  })
  expect(refused.headers.get('mcp-session-id')).toBeNull()
  await fetch(url, { method: 'DELETE', headers: only })
  expect(await working.next()).toBeUndefined()
  expect((await post(url, initialize(newest.version), { authorization: 'alice' })).status).toBe(200)
})

test('those who did not log in share what is theirs, and take nothing from those who did', async () => {
  await using served = await guarded({ sessions: 3, anonymousSessions: 2 })
  const { open, has, busy, url } = served
  const nobodies = [await open(), await open(), await open()]
  expect(await Promise.all(nobodies.map(has))).toEqual([false, true, true])
  const alice = await open('alice')
  const bob = await open('bob')
  expect(await Promise.all(nobodies.map(has)), 'makes room for one who did').toEqual([false, false, true])
  await busy(nobodies[2] as (typeof nobodies)[0])
  expect(await post(url, initialize(newest.version))).toMatchObject({
    status: 503,
    body: { error: { message: expect.stringContaining('no room for another session') } },
  })
  expect(await Promise.all([alice, bob].map(has))).toEqual([true, true])
  const carol = await open('carol')
  expect(await Promise.all([alice, bob, carol].map(has))).toEqual([false, true, true])
})

test('a session that nobody uses ends', async () => {
  const short = server({ name: 's', version: '1', tools: [], limits: { sessionIdleMs: 1 } })
  await using other = await listenHttp(short.receiver)
  const own = await session(other.url, newest)
  await new Promise(resolve => setTimeout(resolve, 20)) // twenty times as long as it may idle
  expect(await post(other.url, ping, own)).toMatchObject({ status: 404 })
})
