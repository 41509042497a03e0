import fc from 'fast-check'
import { expect, test } from 'vitest'
import { serialise } from './message.ts'
import { textResult } from './text-result.ts'

const block = (text: unknown, more: object = {}): object => ({ type: 'text', text, ...more })

const response = (result: object): object => ({ jsonrpc: '2.0', id: 1, result })
const written = (result: object): string => serialise({ jsonrpc: '2.0', id: 1, result })

test('a short text by itself is put together', () => {
  expect(textResult({ content: [block('"hello"')] })).toBe('{"content":[{"type":"text","text":"\\"hello\\""}]}')
  expect(textResult({ content: [block('x'.repeat(10_000))] })).toBeUndefined()
})

test.each(['a "string"', 0, -1])('the id %j is written as it is', id => {
  const message = { jsonrpc: '2.0', id, result: { content: [block('hello')] } } as const
  expect(serialise(message)).toBe(JSON.stringify(message))
})

test.each([
  ['one text', { content: [block('hello')] }],
  ['a text with what JSON escapes', { content: [block('"\\\n\u2028\ud800ü')] }],
  ['a long text', { content: [block('x'.repeat(10_000))] }],
  ['no text', { content: [] }],
  ['two texts', { content: [block('a'), block('b')] }],
  ['another member', { content: [block('a')], isError: true }],
  ['another member of the block', { content: [block('a', { annotations: {} })] }],
  ['another block', { content: [{ type: 'image', text: 'a' }] }],
  ['a text that is none', { content: [block(1)] }],
  ['a block without text', { content: [{ type: 'text' }] }],
  ['a list of nothing', { content: [null] }],
  ['no list', { content: block('a') }],
  ['nothing', {}],
])('%s is written as JSON.stringify writes it', (_, result) => {
  expect(written(result)).toBe(JSON.stringify(response(result)))
})

test('what says itself how it is serialised is asked', () => {
  class Own {
    readonly content = [block('a')]
    toJSON(): object {
      return { content: [block('b')] }
    }
  }
  class OwnBlock {
    readonly type = 'text'
    readonly text = 'a'
    toJSON(): object {
      return block('b')
    }
  }
  const asked = JSON.stringify(response({ content: [block('b')] }))
  expect(written(new Own())).toBe(asked)
  expect(written({ content: [new OwnBlock()] })).toBe(asked)
  expect(written({ content: [block('a')], toJSON: () => ({ content: [block('b')] }) })).toBe(asked)
})

test('any text is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const result = { content: [block(text)] }
      expect(written(result)).toBe(JSON.stringify(response(result)))
    }),
  )
})
