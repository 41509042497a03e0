import { expect, test } from 'vitest'
import { parse, Unreadable } from './parse.ts'
import { sourceLimits, sourceOf, writtenFrom } from './source.ts'

const long = 'x'.repeat(sourceLimits.characters)

const response = (members: string): string => `{"jsonrpc":"2.0","id":1,"result":{${members}}}`

function read(text: string): {
  readonly result: Record<string, unknown>
  readonly source: ReturnType<typeof sourceOf>
} {
  const message = parse(text)
  if (message instanceof Unreadable || !('result' in message)) throw new TypeError('no response')
  return { result: message.result as Record<string, unknown>, source: sourceOf(text, message) }
}

test('a large member is written as it was read, the others anew', () => {
  const { result, source } = read(response(`"content" : [ {"type":"text","text":"\\u0041${long}"} ] ,"n":1.0`))
  expect(source && writtenFrom(source, result).text).toBe(
    `{"content": [ {"type":"text","text":"\\u0041${long}"} ] ,"n":1}`,
  )
})

test.each([
  ['the result first', `{"result":{"content":["${long}"]},"jsonrpc":"2.0","id":1}`],
  ['others before and after', response(`"_meta":{"a":[{}]},"content":["${long}"],"isError":false`)],
  ['escaped quotation marks', response(`"content":["\\"\\\\\\\\\\"${long}\\\\"]`)],
  ['characters of other scripts', response(`"content":["ä漢😀${long}"]`)],
])('the result that is written equals the one that was read: %s', (_, text) => {
  const { result, source } = read(text)
  expect(source?.size).toBe(1)
  expect(JSON.parse(writtenFrom(source ?? new Map(), result).text)).toEqual(result)
})

test('a member that was replaced is written as it is now', () => {
  const { result, source } = read(response(`"content":["${long}"],"structuredContent":{"a":"${long}"}`))
  const changed = { ...result, content: ['less'] }
  expect(source && writtenFrom(source, changed).text).toBe(`{"content":["less"],"structuredContent":{"a":"${long}"}}`)
})

test('what has a source cannot be changed in place', () => {
  const { result } = read(response(`"content":[{"text":"${long}"}]`))
  const content = result['content'] as { text: string }[]
  expect(() => content.push({ text: 'more' })).toThrow(TypeError)
  expect(() => Object.assign(content[0] ?? {}, { text: 'other' })).toThrow(TypeError)
})

test.each([
  ['short', response('"content":["a"]')],
  ['an error', `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"${long}"}}`],
  ['with one name twice in the result', response(`"content":["a"],"content":["${long}"]`)],
  ['with one name twice further in', response(`"content":[{"text":"a","text":"${long}"}]`)],
  ['with two results', `{"jsonrpc":"2.0","id":1,"result":{},"result":{"content":["${long}"]}}`],
  ['with an escape in a name', response(`"content":[{"te\\u0078t":"${long}"}]`)],
  ['with a line break between values', response(`"content":["${long}",\r1]`)],
  ['of many small values', response(`"content":[${'1,'.repeat(sourceLimits.characters)}1]`)],
  ['of many quotation marks', response(`"content":["${'\\"'.repeat(sourceLimits.characters)}"]`)],
])('a message has no source: %s', (_, text) => {
  const message = parse(text)
  if (message instanceof Unreadable || Array.isArray(message)) throw new TypeError('no message')
  expect(sourceOf(text, message as Exclude<typeof message, readonly unknown[]>)).toBeUndefined()
})
