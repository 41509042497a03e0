import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { StderrTail } from './stderr-tail.ts'

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

async function tail(...chunks: (string | Uint8Array)[]): Promise<StderrTail> {
  const stream = new PassThrough()
  const stderr = new StderrTail(stream)
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await once(stream, 'end')
  return stderr
}

test('the last twenty lines are kept', async () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`)
  expect((await tail(lines.join('\n'))).lines()).toEqual(lines.slice(30))
})

test('a prompt that waits for an answer is shown', async () => {
  const stream = new PassThrough()
  const stderr = new StderrTail(stream)
  stream.write('Ok to proceed? (y) ')
  await turn()
  expect(stderr.lines()).toEqual(['Ok to proceed? (y)'])
})

test.each([
  ['colours', '\x1b[1;31mred\x1b[0m', 'red'],
  ['a window title', '\x1b]0;title\x07text', 'text'],
  ['control characters', 'a\x00b\x08c\x7f\x9bd', 'abcd'],
  ['a progress bar', '10 %\r20 %\tdone', '10 % 20 % done'],
  ['a change of writing direction', 'user\u202etxt.exe', 'usertxt.exe'],
  ['a long line', 'x'.repeat(501), `${'x'.repeat(499)}…`],
  ['a long line cut within a character', `${'x'.repeat(498)}😀😀`, `${'x'.repeat(498)}…`],
  ['a line longer than what is looked at', '€'.repeat(5_000), `${'€'.repeat(499)}…`],
])('%s is made fit to be shown', async (_, written, shown) => {
  expect((await tail(`${written}\n`)).lines()).toEqual([shown])
})

test('a listener hears lines until it is taken away', async () => {
  const stream = new PassThrough()
  const stderr = new StderrTail(stream)
  const heard: string[] = []
  const stop = stderr.onLine(line => heard.push(line))
  stream.write('one\n')
  await turn()
  stop()
  stream.end('two\n')
  await once(stream, 'end')
  expect(stderr.lines()).toEqual(['one', 'two'])
  expect(heard).toEqual(['one'])
})
