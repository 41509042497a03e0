import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { isObject, newest, type Params } from '@interlock/protocol'
import { standardHeaders } from '@interlock/transport'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Server, server, tool } from './index.ts'
import { good, hostileFrames, oversizeFrames } from './testing/hostile-frames.ts'
import { ask, events, modern, post } from './testing/http.ts'

const MiB = 1024 * 1024
const hasFlooded = vi.fn()
const flood = tool('flood', {}, async (_, ctx) => {
  for (let sent = 1; sent < 100; sent += 1) {
    ctx.progress(sent, 100, 'x'.repeat(MiB))
    await new Promise(resolve => setImmediate(resolve))
  }
  hasFlooded()
  return 'the flood is over'
})

const limits = { headersMs: 300, requestMs: 600, discardMs: 300, headerBytes: 8192 }
let made: Server
let listener: HttpListener
let url: URL
beforeAll(async () => {
  made = server({ name: 'g', version: '1.0.0', tools: [tool('greet', {}, () => 'hello'), flood], resources: [] })
  listener = await listenHttp(made.receiver, { limits, messageBytes: MiB, allowedOrigins: ['https://app.example.com'] })
  url = listener.url
})
afterAll(() => listener.close())

const greet = () => ask(url, 'tools/call', { name: 'greet' })
const hello = { status: 200, body: { result: { content: [{ text: 'hello' }] } } }

/** The headers that a frame should have, as far as it can be read. */
function headersFor(bytes: string | Uint8Array): Record<string, string> {
  let message: unknown
  try {
    message = JSON.parse(String(bytes))
  } catch {
    message = undefined
  }
  const { method, params } = isObject(message) ? message : {}
  const isPlain = typeof method === 'string' && /^[ -~]{0,100}$/.test(method)
  return standardHeaders(isPlain ? method : 'x', isObject(params) ? params : {}, newest.version)
}

const statuses: Readonly<Record<number, number>> = { [-32700]: 400, [-32600]: 400, [-32602]: 400, [-32601]: 404 }

test.each(hostileFrames.map(frame => [frame.name, frame] as const))('%s', async (_, { bytes, expected }) => {
  const response = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(bytes)),
    headers: { ...headersFor(bytes), 'content-type': 'application/json' },
  })
  const text = await response.text()
  if (expected === 'nothing') {
    expect({ status: response.status, text }).toEqual({ status: 202, text: '' })
  } else if ('result' in expected) {
    expect(response.status).toBe(200)
    expect(JSON.parse(text)).toMatchObject(expected)
  } else {
    expect(response.status).toBe(statuses[expected.code])
    const { id, error } = JSON.parse(text) as { id?: unknown; error: unknown }
    expect({ id, error }).toMatchObject({ id: expected.id, error: { code: expected.code } })
  }
  expect(await greet()).toMatchObject(hello)
})

/** Writes raw bytes and gives all that comes back until the server closes. */
async function raw(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const socket = dial()
  for (const part of parts) socket.write(part)
  return answerOn(socket)
}

function dial(): Socket {
  const socket = connect(Number(url.port), '127.0.0.1')
  socket.on('error', () => {}) // a reset is one of the answers
  return socket
}

async function answerOn(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', chunk => {
    text += String(chunk)
  })
  await once(socket, 'close')
  return text
}

