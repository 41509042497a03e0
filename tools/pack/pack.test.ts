import { expect, test } from 'vitest'
import { declarationsFrom } from './declarations.ts'
import { buildsOf, published } from './pack.ts'

test('declarations that an entry reaches come along, without links to maps, and no others', () => {
  const files: Readonly<Record<string, string>> = {
    '/it/dist/index.d.ts': `export { one } from './deep/one.ts'\nimport type { Far } from 'far'\n//# sourceMappingURL=index.d.ts.map`,
    '/it/dist/deep/one.d.ts': `export type One = import("../two.js").Two\nexport * from './one.ts'\n`,
    '/it/dist/two.d.ts': 'export type Two = 2\n',
    '/it/dist/unseen.d.ts': 'export type Three = 3\n',
  }
  const found = declarationsFrom('/it', ['./dist/index.d.ts'], path => files[path] ?? expect.fail(path))
  expect([...found.keys()].toSorted()).toEqual(['dist/deep/one.d.ts', 'dist/index.d.ts', 'dist/two.d.ts'])
  expect(found.get('dist/index.d.ts')).not.toContain('sourceMappingURL')
  expect(found.get('dist/two.d.ts')).toBe('export type Two = 2\n')
})

test('a manifest no longer asks for what was put into the files', () => {
  const manifest = { name: 'it', exports: {}, dependencies: { inside: '1.0.0', beside: '2.0.0' } }
  expect(published(manifest, ['inside'])).toEqual({
    name: 'it',
    exports: {},
    files: ['dist', 'licences'],
    dependencies: { beside: '2.0.0' },
  })
  expect(published({ ...manifest, bin: { it: 'bin/it.js' } }, [])).toMatchObject({ files: ['dist', 'bin'] })
})

test('entries share files, but for those that a process shall start with', () => {
  const at = (path: string) => ({ types: './dist/x.d.ts', default: path })
  const exports = { '.': at('./dist/index.js'), './node': at('./dist/node.js'), './mirror': at('./dist/mirror.js') }
  expect(buildsOf({ name: '@interlock/transport', exports })).toEqual([
    ['./dist/index.js', './dist/node.js'],
    ['./dist/mirror.js'],
  ])
  expect(buildsOf({ name: 'other', exports })).toEqual([['./dist/index.js', './dist/node.js', './dist/mirror.js']])
})
