import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownFilesystem, type Running, start } from './support/command.ts'
import { type Face, type FaceKind, faces, textOf, type Way } from './support/faces/index.ts'
import { type Marker, marker } from './support/processes.ts'
import { type Scratch, scratch } from './support/scratch.ts'

let folder: Scratch
let http: Running
let mark: Marker
let ways: Record<Way['kind'], Way>

beforeAll(async () => {
  folder = await scratch()
  await folder.file('secret.txt', 'not for you')
  mark = marker()
  const area = join(folder.path, 'area')
  http = start(ownFilesystem, [area, '--http', '--port', '0'], { cwd: await prepared(area) })
  const [, url = ''] = await http.err(/listening on (http\S+)/)
  ways = {
    http: { kind: 'http', url: new URL(url) },
    stdio: {
      kind: 'stdio',
      command: process.execPath,
      args: [ownFilesystem, area],
      env: { PATH: process.env['PATH'] ?? '', ...mark.env },
    },
  }
})

afterAll(async () => {
  await http[Symbol.asyncDispose]()
  const left = await mark.left(5_000)
  mark.sweep()
  await folder[Symbol.asyncDispose]()
  expect(left).toEqual([])
})

async function prepared(area: string): Promise<string> {
  await mkdir(area)
  await writeFile(join(area, 'poem.txt'), 'roses are red\nviolets are blue\n')
  return area
}

const table = faces.flatMap(kind => (['stdio', 'http'] as const).map(way => [kind.name, kind.era, way, kind] as const))

describe.each(table)('%s client, %s era, over %s', (_name, era, way, kind: FaceKind) => {
  let face: Face

  beforeAll(async () => {
    face = await kind.open(ways[way])
  })
  afterAll(() => face?.[Symbol.asyncDispose]())

  const call = async (name: string, args: Readonly<Record<string, unknown>>): Promise<string> => {
    const { content, isError } = await face.callTool(name, args)
    return (isError === true ? 'error: ' : '') + content.map(textOf).join('\n')
  }

  test('lists its tools', async () => {
    const names = (await face.listTools()).map(({ name }) => name)
    expect(names).toEqual(['read_file', 'list_directory', 'search_files', 'file_info', 'write_file', 'edit_file'])
  })

  test('reads, writes, edits and finds files', async () => {
    const file = `${era}-${way}-${Math.random().toString(36).slice(2)}.txt`
    expect(await call('read_file', { path: 'poem.txt' })).toContain('violets are blue')
    expect(await call('write_file', { path: file, content: 'one\ntwo\n' })).not.toMatch(/^error/)
    const diff = await call('edit_file', { path: file, edits: [{ old_text: 'two', new_text: 'three' }] })
    expect(diff).toMatch(/^-two$/m)
    expect(diff).toMatch(/^\+three$/m)
    expect(await readFile(join(folder.path, 'area', file), 'utf8')).toBe('one\nthree\n')
    expect(await call('list_directory', { path: '.' })).toContain(file)
    expect(await call('search_files', { glob: file })).toContain(file)
    expect(await call('file_info', { path: file })).toMatch(/10/)
  })

  test('refuses what is outside in words that help', async () => {
    for (const path of ['../secret.txt', join(folder.path, 'secret.txt')]) {
      const refusal = await call('read_file', { path })
      expect(refusal).toMatch(/^error: .*outside|^error: .*allowed/)
      expect(refusal).not.toContain('not for you')
    }
  })
})
