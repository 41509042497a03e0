import { expect, test } from 'vitest'
import { encode } from './encode.ts'

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
