import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNames, exposedName } from './names.ts'

const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '0', '_', '-'), minLength: 1, maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('github', 'read_file', 'a__b', '_', '__', '', '文件', '../..', 'a'.repeat(200)),
)

test.each([
  ['github', 'create_issue', 'github__create_issue'],
  ['my-server_2', 'a__b', 'my-server_2__a__b'],
  ['github', '_private', 'github___private'],
  ['my server', 'read', 'my-server-b12987__read'],
  ['a__b', 'read', 'a-b-63e5c1__read'],
  ['files_', 'read', 'files-f048b8__read'],
  ['a-server-with-a-name-of-its-own', 'read', 'a-server-with-a-n-64f88c__read'],
  ['文件', '读', 'server-39932f__-_0645afb9'],
  ['files', 'read/file', 'files__read-file_3e69995b'],
  ['files', '', 'files__a2df60d0'],
])('tool of server %j, named %j, is %s', (server, tool, exposed) => {
  expect(exposedName(server, tool)).toBe(exposed)
})

test('a long name keeps its head and its tail', () => {
  const exposed = exposedName('cloud', `list_${'very_'.repeat(20)}long_names_of_projects`)
  expect(exposed).toMatch(/^cloud__list_very_.*-.*names_of_projects_[0-9a-f]{8}$/)
  expect(exposed).toHaveLength(64)
})

test('a name that just fits stays as it is', () => {
  const tool = 'x'.repeat(64 - 'files__'.length)
  expect(exposedName('files', tool)).toBe(`files__${tool}`)
  expect(exposedName('files', `${tool}y`)).toHaveLength(64)
})

test('every exposed name is short, of allowed characters, and the same each time', () => {
  fc.assert(
    fc.property(name, name, (server, tool) => {
      const exposed = exposedName(server, tool)
      expect(exposed).toMatch(/^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*__[A-Za-z0-9_-]+$/)
      expect(exposed.length).toBeLessThanOrEqual(64)
      expect(exposedName(server, tool)).toBe(exposed)
    }),
    { numRuns: 2000 },
  )
})

test('thousands of pairs that differ little have different names', () => {
  const words = [
    'read',
    'read_file',
    'read-file',
    'read file',
    'read/file',
    'read__file',
    'Read',
    '_read',
    'read_',
    '读',
  ]
  const servers = words.flatMap(word => [word, `${word} `, `${word}.1`, word.repeat(8), `${word.repeat(8)}2`])
  const tools = words.flatMap(word => [word, `${word}\0`, `${word}.2`, word.repeat(20), `${word.repeat(20)}2`])
  const exposed = servers.flatMap(server => tools.map(tool => exposedName(server, tool)))
  expect(exposed).toHaveLength(2500)
  expect(new Set(exposed).size).toBe(2500)
})

test('every name leads back to its origin, whatever the names are', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 60 }), pairs => {
      const names = createNames()
      const added = pairs.map(([server, tool]) => ({ server, tool, exposed: names.add(server, tool) }))
      for (const { server, tool, exposed } of added) {
        expect(names.resolve(exposed)).toEqual({ server, name: tool })
        expect(names.add(server, tool)).toBe(exposed)
        expect(exposed).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
      }
    }),
    { numRuns: 300 },
  )
})

test('the name of a pair does not depend on what was added before it', () => {
  const names = createNames()
  names.add('github', 'search')
  names.add('git hub', 'search')
  expect(names.add('gitlab', 'search')).toBe('gitlab__search')
  expect(names.add('git lab', 'search')).toBe(exposedName('git lab', 'search'))
})

test('a tool that is named like the hash of another gets a longer hash, the same on every run', () => {
  const taken = exposedName('files', 'read file')
  const twin = taken.slice('files__'.length)
  const names = createNames()
  expect(names.add('files', 'read file')).toBe(taken)
  const longer = names.add('files', twin)
  expect(longer).toMatch(new RegExp(`^files__${twin}_[0-9a-f]{16}$`))
  expect(names.resolve(taken)).toEqual({ server: 'files', name: 'read file' })
  expect(names.resolve(longer)).toEqual({ server: 'files', name: twin })

  const again = createNames()
  again.add('files', 'read file')
  expect(again.add('files', twin)).toBe(longer)
})

test('a server that is named like the segment of another takes none of its tools', () => {
  const names = createNames()
  const first = names.add('my server', 'read')
  const second = names.add(first.slice(0, first.indexOf('__')), 'read')
  expect(second).not.toBe(first)
  expect(names.resolve(first)).toEqual({ server: 'my server', name: 'read' })
})

test('names of a server that was cleared lead nowhere and may be added again', () => {
  const names = createNames()
  names.add('files', 'read')
  names.add('files', 'write')
  names.add('git', 'log')
  names.clear('files')
  expect(names.resolve('files__read')).toBeUndefined()
  expect(names.resolve('files__write')).toBeUndefined()
  expect(names.resolve('git__log')).toEqual({ server: 'git', name: 'log' })
  names.clear('nobody')
  expect(names.add('files', 'read')).toBe('files__read')
})
