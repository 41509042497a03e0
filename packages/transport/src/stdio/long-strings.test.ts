import { isObject, parse, resultResponse, serialise, serialisePieces, writtenFrom } from '@interlock/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter } from './lines.ts'
import { longString, parseAround } from './long-strings.ts'

const long = 'x'.repeat(longString)

const response = (members: string): string => `{"jsonrpc":"2.0","id":1,"result":{${members}}}`
const block = (text: string): string => `{"type":"text","text":"${text}"}`

/** What a reader of the line sees, and what is passed on of it as a text and as bytes. */
function passed(line: string | Buffer) {
  const found = parseAround(Buffer.from(line))
  if (found === undefined || !('result' in found.message)) return undefined
  const again = resultResponse(1, writtenFrom(found.source, found.message.result))
  const pieces = serialisePieces(again) ?? [serialise(again)]
  const bytes = Buffer.concat(pieces.map(piece => (typeof piece === 'string' ? Buffer.from(piece) : piece.bytes)))
  return { message: found.message, text: serialise(again), bytes }
}

test.each([
  ['one string', response(`"content":[${block(long)}]`)],
  ['two strings in two members', response(`"content":[${block(long)}],"structuredContent":{"a":"${long}z"}`)],
  ['others between them', response(`"content":[${block(long)},${block('a')},${block(`${long}y`)}],"isError":false`)],
  ['escapes elsewhere', response(`"content":[${block(`\\"${'\\\\'.repeat(9)}`)},${block(long)}]`)],
  ['characters of two, three and four bytes', response(`"content":[${block(`ä漢😀${long}😀`)}]`)],
  ['characters at the ends of what control characters are', response(`"content":[${block(` ~${long}\u0080`)}]`)],
  ['a name that means something to objects', response(`"content":[{"__proto__":"${long}"}]`)],
])('a result is read and passed on as it came: %s', (_, line) => {
  const found = passed(line)
  expect(found?.message).toEqual(parse(line))
  expect(found?.text).toBe(line)
  expect(found?.bytes.toString()).toBe(line)
})

test('spaces and escapes around a long string are passed on as they came, other members anew', () => {
  const line = response(`"content" : [ {"a":"\\u0041","text":"${long}"} ] ,"n":1.0`)
  const text = `{"jsonrpc":"2.0","id":1,"result":{"content": [ {"a":"\\u0041","text":"${long}"} ] ,"n":1}}`
  expect(passed(line)?.text).toBe(text)
  expect(passed(line)?.bytes.toString()).toBe(text)
})

test('a member that was replaced does not bring its bytes along', () => {
  const found = parseAround(Buffer.from(response(`"content":["${long}"],"structuredContent":{"a":"${long}"}`)))
  if (found === undefined || !('result' in found.message)) throw new TypeError('not read')
  const written = writtenFrom(found.source, { ...found.message.result, content: ['less'] })
  expect(written.text).toBe(`{"content":["less"],"structuredContent":{"a":"${long}"}}`)
  expect(written.pieces?.filter(piece => typeof piece !== 'string')).toHaveLength(1)
})

test('what is kept as bytes cannot be changed in place', () => {
  const found = parseAround(Buffer.from(response(`"content":[${block(long)}]`)))
  const result = found && 'result' in found.message ? found.message.result : {}
  const { content } = result as { content: object[] }
  expect(() => content.push({})).toThrow(TypeError)
  expect(() => Object.assign(content[0] ?? {}, { text: 'other' })).toThrow(TypeError)
})

test.each([
  ['a string with an escape', response(`"content":["${long}\\n"]`)],
  ['a string that ends in an escaped quotation mark', response(`"content":["${long}\\""]`)],
  ...[0, 9, 13, 31].map(code => [`character ${code}`, response(`"content":["${long}${String.fromCharCode(code)}"]`)]),
  ['a placeholder of its own', response(`"content":["${long}","\u007F0\u007F"]`)],
  ['a placeholder in escapes', response(`"content":["${long}","\\u007f0\\u007F"]`)],
  ['a long name', response(`"content":[{"${long}":1}]`)],
  ['one name twice, the long string first', response(`"content":[{"text":"${long}","text":"a"}]`)],
  ['one name twice, the long string last', response(`"content":[{"text":"a","text":"${long}"}]`)],
  ['two results', `{"jsonrpc":"2.0","id":1,"result":{"a":"${long}"},"result":{"content":["${long}"]}}`],
  ['a carriage return between values', response(`"content":["${long}",\r1]`)],
  ['many small strings', response(`"content":["${long}"${',""'.repeat(longString)}]`)],
  ['many escapes', response(`"content":["${long}","${'\\\\'.repeat(longString)}"]`)],
  ['an error', `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"${long}"}}`],
  ['a request', `{"jsonrpc":"2.0","id":1,"method":"a","params":{"a":"${long}"}}`],
  ['a batch', `[${response(`"a":["${long}"]`)}]`],
  ['a result that is a string', `{"jsonrpc":"2.0","id":1,"result":"${long}"}`],
  ['another version', response(`"a":["${long}"]`).replace('2.0', '1.0')],
  ['too many levels', response(`"a":${'['.repeat(128)}"${long}"${']'.repeat(128)}`)],
  ['a line that is cut off', response(`"content":["${long}"]`).slice(0, -1)],
  ['a line that is cut off in the string', response(`"content":["${long}`).slice(0, -4)],
  ['no comma after the string', response(`"content":["${long}" 1]`)],
  ['a string outside of the message', `${response(`"content":["${long}"]`)} "${long}"`],
])('a line is left to be read as a whole: %s', (_, line) => {
  expect(parseAround(Buffer.from(line))).toBeUndefined()
})

test.each(['start', 'end'])('a string whose %s is not UTF-8 is left to be read as a whole', where => {
  const bytes = Buffer.from(response(`"content":["${where === 'start' ? `?${long}` : `${long}?`}"]`))
  bytes[bytes.indexOf('?')] = 0xc3
  expect(parseAround(bytes)).toBeUndefined()
})

test('a control character is found wherever it stands', () => {
  const line = Buffer.from(response(`"content":["${long}"]`))
  const first = line.indexOf('xxx')
  const places = [...Array(80).keys()].flatMap(at => [first + at, first + longString - 1 - at])
  for (const offset of [0, 1, 2, 3]) {
    const moved = Buffer.concat([Buffer.alloc(offset), line]).subarray(offset)
    for (const at of places) {
      moved[at] = 0x1f
      expect(parseAround(moved)).toBeUndefined()
      moved[at] = 0x20
    }
    expect(parseAround(moved)).toBeDefined()
  }
})

test('what is read is what JSON.parse reads, whatever stands around long strings', () => {
  const some = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom(`${long}ü`, `${long}\n`, long))
  fc.assert(
    fc.property(fc.dictionary(fc.string(), some), fc.array(some), (members, content) => {
      const line = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { ...members, content } })
      const found = passed(line)
      if (found === undefined) return
      expect(found.message).toEqual(JSON.parse(line))
      expect(JSON.parse(found.text)).toEqual(JSON.parse(line))
      expect(found.bytes.toString()).toBe(found.text)
    }),
  )
})

test.each([1, 7, 16 * 1024, 64 * 1024])('a line may come in chunks of %d bytes', chunkBytes => {
  const line = response(`"content":["${'ä漢😀'.repeat(20_000)}","\\"\\\\"]`)
  const heard: unknown[] = []
  const splitter = new LineSplitter(1e9, {
    line: text => heard.push(text),
    long: bytes => heard.push(parseAround(bytes)?.message) > 0,
    oversize: { start: () => {}, bytes: () => {}, end: () => {} },
  })
  const bytes = Buffer.from(`first\n${line}\r\nlast\n`)
  for (let at = 0; at < bytes.length; at += chunkBytes) splitter.push(bytes.subarray(at, at + chunkBytes))
  expect(heard).toEqual(['first', JSON.parse(line), 'last'])
  expect(isObject(heard[1])).toBe(true)
})
