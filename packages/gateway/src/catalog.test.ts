import { type Complete, Cursors, type Tool } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { Catalog, type CatalogList, type Offer } from './catalog.ts'
import { type Lists, nothing } from './upstreams/lists.ts'

const tool = (name: string): Tool => ({ name, inputSchema: { type: 'object' } })
const offer = (name: string, lists: Partial<Lists>): Offer & { lists: Lists } => ({
  name,
  lists: { ...nothing, ...lists },
})
/** The first page of a list. */
const listed = (catalog: Catalog<Offer>, list: CatalogList): Complete['result'] =>
  (catalog.page(list, undefined) as Complete).result // there at once, when it is short
const names = (catalog: Catalog<Offer>): unknown[] =>
  Object.values(listed(catalog, 'tools')).flatMap((list: Tool[]) => list.map(({ name }) => name))

test('offers the tools of all servers under names that lead back to them', () => {
  const files = offer('files', { tools: [tool('read'), tool('write')] })
  const web = offer('web', { tools: [tool('read')] })
  const catalog = new Catalog([files, web])

  expect(names(catalog)).toEqual(['files__read', 'files__write', 'web__read'])
  expect(catalog.tool('web__read')).toEqual({ server: web, own: 'read' })
  expect(catalog.tool('web__write')).toBeUndefined()
})

test('a name leads to its server before anybody has listed the tools', () => {
  const files = offer('files', { tools: [tool('read')] })

  expect(new Catalog([files]).tool('files__read')).toEqual({ server: files, own: 'read' })
})

test('members that the gateway does not know pass with a tool', () => {
  const strange = { ...tool('read'), _meta: { 'com.example/cost': 3 }, novelty: true }
  const catalog = new Catalog([offer('files', { tools: [strange] })])

  expect(listed(catalog, 'tools')).toEqual({ tools: [{ ...strange, name: 'files__read' }] })
})

test('the same page is given until the list changes', () => {
  const files = offer('files', { tools: [tool('read')] })
  const catalog = new Catalog([files])
  const before = catalog.page('tools', undefined)
  files.lists = { ...nothing, tools: [tool('read'), tool('write')] }

  expect(catalog.page('tools', undefined)).toBe(before)
  catalog.forget('tools')
  expect(names(catalog)).toEqual(['files__read', 'files__write'])
})

test('a URI that two servers have stays with the first, and the second one is told apart', () => {
  const resource = (name: string) => ({ uri: 'file:///notes.txt', name })
  const first = offer('first', { resources: [resource('a')] })
  const second = offer('second', { resources: [resource('b')] })
  const catalog = new Catalog([first, second])

  expect(listed(catalog, 'resources')).toEqual({
    resources: [
      { uri: 'file:///notes.txt', name: 'first__a' },
      { uri: 'interlock://second/file:///notes.txt', name: 'second__b' },
    ],
  })
  expect(catalog.resource('file:///notes.txt')).toEqual({ server: first, own: 'file:///notes.txt' })
  expect(catalog.resource('interlock://second/file:///notes.txt')).toEqual({ server: second, own: 'file:///notes.txt' })
})

test('a URI that no list names is found by the template it fits', () => {
  const users = offer('users', { templates: [{ name: 'user', uriTemplate: 'users://{id}' }] })
  const catalog = new Catalog([offer('files', {}), users])

  expect(catalog.resource('users://42')).toEqual({ server: users, own: 'users://42' })
  expect(catalog.resource('groups://42')).toBeUndefined()
})

test('a template that is none is listed and harms nobody', () => {
  const broken = offer('broken', { templates: [{ name: 'x', uriTemplate: 'x://{' }] })
  const users = offer('users', { templates: [{ name: 'user', uriTemplate: 'users://{id}' }] })

  expect(new Catalog([broken, users]).resource('users://42')?.server).toBe(users)
})

test('says which name was meant', () => {
  const catalog = new Catalog([offer('files', { tools: [tool('read_file'), tool('write_file')] })])

  expect(catalog.nearest('tools', 'files__raed_file')).toBe('files__read_file')
})

test('a URI that one server lists twice keeps its name', () => {
  const twice = offer('twice', {
    resources: ['a', 'b'].map(name => ({ uri: 'x://1', name })),
    templates: ['a', 'b'].map(name => ({ uriTemplate: 'x://{id}', name })),
  })
  const catalog = new Catalog([twice])

  expect(listed(catalog, 'resources')).toMatchObject({ resources: [{ uri: 'x://1' }, { uri: 'x://1' }] })
  expect(listed(catalog, 'resourceTemplates')).toMatchObject({
    resourceTemplates: [{ uriTemplate: 'x://{id}' }, { uriTemplate: 'x://{id}' }],
  })
})

const template = (uriTemplate: string) => ({ name: uriTemplate, uriTemplate })

