import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Cancellation } from '@interlock/protocol'
import { afterEach, expect, test } from 'vitest'
import { nodeSend } from './node-client.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<URL> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
}

interface Seen {
  readonly head: readonly (readonly [string, string])[]
  readonly body: string
}

/** What the server sees of one request. */
async function sent(
  headers: Readonly<Record<string, string>>,
  { body = '{}', credentials = '' } = {},
): Promise<Seen & { readonly host: string }> {
  let seen: Seen = { head: [], body: '' }
  const url = await serve(async (request, response) => {
    const { rawHeaders } = request
    const head = rawHeaders.flatMap((name, at) =>
      at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ''] as const] : [],
    )
    seen = { head, body: await text(request) }
    response.end()
  })
  const { host } = url
  if (credentials !== '') url.username = credentials
  const answer = await nodeSend({ url, method: 'POST', headers, body })
  for await (const _ of answer.body);
  return { ...seen, host }
}

test('a request has each header once, with its host and the length of its body in bytes', async () => {
  const { head, body, host } = await sent(
    { accept: 'application/json', 'mcp-name': 'add' },
    { body: '{"city":"Zürich"}' },
  )
  expect(body).toBe('{"city":"Zürich"}')
  expect(Object.fromEntries(head)).toEqual({
    host,
    'content-length': '18',
    accept: 'application/json',
    'mcp-name': 'add',
    connection: 'keep-alive',
  })
  expect(head).toHaveLength(5)
})

test('a header that the caller writes its own way is not sent twice', async () => {
  const { head } = await sent({ Host: 'inner.example', accept: 'text/plain', Accept: 'application/json' })
  expect(head.filter(([name]) => name === 'host')).toEqual([['host', 'inner.example']])
  expect(head.filter(([name]) => name === 'accept')).toEqual([['accept', 'application/json']])
})

test('credentials in the URL are sent', async () => {
  const { head } = await sent({}, { credentials: 'ada' })
  expect(head).toContainEqual(['authorization', `Basic ${btoa('ada:')}`])
})

test.each([
  ['a value with a line feed', { 'mcp-name': 'add\r\nx-evil: 1' }, 'ERR_INVALID_CHAR'],
  ['a name with a blank', { 'mcp name': 'add' }, 'ERR_INVALID_HTTP_TOKEN'],
])('%s is no header', async (_, headers, code) => {
  const url = new URL('http://127.0.0.1:9/')
  await expect(nodeSend({ url, method: 'POST', headers, body: '{}' })).rejects.toMatchObject({ code })
})

test('a body that was read to its end stays at its end when the connection closes', async () => {
  const url = await serve((_, response) => void response.writeHead(200, { connection: 'close' }).end('whole'))
  const answer = await nodeSend({ url, method: 'POST', headers: {}, body: '{}' })
  const pieces = answer.body[Symbol.asyncIterator]()
  expect(String((await pieces.next()).value)).toBe('whole')
  expect(await pieces.next()).toMatchObject({ done: true })
  answer.close()
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(await pieces.next()).toMatchObject({ done: true })
})

test('a body that is let go of rejects for whoever still reads it', async () => {
  const url = await serve((_, response) => void response.writeHead(200).write('start'))
  const answer = await nodeSend({ url, method: 'POST', headers: {}, body: '{}' })
  const pieces = answer.body[Symbol.asyncIterator]()
  expect(String((await pieces.next()).value)).toBe('start')
  const rest = expect(pieces.next()).rejects.toThrow('the connection was closed')
  answer.close()
  await rest
})

test('a body that breaks off rejects with what the platform says', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('start', () => request.socket.destroy())
  })
  const answer = await nodeSend({ url, method: 'POST', headers: {}, body: '{}' })
  const pieces = answer.body[Symbol.asyncIterator]()
  expect(String((await pieces.next()).value)).toBe('start')
  await expect(pieces.next()).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('headers that were changed between two requests are sent as they are', async () => {
  const seen: unknown[] = []
  const url = await serve((request, response) => {
    seen.push(request.headers['authorization'])
    response.end()
  })
  const headers: Record<string, string> = { authorization: 'Bearer old' }
  const frozen = Object.freeze({ authorization: 'Bearer frozen' })
  const ask = async (sent: Readonly<Record<string, string>>): Promise<void> => {
    const answer = await nodeSend({ url, method: 'POST', headers: sent, body: '{}' })
    for await (const _ of answer.body);
  }
  await ask(headers)
  headers['authorization'] = 'Bearer new'
  await ask(headers)
  for (const sent of [frozen, frozen, headers, frozen]) await ask(sent)
  const [old, now, kept] = ['Bearer old', 'Bearer new', 'Bearer frozen']
  expect(seen).toEqual([old, now, kept, kept, now, kept])
})

test('a body is drained to its end, also when a part of it has come before', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200).write('one ')
    setTimeout(() => response.write('two '), 10)
    setTimeout(() => response.end('three'), 20)
  })
  const answer = await nodeSend({ url, method: 'POST', headers: {}, body: '{}' })
  await new Promise(resolve => setTimeout(resolve, 15))
  let text = ''
  await answer.drain?.(piece => {
    text += String(piece)
  })
  expect(text).toBe('one two three')
  await answer.drain?.(() => expect.unreachable())
})

test('who throws while a body is drained gets nothing more of it', async () => {
  let isClosed = false
  const url = await serve((_, response) => {
    response.on('close', () => {
      isClosed = true
    })
    response.writeHead(200).write('one')
  })
  const answer = await nodeSend({ url, method: 'POST', headers: {}, body: '{}' })
  const refuse = (): void => {
    throw new TypeError('too much')
  }
  await expect(answer.drain?.(refuse)).rejects.toThrow('too much')
  await expect.poll(() => isClosed).toBe(true)
})

test('a body that breaks off while it is drained rejects with what the platform says', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('start', () => request.socket.destroy())
  })
  const answer = await nodeSend({ url, method: 'POST', headers: {}, body: '{}' })
  await expect(answer.drain?.(() => {})).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('a request is stopped without a signal, before its answer and during it', async () => {
  const url = await serve(({ method }, response) => void (method === 'GET' && response.writeHead(200).write('start')))
  const cancellation = new Cancellation()
  const unanswered = expect(nodeSend({ url, method: 'POST', headers: {}, body: '{}', cancellation })).rejects.toBe(
    'enough',
  )
  const answer = await nodeSend({ url, method: 'GET', headers: {}, cancellation })
  const drained = expect(answer.drain?.(() => {})).rejects.toThrow()
  cancellation.abort('enough')
  await Promise.all([unanswered, drained])
  await expect(nodeSend({ url, method: 'GET', headers: {}, cancellation })).rejects.toBe('enough')
})
