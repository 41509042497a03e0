import { chown, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findConfig } from './find.ts'

let root: string
let home: string
const put = async (path: string): Promise<string> => {
  const file = join(root, path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, '{ "mcpServers": {} }')
  return file
}
const folder = async (path: string): Promise<string> => {
  await mkdir(join(root, path), { recursive: true })
  return join(root, path)
}

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'find-')))
  home = root
})
afterEach(() => rm(root, { recursive: true }))

test('the file of the folder itself', async () => {
  const file = await put('project/.mcp.json')
  expect(await findConfig(join(root, 'project'), { home })).toBe(file)
})

test('the nearest file above, and the home folder is looked at last', async () => {
  const outer = await put('.mcp.json')
  const deep = await folder('project/src/deep')
  expect(await findConfig(deep, { home })).toBe(outer)
  const inner = await put('project/.mcp.json')
  expect(await findConfig(deep, { home })).toBe(inner)
})

test('nothing above the home folder', async () => {
  await put('.mcp.json')
  home = await folder('home/ann')
  expect(await findConfig(await folder('home/ann/project'), { home })).toBeUndefined()
})

test('nothing above the root of a git repository, which is looked at itself', async () => {
  await put('.mcp.json')
  await folder('project/.git')
  const src = await folder('project/src')
  expect(await findConfig(src, { home })).toBeUndefined()
  const file = await put('project/.mcp.json')
  expect(await findConfig(src, { home })).toBe(file)
})

test('a work tree or submodule, where .git is a file, is a root too', async () => {
  await put('.mcp.json')
  await put('project/.git')
  expect(await findConfig(await folder('project/src'), { home })).toBeUndefined()
})

test('a folder of that name is no configuration', async () => {
  const file = await put('.mcp.json')
  await folder('project/.mcp.json')
  expect(await findConfig(join(root, 'project'), { home })).toBe(file)
})

test.runIf(process.getuid?.() === 0)('a file of another user counts in the folder itself only', async () => {
  const file = await put('shared/.mcp.json')
  await chown(file, 12_345, 12_345)
  expect(await findConfig(join(root, 'shared'), { home })).toBe(file)
  expect(await findConfig(await folder('shared/project'), { home })).toBeUndefined()
})
