import { expect, test } from 'vitest'
import { demandOf, parseChallenges } from './challenge.ts'

const read = (header: string): unknown =>
  parseChallenges(header).map(({ scheme, token68, parameters }) => [scheme, token68 ?? Object.fromEntries(parameters)])

test.each<[header: string, challenges: unknown]>([
  ['Bearer', [['bearer', {}]]],
  ['BEARER Scope="a b"', [['bearer', { scope: 'a b' }]]],
  ['Bearer realm=x,scope="a"', [['bearer', { realm: 'x', scope: 'a' }]]],
  ['Bearer realm = x ,\tscope= "a"', [['bearer', { realm: 'x', scope: 'a' }]]],
  ['Bearer error_description="say \\"no\\", or \\\\"', [['bearer', { error_description: 'say "no", or \\' }]]],
  ['Bearer a="1", a="2"', [['bearer', { a: '1' }]]],
  ['Bearer a=""', [['bearer', { a: '' }]]],
  [
    'Negotiate, Basic realm="x, Bearer scope=y"',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x, Bearer scope=y' }],
    ],
  ],
  [
    'Negotiate dG9rZW4=, Bearer scope="a"',
    [
      ['negotiate', 'dG9rZW4='],
      ['bearer', { scope: 'a' }],
    ],
  ],
  [
    'Basic realm="a", Bearer scope="b", DPoP algs="ES256 PS256"',
    [
      ['basic', { realm: 'a' }],
      ['bearer', { scope: 'b' }],
      ['dpop', { algs: 'ES256 PS256' }],
    ],
  ],
  [', ,Bearer ,, scope="a",', [['bearer', { scope: 'a' }]]],
  ['', []],
  ['   ', []],
])('%s', (header, challenges) => {
  expect(read(header)).toEqual(challenges)
})

test.each([
  ['scope="a"', []],
  ['Bearer scope="a', [['bearer', {}]]],
  ['Bearer scope="a" error="b"', [['bearer', {}]]],
  ['Bearer resource_metadata=https://a.example/x', [['bearer', {}]]],
  ['Bearer scope="a", (x), Bearer scope="b"', [['bearer', { scope: 'a' }]]],
])('what follows a mistake is not read: %s', (header, challenges) => {
  expect(read(header)).toEqual(challenges)
})

test('a header of a hostile length is read in time', () => {
  const started = performance.now()
  parseChallenges(`Bearer a="${'\\"'.repeat(1_000_000)}`)
  parseChallenges(`Bearer ${'a'.repeat(1_000_000)}`)
  parseChallenges('Bearer a=b,'.repeat(100_000))
  expect(performance.now() - started).toBeLessThan(1_000)
})

test.each([
  [undefined, {}],
  ['Bearer', {}],
  ['Bearer error="invalid_token"', { error: 'invalid_token' }],
  ['Basic realm="x", Bearer scope="a"', { scope: 'a' }],
  [
    'DPoP error="use_dpop_nonce", Bearer resource_metadata="https://a.example/m"',
    { error: 'use_dpop_nonce', resourceMetadata: 'https://a.example/m' },
  ],
  ['Basic realm="x"', undefined],
])('%s demands %j', (header, demand) => {
  expect(demandOf(header)).toEqual(demand)
})
