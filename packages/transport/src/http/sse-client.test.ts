import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Notification, type Request, request, TransportError } from '@interlock/protocol'
import { afterEach, expect, test } from 'vitest'
import { httpTransport } from './client.ts'
import { fetchSend } from './fetch-client.ts'
import { nodeSend } from './node-client.ts'
import { type SseTransport, type SseTransportOptions, sseTransport } from './sse-client.ts'

/** A server of HTTP+SSE whose streams are written by hand. */
interface Peer {
  readonly url: URL
  readonly streams: ServerResponse[]
  readonly posted: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: Request }[]
}

interface Behaviour {
  /** What a stream begins with. Default: an endpoint of its own. */
  readonly first?: (ordinal: number) => string
  /** Answers a message. Default: 202, and on the stream a result that repeats the method. */
  readonly onPost?: (body: Request, response: ServerResponse, peer: Peer) => void
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const event = (type: string, data: string): string => `event: ${type}\ndata: ${data}\n\n`
const message = (value: object): string => event('message', JSON.stringify(value))
const named = (ordinal: number): string => event('endpoint', `/messages?session=${ordinal}`)

function echo({ id, method }: Request, response: ServerResponse, { streams }: Peer): void {
  streams.at(-1)?.write(message({ jsonrpc: '2.0', id, result: { method } }))
  response.writeHead(202).end('Accepted')
}

async function old({ first = named, onPost = echo }: Behaviour = {}): Promise<Peer> {
  const streams: ServerResponse[] = []
  const posted: Peer['posted'] = []
  const server = createServer(async (incoming, response) => {
    if (incoming.method === 'GET') {
      streams.push(response.writeHead(200, { 'content-type': 'text/event-stream' }))
      response.write(first(streams.length))
      return
    }
    const body = JSON.parse(await text(incoming)) as Request
    posted.push({ path: incoming.url ?? '', headers: incoming.headers, body })
    onPost(body, response, peer)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const peer = { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`), streams, posted }
  return peer
}

interface Joined {
  readonly transport: SseTransport
  readonly heard: (Request | Notification)[]
  readonly noise: string[]
}

function join({ url }: Pick<Peer, 'url'>, options: SseTransportOptions = {}): Joined {
  const heard: Joined['heard'] = []
  const noise: string[] = []
  const transport = sseTransport(url, options)
  transport.onMessage(one => heard.push(one))
  transport.onNoise(what => noise.push(what))
  return { transport, heard, noise }
}

const ask = (id: number): Request => request(id, `ask/${id}`)

/** The name of a session, as its first reply tells it. */
async function begin(transport: SseTransport, id = 1): Promise<{ readonly 'mcp-session-id': string }> {
  const reply = await transport.exchange(ask(id))
  return { 'mcp-session-id': reply.header?.('mcp-session-id') ?? '' }
}

test.each([
  ['node:http', nodeSend],
  ['fetch', fetchSend],
])('messages go to the endpoint that the stream names, and answers come on the stream (%s)', async (_, send) => {
  const peer = await old()
  const { transport, heard } = join(peer, { send, headers: { authorization: 'Bearer t' } })
  const headers = await begin(transport)
  await transport.send({ jsonrpc: '2.0', method: 'notifications/initialized' }, { headers })
  peer.streams[0]?.write(message({ jsonrpc: '2.0', id: 7, method: 'ping' }))
  const { response } = await transport.exchange(ask(2), { headers })
  expect(response).toEqual({ jsonrpc: '2.0', id: 2, result: { method: 'ask/2' } })
  expect(heard).toEqual([{ jsonrpc: '2.0', id: 7, method: 'ping' }])
  expect(peer.posted.map(({ path, body }) => [path, body.method])).toEqual([
    ['/messages?session=1', 'ask/1'],
    ['/messages?session=1', 'notifications/initialized'],
    ['/messages?session=1', 'ask/2'],
  ])
  // The name of the session is for this transport only.
  expect(peer.posted[2]?.headers).toMatchObject({ authorization: 'Bearer t', 'content-type': 'application/json' })
  expect(peer.posted[2]?.headers['mcp-session-id']).toBeUndefined()
  await transport[Symbol.asyncDispose]()
})

test.each([
  ['another host', 'http://localhost/messages', 'wants messages to be sent to http://localhost, another origin'],
  ['another port', 'http://127.0.0.1:1/messages', 'wants messages to be sent to http://127.0.0.1:1, another origin'],
  ['no scheme', '//evil.example/x', 'wants messages to be sent to http://evil.example, another origin'],
  ['another scheme', 'file:///etc/passwd', 'wants messages to be sent to "file:///etc/passwd", another origin'],
  ['no address', 'http://', 'named an endpoint that is no address: "http://"'],
  ['a long one', `/${'x'.repeat(8_192)}`, 'named an endpoint of more than 8192 characters'],
])('an endpoint elsewhere is refused: %s', async (_, endpoint, said) => {
  const peer = await old({ first: () => event('endpoint', endpoint) })
  await using transport = join(peer).transport
  await expect(transport.exchange(ask(1))).rejects.toMatchObject({
    code: 'bad_reply',
    message: expect.stringContaining(said),
  })
  // The same when it is found out: this is such a server, so what it said before says less.
  await using newer = httpTransport(peer.url)
  await expect(newer.older?.(5_000)).rejects.toThrow(said)
  expect(peer.posted).toEqual([])
})

test('a whole address of the same origin is as good as a path', async () => {
  const peer: Peer = await old({ first: () => event('endpoint', new URL('/m?a=1', peer.url).href) })
  await using transport = join(peer).transport
  await transport.exchange(ask(1))
  expect(peer.posted[0]?.path).toBe('/m?a=1')
})

test('a server that never answers the post of a message costs no connection once the client has closed', async () => {
  const open: ServerResponse[] = []
  const peer = await old({
    onPost: ({ id, method }, response, { streams }) => {
      open.push(response)
      streams.at(-1)?.write(message({ jsonrpc: '2.0', id, result: { method } }))
    },
  })
  const { transport } = join(peer)
  await begin(transport)
  await transport[Symbol.asyncDispose]()
  await expect.poll(() => open.map(({ destroyed }) => destroyed)).toEqual([true])
})

test('when the stream ends, what waits may have taken effect, and its session is over', async () => {
  const peer = await old({
    onPost: (body, response, all) => (body.id === 2 ? response.writeHead(202).end() : echo(body, response, all)),
  })
  await using transport = join(peer).transport
  const headers = await begin(transport)
  const over = transport.listen?.({ headers })
  const waiting = transport.exchange(ask(2), { headers })
  waiting.catch(() => {})
  await expect.poll(() => peer.posted.length).toBe(2)
  peer.streams[0]?.end()
  await expect(waiting).rejects.toMatchObject({ code: 'broken' })
  await over
  const lost = { code: 'http_status', status: 404, message: expect.stringContaining('is over') }
  await expect(transport.exchange(ask(3), { headers })).rejects.toMatchObject(lost)
  await expect(transport.send({ jsonrpc: '2.0', method: 'n' }, { headers })).rejects.toMatchObject(lost)
  await expect(transport.listen?.({ headers })).rejects.toMatchObject(lost)
  expect(peer.posted).toHaveLength(2)
})

test('an exchange that names no session begins a new one, with a stream of its own', async () => {
  const peer = await old()
  await using transport = join(peer).transport
  const first = await begin(transport)
  const second = await begin(transport, 2)
  expect(second).not.toEqual(first)
  await expect(transport.exchange(ask(3), { headers: first })).rejects.toMatchObject({ status: 404 })
  await transport.exchange(ask(4), { headers: second })
  expect(peer.posted.map(({ path }) => path)).toEqual([
    '/messages?session=1',
    '/messages?session=2',
    '/messages?session=2',
  ])
})

test('a message that is not taken fails its request, with what was said', async () => {
  const peer = await old({ onPost: (_, response) => void response.writeHead(403).end('not you') })
  await using transport = join(peer).transport
  await expect(transport.exchange(ask(1))).rejects.toMatchObject({
    code: 'http_status',
    status: 403,
    message: expect.stringContaining('"not you"'),
  })
})

test('an event that is too large ends the session', async () => {
  const peer = await old()
  await using transport = join(peer, { limits: { messageBytes: 1_000 } }).transport
  const headers = await begin(transport)
  const over = transport.listen?.({ headers })
  peer.streams[0]?.write(`data: ${'x'.repeat(2_000)}`)
  await over
  await expect(transport.exchange(ask(2), { headers })).rejects.toMatchObject({ status: 404 })
})

test('what cannot be read is noise, but a response that cannot be read fails its request', async () => {
  const broken = { jsonrpc: '2.0', id: 2, result: 1, error: 2 }
  const peer = await old({
    onPost: (body, response, all) => {
      if (body.id === 1) return echo(body, response, all)
      all.streams[0]?.write(event('message', '{') + event('other', '{}') + event('endpoint', '/x') + message(broken))
      response.writeHead(202).end()
    },
  })
  const { transport, noise } = join(peer)
  const headers = await begin(transport)
  await expect(transport.exchange(ask(2), { headers })).rejects.toMatchObject({ code: 'bad_reply' })
  expect(noise).toEqual(['a message that cannot be read: "{"', 'a second endpoint, which is ignored'])
  await transport[Symbol.asyncDispose]()
})

test('a stream that names no endpoint in time is none', async () => {
  const peer = await old({ first: () => ': wait\n\n' })
  await using transport = join(peer, { limits: { endpointMs: 20 } }).transport
  await expect(transport.exchange(ask(1))).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('named no endpoint within 20 ms'),
  })
})

test('a stream that begins with something else is no such server', async () => {
  const peer = await old({ first: () => message({ jsonrpc: '2.0', method: 'notifications/message' }) })
  await using transport = httpTransport(peer.url)
  expect(await transport.older?.(5_000)).toBeUndefined()
})

test('a request is not waited for once its signal is aborted, and its late answer is noise', async () => {
  const peer = await old({
    onPost: (body, response, all) => (body.id === 2 ? response.writeHead(202).end() : echo(body, response, all)),
  })
  const { transport, noise } = join(peer)
  const headers = await begin(transport)
  const stop = new AbortController()
  const waiting = transport.exchange(ask(2), { headers, signal: stop.signal })
  await expect.poll(() => peer.posted.length).toBe(2)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  peer.streams[0]?.write(message({ jsonrpc: '2.0', id: 2, result: {} }))
  await expect.poll(() => noise).toEqual(['a response to no request (id 2)'])
  await transport[Symbol.asyncDispose]()
})

test('nor is the stream that its session would begin with', async () => {
  const peer = await old({ first: () => ': wait\n\n' })
  const { transport } = join(peer)
  const stop = new AbortController()
  const waiting = transport.exchange(ask(1), { signal: stop.signal })
  await expect.poll(() => peer.streams.length).toBe(1)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await transport[Symbol.asyncDispose]()
})

test('closing ends the stream and what waits, even a message that the server does not take', async () => {
  const peer = await old({ onPost: (body, response, all) => (body.id === 1 ? echo(body, response, all) : undefined) })
  const { transport } = join(peer)
  const headers = await begin(transport)
  const gone = new Promise(resolve => peer.streams[0]?.once('close', resolve))
  const waiting = transport.exchange(ask(2), { headers })
  waiting.catch(() => {})
  await expect.poll(() => peer.posted.length).toBe(2)
  await transport[Symbol.asyncDispose]()
  await expect(waiting).rejects.toBeInstanceOf(TransportError)
  await expect(waiting).rejects.toMatchObject({ code: 'closed' })
  expect(await transport.ended).toBeUndefined()
  await gone
  await expect(transport.exchange(ask(3))).rejects.toMatchObject({ code: 'closed' })
})
