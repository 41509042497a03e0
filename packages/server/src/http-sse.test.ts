import { legacy, request } from '@interlock/protocol'
import type { HttpRequest } from '@interlock/transport'
import { listenHttp } from '@interlock/transport/node'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type ServerOptions, server, text, tool } from './index.ts'
import { events, post } from './testing/http.ts'

/** HTTP+SSE names no revision, so clients of any with sessions may come over it. */
const sessions = legacy.map(revision => [revision.version, revision] as const)
const [oldest] = legacy.slice(-1) as [(typeof legacy)[0]]

const seen = { started: vi.fn(), aborted: vi.fn() }
const wait = tool('wait', {}, async (_, ctx) => {
  seen.started()
  await new Promise<void>(resolve => ctx.signal.addEventListener('abort', () => resolve()))
  seen.aborted()
})
const count = tool('count', {}, (_, ctx) => {
  ctx.progress(1)
  ctx.log('info', 'counting')
  return 'one'
})
const ask = tool('ask', {}, async (_, ctx) => {
  const answer = await ctx.elicit({ message: 'who', schema: z.object({ name: z.string() }) })
  return answer.action === 'accept' ? answer.content.name : answer.action
})

async function serving(options: Partial<ServerOptions> & { authenticated?: true } = {}) {
  const { authenticated, ...rest } = options
  const made = server({ name: 'old', version: '1.0.0', tools: [wait, count, ask], ...rest })
  const listener = await listenHttp(made.receiver, {
    sse: true,
    ...(authenticated && {
      auth: {
        authenticate: async (incoming: HttpRequest) => {
          const subject = incoming.header('authorization')
          return subject === undefined ? undefined : { subject, scopes: [] }
        },
      },
    }),
  })
  return { made, listener, url: listener.sseUrl as URL, [Symbol.asyncDispose]: () => listener.close(0) }
}

/** A stream, and the address that it named. */
async function open(url: URL, headers = {}) {
  const stream = await events(url, undefined, headers)
  const named = await stream.event()
  expect(named?.type).toBe('endpoint')
  return { stream, endpoint: new URL(named?.data ?? '', url) }
}

const initialize = (version: string, capabilities: object = {}) =>
  request(0, 'initialize', { protocolVersion: version, capabilities, clientInfo: { name: 'p', version: '1' } })
const call = (name: string, id = 5) => request(id, 'tools/call', { name, _meta: { progressToken: id } })
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' }

async function session(url: URL, version: string, capabilities: object = {}) {
  const opened = await open(url)
  await post(opened.endpoint, initialize(version, capabilities))
  expect(await opened.stream.next()).toMatchObject({ id: 0, result: { protocolVersion: version } })
  await post(opened.endpoint, initialized)
  return opened
}

test.each(sessions)('%s: messages are posted, and all that is said comes on the stream', async (_, revision) => {
  await using served = await serving()
  const { stream, endpoint } = await open(served.url)
  expect(endpoint.origin).toBe(served.url.origin)
  const taken = await post(endpoint, initialize(revision.version))
  expect(taken).toMatchObject({ status: 202, body: {} })
  expect(taken.headers.get('mcp-session-id')).toBeNull()
  const { type, data } = (await stream.event()) ?? {}
  expect(type).toBe('message')
  expect(JSON.parse(data ?? '')).toMatchObject({ id: 0, result: { serverInfo: { name: 'old' } } })
  expect(await post(endpoint, initialized)).toMatchObject({ status: 202 })
  expect(await post(endpoint, call('count'))).toMatchObject({ status: 202 })
  expect(await stream.next()).toMatchObject({ method: 'notifications/progress' })
  expect(await stream.next()).toMatchObject({ method: 'notifications/message', params: { data: 'counting' } })
  expect(await stream.next()).toMatchObject({ id: 5, result: { content: [text('one')] } })
  served.made.add(tool('more', {}, () => ''))
  expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  stream.close()
})

test.each(sessions.filter(([, { features }]) => features.elicitation !== 'none'))(
  '%s: a question and its answer',
  async (_, revision) => {
    await using served = await serving()
    const { stream, endpoint } = await session(served.url, revision.version, { elicitation: {} })
    await post(endpoint, call('ask'))
    const question = await stream.next()
    const result = { action: 'accept', content: { name: 'Ada' } }
    expect(await post(endpoint, { jsonrpc: '2.0', id: question?.['id'], result })).toMatchObject({ status: 202 })
    expect(await stream.next()).toMatchObject({ id: 5, result: { content: [text('Ada')] } })
    stream.close()
  },
)

test.each(sessions)('%s: batches are taken where the revision has them', async (_, revision) => {
  await using served = await serving()
  const { stream, endpoint } = await session(served.url, revision.version)
  const both = await post(endpoint, [request(1, 'ping'), request(2, 'ping')])
  expect(both.status).toBe(revision.features.batch ? 202 : 400)
  if (revision.features.batch) expect(await stream.next()).toMatchObject([{ id: 1 }, { id: 2 }])
  stream.close()
})

test('a client that goes takes its session and its calls along', async () => {
  await using served = await serving()
  const { stream, endpoint } = await session(served.url, oldest.version)
  seen.started.mockClear()
  seen.aborted.mockClear()
  await post(endpoint, call('wait'))
  await vi.waitFor(() => expect(seen.started).toHaveBeenCalledOnce())
  stream.close()
  await vi.waitFor(() => expect(seen.aborted).toHaveBeenCalledOnce())
  expect(await post(endpoint, request(1, 'ping'))).toMatchObject({ status: 404, body: { error: { code: -32600 } } })
})

