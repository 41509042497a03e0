import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter } from './lines.ts'

type Heard = string | { oversize: string; totalBytes: number }

/** What comes of the chunks, with lines above 8 bytes passed on instead of held unless told otherwise. */
function split(chunks: readonly (string | Uint8Array)[], limit = 8): Heard[] {
  const heard: Heard[] = []
  let passed: Uint8Array[] = []
  const splitter = new LineSplitter(limit, {
    line: text => heard.push(text),
    oversize: {
      start: () => {
        passed = []
      },
      bytes: piece => passed.push(Uint8Array.from(piece)),
      end: totalBytes => heard.push({ oversize: Buffer.concat(passed).toString(), totalBytes }),
    },
  })
  for (const chunk of chunks) splitter.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
  splitter.end()
  return heard
}

test('lines end with a line feed, with or without a carriage return, or with the stream', () => {
  expect(split(['one\ntwo\r\nthree'])).toEqual(['one', 'two', 'three'])
})

test('lines may span chunks, even within a character', () => {
  const bytes = new TextEncoder().encode('grün\n')
  expect(split([bytes.subarray(0, 3), bytes.subarray(3, 4), bytes.subarray(4)])).toEqual(['grün'])
})

test('blank lines are skipped, and so is a byte order mark at the start', () => {
  expect(split(['\uFEFFone\n\n \t\r\n\uFEFFtwo\n', '\r', '\n'])).toEqual(['one', '\uFEFFtwo'])
  expect(split(['\uFEFF\none'])).toEqual(['one'])
})

test('bytes that are not UTF-8 become replacement characters', () => {
  expect(split([Uint8Array.of(0x61, 0xff, 0x62, 0x0a)])).toEqual(['a\uFFFDb'])
})

test('a line of exactly the limit is a line, and one byte more is passed on', () => {
  expect(split(['12345678\n123456789\nnext'])).toEqual(['12345678', { oversize: '123456789', totalBytes: 9 }, 'next'])
})

test('an oversize line comes complete, what was already held first, also without an end', () => {
  expect(split(['12345', '6789', 'abc', '\nnext\n', '123456789'])).toEqual([
    { oversize: '123456789abc', totalBytes: 12 },
    'next',
    { oversize: '123456789', totalBytes: 9 },
  ])
})

test('an oversize line is passed on before it is over', () => {
  const events: string[] = []
  const splitter = new LineSplitter(3, {
    line: text => events.push(text),
    oversize: {
      start: () => events.push('start'),
      bytes: piece => events.push(`bytes ${Buffer.from(piece)}`),
      end: totalBytes => events.push(`end ${totalBytes}`),
    },
  })
  splitter.push(Buffer.from('ab'))
  expect(splitter.partial()).toBe('ab')
  splitter.push(Buffer.from('cd'))
  expect(splitter.partial()).toBe('')
  splitter.push(Buffer.from('e\nf'))
  expect(events).toEqual(['start', 'bytes ab', 'bytes cd', 'bytes e', 'end 5'])
})

test('the chunks do not matter', () => {
  const alphabet = fc.constantFrom(...Buffer.from('ab \t\r\n\n{ü€😀\uFEFF'), 0xff)
  fc.assert(
    fc.property(
      fc.array(alphabet, { maxLength: 60 }),
      fc.array(fc.nat(60), { maxLength: 12 }),
      fc.integer({ min: 1, max: 20 }),
      (bytes, cuts, limit) => {
        const whole = Uint8Array.from(bytes)
        const ends = [...cuts, whole.length].sort((a, b) => a - b)
        const chunks = ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end))
        expect(split(chunks, limit)).toEqual(split([whole], limit))
      },
    ),
    { numRuns: 2_000 },
  )
})

test('the lines are those of the text', () => {
  const line = fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .filter(text => !/[\r\n\uFEFF]/.test(text) && text.trim() !== '')
  fc.assert(
    fc.property(fc.array(line), lines => {
      expect(split([lines.join('\n')], 10_000)).toEqual(lines)
    }),
  )
})

test('a long line that drips byte by byte takes linear time', () => {
  const bytes = Buffer.alloc(300_000, 'x')
  const chunks = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
  expect(split([...chunks, '\n'], bytes.length)).toEqual([bytes.toString()])
})

test('a limit that admits nothing is a mistake', () => {
  const sink = { line: () => {}, oversize: { start: () => {}, bytes: () => {}, end: () => {} } }
  expect(() => new LineSplitter(0, sink)).toThrow(TypeError)
  expect(() => new LineSplitter(Number.NaN, sink)).toThrow(TypeError)
})

test('a line of large and small chunks comes whole', () => {
  const long = 'long text, with a grün in it. '.repeat(20_000)
  const bytes = new TextEncoder().encode(`${long}\nnext\n`)
  const sizes = [70_000, 3, 20_000, 1, 1, 130_000]
  const chunks: Uint8Array[] = []
  for (let from = 0; from < bytes.length; from += chunks.at(-1)?.length ?? 0) {
    chunks.push(bytes.subarray(from, from + (sizes[chunks.length % sizes.length] ?? 0)))
  }
  expect(split(chunks, 1_000_000)).toEqual([long, 'next'])
})
