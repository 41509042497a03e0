import { expect, test } from 'vitest'
import { type ProvedKey, ProvedKeys } from './proved-keys.ts'

const proved = (header: string): ProvedKey => ({ header, thumbprint: 'print', ath: 'digest', read: () => ({}) })
const limits = { verifiedTokens: 2, verifiedTokenChars: 10 }

test('a key is known for its token, as it was sent, by the thumbprint that the token names', () => {
  const keys = new ProvedKeys(limits)
  keys.keep('one', proved('jwk'))
  expect(keys.get('one', 'jwk', 'print')?.ath).toBe('digest')
  expect(keys.get('one', 'other', 'print')).toBeUndefined()
  expect(keys.get('one', 'jwk', 'other')).toBeUndefined()
  expect(keys.get('two', 'jwk', 'print')).toBeUndefined()
})

test('the oldest makes room, long ones are not kept, and 0 keeps none', () => {
  const keys = new ProvedKeys(limits)
  for (const token of ['one', 'two', 'three']) keys.keep(token, proved('jwk'))
  keys.keep('four', proved('a long jwk'))
  const known = ['one', 'two', 'three', 'four'].filter(token => keys.get(token, 'jwk', 'print'))
  expect(known).toEqual(['two', 'three'])
  const none = new ProvedKeys({ ...limits, verifiedTokens: 0 })
  none.keep('one', proved('jwk'))
  expect(none.get('one', 'jwk', 'print')).toBeUndefined()
})
