import { Buffer } from 'node:buffer'
import { messageLimits, metaKey, newest } from '@interlock/protocol'

/** What a frame is answered with: an error, with the id where it can be read; a result; or nothing at all. */
export type Expected =
  | { readonly code: number; readonly id?: string | number }
  | { readonly result: object; readonly id: string | number }
  | 'nothing'

export interface Hostile {
  readonly name: string
  readonly bytes: string | Uint8Array
  readonly expected: Expected
}

const parse = -32700
const request = -32600
const method = -32601
const params = -32602

const meta = { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: {} }
/** A good request. */
export const good = (id: string | number): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'greet', _meta: meta } })
const pass = (id: string | number): Expected => ({ id, result: { content: [{ type: 'text', text: 'hello' }] } })

/** A good request with something put where its last brace is. */
const goodWith = (id: string | number, more: string): string => `${good(id).slice(0, -1)}${more}}`
const list = (more: string): string =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{${more}"_meta":${JSON.stringify(meta)}}}`

const huge = 'x'.repeat(messageLimits.messageBytes + 1)
const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
const deepObject = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`

const row = (name: string, bytes: string | Uint8Array, expected: Expected): Hostile => ({ name, bytes, expected })

/** Frames that a client should never send, and some that only look like it. */
export const hostileFrames: readonly Hostile[] = [
  row('a word', 'hello', { code: parse }),
  row('an HTTP request', 'GET / HTTP/1.1', { code: parse }),
  row('cut', '{"jsonrpc":"2.0","id":1,"method":"tools/l', { code: parse, id: 1 }),
  row('cut in its id', '{"jsonrpc":"2.0","id":"ab', { code: parse }),
  row('two in one', `${good(1)}${good(2)}`, { code: parse, id: 1 }),
  row('single quotes', "{'jsonrpc':'2.0','id':1}", { code: parse }),
  row('a comma too many', '{"jsonrpc":"2.0","id":"a","method":"ping",}', { code: parse, id: 'a' }),
  row('NaN', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":NaN}}', { code: parse, id: 1 }),
  row('NUL in a text', '{"jsonrpc":"2.0","id":1,"method":"pi\0ng"}', { code: parse, id: 1 }),
  row('NUL bytes', Buffer.alloc(100), { code: parse }),
  row('braces only', '}}}}]]]]{{{{', { code: parse }),
  row('null', 'null', { code: request }),
  row('a number', '42', { code: request }),
  row('a text', '"tools/list"', { code: request }),
  row('true', 'true', { code: request }),
  row('an empty batch', '[]', { code: request }),
  row('a batch', `[${good(1)},${good(2)}]`, { code: request }),
  row('an empty object', '{}', { code: request }),
  row('no jsonrpc', '{"id":1,"method":"ping"}', { code: request, id: 1 }),
  row('the wrong jsonrpc', '{"jsonrpc":"1.0","id":1,"method":"ping"}', { code: request, id: 1 }),
  row('jsonrpc as a number', '{"jsonrpc":2.0,"id":"b","method":"ping"}', { code: request, id: 'b' }),
  row('id null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', { code: request }),
  row('id with a fraction', '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', { code: request }),
  row('id too large', '{"jsonrpc":"2.0","id":1e400,"method":"ping"}', { code: request }),
  row('id as an object', '{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}', { code: request }),
  row('id as a list', '{"jsonrpc":"2.0","id":[1],"method":"ping"}', { code: request }),
  row('id true', '{"jsonrpc":"2.0","id":true,"method":"ping"}', { code: request }),
  row('neither method nor result', '{"jsonrpc":"2.0","id":1}', { code: request, id: 1 }),
  row('method as a number', '{"jsonrpc":"2.0","id":1,"method":7}', { code: request, id: 1 }),
  row('method null', '{"jsonrpc":"2.0","id":1,"method":null}', { code: request, id: 1 }),
  row('params as a list', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[1]}', { code: params, id: 1 }),
  row('params as a text', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"a"}', { code: params, id: 1 }),
  row('params null', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}', { code: params, id: 1 }),
  row('10,000 lists deep', list(`"a":${deep},`), { code: request, id: 1 }),
  row('10,000 objects deep', list(`"a":${deepObject},`), { code: request, id: 1 }),
  row('deep and cut', `{"jsonrpc":"2.0","id":1,"params":${'['.repeat(100_000)}`, { code: parse, id: 1 }),
  row('an unknown method', `{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":${JSON.stringify(meta)}}}`, {
    code: method,
    id: 1,
  }),
  ...['__proto__', 'constructor', 'toString', '', '\\ud800', 'x'.repeat(1_000_000)].map(name =>
    row(
      `the method "${name.slice(0, 12)}"`,
      `{"jsonrpc":"2.0","id":1,"method":"${name}","params":{"_meta":${JSON.stringify(meta)}}}`,
      { code: method, id: 1 },
    ),
  ),
  row('members called __proto__', goodWith(3, ',"__proto__":{"polluted":1}'), pass(3)),
  row('params called __proto__', list('"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'), {
    id: 1,
    result: { resultType: 'complete' },
  }),
  row('lone surrogates', goodWith(4, ',"more":"\\ud800\\udfff"'), pass(4)),
  row('an id of odd letters', good('ä\u2028\ud83d\ude00"\\'), pass('ä\u2028\ud83d\ude00"\\')),
  row(
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(goodWith(5, ',"more":"').slice(0, -1)), Buffer.from([0xff, 0xc3, 0x22, 0x7d])]),
    pass(5),
  ),
  row('a response to nothing', '{"jsonrpc":"2.0","id":99,"result":{}}', 'nothing'),
  row('an error to nothing', '{"jsonrpc":"2.0","id":99,"error":{"code":1,"message":"a"}}', 'nothing'),
  row('an error without an id', '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"a"}}', 'nothing'),
  row('an unknown notification', '{"jsonrpc":"2.0","method":"notifications/rumour"}', 'nothing'),
  row('a request without an id', '{"jsonrpc":"2.0","method":"tools/list"}', 'nothing'),
]

/** Larger than a message may be. */
export const oversizeFrames: readonly Hostile[] = [
  row('17 MB, the id first', `{"jsonrpc":"2.0","id":7,"method":"${huge}"}`, { code: request, id: 7 }),
  row('17 MB, the id last', `{"jsonrpc":"2.0","method":"${huge}","id":"z"}`, { code: request, id: 'z' }),
  row('17 MB of nothing', ' '.repeat(1000) + huge, { code: request }),
]
