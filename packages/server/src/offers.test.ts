import { type Params, type Revision, receivedByClients, revisions } from '@interlock/protocol'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { prompt, resource, server, template, text, tool } from './index.ts'
import { peer } from './testing/peer.ts'

const info = { name: 'library', version: '1.0.0', title: 'Library', instructions: 'ask for books' }
const versions = revisions.map(revision => [revision.version, revision] as const)
const newest = revisions[0]

const library = server({
  ...info,
  tools: [tool('find', { description: 'finds books', title: 'Find' }, () => 'found')],
  resources: [
    resource('library://rules', { description: 'be quiet' }, () => 'be quiet'),
    resource('library://logo', { name: 'logo', mimeType: 'image/png' }, () => Uint8Array.of(0, 0, 0)),
    resource('library://hours', {}, () => ({ open: 9 })),
    resource('library://shelf', {}, uri => [
      { uri: `${uri}/1`, text: 'one' },
      { uri: `${uri}/2`, blob: 'AAAA' },
    ]),
    resource('library://burnt', {}, () => {
      throw new Error('fire in /srv/shelf')
    }),
    template(
      'book://{id}',
      { mimeType: 'text/x-book', complete: { id: typed => [`${typed}1`] } },
      ({ id }) => `book ${id}`,
    ),
  ],
  prompts: [
    prompt(
      'review',
      {
        description: 'reviews a book',
        arguments: z.object({ title: z.string().describe('of the book'), tone: z.string().optional() }),
        complete: {
          title: typed => ['Dune', 'Dracula', 'Emma'].filter(title => title.startsWith(typed)),
          tone: (_, chosen) => [chosen['title'] === 'Emma' ? 'gentle' : 'stern'],
        },
      },
      ({ title, tone }) => `Review ${title}, ${tone ?? 'as you like'}`,
    ),
    prompt('talk', {}, () => ['hello', { role: 'assistant', content: text('hi') }, text('how are you')]),
    prompt('whole', {}, () => ({ description: 'own', messages: [{ role: 'user', content: text('x') }] })),
    prompt('odd', {}, () => undefined),
  ],
})

test.each(versions)('%s: a server says who it is and what it can', async (_, revision) => {
  await using client = await peer(library, revision)
  const { features } = revision
  const described = await client.call(...describing(revision))
  expect(described).toMatchObject({ instructions: 'ask for books', capabilities: { tools: { listChanged: true } } })
  const { capabilities } = described as { capabilities: object }
  expect('completions' in capabilities).toBe(features.completionsCapability)
})

const describing = ({ features, version }: Revision): [method: string, params: Params] => {
  if (features.era === 'modern') return ['server/discover', {}]
  return ['initialize', { protocolVersion: version, capabilities: {}, clientInfo: { name: 'p', version: '1' } }]
}

test.each(versions)('%s: lists have the form of the revision', async (_, revision) => {
  await using client = await peer(library, revision)
  for (const method of ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list']) {
    const result = await client.call(method)
    expect(receivedByClients(revision).requests[method]?.result(result), method).toBe(true)
  }
  expect(await client.call('prompts/list')).toMatchObject({
    prompts: expect.arrayContaining([
      {
        name: 'review',
        description: 'reviews a book',
        arguments: [
          { name: 'title', description: 'of the book', required: true },
          { name: 'tone', required: false },
        ],
      },
    ]),
  })
})

test.each(versions)('%s: resources are read in every form', async (_, revision) => {
  await using client = await peer(library, revision)
  const read = async (uri: string) => (await client.call('resources/read', { uri }))['contents']
  expect(await read('library://rules')).toEqual([{ uri: 'library://rules', mimeType: 'text/plain', text: 'be quiet' }])
  expect(await read('library://logo')).toEqual([{ uri: 'library://logo', mimeType: 'image/png', blob: 'AAAA' }])
  expect(await read('library://hours')).toEqual([
    { uri: 'library://hours', mimeType: 'application/json', text: '{"open":9}' },
  ])
  expect(await read('library://shelf')).toEqual([
    { uri: 'library://shelf/1', text: 'one' },
    { uri: 'library://shelf/2', blob: 'AAAA' },
  ])
  expect(await read('book://7')).toEqual([{ uri: 'book://7', mimeType: 'text/x-book', text: 'book 7' }])
})

test.each(versions)('%s: a resource that is not there has the code of the revision', async (_, revision) => {
  await using client = await peer(library, revision)
  await expect(client.call('resources/read', { uri: 'library://attic' })).rejects.toMatchObject({
    code: revision.features.resourceNotFound,
    data: { uri: 'library://attic' },
  })
})

