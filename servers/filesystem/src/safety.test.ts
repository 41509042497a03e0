import { execFileSync } from 'node:child_process'
import { link, mkdir, readFile as read, readdir, symlink, writeFile as write } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { area } from './area.ts'
import { editFile } from './edit-file.ts'
import { fileInfo } from './file-info.ts'
import { listDirectory } from './list-directory.ts'
import { readFile } from './read-file.ts'
import { searchFiles } from './search-files.ts'
import { manners, scene } from './testing/scene.ts'
import { writeFile } from './write-file.ts'

const secret = 'the secret'
const escape = /is outside the allowed folders|leads through a link to outside/

describe.each(manners)('held by handle: %s', byHandle => {
  const open = (files: Parameters<typeof scene>[0]) => scene({ 'out/secret.txt': secret, ...files }, { byHandle })

  test.each([
    '../out/secret.txt',
    'a/../../out/secret.txt',
    '/etc/passwd',
    '{base}/in-evil/x',
    '{base}/in/../out/secret.txt',
    '{base}',
    '/',
    '..',
    '../in-evil',
  ])('%s is outside, whatever the tool', async path => {
    await using at = await open({ 'in/a/b.txt': 'b', 'in-evil/x': secret })
    const wanted = path.replace('{base}', join(at.inside, '..'))
    await expect(readFile(at.area, { path: wanted })).rejects.toThrow(escape)
    await expect(listDirectory(at.area, wanted)).rejects.toThrow(escape)
    await expect(fileInfo(at.area, wanted)).rejects.toThrow(escape)
    await expect(searchFiles(at.area, { path: wanted, text: 'e' })).rejects.toThrow(escape)
    await expect(writeFile(at.area, { path: wanted, content: 'x', createFolders: true })).rejects.toThrow(escape)
    await expect(editFile(at.area, { path: wanted, edits: [{ oldText: 'e', newText: 'x' }] })).rejects.toThrow(escape)
    expect(await read(join(at.outside, 'secret.txt'), 'utf8')).toBe(secret)
    expect(await readdir(at.outside)).toEqual(['secret.txt'])
  })

  test.each([
    ['a NUL byte', 'a\0b', /NUL/],
    ['a home folder', '~/x', /"~" is not expanded; allowed: /],
    ['a home folder alone', '~', /"~" is not expanded/],
  ])('%s is refused', async (_, path, message) => {
    await using at = await open({})
    await expect(readFile(at.area, { path })).rejects.toThrow(message)
    await expect(writeFile(at.area, { path, content: '' })).rejects.toThrow(message)
  })

  test.each([
    ['a link to a file', { 'in/link': '-> ../out/secret.txt' }, 'link'],
    ['an absolute link', { 'in/link': '-> {base}/out/secret.txt' }, 'link'],
    ['a link to a folder on the way', { 'in/link': '-> ../out' }, 'link/secret.txt'],
    ['a chain of links', { 'in/link': '-> next', 'in/next': '-> ../out/secret.txt' }, 'link'],
    ['a link deeper down', { 'in/a/link': '-> ../../out' }, 'a/link/secret.txt'],
    ['a dangling link', { 'in/link': '-> ../out/new.txt' }, 'link'],
    ['a dangling link on the way', { 'in/link': '-> ../out/new' }, 'link/new.txt'],
    ['a link to a prefix sibling', { 'in/link': '-> ../in-evil', 'in-evil/secret.txt': secret }, 'link/secret.txt'],
    ['a link to the root', { 'in/link': '-> /' }, 'link/etc/hostname'],
  ])('%s that leads outside is not followed', async (_, files, path) => {
    await using at = await open(files)
    await expect(readFile(at.area, { path })).rejects.toThrow(/leads through a link to outside/)
    await expect(writeFile(at.area, { path, content: 'x', createFolders: true })).rejects.toThrow(escape)
    await expect(editFile(at.area, { path, edits: [{ oldText: 'the', newText: 'x' }] })).rejects.toThrow(escape)
    expect(await read(join(at.outside, 'secret.txt'), 'utf8')).toBe(secret)
    expect(await readdir(at.outside)).toEqual(['secret.txt'])
  })

  test('a link to outside looks the same whether or not something is there, and names nothing outside', async () => {
    await using at = await open({ 'in/there': '-> ../out/secret.txt', 'in/gone': '-> ../out/nothing' })
    const messages = await Promise.all(
      ['there', 'gone'].map(path => readFile(at.area, { path }).catch((error: Error) => error.message)),
    )
    expect(messages).toEqual([
      '"there" leads through a link to outside the allowed folders',
      '"gone" leads through a link to outside the allowed folders',
    ])
    const infos = await Promise.all(['there', 'gone'].map(path => fileInfo(at.area, path)))
    expect(infos.map(info => [info.kind, info.linkTarget])).toEqual([
      ['link', null],
      ['link', null],
    ])
  })

  test('links that stay inside are followed, also absolute ones and those with ".."', async () => {
    await using at = await open({
      'in/a/real.txt': 'here',
      'in/b/link': '-> ../a/real.txt',
      'in/absolute': '-> {base}/in/a',
      'in/up': '-> a/../b',
    })
    for (const path of ['b/link', 'absolute/real.txt', 'up/link']) {
      expect(await readFile(at.area, { path })).toMatchObject({ text: 'here' })
    }
    await writeFile(at.area, { path: 'b/link', content: 'there' })
    expect(await read(join(at.inside, 'a/real.txt'), 'utf8')).toBe('there')
    expect((await fileInfo(at.area, 'b/link')).kind).toBe('link')
  })

  test('a link to nothing inside is not written through, and a circle of links ends', async () => {
    await using at = await open({ 'in/dangling': '-> new.txt', 'in/circle': '-> circle' })
    await expect(writeFile(at.area, { path: 'dangling', content: 'x' })).rejects.toThrow(/link to a file that does not/)
    await expect(readFile(at.area, { path: 'circle' })).rejects.toThrow(/more than 40 links/)
    expect(await readdir(at.inside)).toEqual(['circle', 'dangling'])
  })

  test('search neither follows links nor reports what is behind them', async () => {
    await using at = await open({ 'in/a.txt': 'secret too', 'in/link': '-> ../out', 'in/file': '-> ../out/secret.txt' })
    const { matches } = await searchFiles(at.area, { text: 'secret' })
    expect(matches.map(match => match.path)).toEqual([join(at.inside, 'a.txt')])
    const named = await searchFiles(at.area, { glob: '**/secret.txt' })
    expect(named.matches).toEqual([])
  })

  test('pipes, sockets and devices are refused without waiting for them', async () => {
    await using at = await open({})
    execFileSync('mkfifo', [join(at.inside, 'pipe')])
    await using socket = Object.assign(createServer(), {
      [Symbol.asyncDispose]: () => new Promise<void>(done => socket.close(() => done())),
    })
    await new Promise<void>(listening => socket.listen(join(at.inside, 'socket'), listening))
    for (const path of ['pipe', 'socket']) {
      await expect(readFile(at.area, { path })).rejects.toThrow(/device, pipe or socket/)
      await expect(writeFile(at.area, { path, content: 'x' })).rejects.toThrow(/is not a file/)
      expect((await fileInfo(at.area, path)).kind).toBe('other')
    }
    expect((await searchFiles(at.area, { text: 'x' })).matches).toEqual([])
    const devices = area(['/dev'], { byHandle })
    await expect(readFile(devices, { path: 'zero' })).rejects.toThrow(/device, pipe or socket/)
    await expect(writeFile(devices, { path: 'null', content: '' })).rejects.toThrow(/is not a file/)
  })

  test('replacing a hard link leaves the other name untouched', async () => {
    await using at = await open({})
    await link(join(at.outside, 'secret.txt'), join(at.inside, 'hard.txt'))
    await writeFile(at.area, { path: 'hard.txt', content: 'mine' })
    expect(await read(join(at.outside, 'secret.txt'), 'utf8')).toBe(secret)
    expect(await read(join(at.inside, 'hard.txt'), 'utf8')).toBe('mine')
  })

  test('an allowed folder may be given through a link, and paths are shown as it was given', async () => {
    await using at = await open({ 'in/a.txt': 'a' })
    const alias = join(at.outside, 'alias')
    await symlink(at.inside, alias)
    const aliased = area([alias], { byHandle })
    expect((await listDirectory(aliased, '.')).path).toBe(alias)
    expect(await readFile(aliased, { path: join(alias, 'a.txt') })).toMatchObject({ text: 'a' })
    expect(await readFile(aliased, { path: join(at.inside, 'a.txt') })).toMatchObject({ text: 'a' })
  })

  test('an allowed folder that was replaced by a link is no longer served', async () => {
    await using at = await open({ 'in/sub/a.txt': 'a' })
    const narrow = area([join(at.inside, 'sub')], { byHandle })
    const { rename } = await import('node:fs/promises')
    await rename(join(at.inside, 'sub'), join(at.inside, 'moved'))
    await symlink(at.outside, join(at.inside, 'sub'))
    await expect(readFile(narrow, { path: 'secret.txt' })).rejects.toThrow()
    await expect(listDirectory(narrow, '.')).rejects.toThrow()
  })
})

test('several folders: relative paths start in the first, the others are reached by their full path', async () => {
  await using at = await scene({ 'in/one/a': '1', 'in/two/a': '2', 'in/three/a': '3' })
  const two = area([join(at.inside, 'one'), join(at.inside, 'two')])
  expect(await readFile(two, { path: 'a' })).toMatchObject({ text: '1' })
  expect(await readFile(two, { path: join(at.inside, 'two/a') })).toMatchObject({ text: '2' })
  await expect(readFile(two, { path: '../three/a' })).rejects.toThrow(
    `"../three/a" is outside the allowed folders; allowed: ${join(at.inside, 'one')}, ${join(at.inside, 'two')}`,
  )
})

test('what is allowed must exist and be a folder', async () => {
  await using at = await scene({ 'in/file': '' })
  await mkdir(join(at.inside, 'folder'))
  await write(join(at.inside, 'folder/x'), '')
  expect(() => area([])).toThrow(/no folder is allowed/)
  expect(() => area([join(at.inside, 'file')])).toThrow(/is not a folder/)
  expect(() => area([join(at.inside, 'none')])).toThrow(/is not a folder/)
})
