import { connect, type Socket } from 'node:net'
import { type Exchange, isRequest, resultResponse } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { listenHttp } from './node.ts'

const large = 'x'.repeat(16 * 1024 * 1024)
const receiver = {
  receive: (exchange: Exchange) => {
    if (isRequest(exchange.message)) exchange.reply(resultResponse(exchange.message.id, { large }))
  },
  takesBatches: () => false,
  listen: () => {},
  terminate: () => 405,
  close: async () => {},
}

/** Asks for a large answer and does not read it. */
function ask(url: URL): { socket: Socket } {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  const socket = connect({ host: url.hostname, port: Number(url.port) })
  socket.on('error', () => {}) // it is cut off
  socket.pause()
  socket.write(
    `POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  return { socket }
}

/** How much of its answer a client gets when it reads in the end. */
const read = (socket: Socket): Promise<number> =>
  new Promise(resolve => {
    let bytes = 0
    socket.on('data', chunk => {
      bytes += chunk.length
      if (bytes > large.length) resolve(bytes)
    })
    socket.on('close', () => resolve(bytes))
    socket.resume()
  })

test('when too much waits to be read, an answer that nobody reads is given up, and no more than need be', async () => {
  await using listener = await listenHttp(receiver, { limits: { unreadBytes: 40 * 1024 * 1024, unreadMs: 300 } })
  const clients = [ask(listener.url), ask(listener.url), ask(listener.url)]
  await new Promise(resolve => setTimeout(resolve, 2_500))
  const bytes = await Promise.all(clients.map(({ socket }) => read(socket)))
  expect(bytes.filter(some => some < large.length)).toHaveLength(1)
  for (const { socket } of clients) socket.destroy()
})

test('an answer may wait for long as long as few do', async () => {
  await using listener = await listenHttp(receiver, { limits: { unreadBytes: 40 * 1024 * 1024, unreadMs: 50 } })
  const only = ask(listener.url)
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(await read(only.socket)).toBeGreaterThan(large.length)
  only.socket.destroy()
})
