import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Notification, Reply, Request } from '@interlock/protocol'
import { afterEach, expect, test } from 'vitest'
import { type HttpTransportOptions, httpTransport } from './client.ts'
import { fetchSend } from './fetch-client.ts'
import { nodeSend } from './node-client.ts'
import type { HttpSend } from './send.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that answers each request with the next of the given answers, and the last one from then on. */
async function scripted(...answers: Answer[]): Promise<URL> {
  const server = createServer(async (request, response) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    answer?.(request, response, await text(request))
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
}

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof value === 'string' ? value : JSON.stringify(value))

const events =
  (...data: (string | object)[]): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const item of data) response.write(typeof item === 'string' ? item : `data: ${JSON.stringify(item)}\n\n`)
    response.end()
  }

const page =
  (status: number): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>')

const ask: Request = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
const answered = { jsonrpc: '2.0', id: 1, result: { tools: [] } }
const progress = { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } }

interface Seen {
  reply: Reply
  messages: (Request | Notification)[]
  noise: string[]
}

async function exchange(url: URL, options: HttpTransportOptions = {}): Promise<Seen> {
  const messages: Seen['messages'] = []
  const noise: string[] = []
  await using transport = httpTransport(url, options)
  transport.onNoise(what => noise.push(what))
  const reply = await transport.exchange(ask, { onMessage: message => messages.push(message) })
  return { reply, messages, noise }
}

test.each([
  ['node:http', nodeSend],
  ['fetch', fetchSend],
] as const)('a request is one POST, sent with %s', async (_, send) => {
  let seen: { method: string | undefined; headers: IncomingMessage['headers']; body: string } | undefined
  const url = await scripted((request, response, body) => {
    seen = { method: request.method, headers: request.headers, body }
    json(answered, 200, { 'mcp-session-id': 's1' })(request, response, body)
  })
  await using transport = httpTransport(url, { send, headers: { authorization: 'Bearer t' } })
  const reply = await transport.exchange(ask, { headers: { 'mcp-method': 'tools/list' } })
  expect(reply.response).toEqual(answered)
  expect(reply.status).toBe(200)
  expect(reply.header?.('mcp-session-id')).toBe('s1')
  expect(seen).toMatchObject({
    method: 'POST',
    body: JSON.stringify(ask),
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      authorization: 'Bearer t',
      'mcp-method': 'tools/list',
    },
  })
})

test('messages before the response of a stream go to whoever made the request', async () => {
  const { reply, messages, noise } = await exchange(await scripted(events(': hello\n\n', progress, answered)))
  expect(reply.response).toEqual(answered)
  expect(messages).toEqual([progress])
  expect(noise).toEqual([])
})

test('a stream may hold the answer to something else and garbage, which is noise', async () => {
  const url = await scripted(events({ ...answered, id: 7 }, 'data: {oops\n\n', answered))
  const { reply, noise } = await exchange(url)
  expect(reply.response).toEqual(answered)
  expect(noise).toEqual([
    'a response with id 7',
    'a message that cannot be read (Parse error: the message is not valid JSON): "{oops"',
  ])
})

test('a notification is accepted with 202', async () => {
  await using transport = httpTransport(await scripted((_, response) => void response.writeHead(202).end()))
  await expect(transport.send({ jsonrpc: '2.0', method: 'notifications/initialized' })).resolves.toBeUndefined()
})

test('an error status with a JSON-RPC error is a reply, whatever id it has', async () => {
  const error = { code: -32022, message: 'Unsupported protocol version', data: { supported: ['x'] } }
  for (const id of [{ id: 1 }, { id: null }, { id: 'server-error' }, {}]) {
    const { reply } = await exchange(await scripted(json({ jsonrpc: '2.0', ...id, error }, 400)))
    expect(reply.status).toBe(400)
    expect(reply.response).toMatchObject({ error })
  }
})

