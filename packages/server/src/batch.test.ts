import { legacy, type Revision } from '@interlock/protocol'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { server, text, tool } from './index.ts'
import { events, session } from './testing/http.ts'
import { pipe } from './testing/pipe.ts'

const batching = legacy.filter(({ features }) => features.batch).map(revision => [revision.version, revision] as const)
const single = legacy.filter(({ features }) => !features.batch).map(revision => [revision.version, revision] as const)

const made = () =>
  server({
    name: 'b',
    version: '1',
    tools: [
      tool('greet', {}, () => 'hello'),
      tool('count', {}, (_, ctx) => {
        ctx.progress(1)
        return 'one'
      }),
    ],
  })

let listener: HttpListener
beforeAll(async () => {
  listener = await listenHttp(made().receiver)
})
afterAll(() => listener.close())

const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' })
const call = (id: number, name: string) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, _meta: { progressToken: id } },
})
const rumour = { jsonrpc: '2.0', method: 'notifications/rumour' }

/** A batch sent on HTTP. */
async function batch(values: readonly unknown[], revision: Revision) {
  const own = await session(listener.url, revision)
  const headers = { 'content-type': 'application/json', ...own } as Record<string, string>
  const response = await fetch(listener.url, { method: 'POST', headers, body: JSON.stringify(values) })
  const body = await response.text()
  return { status: response.status, body: body === '' ? undefined : (JSON.parse(body) as unknown) }
}

const answered = [
  { jsonrpc: '2.0', id: 'a', result: {} },
  { jsonrpc: '2.0', error: { code: -32600 } },
  { jsonrpc: '2.0', id: 1, result: { content: [text('hello')] } },
]

test.each(batching)('%s: a batch is answered with a batch', async (_, revision) => {
  const { status, body } = await batch([ping('a'), rumour, ping(null), call(1, 'greet')], revision)
  expect(status).toBe(200)
  expect(body).toHaveLength(3)
  expect(body).toEqual(expect.arrayContaining(answered.map(response => expect.objectContaining(loose(response)))))
})

const loose = (response: (typeof answered)[number]): object =>
  'error' in response ? { error: expect.objectContaining(response.error) } : response

test.each(batching)('%s: a batch of notifications has no answer', async (_, revision) => {
  expect(await batch([rumour, rumour], revision)).toEqual({ status: 202, body: undefined })
})

test.each(batching)('%s: what is told meanwhile makes a stream of the answer', async (_, revision) => {
  const own = await session(listener.url, revision)
  const stream = await events(listener.url, [call(1, 'count'), ping(2)], own)
  expect(await stream.next()).toMatchObject({ method: 'notifications/progress' })
  expect(await stream.next()).toHaveLength(2)
  expect(await stream.next()).toBeUndefined()
})

test.each(batching)('%s: an empty batch, and one too long, are refused', async (_, revision) => {
  expect(await batch([], revision)).toMatchObject({ status: 400, body: { error: { code: -32600 } } })
  const long = Array.from({ length: 101 }, (_, id) => ping(id))
  expect(await batch(long, revision)).toMatchObject({
    status: 400,
    body: { error: { code: -32600, message: 'Invalid request: a batch has at most 100 messages' } },
  })
})

test.each(single)('%s: a batch is refused', async (_, revision) => {
  expect(await batch([ping(1)], revision)).toMatchObject({ status: 400, body: { error: { code: -32600 } } })
})

test.each(batching)('%s: a batch on stdio is answered on one line', async (_, { version }) => {
  const client = pipe(made().receiver)
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'p', version: '1' } }
  client.write(`${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })}\n`)
  await client.next()
  client.write(`${JSON.stringify([call(1, 'count'), rumour, ping(2)])}\n${JSON.stringify([rumour])}\n`)
  client.write(`${JSON.stringify(ping(3))}\n`)
  const lines = [await client.next(), await client.next(), await client.next()]
  expect(lines).toHaveLength(3)
  expect(lines.find(line => line?.['method'] === 'notifications/progress')).toBeDefined()
  expect(lines.find(line => line?.['id'] === 3)).toBeDefined()
  expect(lines.find(Array.isArray)).toHaveLength(2)
  await client.listener.close()
})
