import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashToken } from '@interlock/auth'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeKeys, type KeptKey, readKeys, writeKeys } from './keys-file.ts'

let folder = ''
let file = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-keys-'))
  file = join(folder, 'keys.json')
})

afterEach(() => rm(folder, { recursive: true }))

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
