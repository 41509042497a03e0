import { connect, type Socket } from 'node:net'
import { type Exchange, isRequest, notification, resultResponse } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { listenHttp } from './node.ts'

const large = 'x'.repeat(16 * 1024 * 1024)
/** Answers with much, at once or on an event stream; and after a while when it was asked to be slow. */
const receiver = {
  receive: (exchange: Exchange) => {
    const { message } = exchange
    if (!isRequest(message)) return
    if (message.method === 'slow') {
      setTimeout(() => exchange.reply(resultResponse(message.id, {})), 1_000)
      return
    }
    if (message.method === 'stream') exchange.send(notification('notifications/message', {}))
    exchange.reply(resultResponse(message.id, { large }))
  },
  takesBatches: () => false,
  listen: () => {},
  terminate: () => 405,
  close: async () => {},
}

function post(method: string): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method })
  return `POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

/** Asks for a large answer and does not read it. */
function ask(url: URL, method: string = 'whole'): { socket: Socket } {
  const socket = connect({ host: url.hostname, port: Number(url.port) })
  socket.on('error', () => {}) // it is cut off
  socket.pause()
  socket.write(post(method))
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

test.each(['whole', 'stream'])(
  'when too much waits to be read, a %s answer that nobody reads is given up, and no more',
  async method => {
    await using listener = await listenHttp(receiver, { limits: { unreadBytes: 40 * 1024 * 1024, unreadMs: 300 } })
    const clients = [ask(listener.url, method), ask(listener.url, method), ask(listener.url, method)]
    await new Promise(resolve => setTimeout(resolve, 2_500))
    const bytes = await Promise.all(clients.map(({ socket }) => read(socket)))
    expect(bytes.filter(some => some < large.length)).toHaveLength(1)
    for (const { socket } of clients) socket.destroy()
  },
)

test('an answer may wait for long as long as few do', async () => {
  await using listener = await listenHttp(receiver, { limits: { unreadBytes: 40 * 1024 * 1024, unreadMs: 50 } })
  const only = ask(listener.url)
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(await read(only.socket)).toBeGreaterThan(large.length)
  only.socket.destroy()
})

test('who has read its answer in the end may take its time with the next one', async () => {
  const limits = { unreadBytes: 1024 * 1024, unreadMs: 400, keepAliveMs: 0 }
  await using listener = await listenHttp(receiver, { limits })
  const { socket } = ask(listener.url)
  socket.write(post('slow')) // its turn comes when the first answer was read
  await new Promise(resolve => setTimeout(resolve, 100))
  const said = await new Promise<string>(resolve => {
    let last = ''
    socket.on('data', chunk => {
      last = (last + String(chunk)).slice(-100)
      if (last.includes('"result":{}')) resolve(last)
    })
    socket.on('close', () => resolve(last))
    socket.resume()
  })
  expect(said).toContain('"result":{}')
  socket.destroy()
})