test.each(versions)('%s: what goes wrong in a resource stays in the log', async (_, revision) => {
  const log = vi.spyOn(console, 'error').mockImplementationOnce(() => {})
  await using client = await peer(library, revision)
  await expect(client.call('resources/read', { uri: 'library://burnt' })).rejects.toMatchObject({
    code: -32603,
    message: 'Internal error',
  })
  expect(log).toHaveBeenCalledOnce()
  log.mockRestore()
})

test.each(versions)('%s: prompts are written in every form', async (_, revision) => {
  await using client = await peer(library, revision)
  const get = (name: string, given: object = {}) => client.call('prompts/get', { name, arguments: given })
  expect(await get('review', { title: 'Emma' })).toMatchObject({
    description: 'reviews a book',
    messages: [{ role: 'user', content: text('Review Emma, as you like') }],
  })
  expect(await get('talk')).toMatchObject({
    messages: [
      { role: 'user', content: text('hello') },
      { role: 'assistant', content: text('hi') },
      { role: 'user', content: text('how are you') },
    ],
  })
  expect(await get('whole')).toMatchObject({ description: 'own', messages: [{ role: 'user', content: text('x') }] })
  expect(await get('odd')).toMatchObject({ messages: [{ role: 'user', content: text('') }] })
})

test.each(versions)('%s: faulty prompt requests say what is wrong', async (_, revision) => {
  await using client = await peer(library, revision)
  await expect(client.call('prompts/get', { name: 'review' })).rejects.toMatchObject({
    code: -32602,
    message: expect.stringContaining('Invalid arguments for prompt "review": title: '),
  })
  await expect(client.call('prompts/get', { name: 'revue' })).rejects.toMatchObject({
    code: -32602,
    data: { didYouMean: 'review' },
  })
  await expect(client.call('prompts/get', { name: 7 })).rejects.toMatchObject({
    code: -32602,
    message: expect.stringContaining('params.name must be a string'),
  })
})

test.each(versions)('%s: arguments are completed', async (_, revision) => {
  await using client = await peer(library, revision)
  const complete = async (ref: object, argument: object, more: object = {}) =>
    (await client.call('completion/complete', { ref, argument, ...more }))['completion']
  const review = { type: 'ref/prompt', name: 'review' }
  expect(await complete(review, { name: 'title', value: 'D' })).toEqual({
    values: ['Dune', 'Dracula'],
    total: 2,
    hasMore: false,
  })
  expect(await complete(review, { name: 'constructor', value: '' })).toMatchObject({ values: [] })
  expect(await complete({ type: 'ref/resource', uri: 'book://{id}' }, { name: 'id', value: '4' })).toMatchObject({
    values: ['41'],
  })
  const chosen = { context: { arguments: { title: 'Emma' } } }
  if (revision.features.completionContext) {
    expect(await complete(review, { name: 'tone', value: '' }, chosen)).toMatchObject({ values: ['gentle'] })
  }
  await expect(complete({ type: 'ref/prompt', name: 'x' }, { name: 'a', value: '' })).rejects.toMatchObject({
    code: -32602,
  })
})

test('at most a hundred values are suggested', async () => {
  const many = Array.from({ length: 150 }, (_, at) => `${at}`)
  const made = server({ ...info, resources: [template('n://{n}', { complete: { n: () => many } }, () => '')] })
  await using client = await peer(made, newest)
  const params = { ref: { type: 'ref/resource', uri: 'n://{n}' }, argument: { name: 'n', value: '' } }
  const { completion } = (await client.call('completion/complete', params)) as { completion: { values: string[] } }
  expect(completion).toMatchObject({ total: 150, hasMore: true })
  expect(completion.values).toEqual(many.slice(0, 100))
})

test.each(versions)('%s: a long list comes in pages', async (_, revision) => {
  const tools = Array.from({ length: 2500 }, (_, at) => tool(`tool-${at}`, {}, () => at))
  await using client = await peer(server({ ...info, tools }), revision)
  const names: string[] = []
  let cursor: unknown
  let pages = 0
  do {
    const page = await client.call('tools/list', cursor === undefined ? {} : { cursor })
    names.push(...(page['tools'] as { name: string }[]).map(({ name }) => name))
    cursor = page['nextCursor']
    pages += 1
  } while (cursor !== undefined)
  expect(pages).toBe(3)
  expect(names).toEqual(tools.map(({ name }) => name))
})

