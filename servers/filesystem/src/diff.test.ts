import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unifiedDiff } from './diff.ts'

const lines = (word: string): string => Array.from({ length: 2_000 }, (_, at) => `${word} ${at}\n`).join('')
const body = (diff: string): string => diff.split('\n').slice(2).join('\n')

test('no difference is no text', () => expect(unifiedDiff('a\n', 'a\n', 'f')).toBe(''))

test.each([
  ['a line added to nothing', '', 'a\n', '@@ -0,0 +1 @@\n+a\n'],
  ['everything removed', 'a\nb\n', '', '@@ -1,2 +0,0 @@\n-a\n-b\n'],
  ['a newline added at the end', 'a', 'a\n', '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n'],
  ['a line in the middle', 'a\nc\n', 'a\nb\nc\n', '@@ -1,2 +1,3 @@\n a\n+b\n c\n'],
])('%s', (_, before, after, expected) => expect(body(unifiedDiff(before, after, 'f'))).toBe(expected))

test('changes far apart get hunks of their own, near ones share one', () => {
  const before = Array.from({ length: 30 }, (_, index) => `${index + 1}\n`)
  const after = before.with(4, 'five\n').with(9, 'ten\n').with(24, 'twenty-five\n')
  const headers = unifiedDiff(before.join(''), after.join(''), 'f').match(/^@@.*$/gm)
  expect(headers).toEqual(['@@ -2,12 +2,12 @@', '@@ -22,7 +22,7 @@'])
})

test('a diff too large to search for is shown as replaced whole', () => {
  const diff = unifiedDiff(lines('old'), lines('new'), 'f')
  expect(diff.match(/^[-+](?:old|new)/gm)).toHaveLength(4_000)
  expect(applied(lines('old'), diff)).toBe(lines('new'))
})

test('applying a diff to the old text gives the new one', () => {
  const text = fc
    .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'd\r\n', 'e'), { maxLength: 30 })
    .map(parts => parts.join(''))
  fc.assert(fc.property(text, text, (before, after) => applied(before, unifiedDiff(before, after, 'f')) === after))
})

/** A strict `patch`: every context and removed line must be where the header says. */
function applied(before: string, diff: string): string {
  const source = before.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const result: string[] = []
  let position = 0
  for (const hunk of diff.split(/^(?=@@ )/m).slice(1)) {
    const [header = '', ...lines] =
      hunk.replaceAll(/\n\\ No newline at end of file\n/g, '\0').match(/[^\n\0]*[\n\0]/g) ?? []
    const [, start = '0', count = '1'] = /^@@ -(\d+)(?:,(\d+))?/.exec(header) ?? []
    const from = count === '0' ? Number(start) : Number(start) - 1
    result.push(...source.slice(position, from))
    position = from
    for (const line of lines) {
      const text = line.slice(1).replace('\0', '')
      if (line.startsWith('+')) result.push(text)
      else if (source[position++] !== text) return `mismatch at line ${position}`
      else if (line.startsWith(' ')) result.push(text)
    }
  }
  return [...result, ...source.slice(position)].join('')
}