test('a URI goes to the template that says most about it, and to one that fits anything last', () => {
  const greedy = offer('greedy', { templates: [template('{+any}')] })
  const files = offer('files', { templates: [template('file:///{+path}')] })
  const notes = offer('notes', { templates: [template('file:///notes/{name}')] })
  const catalog = new Catalog([greedy, files, notes])

  const owners = ['file:///notes/a', 'file:///b', 'other:c'].map(uri => catalog.resource(uri)?.server)
  expect(owners).toEqual([notes, files, greedy])
})

test('what a server offered before it went down still leads to it, but is not listed', () => {
  const resources = [{ uri: 'x://1', name: 'one' }]
  const away = { ...offer('away', {}), known: { ...nothing, resources } }
  const catalog = new Catalog([away, offer('other', { templates: [{ name: 'any', uriTemplate: '{+any}' }] })])

  expect(catalog.resource('x://1')).toEqual({ server: away, own: 'x://1' })
  expect(listed(catalog, 'resources')).toEqual({ resources: [] })
})

test('a tool names its view by the URI under which clients know it', () => {
  const uri = 'ui://chart'
  const own = { resources: [{ uri, name: 'chart' }], tools: [{ ...tool('draw'), _meta: { ui: { resourceUri: uri } } }] }
  const catalog = new Catalog([offer('first', own), offer('second', own)])

  const second = 'interlock://second/ui://chart'
  expect(listed(catalog, 'tools')).toMatchObject({
    tools: [{ _meta: { ui: { resourceUri: uri } } }, { _meta: { ui: { resourceUri: second } } }],
  })
  expect(catalog.resource(second)).toMatchObject({ server: { name: 'second' }, own: uri })
})

test('a list may be kept for as long as the shortest-lived of its parts, and by all only if all of them may', () => {
  const until = Date.now() + 60_000
  const short = offer('short', { freshness: { tools: { until, scope: 'public' } } })
  const own = offer('own', { freshness: { tools: { until: until + 60_000, scope: 'private' } } })
  const silent = offer('silent', {})
  const hint = (...servers: Offer[]): unknown => {
    const { cache } = new Catalog(servers).page('tools', undefined) as Complete
    return cache && [cache.scope, Math.ceil(cache.ttlMs / 60_000)]
  }

  expect(hint(short)).toEqual(['public', 1])
  expect(hint(own)).toEqual(['private', 2])
  expect(hint(short, own)).toEqual(['private', 1])
  expect(hint(short, silent)).toBeUndefined()
  expect(hint({ ...short, isPersonal: true })).toEqual(['private', 1])
})

test('a long list comes in pages, to which only its own cursors lead', async () => {
  const many = offer('many', { tools: Array.from({ length: 1001 }, (_, at) => tool(`t${at}`)) })
  const seal = [new Uint8Array(32)]
  const of = (name: string): Catalog<Offer> => new Catalog([many], new Cursors(name, seal))
  const [catalog, replica, other] = [of('here'), of('here'), of('there')]

  const { nextCursor } = (await catalog.page('tools', undefined)).result as { nextCursor: string }
  expect(await replica.page('tools', nextCursor)).toMatchObject({ result: { tools: [{ name: 'many__t1000' }] } })
  await expect(async () => other.page('tools', nextCursor)).rejects.toMatchObject({ code: -32602 })
  expect(catalog.nearest('tools', 'many__t10001')).toBe('many__t1000')
})

test('pages with cursors of one principal are not for others to keep', async () => {
  const freshness = { tools: { until: Date.now() + 60_000, scope: 'public' as const } }
  const many = offer('many', { tools: Array.from({ length: 1001 }, (_, at) => tool(`t${at}`)), freshness })
  const catalog = new Catalog([many])
  expect((await catalog.page('tools', undefined)).cache?.scope).toBe('public')
  expect((await catalog.page('tools', undefined, 'ann')).cache?.scope).toBe('private')
  const few = offer('few', { tools: [tool('t')], freshness })
  expect((await new Catalog([few]).page('tools', undefined, 'ann')).cache?.scope).toBe('public')
})

test('a server cannot take the place of another by a URI of the gateway, and a gateway behind this one is reached', () => {
  const uri = 'interlock://second/file:///notes.txt'
  const first = offer('first', { resources: [{ uri, name: 'bait' }] })
  const second = offer('second', {})
  const catalog = new Catalog([first, second])

  expect(catalog.resource(uri)).toEqual({ server: second, own: 'file:///notes.txt' })
  expect(listed(catalog, 'resources')).toEqual({
    resources: [{ uri: `interlock://first/${uri}`, name: 'first__bait' }],
  })
  expect(catalog.resource(`interlock://first/${uri}`)).toEqual({ server: first, own: uri })
  expect(catalog.knownAs(first, 'interlock://inner/x://unlisted')).toBe(
    'interlock://first/interlock://inner/x://unlisted',
  )
})
