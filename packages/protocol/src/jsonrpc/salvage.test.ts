import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IdSalvage, salvage } from './salvage.ts'

/** What is found when the bytes of a text arrive in pieces of the given sizes, over and over. */
function feed(text: string, sizes: readonly number[] = []): IdSalvage {
  const bytes = new TextEncoder().encode(text)
  const found = new IdSalvage()
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    found.bytes(bytes.subarray(at, at + size))
    at += size
  }
  return found
}

const id = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.maxSafeInteger())
const members = fc.dictionary(
  fc.string({ unit: 'binary' }).filter(name => !['id', 'method', 'result', 'error'].includes(name)),
  fc.jsonValue(),
)
const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })
const spaces = fc.constantFrom(undefined, 1, '\t')

test('the id is found wherever it stands and however the bytes are cut', () => {
  fc.assert(
    fc.property(members, id, members, spaces, sizes, (before, wanted, after, indent, pieces) => {
      const text = JSON.stringify({ ...before, id: wanted, ...after }, null, indent)
      expect(feed(text, pieces).id).toBe(wanted)
    }),
  )
})

test('ids that stand deeper, and in texts, are not taken', () => {
  fc.assert(
    fc.property(members, fc.jsonValue(), sizes, (others, inside, pieces) => {
      const text = JSON.stringify({ ...others, deeper: [{ id: 7 }, inside], text: '"id":7,' })
      expect(feed(text, pieces).id).toBeUndefined()
    }),
  )
})

describe('of a text that is broken', () => {
  test.each([
    ['after the id', '{"id":7,"method":', 7],
    ['before the id', '{"method":oops,"params":{oops},"id":"seven"}', 'seven'],
    ['with a key that is escaped', '{"\\u0069d":7,"a"}', 7],
    ['with brackets too many before it', ']} {"id":7,}', 7],
    ['with white space around', '{ "id" :\t7 ,\n oops', 7],
    ['with two ids, the first counts', '{"id":7,"id":8,}', 7],
  ])('%s', (_, text, expected) => {
    expect(salvage(text).id).toBe(expected)
  })

  test.each([
    ['an id that may go on', '{"method":"ping","id":7'],
    ['an id that is no id', '{"id":7.5,"method":"ping",'],
    ['an id that is null', '{"id":null,"method":"ping",'],
    ['two values for the id', '{"id":1 2,"method":"ping"}'],
    ['an id longer than any real one', `{"id":"${'7'.repeat(300)}","method":"ping",`],
    ['no object', '"id":7'],
    ['a batch', '[{"id":7},'],
  ])('%s is not taken', (_, text) => {
    expect(salvage(text).id).toBeUndefined()
  })
})

describe('a response', () => {
  test.each(['{"id":7,"result":{oops}}', '{"error":{},"id":7,'])(
    'answers a request, and has no id of its own: %s',
    text => {
      expect(salvage(text)).toMatchObject({ id: undefined, answers: 7 })
    },
  )

  test('may be meant where there is neither outcome nor method', () => {
    expect(salvage('{"jsonrpc":"2.0","id":7,}')).toMatchObject({ id: 7, answers: 7 })
  })

  test('with a method is a request', () => {
    expect(salvage('{"id":7,"result":1,"method":"ping",')).toMatchObject({ id: 7, answers: undefined })
  })
})
