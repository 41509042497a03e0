import { complete } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { outward } from './outward.ts'

/** Another server has `x://1` too, so that clients know this one's by another name. */
const knownAs = (own: string): string => (own === 'x://1' ? 'interlock://b/x://1' : own)

test('links, embedded resources and contents name resources as clients know them', () => {
  const link = { type: 'resource_link', uri: 'x://1', name: 'one' }
  const embedded = { type: 'resource', resource: { uri: 'x://1', text: '1' } }

  expect(outward(complete({ content: [link, embedded] }), knownAs)).toEqual(
    complete({
      content: [
        { ...link, uri: 'interlock://b/x://1' },
        { type: 'resource', resource: { uri: 'interlock://b/x://1', text: '1' } },
      ],
    }),
  )
  expect(outward(complete({ contents: [{ uri: 'x://1', text: '1' }] }), knownAs)).toEqual(
    complete({ contents: [{ uri: 'interlock://b/x://1', text: '1' }] }),
  )
  expect(outward(complete({ messages: [{ role: 'user', content: link }] }), knownAs)).toEqual(
    complete({ messages: [{ role: 'user', content: { ...link, uri: 'interlock://b/x://1' } }] }),
  )
})

test('what names nothing that is known otherwise is not copied', () => {
  const outcome = complete({
    content: [
      { type: 'resource_link', uri: 'x://2', name: 'two' },
      { type: 'text', text: '' },
    ],
  })
  expect(outward(outcome, knownAs)).toBe(outcome)
})
