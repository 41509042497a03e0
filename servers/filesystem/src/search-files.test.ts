import { join } from 'node:path'
import { expect, test } from 'vitest'
import { glob } from './glob.ts'
import { printedMatches, type SearchAnswer, searchFiles } from './search-files.ts'
import { type Scene, scene } from './testing/scene.ts'

const tree = {
  'in/a.ts': 'const One = 1\nconst two = 2\n',
  'in/b.md': 'one and one\r\n',
  'in/src/c.ts': 'nothing\n\n\nONE here',
  'in/src/deep/d.test.ts': '',
  'in/node_modules/m.ts': 'one',
  'in/.git/config': 'one',
  'in/image.bin': Buffer.from([0, 111, 110, 101]),
}

const names = (at: Scene, { matches }: SearchAnswer): string[] =>
  matches.map(match => match.path.slice(at.inside.length + 1) + (match.line === undefined ? '' : `:${match.line}`))

test.each([
  [{ glob: '*.ts' }, ['a.ts', 'src/c.ts', 'src/deep/d.test.ts']],
  [{ glob: 'src/*.ts' }, ['src/c.ts']],
  [{ glob: 'src/**' }, ['src', 'src/c.ts', 'src/deep', 'src/deep/d.test.ts']],
  [{ glob: '*.ts', everywhere: true }, ['a.ts', 'node_modules/m.ts', 'src/c.ts', 'src/deep/d.test.ts']],
  [{ glob: '{src,node_modules}' }, ['node_modules', 'src']],
  [{ text: 'one' }, ['b.md:1']],
  [{ text: 'one', ignoreCase: true }, ['a.ts:1', 'b.md:1', 'src/c.ts:4']],
  [{ text: 'one', ignoreCase: true, glob: '*.ts' }, ['a.ts:1', 'src/c.ts:4']],
  [{ text: 'const' }, ['a.ts:1', 'a.ts:2']],
  [{ text: '1\nconst' }, ['a.ts:1']],
  [{ glob: '*.ts', path: 'src' }, ['src/c.ts', 'src/deep/d.test.ts']],
])('%j', async (request, expected) => {
  await using at = await scene(tree)
  expect(names(at, await searchFiles(at.area, request))).toEqual(expected)
})

test('lines are shown as they are, long ones around the place', async () => {
  await using at = await scene({ 'in/short': '  İ one  \n', 'in/wide': `${'x'.repeat(1_000)}one${'y'.repeat(1_000)}` })
  const { matches } = await searchFiles(at.area, { text: 'ONE', ignoreCase: true })
  expect(matches[0]?.text).toBe('  İ one')
  expect(matches[1]?.text).toMatch(/^…x+oney+…$/)
  expect(matches[1]?.text?.length).toBeLessThan(300)
})

test('every allowed folder is searched when none is named', async () => {
  await using at = await scene({ 'in/one/a.ts': '', 'in/two/b.ts': '', 'in/c.ts': '' })
  const folders = ['one', 'two'].map(name => ({ given: join(at.inside, name), real: join(at.inside, name) }))
  expect(names(at, await searchFiles({ ...at.area, folders }, { glob: '*.ts' }))).toEqual(['one/a.ts', 'two/b.ts'])
})

test.each([
  ['results', { searchResults: 2 }, /more matches/],
  ['entries', { searchEntries: 3 }, /too many files/],
  ['bytes', { searchBytes: 1 }, /too much content/],
  ['time', { searchMs: 0 }, /took too long/],
] as const)('a search bounded by %s says so', async (bound, limits, message) => {
  await using at = await scene(tree, { limits })
  const answer = await searchFiles(at.area, { text: 'n' })
  expect(answer.stoppedBy).toBe(bound)
  expect(printedMatches(answer)).toMatch(message)
})

test('files too large and folders too deep are counted as skipped', async () => {
  await using at = await scene(
    { 'in/large': 'one'.repeat(10), 'in/a/b/c': 'one', 'in/a/x': 'one' },
    { limits: { searchFileBytes: 10, searchDepth: 2 } },
  )
  const answer = await searchFiles(at.area, { text: 'one' })
  expect(names(at, answer)).toEqual(['a/x:1'])
  expect(answer.skipped).toBe(2)
  expect(printedMatches(answer)).toMatch(/\[2 files or folders were too large/)
})

test('ends when the caller goes away, and reports how far it is', async () => {
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`in/${index}`, '']))
  await using at = await scene(files)
  const caller = new AbortController()
  const reports: number[] = []
  const progress = (entries: number) => {
    reports.push(entries)
    caller.abort()
  }
  await expect(searchFiles(at.area, { glob: 'none' }, { signal: caller.signal, progress })).rejects.toThrow(/abort/i)
  expect(reports).toEqual([500])
})

test('a search for nothing is refused', async () => {
  await using at = await scene({ 'in/file': '' })
  await expect(async () => searchFiles(at.area, {})).rejects.toThrow(
    'give a glob for names, a text for contents, or both',
  )
  await expect(searchFiles(at.area, { path: 'file', glob: '*' })).rejects.toThrow(/is not a folder/)
  expect(printedMatches(await searchFiles(at.area, { glob: 'none' }))).toBe('nothing found')
})

test.each([
  ['*.ts', 'a/b.ts', true],
  ['*.ts', 'a/b.tsx', false],
  ['a/*', 'a/b/c', false],
  ['a/**', 'a/b/c', true],
  ['**/c', 'a/b/c', true],
  ['**/c', 'c', true],
  ['a/**/c', 'a/c', true],
  ['./a/*', 'a/b', true],
  ['?.[tj]s', 'a.js', true],
  ['[!a]*', 'abc', false],
  ['[a-c]x', 'bx', true],
  ['*.{ts,{js,jsx}}', 'a.jsx', true],
  ['a.b', 'axb', false],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['?', '😀', true],
  ['[', '[', true],
])('glob %s on %s: %s', (pattern, path, expected) => {
  expect(glob(pattern)(path.split('/'))).toBe(expected)
})

test('a hostile glob is answered at once', () => {
  const started = performance.now()
  expect(glob(`${'*a'.repeat(100)}b`)(['a'.repeat(255)])).toBe(false)
  expect(glob(`${'**/a/'.repeat(50)}b`)(Array.from({ length: 500 }, () => 'a'))).toBe(false)
  expect(performance.now() - started).toBeLessThan(1_000)
  expect(() => glob('{a,b}'.repeat(10))).toThrow(/more than 64 alternatives/)
})
