import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { launch } from './process.ts'
import { fixture, nextLine } from './testing/processes.ts'
import { lineWriter, type WriterClosed } from './writer.ts'

/** A stream that takes each write when told to. */
function slowReader() {
  const writes: string[] = []
  let taken: (() => void) | undefined
  const stream = new Writable({
    write(chunk, _, done) {
      writes.push(String(chunk))
      taken = done
    },
  })
  return { stream, writes, take: () => taken?.() }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('lines of one turn are one write, also those of a cascade of promises', async () => {
  const { stream, writes } = slowReader()
  const writer = lineWriter(stream, { limit: 100 })
  await Promise.resolve()
  writer.write('one')
  void Promise.resolve()
    .then(() => {})
    .then(() => writer.write('two'))
  expect(writes).toEqual([])
  await turn()
  expect(writes).toEqual(['one\ntwo\n'])
})

test('lines of several ticks are one write where a whole turn is joined', async () => {
  const { stream, writes } = slowReader()
  const writer = lineWriter(stream, { limit: 100, isPerTurn: true })
  writer.write('one')
  await new Promise<void>(resolve => process.nextTick(resolve))
  expect(writes).toEqual([])
  writer.write('two')
  await turn()
  expect(writes).toEqual(['one\ntwo\n'])
})

test('lines that arrive while a write is under way are one write after it', async () => {
  const { stream, writes, take } = slowReader()
  const writer = lineWriter(stream, { limit: 100 })
  for (const text of ['one', 'two', 'three']) {
    writer.write(text)
    await turn()
  }
  expect(writes).toEqual(['one\n'])
  take()
  await turn()
  expect(writes).toEqual(['one\n', 'two\nthree\n'])
})

test('a long line is a write of its own, in its place among the others', async () => {
  const { stream, writes, take } = slowReader()
  const writer = lineWriter(stream, { limit: 1_000_000 })
  const long = 'grün '.repeat(20_000)
  for (const text of ['one', 'two', long, 'three', 'four']) writer.write(text)
  await turn()
  expect(writer.buffered).toBe(Buffer.byteLength(`one\ntwo\n${long}\nthree\nfour\n`))
  for (let left = 3; left > 0; left -= 1) {
    take()
    await turn()
  }
  expect(writes).toEqual(['one\ntwo\n', `${long}\n`, 'three\nfour\n'])
  expect(writer.buffered).toBe(0)
})

test('bytes are counted until the system has taken them', async () => {
  const { stream, take } = slowReader()
  const writer = lineWriter(stream, { limit: 100 })
  await writer.flushed()
  writer.write('grün')
  expect(writer.buffered).toBe(6)
  const flushed = writer.flushed()
  await turn()
  expect(writer.buffered).toBe(6)
  take()
  await flushed
  expect(writer.buffered).toBe(0)
})

test('a reader that does not read is reported once, and nothing more is kept for it', async () => {
  const { stream, writes } = slowReader()
  const overflows: number[] = []
  const writer = lineWriter(stream, { limit: 10, onOverflow: bytes => overflows.push(bytes) })
  writer.write('a line of more than ten bytes')
  await turn()
  expect(overflows).toEqual([])
  for (let count = 0; count < 5; count++) writer.write('more')
  await turn()
  expect(overflows).toEqual([30])
  expect(writer.closed).toBe(true)
  expect(writer.buffered).toBe(30)
  expect(writes).toHaveLength(1)
})

test.each<[string, Error, WriterClosed['kind']]>([
  ['a broken pipe', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), 'reader_gone'],
  ['a destroyed stream', Object.assign(new Error('destroyed'), { code: 'ERR_STREAM_DESTROYED' }), 'reader_gone'],
  ['another failure', Object.assign(new Error('disk full'), { code: 'ENOSPC' }), 'failed'],
])('%s closes the writer and reaches nobody else', async (_, error, kind) => {
  const reasons: WriterClosed[] = []
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(error) })
  const writer = lineWriter(stream, { limit: 100, onClosed: reason => reasons.push(reason) })
  writer.write('one')
  await writer.flushed()
  writer.write('two')
  await turn()
  expect(reasons).toEqual([kind === 'failed' ? { kind, error } : { kind }])
  expect(writer).toMatchObject({ closed: true, buffered: 0 })
})

test('a stream destroyed by somebody else, before or after, is a lost reader', async () => {
  const reasons: WriterClosed[] = []
  const onClosed = (reason: WriterClosed) => reasons.push(reason)
  const before = new Writable().destroy()
  const after = new Writable({ write: () => {} })
  const writers = [before, after].map(stream => lineWriter(stream, { limit: 100, onClosed }))
  after.destroy()
  for (const writer of writers) writer.write('lost')
  await turn()
  expect(reasons).toEqual([{ kind: 'reader_gone' }, { kind: 'reader_gone' }])
})

test('the end comes after all lines', async () => {
  const reasons: WriterClosed[] = []
  const { stream, writes, take } = slowReader()
  const writer = lineWriter(stream, { limit: 100, onClosed: reason => reasons.push(reason) })
  writer.write('one')
  await turn()
  writer.write('two')
  const ended = writer.end()
  writer.write('too late')
  take()
  await turn()
  take()
  await ended
  await turn()
  expect(writes).toEqual(['one\n', 'two\n'])
  expect(stream.writableFinished).toBe(true)
  expect(reasons).toEqual([{ kind: 'ended' }])
})

test('a process that has ended is a lost reader', async () => {
  const child = launch({ command: process.execPath, args: [fixture('failing.mjs')] })
  const closed = new Promise<WriterClosed>(resolve => {
    const writer = lineWriter(child.stdin, { limit: 10_000_000, onClosed: resolve })
    child.stdout.on('end', () => writer.write('x'.repeat(1_000_000))).resume()
  })
  expect(await closed).toEqual({ kind: 'reader_gone' })
  await child.stop()
})

test('a process reads all lines as they were written', async () => {
  await using child = launch({ command: process.execPath, args: [fixture('echo.mjs')] })
  await nextLine(child.stdout)
  const lines = Array.from({ length: 2_000 }, (_, index) => `${index} ${'ü'.repeat(index % 300)}`)
  const writer = lineWriter(child.stdin, { limit: 10_000_000 })
  for (const line of lines) writer.write(line)
  void writer.end()
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk
  expect(text.trimEnd().split('\n')).toEqual(lines)
})
