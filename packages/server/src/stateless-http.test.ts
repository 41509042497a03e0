import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { metaKey } from '@interlock/protocol'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Server, server, tool } from './index.ts'
import { ask, events, modern } from './testing/http.ts'

// What the newest revision asks of servers over HTTP, beside what http-modern.test.ts shows.

const input = z.object({ region: z.string().optional().meta({ 'x-mcp-header': 'Region' }) })
const noisy = tool('noisy', {}, (_, ctx) => {
  ctx.log('error', 'heard')
  return 'done'
})

let made: Server
let listener: HttpListener
let url: URL
beforeAll(async () => {
  made = server({ name: 'web', version: '1.0.0', tools: [noisy, tool('where', { input }, () => '')] })
  listener = await listenHttp(made.receiver)
  url = listener.url
})
afterAll(() => listener.close())

/** Sends the very bytes of the header lines, in the very case. */
async function raw(headers: Readonly<Record<string, string>>, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } })
    sent.on('response', response => json(response).then(resolve, reject))
    sent.on('error', reject)
    sent.end(Buffer.from(JSON.stringify(body))) // as bytes, so that the headers are not written in UTF-8 with it
  })
}

test('names of headers are the same in every case', async () => {
  const { body, headers } = modern('tools/call', { name: 'noisy' })
  for (const cased of [(name: string) => name.toUpperCase(), (name: string) => name.toLowerCase()]) {
    const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [cased(name), value]))
    expect(await raw(named, body)).toMatchObject({ id: 1, result: {} })
  }
})

test('a header with letters that no header may have is refused, though the body has them too', async () => {
  const { body, headers } = modern('tools/call', { name: 'where', arguments: { region: 'S\u00fcd' } })
  const refused = { id: 1, error: { code: -32020 } }
  expect(await raw({ ...headers, 'Mcp-Param-Region': 'S\u00fcd' }, body)).toMatchObject(refused)
  const named = modern('tools/call', { name: '\u00fc' })
  expect(await raw({ ...named.headers, 'mcp-name': '\u00fc' }, named.body)).toMatchObject(refused)
})

test('a parameter that is null or absent needs no header, and may have none', async () => {
  for (const given of [{ region: null }, {}]) {
    const params = { name: 'where', arguments: given }
    expect(await ask(url, 'tools/call', params)).toMatchObject({ status: 200, body: { result: {} } })
    expect(await ask(url, 'tools/call', params, { 'mcp-param-region': 'null' })).toMatchObject({
      status: 400,
      body: { error: { code: -32020 } },
    })
  }
})

test('a header for a parameter that the tool does not have is left alone', async () => {
  const headers = { 'mcp-param-unheard-of': 'x' }
  expect(await ask(url, 'tools/call', { name: 'noisy' }, headers)).toMatchObject({ status: 200 })
})

test('a stream is not to be kept back by proxies, ends with its response, and holds the log that its request asked for', async () => {
  const listening = modern('subscriptions/listen', { notifications: { toolsListChanged: true } }, 'sub')
  const subscription = await events(url, listening.body, listening.headers)
  expect(await subscription.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' })
  const { body, headers } = modern('tools/call', { name: 'noisy', _meta: { [metaKey.logLevel]: 'error' } })
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(body),
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(response.headers.get('x-accel-buffering')).toBe('no')
  const messages = (await response.text()).match(/^data: (.+)$/gm)?.map(line => JSON.parse(line.slice(6)) as object)
  expect(messages).toMatchObject([
    { method: 'notifications/message', params: { data: 'heard' } },
    { id: 1, result: {} },
  ])
  const extra = tool('extra', {}, () => '')
  made.add(extra)
  expect(await subscription.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  made.remove(extra)
  subscription.close()
})

test('a server listens on this machine only, unless it is told otherwise', () => {
  expect(url.hostname).toBe('127.0.0.1')
})

test('a notification that nobody can take is refused with a status, and no id', async () => {
  const { headers } = modern('tools/list')
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","method":7}',
  })
  expect(answer.status).toBe(400)
  expect(await answer.json()).not.toHaveProperty('id')
})
