import { connect } from 'node:net'
import { type Exchange, isRequest, resultResponse } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { listenHttp } from './node.ts'

const post = (id: number): string => {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })
  return `POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

const patience = { timeout: 20_000 }

/** A server that answers when told to, and what it was asked. */
async function held(limits = {}) {
  const asked: Exchange[] = []
  const receiver = {
    receive: (exchange: Exchange) => void asked.push(exchange),
    takesBatches: () => false,
    listen: () => {},
    terminate: () => 405,
    close: async () => {},
  }
  const listener = await listenHttp(receiver, { limits })
  const socket = connect({ host: '127.0.0.1', port: Number(listener.url.port) })
  let received = ''
  socket.on('data', chunk => {
    received += String(chunk)
  })
  const ids = (): unknown[] => asked.map(({ message }) => 'id' in message && message.id)
  const answer = (at: number, text: string): void => {
    const exchange = asked[at]
    if (exchange !== undefined && isRequest(exchange.message))
      exchange.reply(resultResponse(exchange.message.id, { text }))
  }
  return { listener, socket, ids, answer, received: () => received, asked }
}

test('pipelined requests are served one after the other, in order', async () => {
  const { listener, socket, ids, answer, received } = await held()
  await using _ = listener
  socket.write(post(1) + post(2) + post(3))
  await expect.poll(ids, patience).toEqual([1])
  answer(0, 'first')
  await expect.poll(ids, patience).toEqual([1, 2])
  answer(1, 'second')
  await expect.poll(ids, patience).toEqual([1, 2, 3])
  answer(2, 'third')
  await expect.poll(() => received().match(/first|second|third/g), patience).toEqual(['first', 'second', 'third'])
  socket.destroy()
})

test('a peer that does not read is asked nothing of after the first answer that it leaves', async () => {
  const { listener, socket, ids, answer } = await held()
  await using _ = listener
  socket.pause()
  socket.write(post(1) + post(2) + post(3))
  await expect.poll(ids, patience).toEqual([1])
  answer(0, 'x'.repeat(32 * 1024 * 1024))
  await new Promise(resolve => setTimeout(resolve, 100))
  expect(ids()).toEqual([1])
  socket.resume()
  await expect.poll(ids, patience).toEqual([1, 2])
  socket.destroy()
})

test('a connection with too many requests waiting is cut off, and the others are served on', async () => {
  const flooded = await held({ pipelinedRequests: 2 })
  await using listener = flooded.listener
  const closed = new Promise(resolve => flooded.socket.once('close', resolve).on('error', () => {}))
  flooded.socket.write(post(1) + post(2) + post(3) + post(4))
  await closed
  expect(flooded.ids()).toEqual([1])
  const other = connect({ host: '127.0.0.1', port: Number(listener.url.port) })
  other.write(post(5))
  await expect.poll(flooded.ids, patience).toEqual([1, 5])
  other.destroy()
})
