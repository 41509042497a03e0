import { connect, Socket } from 'node:net'
import { type Exchange, isRequest, notification, resultResponse } from '@interlock/protocol'
import { expect, test, vi } from 'vitest'
import { streamLimits } from './exchange.ts'
import { listenHttp } from './node.ts'

/** One request to a server that answers it as the test says, and what has come back on the wire. */
async function asked() {
  let take: (exchange: Exchange) => void = () => {}
  const taken = new Promise<Exchange>(resolve => {
    take = resolve
  })
  const receiver = {
    receive: take,
    takesBatches: () => false,
    listen: () => {},
    terminate: () => 405,
    close: async () => {},
  }
  const listener = await listenHttp(receiver)
  const written = (['_write', '_writev'] as const).map(name => vi.spyOn(Socket.prototype, name))
  const socket = connect({ host: '127.0.0.1', port: Number(listener.url.port) })
  let wire = ''
  socket.on('data', chunk => {
    wire += String(chunk)
  })
  const closed = new Promise(resolve => socket.once('close', resolve).on('error', () => {}))
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  socket.write(
    `POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  const exchange = await taken
  const say = (text: string): void => exchange.send(notification('notifications/message', { text }))
  const reply = (text: string): void => {
    if (isRequest(exchange.message)) exchange.reply(resultResponse(exchange.message.id, { text }))
  }
  /** How often something was handed to the system on the server's side. */
  const writes = (): number =>
    written
      .flatMap(({ mock }) => mock.contexts)
      .filter(context => context instanceof Socket && context.localPort === Number(listener.url.port)).length
  const dispose = async (): Promise<void> => {
    for (const spy of written) spy.mockRestore()
    socket.destroy()
    await listener.close()
  }
  return { exchange, socket, closed, say, reply, wire: () => wire, writes, [Symbol.asyncDispose]: dispose }
}

/** The texts that were said, in order. */
const texts = (wire: string): readonly (string | undefined)[] =>
  [...wire.matchAll(/"text":"(\w+)"/g)].map(([, text]) => text)

/** By the last chunk, or by the length. */
function isOver(wire: string): boolean {
  const [head = '', body = ''] = wire.split('\r\n\r\n', 2)
  const length = /content-length: (\d+)/.exec(head)?.[1]
  return length === undefined ? wire.endsWith('\r\n0\r\n\r\n') : body.length === Number(length)
}

test('what one turn says goes out in one write, in order: the head, what was sent and the reply', async () => {
  await using call = await asked()
  call.say('one')
  call.say('two')
  call.reply('three')
  await expect.poll(() => isOver(call.wire())).toBe(true)
  expect(texts(call.wire())).toEqual(['one', 'two', 'three'])
  expect(call.writes()).toBe(1)
})

test('what a turn said does not wait for the next one, however long that takes', async () => {
  await using call = await asked()
  for (const [index, text] of ['one', 'two', 'three'].entries()) {
    call.say(text)
    await expect.poll(() => texts(call.wire()).length).toBe(index + 1)
  }
  expect(call.writes()).toBe(3)
  call.reply('four')
  await expect.poll(() => isOver(call.wire())).toBe(true)
  expect(texts(call.wire())).toEqual(['one', 'two', 'three', 'four'])
})

test('what is said in the promises of one turn is gathered, and does not keep each other back', async () => {
  await using call = await asked()
  call.say('one')
  await Promise.resolve()
  call.say('two')
  await new Promise(resolve => setImmediate(resolve))
  call.say('three')
  await expect.poll(() => texts(call.wire())).toEqual(['one', 'two', 'three'])
  expect(call.writes()).toBe(2)
})

test('an answer that ends without a reply loses nothing of what its turn said', async () => {
  await using call = await asked()
  call.say('one')
  call.say('two')
  call.exchange.end()
  await expect.poll(() => isOver(call.wire())).toBe(true)
  expect(texts(call.wire())).toEqual(['one', 'two'])
})

test('what is gathered counts as waiting, so that a turn that says too much hears of it while it does', async () => {
  await using call = await asked()
  const text = 'x'.repeat(streamLimits.congestedBytes / 4)
  const congested: boolean[] = []
  for (let at = 0; at < 5; at += 1) {
    call.say(text)
    congested.push(call.exchange.isCongested)
  }
  expect(congested).toEqual([false, false, false, true, true])
  await expect.poll(() => call.exchange.isCongested).toBe(false)
  await expect.poll(() => texts(call.wire()).length).toBe(5)
})

test('a stream that is cut within the turn that fills it is cut for good, and nothing is said after', async () => {
  await using call = await asked()
  const text = 'x'.repeat(1024 * 1024)
  for (let at = 0; at < 20; at += 1) call.say(text)
  expect(call.exchange.cancellation.aborted).toBe(true)
  call.reply('late')
  await call.closed
  expect(texts(call.wire())).not.toContain('late')
})

test('one message that is longer than what may wait goes out whole to a client that reads', async () => {
  await using call = await asked()
  const text = 'x'.repeat(streamLimits.bufferedBytes + 1024 * 1024)
  call.say(text)
  call.reply('done')
  await expect.poll(() => isOver(call.wire()), { timeout: 10_000 }).toBe(true)
  expect(texts(call.wire()).map(said => said?.length)).toEqual([text.length, 4])
})
