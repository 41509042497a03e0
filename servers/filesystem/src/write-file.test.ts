import { chmod, readFile as read, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { manners, scene } from './testing/scene.ts'
import { inTurn, writeFile } from './write-file.ts'

describe.each(manners)('held by handle: %s', byHandle => {
  test('creates and replaces, and says which', async () => {
    await using at = await scene({}, { byHandle })
    const path = join(at.inside, 'new.txt')
    expect(await writeFile(at.area, { path: 'new.txt', content: 'é' })).toEqual({ path, bytes: 2, created: true })
    expect(await writeFile(at.area, { path, content: 'two' })).toEqual({ path, bytes: 3, created: false })
    expect(await read(path, 'utf8')).toBe('two')
    expect(await readdir(at.inside)).toEqual(['new.txt'])
  })

  test('replaces in one step: the old file stays as it was for those who have it open', async () => {
    await using at = await scene({ 'in/file': 'old' }, { byHandle })
    const before = await stat(join(at.inside, 'file'))
    await writeFile(at.area, { path: 'file', content: 'new' })
    expect((await stat(join(at.inside, 'file'))).ino).not.toBe(before.ino)
  })

  test('keeps permissions', async () => {
    await using at = await scene({ 'in/run.sh': 'old' }, { byHandle })
    await chmod(join(at.inside, 'run.sh'), 0o750)
    await writeFile(at.area, { path: 'run.sh', content: 'new' })
    expect((await stat(join(at.inside, 'run.sh'))).mode & 0o777).toBe(0o750)
  })

  test('makes folders on the way only when asked', async () => {
    await using at = await scene({}, { byHandle })
    const refused = writeFile(at.area, { path: 'a/b/c.txt', content: 'x' })
    await expect(refused).rejects.toThrow('the folder "a" in "a/b/c.txt" does not exist')
    expect(await readdir(at.inside)).toEqual([])
    await writeFile(at.area, { path: 'a/b/c.txt', content: 'x', createFolders: true })
    expect(await read(join(at.inside, 'a/b/c.txt'), 'utf8')).toBe('x')
  })

  test('refuses to write over a folder, below a file, or to an allowed folder itself', async () => {
    await using at = await scene({ 'in/folder/': '', 'in/file': 'x' }, { byHandle })
    for (const path of ['folder', '.', 'folder/']) {
      await expect(writeFile(at.area, { path, content: 'x' })).rejects.toThrow(/is not a file; name a file to write/)
    }
    const below = writeFile(at.area, { path: 'file/x', content: 'x', createFolders: true })
    await expect(below).rejects.toThrow(/is no folder/)
  })

  test('leaves nothing behind when it fails', async () => {
    await using at = await scene({ 'in/file': 'x' }, { byHandle, limits: { writeBytes: 4 } })
    await expect(writeFile(at.area, { path: 'file', content: '12345' })).rejects.toThrow(
      'the content is 5 bytes; at most',
    )
    const long = writeFile(at.area, { path: 'n'.repeat(300), content: 'x' })
    await expect(long).rejects.toThrow(/a name in .* is too long/)
    expect(await readdir(at.inside)).toEqual(['file'])
    expect(await read(join(at.inside, 'file'), 'utf8')).toBe('x')
  })

  test('many writes at once leave one whole content', async () => {
    await using at = await scene({}, { byHandle })
    const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(5_000))
    await Promise.all(contents.map(content => writeFile(at.area, { path: 'file', content })))
    expect(contents).toContain(await read(join(at.inside, 'file'), 'utf8'))
    expect(await readdir(at.inside)).toEqual(['file'])
    await unlink(join(at.inside, 'file'))
  })
})

test('work on one path is done in turn, also after a failure', async () => {
  const order: string[] = []
  const first = inTurn('a', async () => {
    await Promise.resolve()
    order.push('first')
    throw new Error('no')
  })
  const second = inTurn('a', async () => order.push('second'))
  const other = inTurn('b', async () => order.push('other'))
  await expect(first).rejects.toThrow('no')
  await Promise.all([second, other])
  expect(order.indexOf('first')).toBeLessThan(order.indexOf('second'))
})