test.each([
  [
    json({ error: 'invalid_token' }, 401),
    401,
    /answered HTTP 401: "\{"error":"invalid_token"\}"; it needs authorization: log in \(the `auth` option/,
  ],
  [json('', 403), 403, /answered HTTP 403; it refused access/],
  [page(404), 404, /answered HTTP 404: this looks like a web page, not an MCP endpoint; check the path/],
  [json('no', 405), 405, /answered HTTP 405: "no"; this path does not take such requests/],
  [json('', 502), 502, /answered HTTP 502; the server failed/],
  [json('x'.repeat(5000), 400), 400, /answered HTTP 400: "x{200}…"$/],
] as const)('an error status without one says what came and what to look at (%#)', async (answer, status, message) => {
  const url = await scripted(answer)
  await expect(exchange(url)).rejects.toMatchObject({
    code: 'http_status',
    status,
    message: expect.stringMatching(message),
  })
})

test.each([
  ['a web page', page(200), /looks like a web page, not an MCP endpoint/],
  ['no message', json('', 202), /sent a reply that is none|answered HTTP 202 without a message/],
  ['broken JSON', json('{"jsonrpc"'), /sent a reply that is none \(Parse error.*: "\{"jsonrpc""/],
  ['neither result nor error', json({ jsonrpc: '2.0', id: 1 }), /sent a reply that is none/],
  ['a request', json(ask), /a message that is not one response/],
  ['a batch', json([answered]), /a message that is not one response/],
  ['the wrong id', json({ ...answered, id: '1' }), /a response with id "1" instead of id 1/],
  ['a stream without a response', events(progress), /ended the stream of tools\/list without a response/],
  [
    'plain text',
    ((_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('hi')) as Answer,
    /answered with text\/plain instead of JSON or an event stream: "hi"/,
  ],
] as const)('%s is not a reply', async (_, answer, message) => {
  const url = await scripted(answer)
  await expect(exchange(url)).rejects.toMatchObject({ code: 'bad_reply', message: expect.stringMatching(message) })
})

test('a connection cut within the reply is said so', async () => {
  const url = await scripted((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{"jsonrpc":')
    setImmediate(() => response.destroy())
  })
  await expect(exchange(url)).rejects.toMatchObject({ code: 'broken', message: expect.stringMatching(/broke off/) })
})

test.each([
  ['JSON', json({ ...answered, result: { text: 'x'.repeat(200) } })],
  ['an event', events({ ...answered, result: { text: 'x'.repeat(200) } })],
])('%s above the limit is not read', async (_, answer) => {
  const url = await scripted(answer)
  await expect(exchange(url, { limits: { messageBytes: 100 } })).rejects.toMatchObject({
    code: 'bad_reply',
    message: expect.stringMatching(/sent more than is read: .* larger than 100 bytes/),
  })
})

test('nobody listening is a plain sentence', async () => {
  const url = await scripted(json(answered))
  const { port } = url
  await new Promise(resolve => servers.pop()?.close(resolve))
  for (const send of [nodeSend, fetchSend]) {
    await expect(exchange(url, { send })).rejects.toMatchObject({
      code: 'unreachable',
      message: `nothing listens on 127.0.0.1:${port}; check that the server is running and that the port is right`,
    })
  }
})

test('a connection that breaks once the request has gone out leaves open whether it took effect', async () => {
  const url = await scripted((_, response) => void response.destroy())
  for (const send of [nodeSend, fetchSend]) {
    await expect(exchange(url, { send })).rejects.toMatchObject({
      code: 'broken',
      message: expect.stringMatching(/closed the connection without an answer; whether it did .* is unknown$/),
    })
  }
})

test.each([
  ['ECONNRESET', {}, 'broken'],
  ['EPIPE', {}, 'broken'],
  ['ETIMEDOUT', { syscall: 'read' }, 'broken'],
  ['HPE_INVALID_CONSTANT', {}, 'broken'],
  ['ETIMEDOUT', { syscall: 'connect' }, 'unreachable'],
  ['EHOSTUNREACH', { syscall: 'connect' }, 'unreachable'],
  ['ECONNREFUSED', { syscall: 'connect' }, 'unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', {}, 'unreachable'],
  ['CERT_HAS_EXPIRED', {}, 'unreachable'],
])('%s %j is %s', async (code, more, expected) => {
  const error = Object.assign(new Error('it failed'), { code, ...more })
  for (const cause of [error, new TypeError('fetch failed', { cause: error }), new AggregateError([error])]) {
    const send = (): Promise<never> => Promise.reject(cause)
    await expect(exchange(new URL('http://127.0.0.1:9/'), { send })).rejects.toMatchObject({ code: expected })
  }
})

test('sending what has no response can be stopped', async () => {
  const stop = new AbortController()
  const reason = new Error('enough')
  await using transport = httpTransport(await scripted(() => stop.abort(reason)))
  const sent = transport.send({ jsonrpc: '2.0', method: 'notifications/initialized' }, { signal: stop.signal })
  await expect(sent).rejects.toBe(reason)
})

test('a host that does not exist is named', async () => {
  await expect(exchange(new URL('http://nowhere.invalid/mcp'))).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/the host name "nowhere.invalid" of nowhere.invalid:80 cannot be resolved/),
  })
})

test('speaking TLS to a plain server is said so', async () => {
  const url = await scripted(json(answered))
  const secure = new URL(url.href.replace('http:', 'https:'))
  await expect(exchange(secure)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/does not speak TLS/),
  })
})

