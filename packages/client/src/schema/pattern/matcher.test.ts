import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Run, Undecided } from '../run.ts'
import { matcher } from './matcher.ts'

const matches = (source: string, text: string): boolean => {
  const run = new Run()
  return matcher(source, run)(text, run)
}

/** A pattern as the platform reads it: by code points where it can be. */
function platform(source: string): RegExp {
  try {
    return new RegExp(source, 'u')
  } catch {
    return new RegExp(source)
  }
}

const texts = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'abc1',
  'a b',
  'é',
  '😀',
  '😀a',
  '_',
  '-',
  '\n',
  'a\nb',
  ']',
  '{2}',
  'aaaa',
  '\b',
  '\0',
]

test.each([
  '',
  '^$',
  '^a',
  'b$',
  'a|b',
  '(a|b)*c',
  '^(?:a|(b))+$',
  '(?<first>a)b?',
  '^.$',
  '^..$',
  '^[^a]$',
  '^[a-c\\d]+$',
  '[]',
  '[^]',
  '[\\]]',
  '^\\w+\\b',
  'a\\B',
  '\\s',
  '^\\S*$',
  '^a{2}',
  '^a{2,}b?$',
  '^a{0,2}$',
  'a{0}b',
  'a{2}{3}',
  'x{,2}',
  '{2}',
  'a{',
  '\\u0061',
  '\\u{61}',
  '\\x61',
  '\\cH',
  '[\\b]',
  '\\ud83d\\ude00',
  '^\\p{L}+$',
  '\\p{Emoji_Presentation}',
  '^[\\w-\\.]+$',
  '\\-',
  '(a*)*b',
  '(a*)+$',
  '^(a|ab)(c|bcd)?$',
  'a+?b',
  'a??$',
  '()|a',
  '(|a)+$',
  '\\0',
])('%s finds what the platform finds', source => {
  let expected: RegExp
  try {
    expected = platform(source)
  } catch {
    expect(() => matches(source, '')).toThrow(Undecided)
    return
  }
  for (const text of texts) expect([text, matches(source, text)]).toEqual([text, expected.test(text)])
})

test.each(['(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(a)\\1', '(?<x>a)\\k<x>', '(', '[', 'a'.repeat(1_001)])(
  '%s is not decided',
  source => {
    expect(() => matches(source, 'a')).toThrow(Undecided)
  },
)

test('every pattern finds in every text what the platform finds', () => {
  const atom = fc.constantFrom('a', 'b', '.', '\\d', '\\w', '[ab]', '[^a]', '\\b', '^', '$', 'é', '😀', '\\u0061')
  const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
    pattern: fc.oneof(
      { maxDepth: 3 },
      atom,
      fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
      fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
      fc
        .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{0,1}', '{1,}', '*?', '{0}'))
        .map(([a, quantifier]) => `(?:${a})${quantifier}`),
    ),
  }))
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', 'é', '😀', '\n'), maxLength: 8 })
  fc.assert(
    fc.property(pattern, fc.array(text, { maxLength: 5 }), (source, all) => {
      for (const one of all) expect(matches(source, one)).toBe(new RegExp(source, 'u').test(one))
    }),
    { numRuns: 500 },
  )
})

test('the time for a text grows with its length, however many ways there are through the pattern', () => {
  const steps = (length: number): number => {
    const run = new Run(Number.MAX_SAFE_INTEGER)
    matcher('^(a+)+$', run)(`${'a'.repeat(length)}!`, run)
    return run.spent
  }
  expect(steps(2_000) - steps(1_000)).toBe(steps(3_000) - steps(2_000))
})
