import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { conformanceDocument, tally } from '../tools/requirements/document.ts'
import { levels, type Page, type Row, type Shown, statusOf } from '../tools/requirements/model.ts'
import { pages } from '../tools/requirements/pages/index.ts'
import { type TestTitle, testTitles, texts } from '../tools/requirements/titles.ts'

const fileOf = (path: string): URL => new URL(`../${path}`, import.meta.url)
const named = pages.map(page => [page.title, page] as const)
const shown = (rows: readonly Row[]): Shown[] =>
  rows.flatMap(({ evidence }) => evidence.filter((each): each is Shown => each.kind === 'shown'))

/** What the tests of a file are called, and what texts it and its helpers hold: the rows of its tables. */
const read = remembered(path => {
  const source = readFileSync(fileOf(path), 'utf8')
  const helpers = [...source.matchAll(/ from '(\.[^']*\/testing\/[^']*)'/g)].map(
    ([, name = '']) => new URL(name, fileOf(path)),
  )
  const all = [source, ...helpers.map(helper => readFileSync(helper, 'utf8'))]
  return { titles: testTitles(source), texts: new Set(all.flatMap(each => [...texts(each)])) }
})

function remembered<Value>(make: (key: string) => Value): (key: string) => Value {
  const values = new Map<string, Value>()
  return key => {
    const value = values.get(key) ?? make(key)
    values.set(key, value)
    return value
  }
}

const isMeant = (cited: string, { title, suites }: TestTitle): boolean =>
  cited === title || cited === [...suites, title].join(' > ')

test.each(named)('%s: each normative sentence has its row', (_, page: Page) => {
  expect(tally(page.rows)).toEqual(page.counted)
})

test.each(named)('%s: every test that is cited is there, once', (_, page) => {
  for (const { file, title, row } of shown(page.rows)) {
    expect(existsSync(fileOf(file)), file).toBe(true)
    const found = read(file).titles.filter(each => isMeant(title, each))
    expect(found, `tests called ${JSON.stringify(title)} in ${file}`).toHaveLength(1)
    if (row === undefined) expect(title, `a title that says something in ${file}`).not.toMatch(/^(?:.* > )?%s$/)
    else expect(read(file).texts, `rows of ${JSON.stringify(title)} in ${file}`).toContain(row)
  }
})

test.each(named)('%s: rows are short, and say why where no test shows them', (_, page) => {
  for (const row of page.rows) {
    expect(row.words).toMatch(/^(?:\S+ ){1,14}\S+$/)
    expect(row.evidence.length, row.words).toBeGreaterThan(0)
    for (const evidence of row.evidence) if (evidence.kind !== 'shown') expect(evidence.why).not.toBe('')
  }
})

test('a MUST without a test is somebody else’s to keep', () => {
  const open = pages
    .flatMap(page => page.rows)
    .filter(row => row.level.startsWith('MUST') && statusOf(row) === 'not tested')
  expect(open).toEqual([])
})

test('the document is what the tables give', () => {
  const document = readFileSync(fileOf('docs/conformance.md'), 'utf8')
  expect(document, 'run "npm run generate"').toBe(conformanceDocument(pages))
  const all = tally(pages.flatMap(page => page.rows))
  const total = levels.reduce((sum, level) => sum + all[level], 0)
  expect(document).toContain(`| **all** | ${levels.map(level => all[level]).join(' | ')} | ${total} |`)
})

test('a test that has another name, or none, is not taken for another', () => {
  const source = `describe('a', () => { test.each([['row']])('%s', () => {}); test('b', () => {}) }); it('b', () => {})`
  const titles = testTitles(source)
  expect(titles).toEqual([
    { title: '%s', suites: ['a'] },
    { title: 'b', suites: ['a'] },
    { title: 'b', suites: [] },
  ])
  expect(titles.filter(each => isMeant('a > b', each))).toHaveLength(1)
  expect(titles.filter(each => isMeant('b', each))).toHaveLength(2)
  expect(texts(source)).toContain('row')
})
