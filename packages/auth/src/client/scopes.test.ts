import { expect, test } from 'vitest'
import { chooseScope, covers, unionOf } from './scopes.ts'

const nothing = { challenged: undefined, offered: undefined, earlier: undefined, known: undefined, isLasting: true }

test.each([
  ['the challenge comes first', { challenged: 'a b', offered: ['c'] }, 'a b'],
  ['then what the resource offers', { offered: ['c', 'd'] }, 'c d'],
  ['then nothing is asked for', {}, undefined],
  ['an empty challenge is none', { challenged: ' ', offered: ['c'] }, 'c'],
  ['what was asked for before is asked for again', { challenged: 'b', earlier: 'a b' }, 'a b'],
  ['the offer does not limit the challenge', { challenged: 'x', offered: ['a'] }, 'x'],
  [
    'offline_access where the authorization server knows it',
    { challenged: 'a', known: ['offline_access'] },
    'a offline_access',
  ],
  ['no offline_access elsewhere', { challenged: 'a', known: ['a'] }, 'a'],
  [
    'no offline_access for a grant that can be repeated',
    { challenged: 'a', known: ['offline_access'], isLasting: false },
    'a',
  ],
])('%s', (_what, choice, scope) => {
  expect(chooseScope({ ...nothing, ...choice })).toBe(scope)
})

test('lists are sets', () => {
  expect(unionOf('a b', undefined, 'b  c')).toBe('a b c')
  expect(unionOf(undefined, '')).toBeUndefined()
  expect(unionOf('a\nb', 'c"', 'd\\', 'e')).toBe('e')
  expect(covers('a b', 'b')).toBe(true)
  expect(covers('a', 'a b')).toBe(false)
  expect(covers(undefined, undefined)).toBe(true)
})
