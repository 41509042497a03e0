import { code } from '@interlock/protocol'
import { expect } from 'vitest'
import { type Cell, call, errorOf, named, type Run, textOf, uriOf } from './cell.ts'
import { manyPrompts, schemeOf, view } from './upstream.ts'

let words = 0
/** A word that no other test has used. */
const fresh = (): string => `word ${(words += 1)}`

const cancel: Run = async cell => {
  const stop = new AbortController()
  const word = fresh()
  const gone = call(cell, 'wait', { word }, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
  await expect(gone).rejects.toThrow('enough')
  expect((await call(cell, 'until', { word })).isError).not.toBe(true)
}

const logs: Run = async cell => {
  const { client, logs: heard } = cell.end
  const before = heard.all.length
  const isLast = (message: (typeof heard.all)[number]): boolean =>
    heard.all.indexOf(message) >= before && message.level === 'error'
  await client.setLogLevel('info')
  await call(cell, 'murmur')
  await heard.first(isLast)
  expect(heard.all.slice(before)).toEqual(
    ['info', 'error'].map(level => ({ level, data: { said: level }, logger: 'murmurer' })),
  )
  await client.setLogLevel('debug')
  const more = heard.next(({ level }) => level === 'debug')
  await call(cell, 'murmur')
  await more
  await client.setLogLevel('info')
}

const listChanged: Run = async cell => {
  const { client, changes } = cell.end
  const isListed = async (): Promise<boolean> =>
    (await client.listTools()).some(({ name }) => name === named(cell, 'added'))
  const grown = changes.next(({ kind }) => kind === 'tools')
  await call(cell, 'grow')
  await grown
  expect(await isListed()).toBe(true)
  expect(textOf(await call(cell, 'added'))).toBe('I am new')
  const shrunk = changes.next(({ kind }) => kind === 'tools')
  await call(cell, 'shrink')
  await shrunk
  expect(await isListed()).toBe(false)
}

const resourceUpdates: Run = async cell => {
  const uri = uriOf(cell, 'visits')
  const heard: string[] = []
  await using _ = await cell.end.client.subscribe(uri, changed => heard.push(changed))
  // The gateway subscribes at the server when its first client does, and does not make that one wait.
  await expect
    .poll(async () => {
      await call(cell, 'visit')
      return heard.length
    })
    .toBeGreaterThan(0)
  expect(new Set(heard)).toEqual(new Set([uri]))
}

const pages: Run = async cell => {
  const names = (await cell.end.client.listPrompts()).map(({ name }) => name)
  const own = names.filter(name => name.startsWith(named(cell, 'p')) && /p\d+$/.test(name))
  expect(own).toHaveLength(manyPrompts)
  expect(new Set(own).size).toBe(manyPrompts)
  const first = await cell.end.client.request('prompts/list')
  expect(first).toMatchObject({ nextCursor: expect.any(String) })
  const error = await errorOf(cell.end.client.request('prompts/list', { cursor: 'forged' }))
  expect(error.code).toBe(code.invalidParams)
}

const prompt = (cell: Cell) => ({ type: 'ref/prompt', name: named(cell, 'paint') }) as const
const template = (cell: Cell) => ({ type: 'ref/resource', uri: uriOf(cell, 'colours/{colour}') }) as const

const completion: Run = async cell => {
  for (const ref of [prompt(cell), template(cell)]) {
    const { completion } = await cell.end.client.complete(ref, { name: 'colour', value: 'b' })
    expect(completion).toEqual({ values: ['black', 'blue'], total: 2, hasMore: false })
  }
}

const context: Run = async cell => {
  const chosen = { mood: 'calm' }
  const { completion } = await cell.end.client.complete(prompt(cell), { name: 'colour', value: 'b' }, chosen)
  expect(completion.values).toEqual(cell.rule.kind === 'carried' ? ['blue'] : ['black', 'blue'])
}

const cacheHints: Run = async cell => {
  const read = (path: string): Promise<object> => cell.end.client.request('resources/read', { uri: uriOf(cell, path) })
  expect(await read('visits')).toMatchObject({ contents: [{ text: 'many' }] })
  // A fresh one is given again by the client's cache: it is not asked for once more.
  const hints = await hintsOf(cell, ['visits', 'secret'])
  const own = [
    { ttlMs: 60_000, cacheScope: 'public' },
    { ttlMs: 5_000, cacheScope: 'private' },
  ]
  const none = { ttlMs: 0, cacheScope: 'private' }
  if (cell.rule.kind === 'carried') {
    for (const [at, hint] of hints.entries()) {
      expect(hint.cacheScope).toBe(own[at]?.cacheScope)
      expect(hint.ttlMs).toBeGreaterThan((own[at]?.ttlMs ?? 0) - 5_000)
      expect(hint.ttlMs).toBeLessThanOrEqual(own[at]?.ttlMs ?? 0)
    }
  } else if (cell.client.features.era === 'modern') expect(hints).toEqual([none, none])
  else expect(hints).toEqual([{}, {}])
}

/** All servers of the gateway but one say nothing, and nobody can promise more than they do. */
const listHints: Run = async cell => {
  const hints: unknown[] = []
  await cell.end.client.listTools({ cache: 'reload', onCacheHint: hint => hints.push(hint) })
  expect(hints).toEqual([cell.rule.kind === 'carried' ? { ttlMs: 0, scope: 'private' } : undefined])
}

/** As they are on the wire. */
async function hintsOf(cell: Cell, paths: readonly string[]): Promise<{ ttlMs?: number; cacheScope?: string }[]> {
  const found = []
  for (const path of paths) {
    const hint: { ttlMs?: number; cacheScope?: string } = {}
    await cell.end.client.request(
      'resources/read',
      { uri: uriOf(cell, path) },
      {
        cache: 'reload',
        onCacheHint: told => Object.assign(hint, told && { ttlMs: told.ttlMs, cacheScope: told.scope }),
      },
    )
    found.push(hint)
  }
  return found
}

const methods: Run = async cell => {
  const { client } = cell.end
  const opened = await client.request('rooms/open', { name: named(cell, 'hall'), key: 7 })
  expect(opened).toMatchObject({ opened: 'hall', key: 7 })
  const lost = await errorOf(client.request('rooms/open', { room: 'hall' }))
  expect(lost.code).toBe(code.methodNotFound)
  expect(lost.message).toMatch(/params\.name/)
  const strange = await errorOf(client.request('halls/open', { name: named(cell, 'hall') }))
  expect(strange.code).toBe(code.methodNotFound)
}

const apps: Run = async cell => {
  const tool = (await cell.end.client.listTools()).find(({ name }) => name === named(cell, 'chart'))
  const uri = String((tool?._meta?.['ui'] as { resourceUri?: unknown } | undefined)?.resourceUri)
  const { contents } = await cell.end.client.readResource(uri)
  expect(contents).toMatchObject([
    { uri, mimeType: 'text/html;profile=mcp-app', text: `<p>${schemeOf(cell.server)}</p>` },
  ])
  const uris = (await cell.end.client.listResources()).map(resource => resource.uri)
  expect(uris).toContain(uri)
  expect(uris.filter(other => other.endsWith(view))).toHaveLength(5)
}

const tasks: Run = async cell => {
  const { client } = cell.end
  if (cell.rule.kind !== 'carried') return void expect(textOf(await call(cell, 'render'))).toBe('rendered')
  await client.listTools() // says which tools run as tasks
  const started = await client.startTool(named(cell, 'render'))
  if (started.kind !== 'task') throw new Error('it did not become a task')
  expect(started.task.taskId).toEqual(expect.any(String))
  expect(textOf(await started.result())).toBe('rendered')
}

/** The `_meta` that the server got with a call. */
async function heard(cell: Cell, meta: Record<string, unknown>): Promise<Record<string, unknown>> {
  const result = await call(cell, 'echo', { words: 'x', unheard: ['of'] }, { meta })
  expect(result).toMatchObject({ 'x-extra': { deep: [1, null] } })
  return (result._meta?.['example.com/heard'] ?? {}) as Record<string, unknown>
}

export const callRuns = {
  'calls of tools': async cell => {
    expect(textOf(await call(cell, 'echo', { words: 'hello' }))).toBe('hello')
    const { messages } = await cell.end.client.getPrompt(named(cell, 'paint'), { colour: 'red' })
    expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Paint it red' } }])
    const { contents } = await cell.end.client.readResource(uriOf(cell, 'colours/green'))
    expect(contents).toMatchObject([{ text: '{"colour":"green"}' }])
  },
  'errors of tools': async cell => {
    expect(await call(cell, 'fail')).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'it cannot be done' }],
    })
  },
  'errors of the protocol, with code and data': async cell => {
    const { code: errorCode, message, data } = await errorOf(call(cell, 'refuse'))
    expect({ code: errorCode, message, data }).toEqual({ code: -32_055, message: 'no more of that', data: { left: 0 } })
    const unknown = await errorOf(call(cell, 'ecko'))
    expect([unknown.code, unknown.data]).toEqual([code.invalidParams, { didYouMean: named(cell, 'echo') }])
  },
  'a resource that does not exist': async cell => {
    const uri = uriOf(cell, 'colours/a/b')
    const wire = await errorOf(cell.end.client.readResource(uri))
    expect(wire.message).toMatch(/not found/i)
    expect(wire.data).toEqual({ uri })
  },
  progress: async cell => {
    const heard: number[] = []
    await call(cell, 'count', {}, { onProgress: ({ progress }) => heard.push(progress) })
    expect(heard).toEqual([1, 2, 3])
  },
  'log messages, at the level that is wanted': logs,
  'cancellation by the client': cancel,
  'changes of lists': listChanged,
  'changes of a resource': resourceUpdates,
  'pages of lists': pages,
  completion: completion,
  'completion with the arguments chosen so far': context,
  'cache hints of resources': cacheHints,
  'cache hints of lists': listHints,
  'members that nobody knows, of requests and of `_meta`': async cell => {
    expect(await heard(cell, { 'example.com/cost': [1, null] })).toMatchObject({ 'example.com/cost': [1, null] })
  },
  'trace context in `_meta`': async cell => {
    const trace = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'a=b',
      baggage: 'c=d',
    }
    expect(await heard(cell, trace)).toMatchObject(trace)
  },
  'capabilities of unknown extensions, of servers': async ({ end }) => {
    expect(end.client.server.capabilities.extensions?.['com.example/rooms']).toEqual({ floors: 3 })
  },
  'capabilities of unknown extensions, of clients': async cell => {
    const meta = await heard(cell, {})
    const capabilities = meta['io.modelcontextprotocol/clientCapabilities']
    if (cell.rule.kind !== 'carried') return void expect(capabilities).toBeUndefined()
    expect(capabilities).toMatchObject({ extensions: { 'com.example/halls': { high: true } } })
  },
  'methods of unknown extensions': methods,
  tasks: tasks,
  'views of the Apps extension': apps,
} satisfies Readonly<Record<string, Run>>
