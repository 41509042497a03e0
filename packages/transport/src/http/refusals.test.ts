import { connect } from 'node:net'
import { type Exchange, type Receiver, resultResponse } from '@interlock/protocol'
import { afterEach, expect, test } from 'vitest'
import { type HttpListener, type ListenOptions, listenHttp } from './node.ts'

const listeners: HttpListener[] = []
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close(0)
})

/** A server that takes whatever comes, and what came. */
async function served(options: ListenOptions = {}) {
  const received: Exchange[] = []
  const receiver: Receiver = {
    receive: exchange => {
      received.push(exchange)
      exchange.reply(resultResponse(1, {}), { status: 299 })
    },
    takesBatches: () => true,
    listen: () => {},
    terminate: () => 404,
    close: async () => {},
  }
  const listener = await listenHttp(receiver, options)
  listeners.push(listener)
  return { ...listener, received }
}

async function post(url: URL, body: string) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return { status: response.status, text: await response.text() }
}

const broken = [
  ['a result that is no object', '{"jsonrpc":"2.0","id":"q1","result":7}', 400, -32600],
  ['both result and error', '{"jsonrpc":"2.0","id":"q1","result":{},"error":{"code":1,"message":"m"}}', 400, -32600],
  ['no JSON', '{"jsonrpc":"2.0","id":"q1","result":{"roots":[}}', 400, -32700],
  ['too large', `{"jsonrpc":"2.0","id":"q1","result":{"roots":"${'x'.repeat(2000)}"}}`, 413, -32600],
] as const

test.each(broken)(
  '%s: a broken answer is refused, and ends the question that it is for',
  async (_, body, status, code) => {
    const { url, received } = await served({ messageBytes: 1000 })
    const answer = await post(url, body)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code } })
    expect(received).toMatchObject([{ message: { id: 'q1', error: { code } } }])
  },
)

test('a broken answer within a batch ends its question too', async () => {
  const { url, received } = await served()
  const answer = await post(url, '[{"jsonrpc":"2.0","id":"q1","result":7},{"jsonrpc":"2.0","id":1,"method":"ping"}]')
  expect(JSON.parse(answer.text)).toHaveLength(2)
  expect(received).toMatchObject([{ message: { id: 'q1', error: { code: -32600 } } }, { message: { id: 1 } }])
})

test('a broken request ends no question', async () => {
  const { url, received } = await served()
  expect((await post(url, '{"jsonrpc":"2.0","id":"q1","method":7}')).status).toBe(400)
  expect(received).toEqual([])
})

test('a browser that asks beforehand has no credentials yet', async () => {
  const { url } = await served({
    auth: {
      authenticate: async request =>
        request.header('authorization') === undefined ? { status: 401, headers: {} } : undefined,
    },
  })
  const headers = { origin: url.origin, 'access-control-request-method': 'POST' }
  const preflight = await fetch(url, { method: 'OPTIONS', headers })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-origin')).toBe(url.origin)
  expect((await post(url, '{}')).status).toBe(401)
})

test('what is posted for a stream that ends meanwhile is for nobody', async () => {
  const { sseUrl, received } = await served({ sse: true })
  const url = sseUrl as URL
  const leave = new AbortController()
  const stream = await fetch(url, { signal: leave.signal })
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  const endpoint = /data: (.*)\n/.exec((await reader?.read())?.value ?? '')?.[1] ?? ''
  const body = '{"jsonrpc":"2.0","id":1,"method":"initialize"}'
  const socket = connect(Number(url.port), url.hostname)
  const answered = new Promise<string>(resolve => socket.once('data', data => resolve(String(data))))
  socket.write(
    `POST ${endpoint} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
  )
  await arrived(url, endpoint)
  leave.abort()
  await gone(url, endpoint)
  socket.write(body.slice(5))
  expect(await answered).toMatch(/^HTTP\/1\.1 404 /)
  socket.destroy()
  expect(received.filter(({ message }) => 'id' in message && message.id === 1)).toEqual([])
})

const note = '{"jsonrpc":"2.0","method":"notifications/rumour"}'

/** What was written before on another connection has come when this has been answered. */
const arrived = (url: URL, endpoint: string) => post(new URL(endpoint, url), note)

/** Resolves when the server knows that a stream is gone. */
async function gone(url: URL, endpoint: string): Promise<void> {
  while ((await post(new URL(endpoint, url), note)).status !== 404);
}
