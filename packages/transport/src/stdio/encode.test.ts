import { expect, test } from 'vitest'
import { encode, joinLines } from './encode.ts'

const long = 'x'.repeat(100_000)

test.each(['plain', `${long} plain`, `${long} grün`, `grün ${long} 🙂`])(
  'a text comes through as UTF-8: %.20s',
  text => {
    expect(encode(text, '\n')).toEqual(Buffer.from(`${text}\n`))
  },
)

test('half of a surrogate pair becomes a replacement character, as everywhere', () => {
  const text = `${long}\ud800`
  expect(encode(text)).toEqual(Buffer.from(text))
})

test.each([
  ['short lines', ['{"a":1}', 'grün', '🙂']],
  ['long lines', ['x'.repeat(5000), `grün ${'y'.repeat(5000)}`, `${'ü'.repeat(3000)}🙂`, 'short']],
  ['one line', ['x'.repeat(2000)]],
  ['half of a surrogate pair', [`${'x'.repeat(2000)}\ud800`, 'end']],
])('%s come through as UTF-8, a line feed after each', (_, lines) => {
  const whole = lines.map(line => `${line}\n`).join('')
  const joined = joinLines(lines, Buffer.byteLength(whole))
  expect(Buffer.from(joined as Buffer)).toEqual(Buffer.from(whole))
})
