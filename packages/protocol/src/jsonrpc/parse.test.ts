import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check, parse, Unreadable } from './parse.ts'

const read = (message: object): unknown => parse(JSON.stringify({ jsonrpc: '2.0', ...message }))

describe('messages', () => {
  test.each([
    ['a request', { id: 1, method: 'ping' }],
    ['a request with a text as its id', { id: 'a', method: 'ping', params: {} }],
    ['a notification', { method: 'notifications/initialized' }],
    ['a result', { id: 1, result: {} }],
    ['an error', { id: 1, error: { code: -32601, message: 'Method not found' } }],
    ['an error without an id', { error: { code: -32700, message: 'Parse error' } }],
    ['an error whose id is null', { id: null, error: { code: -32700, message: 'Parse error' } }],
    ['members that nobody knows', { id: 1, method: 'ping', params: { x: [1] }, y: { z: null } }],
  ])('%s is taken as it is', (_, message) => {
    expect(read(message)).toEqual({ jsonrpc: '2.0', ...message })
  })

  test('an array is a batch, whose messages are checked one by one', () => {
    expect(parse('[{"jsonrpc":"2.0","method":"a"},5]')).toEqual([{ jsonrpc: '2.0', method: 'a' }, 5])
  })
})

describe('what cannot be taken is answered, with its id when that can be read', () => {
  test.each([
    ['{"id":1,"jsonrpc":"2.0","method":"ping",}', 1, -32700, 'Parse error: the message is not valid JSON'],
    ['', undefined, -32700, 'Parse error: the message is not valid JSON'],
    ['5', undefined, -32600, 'Invalid request: a message is a JSON object'],
    ['null', undefined, -32600, 'Invalid request: a message is a JSON object'],
    ['{"id":1,"method":"ping"}', 1, -32600, 'Invalid request: "jsonrpc" must be "2.0"'],
    ['{"jsonrpc":"1.0","id":"a","method":"ping"}', 'a', -32600, 'Invalid request: "jsonrpc" must be "2.0"'],
    [
      '{"jsonrpc":"2.0","id":1.5,"method":"p"}',
      undefined,
      -32600,
      'Invalid request: "id" must be a string or an integer',
    ],
    [
      '{"jsonrpc":"2.0","id":null,"method":"p"}',
      undefined,
      -32600,
      'Invalid request: "id" must be a string or an integer',
    ],
    ['{"jsonrpc":"2.0","id":1,"method":2}', 1, -32600, 'Invalid request: "method" must be a string'],
    ['{"jsonrpc":"2.0","id":1,"method":"p","params":[]}', 1, -32602, 'Invalid params: "params" must be an object'],
    ['{"jsonrpc":"2.0","id":1,"method":"p","params":null}', 1, -32602, 'Invalid params: "params" must be an object'],
  ])('%s', (text, id, code, message) => {
    const error = { code, message }
    expect(parse(text)).toEqual(
      new Unreadable(id === undefined ? { jsonrpc: '2.0', error } : { jsonrpc: '2.0', id, error }),
    )
  })
})

describe('a broken response names the request that gets no better answer, and is answered without an id', () => {
  test.each([
    '{"jsonrpc":"2.0","id":1,"result":5}',
    '{"jsonrpc":"2.0","id":1,"error":"no"}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"no"}}',
    '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"no"}}',
    '{"id":1,"result":{}}',
    '{"jsonrpc":"2.0","id":1,"result":{',
  ])('%s', text => {
    const message = parse(text)
    expect(message).toMatchObject({ answers: 1, reply: { jsonrpc: '2.0' } })
    expect(message).not.toHaveProperty('reply.id')
  })

  test('one that may as well be a broken request is answered with its id', () => {
    const message = 'Invalid request: a message has a "method", or a "result" object, or an "error" object'
    const reply = { jsonrpc: '2.0' as const, id: 1, error: { code: -32600, message } }
    expect(parse('{"jsonrpc":"2.0","id":1}')).toEqual(new Unreadable(reply, 1))
  })

  test('a result needs an id', () => {
    expect(parse('{"jsonrpc":"2.0","result":{}}')).toBeInstanceOf(Unreadable)
  })
})

describe('depth', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 'x'.repeat(1000) : [nested(levels - 1)])
  const message = (levels: number): object => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'ping',
    params: { nested: nested(levels) },
  })

  test('objects and arrays count, the message itself and its params included', () => {
    expect(check(message(3), 5)).toEqual(message(3))
    expect(check(message(4), 5)).toEqual(
      new Unreadable({
        jsonrpc: '2.0',
        id: 1,
        error: { code: -32600, message: 'Invalid request: nested deeper than 5 levels' },
      }),
    )
  })

  test('a text with a million brackets is refused, not followed', () => {
    const deep = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}}`
    expect(parse(deep)).toMatchObject({ reply: { id: 1, error: { code: -32600 } } })
  })
})

test('whatever comes, nothing is thrown', () => {
  const almost = fc.record(
    { jsonrpc: fc.constantFrom('2.0', 2), id: fc.jsonValue(), method: fc.jsonValue(), result: fc.jsonValue() },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        almost.map(value => JSON.stringify(value)),
      ),
      text => {
        expect(() => parse(text)).not.toThrow()
      },
    ),
  )
})
