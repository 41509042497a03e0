import { type Exchange, isRequest, notification, RawJson, resultResponse } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { listenHttp } from './node.ts'

/** Of what is there as bytes, the text says something else here, so that it shows which of the two was written. */
const result = RawJson.join(['{"ä":"', { text: 'text', bytes: new TextEncoder().encode('b\u00FFtes') }, '"}'])

const receiver = {
  receive: (exchange: Exchange) => {
    const { message } = exchange
    if (!isRequest(message)) return
    if (message.method === 'stream') exchange.send(notification('notifications/message', {}))
    exchange.reply(resultResponse(message.id, result))
  },
  takesBatches: () => false,
  listen: () => {},
  terminate: () => 405,
  close: async () => {},
}

test.each([
  ['whole', '{"jsonrpc":"2.0","id":"ü","result":{"ä":"b\u00FFtes"}}'],
  ['stream', 'data: {"jsonrpc":"2.0","id":"ü","result":{"ä":"text"}}\n\n'],
])('bytes of a result are written as they are in a whole answer, as text on a stream: %s', async (method, expected) => {
  await using listener = await listenHttp(receiver)
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'ü', method })
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const answer = await fetch(listener.url, { method: 'POST', headers, body })
  const text = await answer.text()
  expect(text.slice(-expected.length)).toBe(expected)
  const length = answer.headers.get('content-length')
  expect(length === null || Number(length) === Buffer.byteLength(text)).toBe(true)
})
