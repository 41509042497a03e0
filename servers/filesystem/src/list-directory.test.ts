import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileInfo } from './file-info.ts'
import { listDirectory, printedListing } from './list-directory.ts'
import { scene } from './testing/scene.ts'

test('names, kinds and sizes, in order of name', async () => {
  await using at = await scene({ 'in/b.txt': 'four', 'in/a/x': '', 'in/link': '-> ../out' })
  const listing = await listDirectory(at.area, '.')
  expect(listing).toEqual({
    path: at.inside,
    entries: [
      { name: 'a', kind: 'folder' },
      { name: 'b.txt', kind: 'file', size: 4 },
      { name: 'link', kind: 'link' },
    ],
  })
  expect(printedListing(listing)).toBe(`${at.inside}\na/\nb.txt\t4 bytes\nlink (link)`)
})

test('a large folder is listed in part, with a note', async () => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`in/${10 + index}`, '']))
  await using at = await scene(files, { limits: { listedEntries: 3, readEntries: 10 } })
  const listing = await listDirectory(at.area, '.')
  expect(listing.entries).toHaveLength(3)
  expect(listing.omitted).toBe(7)
  expect(printedListing(listing)).toMatch(/\[7 or more further entries are not shown; use search_files/)
})

test('a file is not listed, an empty folder is, and a caller that left is not waited for', async () => {
  await using at = await scene({ 'in/file': '', 'in/empty/': '' })
  await expect(listDirectory(at.area, 'file')).rejects.toThrow('"file" is not a folder; use read_file or file_info')
  expect(printedListing(await listDirectory(at.area, 'empty'))).toBe(`${join(at.inside, 'empty')}\n(empty)`)
  await expect(listDirectory(at.area, '.', AbortSignal.abort())).rejects.toThrow(/abort/i)
})

test('file_info describes files, folders and links', async () => {
  await using at = await scene({
    'in/file': '12345',
    'in/link': '-> file',
    'in/gone': '-> nothing',
    'in/out': '-> ../out',
  })
  const file = await fileInfo(at.area, 'file')
  expect(file).toMatchObject({ path: join(at.inside, 'file'), kind: 'file', size: 5 })
  expect(file.permissions).toMatch(/^rw-[r-][w-]-[r-][w-]-$/)
  expect(Date.now() - Date.parse(file.modified)).toBeLessThan(60_000)
  expect(file).not.toHaveProperty('linkTarget')
  expect(await fileInfo(at.area, '.')).toMatchObject({ path: at.inside, kind: 'folder' })
  expect(await fileInfo(at.area, 'link')).toMatchObject({ kind: 'link', linkTarget: join(at.inside, 'file') })
  expect((await fileInfo(at.area, 'gone')).linkTarget).toBeNull()
  expect((await fileInfo(at.area, 'out')).linkTarget).toBeNull()
})
