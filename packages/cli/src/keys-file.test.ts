import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashToken } from '@interlock/auth'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { changeKeys, type KeptKey, readKeys, writeKeys } from './keys-file.ts'

let folder = ''
let file = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-keys-'))
  file = join(folder, 'keys.json')
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const key = async (name: string): Promise<KeptKey> => ({
  name,
  hash: await hashToken(name.padEnd(32, '.')),
  created: '2026-01-01T00:00:00.000Z',
})

test('what is changed at the same time is all there in the end, and what was removed is gone', async () => {
  await writeKeys(file, [await key('bob')])
  const names = ['ann', 'carol', 'dan', 'eve']
  const made = await Promise.all(names.map(key))
  await Promise.all([
    changeKeys(file, known => known.filter(({ name }) => name !== 'bob')),
    ...made.map(one => changeKeys(file, known => [...known, one])),
  ])
  expect((await readKeys(file)).map(({ name }) => name).sort()).toEqual(names)
})

test('a change that is refused leaves the file as it is', async () => {
  await writeKeys(file, [await key('bob')])
  const before = await readFile(file, 'utf8')
  const refused = changeKeys(file, () => {
    throw new Error('no such key')
  })
  await expect(refused).rejects.toThrow('no such key')
  expect(await readFile(file, 'utf8')).toBe(before)
})

test('a folder that is not there is named', async () => {
  await expect(changeKeys(join(folder, 'none', 'keys.json'), known => known)).rejects.toThrow(
    /none\/keys\.json cannot be written \(ENOENT\); check the folder and its permissions$/,
  )
})

test('a file with two keys of one name is none that is taken', async () => {
  await writeKeys(file, [await key('ann'), await key('bob'), await key('bob')])
  await expect(readKeys(file)).rejects.toThrow(
    `${file} has two keys named "bob", so nobody knows which of them is meant; take one out of the file`,
  )
})

test.runIf(process.getuid !== undefined)("a file of another user's is not taken", async () => {
  await writeKeys(file, [await key('ann')])
  const self = vi.spyOn(process as { getuid: () => number }, 'getuid')
  if (process.getuid?.() === 0) await chown(file, 4242, 4242)
  self.mockReturnValue(4243)
  await expect(readKeys(file)).rejects.toThrow(
    `${file} belongs to another user, who could add keys of their own; make it your own, or name another file`,
  )
})

test('a file that is too large is not read, and one that others can write into not taken', async () => {
  await writeFile(file, ' '.repeat(1_048_577))
  await expect(readKeys(file)).rejects.toThrow(`${file} is too large to be a file of keys; check the path`)
  await writeKeys(file, [await key('ann')])
  await chmod(file, 0o620)
  await expect(readKeys(file)).rejects.toThrow(`could add keys of their own; run: chmod 600 ${file}`)
})
