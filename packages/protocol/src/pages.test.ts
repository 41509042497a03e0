import { expect, test } from 'vitest'
import { Cursors } from './cursors.ts'
import { Pages, pageSize } from './pages.ts'

const entries = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const cursorOf = async (pages: Pages, from?: string): Promise<string> => {
  const { nextCursor } = (await pages.page(from)).result as { nextCursor: string }
  return nextCursor
}

test('a list of one page is there at once, and has no cursor', () => {
  const pages = new Pages('tools', entries(pageSize), new Cursors('a'))
  expect(pages.page(undefined)).toMatchObject({ result: { tools: entries(pageSize) } })
  expect(() => pages.page('x')).toThrow('Invalid cursor: start again without one')
})

test('an empty list has one page', () => {
  expect(new Pages('tools', [], new Cursors('a')).page(undefined)).toMatchObject({ result: { tools: [] } })
})

test('each page is made once, and leads to the next', async () => {
  const pages = new Pages('tools', entries(2 * pageSize + 1), new Cursors('a'))
  const second = await cursorOf(pages)
  const third = await cursorOf(pages, second)
  expect(await pages.page(third)).toMatchObject({ result: { tools: [2 * pageSize] } })
  expect((await pages.page(third)).result).not.toHaveProperty('nextCursor')
  expect(await pages.page(second)).toBe(await pages.page(second))
  expect(await pages.page(undefined)).toMatchObject({ isShared: true })
})

test('cursors differ by owner, list, page and key, and by nothing else', async () => {
  const given = await Promise.all([
    cursorOf(new Pages('tools', entries(1001), new Cursors('a', [key(1)]))),
    cursorOf(new Pages('prompts', entries(1001), new Cursors('a', [key(1)]))),
    cursorOf(new Pages('tools', entries(1001), new Cursors('b', [key(1)]))),
    cursorOf(new Pages('tools', entries(1001), new Cursors('a', [key(2)]))),
    cursorOf(new Pages('tools', entries(1001), new Cursors('a'))),
    cursorOf(new Pages('tools', entries(1001), new Cursors('a'))),
  ])
  expect(new Set(given).size).toBe(given.length)
  expect(await cursorOf(new Pages('tools', entries(1500), new Cursors('a', [key(1)])))).toBe(given[0])
})

test('a cursor of an older key is accepted as long as the key is there', async () => {
  const older = new Pages('tools', entries(1001), new Cursors('a', [key(1)]))
  const between = new Pages('tools', entries(1001), new Cursors('a', [key(2), key(1)]))
  const later = new Pages('tools', entries(1001), new Cursors('a', [key(2)]))
  const cursor = await cursorOf(older)
  expect(await between.page(cursor)).toMatchObject({ result: { tools: [1000] } })
  expect(await cursorOf(between)).toBe(await cursorOf(later))
  await expect(async () => later.page(cursor)).rejects.toThrow('Invalid cursor')
})

test('a cursor is good for the principal that it was given to, and for nobody else', async () => {
  const pages = new Pages('tools', entries(1001), new Cursors('a', [key(1)]))
  const again = new Pages('tools', entries(1001), new Cursors('a', [key(1)]))
  const { result, isShared } = await pages.page(undefined, 'ann')
  const { nextCursor } = result as { nextCursor: string }
  expect(isShared).toBeUndefined()
  expect(await again.page(nextCursor, 'ann')).toMatchObject({ result: { tools: [1000] } })
  await expect(async () => pages.page(nextCursor, 'bob')).rejects.toThrow('Invalid cursor')
  await expect(async () => pages.page(nextCursor)).rejects.toThrow('Invalid cursor')
  await expect(async () => pages.page(await cursorOf(pages), 'ann')).rejects.toThrow('Invalid cursor')
})

test('a list of one page is the same for all principals', () => {
  const pages = new Pages('tools', entries(3), new Cursors('a'))
  expect(pages.page(undefined, 'ann')).toBe(pages.page(undefined, 'bob'))
  expect(pages.page(undefined, 'ann')).toBe(pages.page(undefined))
})
