import { type Exchange, errorResponse, isRequest, type Receiver, request, resultResponse } from '@interlock/protocol'
import { expect, test, vi } from 'vitest'
import { memoryTransport } from './transport.ts'

const receiverOf = (receive: (exchange: Exchange) => void): Receiver => ({
  receive,
  listen: stream => stream.refuse({ status: 405 }),
  terminate: () => 404,
  close: async () => {},
})

test('messages arrive as copies, in a turn of their own', async () => {
  const sent = request(1, 'ping', { list: [1], nothing: undefined })
  let seen: unknown
  const transport = memoryTransport(
    receiverOf(exchange => {
      seen = exchange.message
      exchange.reply(resultResponse(1, { ok: true }))
    }),
  )
  const reply = transport.exchange(sent)
  expect(seen).toBeUndefined()
  expect(await reply).toEqual({ response: { jsonrpc: '2.0', id: 1, result: { ok: true } } })
  expect(seen).toEqual({ jsonrpc: '2.0', id: 1, method: 'ping', params: { list: [1] } })
  expect(seen).not.toBe(sent)
})

test('an exchange is answered once, and says nothing after', async () => {
  const heard = vi.fn()
  const transport = memoryTransport(
    receiverOf(exchange => {
      if (!isRequest(exchange.message)) return
      exchange.send({ jsonrpc: '2.0', method: 'before' })
      exchange.reply(resultResponse(exchange.message.id, {}))
      exchange.reply(errorResponse(exchange.message.id, { code: 1, message: 'late' }))
      exchange.send({ jsonrpc: '2.0', method: 'after' })
      exchange.end()
    }),
  )
  transport.onMessage(({ method }) => heard(method))
  transport.onNoise(heard)
  expect(await transport.exchange(request(1, 'ping'))).toMatchObject({ response: { result: {} } })
  expect(await transport.exchange(request(2, 'ping'))).toMatchObject({ response: { id: 2 } })
  expect(heard.mock.calls).toEqual([['before'], ['before']])
})

test('a cancelled exchange says nothing at all', async () => {
  const heard = vi.fn()
  const transport = memoryTransport(
    receiverOf(exchange => {
      if (!isRequest(exchange.message)) return
      if (exchange.message.id === 1) exchange.cancellation.abort()
      exchange.send({ jsonrpc: '2.0', method: 'told' })
      exchange.reply(resultResponse(exchange.message.id, {}))
    }),
  )
  transport.onMessage(heard)
  const cancelled = transport.exchange(request(1, 'ping'))
  cancelled.then(heard, () => {})
  await transport.exchange(request(2, 'ping'))
  expect(heard).toHaveBeenCalledTimes(1)
  await transport[Symbol.asyncDispose]()
  await expect(cancelled).rejects.toMatchObject({ code: 'closed' })
})

test('closing tells the server and ends what waits', async () => {
  let exchange: Exchange | undefined
  const transport = memoryTransport(
    receiverOf(taken => {
      exchange = taken
    }),
  )
  const pending = transport.exchange(request(1, 'ping'))
  pending.catch(() => {})
  await expect.poll(() => exchange).toBeDefined()
  await transport[Symbol.asyncDispose]()
  expect(exchange?.binding.connection?.closed.aborted).toBe(true)
  await expect(pending).rejects.toMatchObject({ code: 'closed' })
  await expect(transport.exchange(request(2, 'ping'))).rejects.toMatchObject({ code: 'closed' })
  expect(await transport.ended).toBeUndefined()
})
