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
function ask(url: URL): { socket: Socket; isCut: () => boolean } {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  const socket = connect({ host: url.hostname, port: Number(url.port) })
  let cut = false
  socket.on('error', () => {
    cut = true
  })
  socket.pause()
  socket.write(
    `POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  return { socket, isCut: () => cut }
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

test('when too much waits to be read, the answers that wait longest are given up, and no others', async () => {
  await using listener = await listenHttp(receiver, { limits: { unreadBytes: 40 * 1024 * 1024, unreadMs: 300 } })
  const first = ask(listener.url)
  await new Promise(resolve => setTimeout(resolve, 100))
  const second = ask(listener.url)
  const third = ask(listener.url)
  await new Promise(resolve => setTimeout(resolve, 1_000))
  expect(await read(first.socket)).toBeLessThan(large.length)
  expect(await read(second.socket)).toBeGreaterThan(large.length)
  expect(await read(third.socket)).toBeGreaterThan(large.length)
  for (const { socket } of [first, second, third]) socket.destroy()
})

test('an answer may wait for long as long as few do', async () => {
  await using listener = await listenHttp(receiver, { limits: { unreadBytes: 40 * 1024 * 1024, unreadMs: 50 } })
  const only = ask(listener.url)
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(await read(only.socket)).toBeGreaterThan(large.length)
  only.socket.destroy()
})

test('who reads slowly gets its answer, however much others leave unread', async () => {
  await using listener = await listenHttp(receiver, { limits: { unreadBytes: 24 * 1024 * 1024, unreadMs: 400 } })
  const slow = ask(listener.url)
  const others = [ask(listener.url), ask(listener.url)]
  let bytes = 0
  slow.socket.on('data', chunk => {
    bytes += chunk.length
    slow.socket.pause()
    setTimeout(() => slow.socket.resume(), 5)
  })
  slow.socket.resume()
  await expect.poll(() => bytes, { timeout: 20_000 }).toBeGreaterThan(large.length)
  for (const { socket } of [slow, ...others]) socket.destroy()
})
