import { expect, test } from 'vitest'
import { readReply } from './drive-http.ts'

const json = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"id":1}'

test('a reply is read when its last byte has come', () => {
  expect(readReply(json.slice(0, -1))).toBeUndefined()
  expect(readReply(json)).toMatchObject({ status: 200, messages: [{ id: 1 }] })
})

test('an event stream is read over chunks that cut events, and empty events are no messages', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
  const chunks = ['id: 1\ndata: \n\ndata: {"method":"no', 'tice"}\n\nevent: message\ndata: {"id":1}\n\n']
  const body = chunks.map(chunk => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
  expect(readReply(head + body)).toBeUndefined()
  expect(readReply(`${head}${body}0\r\n\r\n`)?.messages).toEqual([{ method: 'notice' }, { id: 1 }])
})

test('a body that is no JSON is a message that nothing expects', () => {
  expect(readReply(json.replace('{"id":1}', '{"id":1)'))?.messages).toEqual([undefined])
})