test.each([
  ['node:http', nodeSend],
  ['fetch', fetchSend],
] as const)('stopping closes the response stream, with %s', async (_, send) => {
  let gone: () => void
  const hungUp = new Promise<void>(resolve => {
    gone = resolve
  })
  const url = await scripted((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${JSON.stringify(progress)}\n\n`)
    response.once('close', () => gone())
  })
  const stop = new AbortController()
  await using transport = httpTransport(url, { send })
  const reason = new Error('enough')
  const reply = transport.exchange(ask, { signal: stop.signal, onMessage: () => stop.abort(reason) })
  await expect(reply).rejects.toBe(reason)
  await hungUp
})

test('closing the transport ends what is under way and refuses what comes after', async () => {
  let arrived: () => void
  const asked = new Promise<void>(resolve => {
    arrived = resolve
  })
  const transport = httpTransport(await scripted(() => arrived()))
  const reply = transport.exchange(ask)
  const outcome = expect(reply).rejects.toMatchObject({ code: 'closed' })
  await asked
  await transport[Symbol.asyncDispose]()
  await outcome
  await expect(transport.exchange(ask)).rejects.toMatchObject({ code: 'closed' })
  expect(await transport.ended).toBeUndefined()
})

test('a redirect within the origin is followed with method and body, one elsewhere is not', async () => {
  const url = await scripted(
    (_, response) => void response.writeHead(308, { location: '/mcp/' }).end(),
    (request, response, body) => json({ ...answered, result: { path: request.url, body } })(request, response, body),
  )
  const { reply } = await exchange(url)
  expect(reply.response).toMatchObject({ result: { path: '/mcp/', body: JSON.stringify(ask) } })
  const away = await scripted(
    (_, response) => void response.writeHead(307, { location: 'http://other.example/mcp?k=1' }).end(),
  )
  await expect(exchange(away)).rejects.toMatchObject({
    status: 307,
    message: expect.stringMatching(/it redirects to http:\/\/other\.example\/mcp; use that URL if you trust it$/),
  })
})

test('a stream that breaks after an event with an id is resumed after it, when the server wishes', async () => {
  const asked: (string | undefined)[] = []
  const url = await scripted(events('id: e1\nretry: 1\ndata:\n\n', progress), (request, response, body) => {
    asked.push(request.method, request.headers['last-event-id'] as string, request.headers['mcp-session-id'] as string)
    events('id: e2\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n')(request, response, body)
  })
  await using transport = httpTransport(url)
  const reply = await transport.exchange(ask, { headers: { 'mcp-session-id': 's' } })
  expect(reply.response).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
  expect(asked).toEqual(['GET', 'e1', 's'])
})

/** Reaches the server for requests, and not for streams that resume them. */
const postOnly: HttpSend = call =>
  call.method === 'POST'
    ? nodeSend(call)
    : Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' }))

test('a request whose stream cannot be resumed may have taken effect', async () => {
  const url = await scripted(events('id: e1\ndata:\n\n'))
  await expect(exchange(url, { send: postOnly })).rejects.toMatchObject({ code: 'broken' })
})

test('what a server says unasked comes to the listener of the transport', async () => {
  const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' }
  await using transport = httpTransport(await scripted(events(changed, answered)))
  const messages: unknown[] = []
  const noise: string[] = []
  transport.onMessage(message => messages.push(message))
  transport.onNoise(what => noise.push(what))
  await transport.listen?.({})
  expect(messages).toEqual([changed])
  expect(noise).toEqual(['a response with id 1'])
})

test('a server without such a stream says 405, and ending a session may be refused likewise', async () => {
  await using transport = httpTransport(await scripted(json('', 405)))
  await expect(transport.listen?.({})).rejects.toMatchObject({ code: 'http_status', status: 405 })
  await expect(transport.terminate?.({})).resolves.toBeUndefined()
})

test('connections are kept, and one that the server closed meanwhile is replaced', async () => {
  const sockets: number[] = []
  const url = await scripted((request, response, body) => {
    sockets.push(request.socket.remotePort ?? 0)
    json(answered)(request, response, body)
  })
  await using transport = httpTransport(url)
  await transport.exchange(ask)
  await transport.exchange(ask)
  expect(sockets[0]).toBe(sockets[1])
})

test('a request whose kept connection dies is not sent again, since the server may have acted on it', async () => {
  let requests = 0
  const body = JSON.stringify(answered)
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  const server = createTcpServer(socket => {
    let isFirst = true
    socket.on('error', () => {})
    socket.on('data', () => {
      requests += 1
      if (isFirst) socket.write(head + body)
      else socket.destroy()
      isFirst = false
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await using transport = httpTransport(url)
  await transport.exchange(ask)
  await expect(transport.exchange(ask)).rejects.toMatchObject({ code: 'broken' })
  expect(requests).toBe(2)
  server.close()
})

test('a request whose kept connection dies in the middle of the answer is not sent again', async () => {
  let requests = 0
  const body = JSON.stringify(answered)
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  const server = createTcpServer(socket => {
    let isFirst = true
    socket.on('error', () => {})
    socket.on('data', () => {
      requests += 1
      if (isFirst) socket.write(head + body)
      else socket.write('HTTP/1.1 200', () => socket.destroy())
      isFirst = false
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await using transport = httpTransport(url)
  await transport.exchange(ask)
  await expect(transport.exchange(ask)).rejects.toMatchObject({ code: 'broken' })
  expect(requests).toBe(2)
  server.close()
})

test('a response on a stream that cannot be read fails its request at once, though the stream stays open', async () => {
  const url = await scripted((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(
      `data: ${JSON.stringify({ jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'x' } })}\n\n`,
    )
  })
  await using transport = httpTransport(url)
  await expect(transport.exchange(ask)).rejects.toMatchObject({
    code: 'bad_reply',
    message: expect.stringMatching(/answered tools\/list with a message that cannot be read/),
  })
})

test('a batch on a stream is its messages, and one that is too large is noise', async () => {
  const told = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } }
  const url = await scripted(
    events(
      Array.from({ length: 1_001 }, () => told),
      [told, answered],
    ),
  )
  const noise: string[] = []
  const heard: unknown[] = []
  await using transport = httpTransport(url)
  transport.onNoise(what => noise.push(what))
  expect(await transport.exchange(ask, { onMessage: message => heard.push(message) })).toMatchObject({
    response: answered,
  })
  expect(heard).toEqual([told])
  expect(noise.at(-1)).toMatch(/a batch has at most 1000 messages/)
})