const head = (...lines: readonly string[]): string =>
  ['POST /mcp HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...lines, '', ''].join('\r\n')

test.each(oversizeFrames.map(({ name, bytes }) => [name, bytes] as const))(
  'a body above the limit: %s',
  async (name, bytes) => {
    const body = Buffer.from(bytes).subarray(0, 3 * MiB)
    const id = name.includes('first') ? { id: 7 } : {}
    for (const headers of [head(`Content-Length: ${body.length}`), head('Transfer-Encoding: chunked')]) {
      const isChunked = headers.includes('chunked')
      const parts = isChunked ? [`${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'] : [body]
      const answer = await raw(headers, ...parts)
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
      expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ ...id, error: { code: -32600 } })
    }
    expect(await greet()).toMatchObject(hello)
  },
)

test('a client that reads only when it has written all gets its answer', async () => {
  const body = Buffer.alloc(16 * MiB, 'x')
  const socket = dial()
  socket.pause()
  socket.write(head(`Content-Length: ${body.length}`))
  await new Promise<unknown>(resolve => socket.write(body, resolve))
  socket.resume()
  expect(await answerOn(socket)).toMatch(/^HTTP\/1\.1 413 /)
})

test('a body that says it is too large but never comes is given up', async () => {
  const answer = await raw(head('Content-Length: 1000000000'), 'x'.repeat(2 * MiB))
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
})

test('a slow body is given up', async () => {
  expect(await raw(head('Content-Length: 100'), '{"jsonrpc"')).toMatch(/^HTTP\/1\.1 408 /)
  expect(await greet()).toMatchObject(hello)
})

test('slow headers are given up', async () => {
  expect(await raw('POST /mcp HTTP/1.1\r\nHost: localhost\r\n')).toMatch(/^HTTP\/1\.1 408 /)
})

test('too many headers are refused', async () => {
  expect(await raw(head(`X-Flood: ${'x'.repeat(10_000)}`))).toMatch(/^HTTP\/1\.1 431 /)
})

test.each([
  ['no HTTP', 'hello\r\n\r\n'],
  ['no host', 'POST /mcp HTTP/1.1\r\nContent-Length: 0\r\n\r\n'],
  ['two lengths', head('Content-Length: 5', 'Transfer-Encoding: chunked')],
  ['a length that is none', head('Content-Length: five')],
  ['a header split', head('X-A: b\r\n c')],
])('%s is refused', async (_, bytes) => {
  expect(await raw(bytes, good(1))).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(await greet()).toMatchObject(hello)
})

test('an upload that is aborted leaves nothing behind', async () => {
  const socket = dial()
  socket.write(head('Content-Length: 1000') + good(1))
  await once(socket, 'connect')
  socket.resetAndDestroy()
  expect(await greet()).toMatchObject(hello)
})

test('several requests on one connection are answered in their order', async () => {
  const frame = (id: number) => {
    const { body, headers } = modern('tools/call', { name: 'greet' }, id)
    const text = JSON.stringify(body)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    return head(...lines, `Content-Length: ${text.length}`, ...(id === 3 ? ['Connection: close'] : [])) + text
  }
  const answer = await raw(frame(1) + frame(2) + frame(3))
  expect(answer.match(/"id":\d/g)).toEqual(['"id":1', '"id":2', '"id":3'])
})

/** Sends a request on a socket that is not read, and gives what was received once it is read to its end. */
async function unread(method: string, params: Params, meanwhile: () => Promise<void>): Promise<string> {
  const { body, headers } = modern(method, params)
  const text = JSON.stringify(body)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const socket = dial()
  socket.pause()
  const received: Buffer[] = []
  const closed = once(socket, 'close')
  socket.write(head(...lines, 'Connection: close', `Content-Length: ${text.length}`) + text)
  await meanwhile()
  socket.on('data', chunk => received.push(chunk))
  socket.resume()
  await closed
  return Buffer.concat(received).toString()
}

test('a client that does not read is spared progress, and gets its answer when it does', async () => {
  const answer = await unread('tools/call', { name: 'flood', _meta: { progressToken: 1 } }, () =>
    vi.waitFor(() => expect(hasFlooded).toHaveBeenCalled(), { timeout: 5000 }),
  )
  expect(answer).toContain('the flood is over')
  expect(answer.length).toBeLessThan(60 * MiB)
})

test('a client that does not read what it asked to be told is cut off', async () => {
  const uri = `flood://${'x'.repeat(MiB / 4)}`
  let told = 0
  const answer = await unread('subscriptions/listen', { notifications: { resourceSubscriptions: [uri] } }, async () => {
    for (; told < 200; told += 1) {
      made.updated(uri)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
  })
  expect(answer.length).toBeLessThan((told * MiB) / 4)
  expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
  expect(await greet()).toMatchObject(hello)
})

test.each([
  ['a foreign host', { host: 'evil.example.com' }],
  ['a foreign host with our port', { host: 'evil.example.com:80' }],
  ['a host that begins like ours', { host: 'localhost.evil.example.com' }],
  ['a foreign origin', { host: 'localhost', origin: 'http://evil.example.com' }],
  ['an origin that begins like ours', { host: 'localhost', origin: 'http://localhost.evil.example.com' }],
  ['an origin with a name in it', { host: 'localhost', origin: 'http://localhost@evil.example.com' }],
  ['no origin but the word', { host: 'localhost', origin: 'null' }],
])('%s: 403', async (_, headers) => {
  const { body, headers: own } = modern('server/discover')
  const text = JSON.stringify(body)
  const lines = Object.entries({ ...own, ...headers }).map(([name, value]) => `${name}: ${value}`)
  const start = `POST /mcp HTTP/1.1\r\nContent-Type: application/json\r\nConnection: close\r\n${lines.join('\r\n')}`
  const answer = await raw(`${start}\r\nContent-Length: ${text.length}\r\n\r\n${text}`)
  expect(answer).toMatch(/^HTTP\/1\.1 403 /)
  expect(answer).not.toMatch(/access-control/i)
})

test.each([
  ['no origin', {}],
  ['our own origin', { origin: 'http://localhost:1234' }],
  ['an allowed origin', { origin: 'https://app.example.com' }],
])('%s is served', async (_, headers) => {
  const { status, headers: answered } = await ask(url, 'server/discover', {}, headers)
  expect(status).toBe(200)
  expect(answered.get('access-control-allow-origin')).toBe('origin' in headers ? headers.origin : null)
})

test('a preflight is answered for origins that are allowed', async () => {
  const preflight = (origin: string) => fetch(url, { method: 'OPTIONS', headers: { origin } })
  expect((await preflight('https://app.example.com')).status).toBe(204)
  expect((await preflight('https://evil.example.com')).status).toBe(403)
})

test.each(['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded', undefined])(
  'content type %s: 415',
  async type => {
    expect(await post(url, good(1), { 'content-type': type })).toMatchObject({
      status: 415,
      body: { error: { code: -32600 } },
    })
  },
)

test.each(['application/json', 'Application/JSON', 'application/json; charset=utf-8', 'application/json ;x=y'])(
  'content type %s is served',
  async type => {
    expect(await ask(url, 'server/discover', {}, { 'content-type': type })).toMatchObject({ status: 200 })
  },
)

test('other paths and methods are refused', async () => {
  expect((await post(new URL('/', url), good(1))).status).toBe(404)
  expect((await post(new URL('/mcp/', url), good(1))).status).toBe(404)
  expect((await post(new URL('/mcp?a=b', url), good(1))).status).not.toBe(404)
  const put = await fetch(url, { method: 'PUT', body: good(1) })
  expect({ status: put.status, allow: put.headers.get('allow') }).toEqual({
    status: 405,
    allow: 'POST, GET, DELETE, OPTIONS',
  })
  expect((await events(url)).status).toBe(405)
  const ended = await fetch(url, { method: 'DELETE' })
  expect({ status: ended.status, allow: ended.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' })
})

test('what an authenticator refuses or trips over is answered', async () => {
  const log = vi.spyOn(console, 'error').mockImplementationOnce(() => {})
  const made = server({ name: 'g', version: '1.0.0', tools: [] })
  await using guarded = await listenHttp(made.receiver, {
    auth: {
      authenticate: async request => {
        if (request.header('authorization') === 'broken') throw new Error('database at /srv/users')
        return { status: 401, headers: { 'www-authenticate': 'Bearer' } }
      },
    },
  })
  const refused = await ask(guarded.url, 'server/discover')
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toBe('Bearer')
  const broken = await ask(guarded.url, 'server/discover', {}, { authorization: 'broken' })
  expect(broken).toMatchObject({ status: 500, body: { error: { code: -32603, message: 'Internal error' } } })
  expect(log).toHaveBeenCalledOnce()
})