test.each(versions)('%s: a cursor that was not given out is refused', async (_, revision) => {
  await using client = await peer(library, revision)
  for (const cursor of ['page-1', 'page-0', 'page--1', 'page-99999999999', '__proto__', '', 7, null]) {
    await expect(client.call('tools/list', { cursor }), String(cursor)).rejects.toMatchObject({ code: -32602 })
  }
})

/** A server with a list of two pages of each kind. */
function long(name: string, key: Uint8Array): ReturnType<typeof server> {
  const places = Array.from({ length: 1001 }, (_, at) => `n${at}`)
  return server({
    name,
    version: '1.0.0',
    seal: [key],
    tools: places.map(place => tool(place, {}, () => '')),
    resources: [
      ...places.map(place => resource(`x:${place}`, {}, () => '')),
      ...places.map(place => template(`y:${place}/{id}`, {}, () => '')),
    ],
    prompts: places.map(place => prompt(place, {}, () => '')),
  })
}
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const lists = ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list']

test.each(versions)('%s: a cursor is good for the list that gave it out, in every process', async (_, revision) => {
  await using client = await peer(long('one', key(1)), revision)
  await using replica = await peer(long('one', key(1)), revision)
  await using strangers = await peer(long('one', key(2)), revision)
  await using other = await peer(long('two', key(1)), revision)
  const cursors = new Set<unknown>()
  for (const method of lists) {
    const cursor = (await client.call(method))['nextCursor']
    cursors.add(cursor)
    const [[, entries]] = Object.entries(await replica.call(method, { cursor })).filter(([, value]) =>
      Array.isArray(value),
    ) as [[string, unknown[]]]
    expect(entries).toHaveLength(1)
    const forged = `${String(cursor).slice(0, -1)}${String(cursor).endsWith('A') ? 'Q' : 'A'}`
    const wrong = [
      ...[forged, `${cursor}=`].map(each => client.call(method, { cursor: each })),
      ...[strangers, other].map(each => each.call(method, { cursor })),
      ...lists.filter(each => each !== method).map(each => client.call(each, { cursor })),
    ]
    const refusal = { status: 'rejected', reason: { code: -32602, message: 'Invalid cursor: start again without one' } }
    expect(await Promise.allSettled(wrong)).toMatchObject(wrong.map(() => refusal))
  }
  expect(cursors.size).toBe(lists.length)
})

test.each(versions)('%s: what a server does not have, it does not answer', async (_, revision) => {
  await using client = await peer(server({ name: 'bare', version: '1' }), revision)
  const requests: [string, Params][] = [
    ['tools/list', {}],
    ['tools/call', { name: 'x' }],
    ['prompts/list', {}],
    ['prompts/get', { name: 'x' }],
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/read', { uri: 'x:y' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: '' } }],
    ['resources/subscribe', { uri: 'x:y' }],
  ]
  for (const [method, params] of requests) {
    await expect(client.call(method, params), method).rejects.toMatchObject({ code: -32601 })
  }
})

test.each(versions)('%s: an empty list may be offered', async (_, revision) => {
  await using client = await peer(server({ ...info, tools: [] }), revision)
  expect(await client.call('tools/list')).toMatchObject({ tools: [] })
})

test('modern lists and reads say how long they may be kept', async () => {
  const made = server({
    ...info,
    tools: [],
    resources: [resource('x:y', { cache: { ttlMs: 5000, scope: 'public' } }, () => 'kept')],
  })
  await using client = await peer(made, newest)
  for (const method of ['server/discover', 'tools/list', 'resources/list', 'resources/templates/list']) {
    expect(await client.call(method)).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' })
  }
  expect(await client.call('resources/read', { uri: 'x:y' })).toMatchObject({ ttlMs: 5000, cacheScope: 'public' })
})

test('wrong definitions throw where they are made', () => {
  expect(() => resource('no uri', {}, () => '')).toThrow('needs an absolute URI')
  expect(() => resource('x:y', {}, undefined as never)).toThrow('needs a function')
  expect(() => template('x:{', {}, () => '')).toThrow(TypeError)
  expect(() => template('x:{y}', {}, undefined as never)).toThrow('needs a function')
  expect(() => prompt('p', {}, undefined as never)).toThrow('needs a function')
  expect(() => prompt('', {}, () => '')).toThrow('needs a name')
  expect(() => prompt('p', { arguments: z.string() as never }, () => '')).toThrow('must be the schema of an object')
})
