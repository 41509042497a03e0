import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventStreamParser, EventTooLarge, type ServerEvent } from './event-stream.ts'

interface Read {
  events: ServerEvent[]
  lastEventId: string | undefined
  retryMs: number | undefined
}

function read(pieces: readonly Uint8Array[], limit = 1024): Read {
  const events: ServerEvent[] = []
  const parser = new EventStreamParser(event => events.push(event), limit)
  for (const piece of pieces) parser.push(piece)
  return { events, lastEventId: parser.lastEventId, retryMs: parser.retryMs }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const message = (data: string): ServerEvent => ({ type: 'message', data })
const readText = (text: string): Read => read([bytes(text)])

test.each([
  ['line feeds', 'data: a\n\ndata: b\n\n'],
  ['carriage returns', 'data: a\r\rdata: b\r\r'],
  ['both', 'data: a\r\n\r\ndata: b\r\n\r\n'],
  ['a mixture', 'data: a\r\n\rdata: b\n\r\n'],
])('lines end with %s', (_, text) => {
  expect(readText(text).events).toEqual([message('a'), message('b')])
})

test('several lines of data are one text', () => {
  expect(readText('data: a\ndata:b\ndata:  c\ndata\n\n').events).toEqual([message('a\nb\n c\n')])
})

test('comments and unknown fields are skipped', () => {
  expect(readText(': keep-alive\n\nfoo: bar\ndata: a\n:\n\n').events).toEqual([message('a')])
})

test('an event has the name its sender gave it, once', () => {
  expect(readText('event: endpoint\ndata: /x\n\ndata: y\n\n').events).toEqual([
    { type: 'endpoint', data: '/x' },
    message('y'),
  ])
})

test('an id counts from the end of its event, data or not, and stays', () => {
  expect(readText('id: 1\ndata:\n\ndata: a\n\nid: 2\n').lastEventId).toBe('1')
  expect(readText('id: 1\n\nid: a\0b\n\n').lastEventId).toBe('1')
  expect(readText('id: 1\n\nid\n\n').lastEventId).toBe('')
})

test('a retry time is digits only', () => {
  expect(readText('retry: 250\n\n').retryMs).toBe(250)
  expect(readText('retry: 250ms\nretry: -1\n\n').retryMs).toBeUndefined()
})

test('a byte order mark at the start is no part of the first field, and elsewhere it is text', () => {
  expect(readText('\uFEFFdata: \uFEFFa\n\n\uFEFFdata: b\n\n').events).toEqual([message('\uFEFFa')])
})

test('an event that was not finished is not an event', () => {
  expect(readText('data: a\n\ndata: b\n').events).toEqual([message('a')])
})

test('an event above the limit ends the reading, in one line or in many', () => {
  expect(() => read([bytes(`data: ${'x'.repeat(100)}`)], 50)).toThrow(EventTooLarge)
  expect(() => read([bytes('data: 0123456789\n'.repeat(10))], 50)).toThrow(EventTooLarge)
  expect(read([bytes('data: 0123456789\n\n'.repeat(10))], 50).events).toHaveLength(10)
})

const line = fc.oneof(
  fc.constantFrom(
    'data: a',
    'data',
    'data:',
    'event: e',
    'id: 7',
    'retry: 9',
    ': c',
    '',
    'data: ü€😀',
    '\uFEFF',
    'data: {"a":1}',
  ),
  fc.string().map(text => text.replace(/[\r\n]/g, '')),
)
const stream = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')))
  .map(lines => bytes(lines.map(([text, end]) => text + end).join('')))

test('how the stream is cut makes no difference', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 9 }), { minLength: 1 }), (whole, sizes) => {
      const pieces: Uint8Array[] = []
      for (let at = 0, turn = 0; at < whole.length; turn += 1) {
        const size = Math.max(turn % 3 === 0 ? 1 : 0, sizes[turn % sizes.length] ?? 1)
        pieces.push(whole.subarray(at, at + size))
        at += size
      }
      expect(read(pieces, 1e6)).toEqual(read([whole], 1e6))
    }),
  )
})

test('it reads what the standard describes', () => {
  fc.assert(
    fc.property(stream, whole => {
      expect(read([whole], 1e6).events).toEqual(plainReading(whole))
    }),
  )
})

/** The standard's algorithm on the whole text, as plainly as it can be written. */
function plainReading(whole: Uint8Array): ServerEvent[] {
  const lines = new TextDecoder()
    .decode(whole)
    .split(/\r\n|\r|\n/)
    .slice(0, -1)
  const events: ServerEvent[] = []
  let data: string[] = []
  let type = 'message'
  for (const text of lines) {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(text) ?? []
    if (text === '') {
      if (data.length > 0) events.push({ type, data: data.join('\n') })
      data = []
      type = 'message'
    } else if (name === 'data') data.push(value)
    else if (name === 'event') type = value || 'message'
  }
  return events
}