test('each session has a stream and an address of its own', async () => {
  await using served = await serving()
  const [one, other] = [await session(served.url, oldest.version), await session(served.url, oldest.version)]
  expect(one.endpoint.href).not.toBe(other.endpoint.href)
  await post(one.endpoint, request('a', 'ping'))
  await post(other.endpoint, request('b', 'ping'))
  expect(await one.stream.next()).toMatchObject({ id: 'a' })
  expect(await other.stream.next()).toMatchObject({ id: 'b' })
  one.stream.close()
  other.stream.close()
})

test('the session of somebody else: 404', async () => {
  await using served = await serving({ authenticated: true })
  const { stream, endpoint } = await open(served.url, { authorization: 'alice' })
  expect(await post(endpoint, request(1, 'ping'), { authorization: 'bob' })).toMatchObject({ status: 404 })
  expect(await post(endpoint, request(1, 'ping'))).toMatchObject({ status: 404 })
  expect(await post(endpoint, request(1, 'ping'), { authorization: 'alice' })).toMatchObject({ status: 202 })
  stream.close()
})

test('a session of HTTP+SSE is none of Streamable HTTP', async () => {
  await using served = await serving()
  const { stream, endpoint } = await session(served.url, oldest.version)
  const own = { 'mcp-session-id': endpoint.searchParams.get('sessionId') ?? '' }
  expect(await post(served.listener.url, request(1, 'ping'), own)).toMatchObject({ status: 404 })
  stream.close()
})

test('the same limits hold for its sessions, and one that ends is told by the end of its stream', async () => {
  await using served = await serving({ limits: { sessions: 1 } })
  const first = await session(served.url, oldest.version)
  const second = await session(served.url, oldest.version)
  expect(await first.stream.next()).toBeUndefined()
  seen.started.mockClear()
  await post(second.endpoint, call('wait'))
  await vi.waitFor(() => expect(seen.started).toHaveBeenCalledOnce())
  const third = await open(served.url)
  await post(third.endpoint, initialize(oldest.version))
  expect(await third.stream.next()).toMatchObject({ id: 0, error: { message: expect.stringContaining('no room') } })
  second.stream.close()
  third.stream.close()
})

test('a second initialize over a stream begins anew, on the same stream', async () => {
  await using served = await serving({ limits: { sessions: 1 } })
  const { stream, endpoint } = await session(served.url, oldest.version)
  await post(endpoint, initialize(oldest.version))
  expect(await stream.next()).toMatchObject({ id: 0, result: {} })
  await post(endpoint, request(1, 'ping'))
  expect(await stream.next()).toMatchObject({ id: 1, result: {} })
  stream.close()
})

test.each([
  ['no JSON', '{"jsonrpc', {}, 400, -32700],
  ['no message', '{"id":1}', {}, 400, -32600],
  ['another type', '{}', { 'content-type': 'text/plain' }, 415, -32600],
])('%s is refused, and the session goes on', async (_, body, headers, status, code) => {
  await using served = await serving()
  const { stream, endpoint } = await session(served.url, oldest.version)
  expect(await post(endpoint, body, headers)).toMatchObject({ status, body: { error: { code } } })
  await post(endpoint, request(1, 'ping'))
  expect(await stream.next()).toMatchObject({ id: 1 })
  stream.close()
})

test.each([
  ['DELETE', 405],
  ['PUT', 405],
  ['OPTIONS', 204],
])('%s: %i', async (method, status) => {
  await using served = await serving()
  expect((await fetch(served.url, { method })).status).toBe(status)
})

test('a message without a stream leads to it', async () => {
  await using served = await serving()
  const { status, headers } = await post(served.url, initialize(oldest.version))
  expect([status, headers.get('allow')]).toEqual([405, 'GET'])
  served.url.searchParams.set('sessionId', crypto.randomUUID())
  expect(await post(served.url, initialize(oldest.version))).toMatchObject({ status: 404 })
})

test('it is guarded like Streamable HTTP', async () => {
  await using served = await serving()
  for (const header of ['host', 'origin']) {
    const foreign = { [header]: header === 'host' ? 'evil.example' : 'http://evil.example' }
    const { status } = await new Promise<{ status: number }>((resolve, reject) =>
      import('node:http').then(({ get }) =>
        get(served.url, { headers: foreign }, answer => {
          answer.resume()
          resolve({ status: answer.statusCode ?? 0 })
        }).on('error', reject),
      ),
    )
    expect(status, header).toBe(403)
  }
})

test('it is not there unless it was asked for', async () => {
  const { receiver } = server({ name: 's', version: '1', tools: [] })
  await using listener = await listenHttp(receiver)
  expect(listener.sseUrl).toBeUndefined()
  expect((await fetch(new URL('/sse', listener.url))).status).toBe(404)
})

test('it has a path of its own', async () => {
  const { receiver } = server({ name: 's', version: '1', tools: [] })
  await expect(listenHttp(receiver, { path: '/sse', sse: true })).rejects.toThrow(
    new TypeError('HTTP+SSE needs a path of its own, other than /sse'),
  )
  await using listener = await listenHttp(receiver, { sse: { path: '/old' } })
  const { stream, endpoint } = await open(listener.sseUrl as URL)
  expect(endpoint.pathname).toBe('/old')
  stream.close()
})

test('when the server closes, its streams end', async () => {
  await using served = await serving()
  const { stream } = await session(served.url, oldest.version)
  await served.listener.close(0)
  expect(await stream.next()).toBeUndefined()
})
