import { legacy, newest, type ProtocolError, ResourceNotFound } from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import type { Client } from './client.ts'
import { type ConnectOptions, connect } from './connect.ts'
import { clientLimits } from './limits.ts'
import { capabilities, legacyScript, modernScript, type Script, Scripted, toolResult } from './testing/scripted.ts'

afterEach(() => {
  vi.useRealTimers()
})

interface Era {
  readonly name: string
  readonly open: (script?: Script) => Script
  /** A result as this era puts it on the wire. */
  readonly result: (result: object) => object
}

const eras: Era[] = [
  { name: 'sessions', open: script => legacyScript(script), result: result => result },
  {
    name: 'stateless',
    open: script => modernScript(script),
    result: result => ({ resultType: 'complete', ttlMs: 5, cacheScope: 'public', ...result }),
  },
]

interface Joined {
  client: Client
  peer: Scripted
  warnings: string[]
}

async function join(
  { open }: Pick<Era, 'open'>,
  script: Script = () => {},
  kind: Scripted['kind'] = 'http',
  options: ConnectOptions = {},
): Promise<Joined> {
  const warnings: string[] = []
  const peer = new Scripted(kind, open(script))
  const client = await connect(peer, { onWarning: warning => warnings.push(warning), ...options })
  return { client, peer, warnings }
}

const [sessions, stateless] = eras as [Era, Era]
const tool = (name: string): object => ({ name, inputSchema: { type: 'object' } })

test.each(eras)('a tool is called and its result handed over ($name)', async era => {
  const { client, peer } = await join(era, asked => asked.reply(era.result({ ...toolResult, extra: { kept: true } })))
  expect(await client.callTool('search', { query: 'x' })).toEqual({ ...toolResult, extra: { kept: true } })
  expect((await peer.request('tools/call')).params).toMatchObject({ name: 'search', arguments: { query: 'x' } })
})

test.each(eras)('lists are read to their last page ($name)', async era => {
  const { client } = await join(era, ({ params, reply }) =>
    reply(era.result(params['cursor'] === '' ? { tools: [tool('b')] } : { tools: [tool('a')], nextCursor: '' })),
  )
  expect((await client.listTools()).map(({ name }) => name)).toEqual(['a', 'b'])
})

test.each(eras)('a cursor that comes again ends the list with a warning ($name)', async era => {
  const { client, warnings } = await join(era, asked =>
    asked.reply(era.result({ tools: [tool('a')], nextCursor: 'c' })),
  )
  expect(await client.listTools()).toHaveLength(2)
  expect(warnings).toEqual(['the server on http gives the cursor "c" twice, so its list of tools may be incomplete'])
})

test.each(eras)('pages without end are not read without end ($name)', async era => {
  let page = 0
  const { client, warnings } = await join(era, asked => {
    page += 1
    asked.reply(era.result({ tools: [tool(`t${page}`)], nextCursor: `c${page}` }))
  })
  expect(await client.listTools()).toHaveLength(clientLimits.listPages)
  expect(warnings).toEqual([
    `the server on http has more than ${clientLimits.listPages} pages of tools; the rest is not read`,
  ])
})

test.each(eras)('pages that are huge are not read without end ($name)', async era => {
  let page = 0
  const { client, warnings } = await join(era, asked => {
    page += 1
    const huge = { ...tool(`t${page}`), description: 'x'.repeat(15_000_000) }
    asked.reply(era.result({ tools: [huge], nextCursor: `c${page}` }))
  })
  expect(await client.listTools({ cache: 'no-store' })).toHaveLength(5)
  expect(warnings).toEqual([
    `the server on http lists tools of more than ${clientLimits.listCharacters} characters; the rest is not read`,
  ])
})

test.each(eras)('a list without end is cut, on one page or many ($name)', async era => {
  const most = clientLimits.listEntries
  const cut = `the server on http lists more than ${most} tools; the rest is left out`
  for (const [count, nextCursor] of [
    [most + 5, undefined],
    [most / 2 + 1, 'more'],
  ] as const) {
    const page = { tools: Array.from({ length: count }, () => tool('a')) }
    const { client, warnings } = await join(era, ({ params, reply }) =>
      reply(era.result(params['cursor'] === undefined && nextCursor ? { ...page, nextCursor } : page)),
    )
    expect(await client.listTools()).toHaveLength(most)
    expect(warnings).toEqual([cut])
  }
})

test.each(eras)('of very many broken entries a few are explained and the rest is counted ($name)', async era => {
  const entry = { name: 'n'.repeat(10_000) }
  const { client, warnings } = await join(era, asked =>
    asked.reply(era.result({ tools: Array.from({ length: 200_000 }, () => entry) })),
  )
  expect(await client.listTools()).toEqual([])
  expect(warnings).toHaveLength(clientLimits.complaints + 2)
  expect(Math.max(...warnings.map(({ length }) => length))).toBeLessThan(500)
  expect(warnings.slice(-2)).toEqual([
    `the server on http lists ${clientLimits.listEntries - clientLimits.complaints} more tools that are left out because they break the specification`,
    `the server on http lists more than ${clientLimits.listEntries} tools; the rest is left out`,
  ])
})

test.each(eras)('one broken tool is left out with a warning and the rest is kept ($name)', async era => {
  const { client, warnings } = await join(era, asked =>
    asked.reply(era.result({ tools: [tool('a'), { name: 'bad', inputSchema: 'none' }, 7, tool('b')] })),
  )
  expect((await client.listTools()).map(({ name }) => name)).toEqual(['a', 'b'])
  expect(warnings).toEqual([
    'the server on http lists a tool "bad" that is left out because it breaks the specification: tool.inputSchema must be an object, not a string',
    'the server on http lists a tool without a name that is left out because it breaks the specification: tool must be an object, not 7',
  ])
})

test.each(eras)('a result that breaks the specification is explained ($name)', async era => {
  const { client } = await join(era, asked => asked.reply(era.result({ content: 'text' })))
  await expect(client.callTool('t')).rejects.toMatchObject({
    name: 'ProtocolError',
    code: -32603,
    message:
      'the server on http answered tools/call with a result that breaks the specification: result.content must be an array, not a string',
  })
})

test.each(eras)('an error of the server keeps its code and data ($name)', async era => {
  const { client } = await join(era, asked => asked.fail(-32050, 'Quota used up', { until: 'noon' }))
  await expect(client.callTool('t')).rejects.toMatchObject({
    name: 'ProtocolError',
    code: -32050,
    message: 'Quota used up',
    data: { until: 'noon' },
  })
})

test.each(eras)('a resource that does not exist has one code in every revision ($name)', async era => {
  const { client } = await join(era, asked => asked.fail(-32002, 'Resource not found', { uri: 'x:y' }))
  const error: unknown = await client.readResource('x:y').catch(thrown => thrown)
  expect(error).toBeInstanceOf(ResourceNotFound)
  expect(error).toMatchObject({ code: -32602, message: 'Resource not found', data: { uri: 'x:y' } })
})

test.each(eras)('only a resource that does not exist is one that was not found ($name)', async era => {
  const { client } = await join(era, ({ method, params, fail }) => {
    if (method === 'tools/call') return fail(-32002, 'Busy')
    if (params['uri'] === 'x:no-data') return fail(-32002, 'No such thing')
    fail(-32602, 'Invalid', params['uri'] === 'x:new' ? { uri: 'x:new' } : { field: 'uri' })
  })
  await expect(client.readResource('x:no-data')).rejects.toMatchObject({
    name: 'ResourceNotFound',
    data: { uri: 'x:no-data' },
  })
  await expect(client.readResource('x:new')).rejects.toMatchObject({ name: 'ResourceNotFound', data: { uri: 'x:new' } })
  await expect(client.readResource('x:bad')).rejects.toMatchObject({ name: 'ProtocolError', data: { field: 'uri' } })
  await expect(client.callTool('t')).rejects.toMatchObject({ name: 'ProtocolError', code: -32602 })
})

test.each(eras)('a list that the server does not offer is empty, and not asked for ($name)', async era => {
  const script: Script = asked =>
    era.open()({ ...asked, reply: (result, headers) => asked.reply({ ...result, capabilities: {} }, headers) })
  const peer = new Scripted('http', script)
  await using client = await connect(peer)
  expect(await client.listPrompts()).toEqual([])
  expect(peer.asked.map(({ method }) => method)).not.toContain('prompts/list')
})

test.each(eras)('progress goes to whoever asked, and to the host ($name)', async era => {
  const heard: unknown[] = []
  const { client } = await join(
    era,
    asked => {
      const { progressToken } = asked.params._meta ?? {}
      asked.tell({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken, progress: 1, total: 2, message: 'half' },
      })
      asked.tell({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'other', progress: 2 } })
      asked.reply(era.result(toolResult))
    },
    'stdio',
    { onProgress: progress => heard.push(['host', progress]) },
  )
  await client.callTool('t', {}, { onProgress: progress => heard.push(['call', progress]) })
  const progress = { progress: 1, total: 2, message: 'half' }
  expect(heard).toEqual([
    ['call', progress],
    ['host', progress],
  ])
})

test.each(eras)('log messages go to the host ($name)', async era => {
  const heard: unknown[] = []
  const { client } = await join(
    era,
    asked => {
      asked.tell({
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { level: 'info', logger: 'db', data: { rows: 3 } },
      })
      asked.reply(era.result(toolResult))
    },
    'http',
    { onLog: message => heard.push(message) },
  )
  await client.callTool('t')
  expect(heard).toEqual([{ level: 'info', logger: 'db', data: { rows: 3 } }])
})

test('stateless servers log only what a call asks for', async () => {
  const { client, peer } = await join(stateless, asked => asked.reply(stateless.result(toolResult)))
  await client.callTool('t')
  await client.setLogLevel('error')
  await client.callTool('t')
  const levels = peer.asked.map(({ params }) => params._meta?.['io.modelcontextprotocol/logLevel'])
  expect(levels).toEqual([undefined, undefined, 'error'])
})

test('a session is told its log level', async () => {
  const { client, peer } = await join(sessions, asked => asked.reply({}))
  await client.setLogLevel('warning')
  expect((await peer.request('logging/setLevel')).params).toEqual({ level: 'warning' })
})

test.each([
  { era: sessions, kind: 'stdio', notified: true },
  { era: sessions, kind: 'http', notified: true },
  { era: stateless, kind: 'stdio', notified: true },
  { era: stateless, kind: 'http', notified: false },
] as const)('a call that is not wanted any more is cancelled ($era.name, $kind)', async ({ era, kind, notified }) => {
  const { client, peer } = await join(era, undefined, kind)
  const stop = new AbortController()
  const reason = new Error('changed my mind')
  const outcome = expect(client.callTool('t', {}, { signal: stop.signal })).rejects.toBe(reason)
  const asked = await peer.request('tools/call')
  stop.abort(reason)
  await outcome
  expect(asked.signal?.aborted).toBe(true)
  const cancelled = peer.sent.filter(sent => 'method' in sent && sent.method === 'notifications/cancelled')
  expect(cancelled).toMatchObject(notified ? [{ params: { requestId: asked.id } }] : [])
  asked.reply(era.result(toolResult)) // too late, and nobody minds
})

test('a call that was unwanted from the start is not sent', async () => {
  const { client, peer } = await join(sessions)
  await expect(client.callTool('t', {}, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
  expect(peer.asked.map(({ method }) => method)).not.toContain('tools/call')
})

test.each(eras)('a call without an answer is given up, saying which and after what time ($name)', async era => {
  vi.useFakeTimers()
  const { client, peer } = await join(era, undefined, 'stdio')
  const outcome = expect(client.callTool('dig')).rejects.toMatchObject({
    name: 'TransportError',
    code: 'timeout',
    message:
      'tools/call of "dig" got no answer from the server on stdio within 60 s; it was cancelled. Allow more with "timeoutMs"',
  })
  await vi.advanceTimersByTimeAsync(61_000)
  await outcome
  expect(await peer.message('notifications/cancelled')).toMatchObject({ params: { requestId: peer.asked.at(-1)?.id } })
})

test('progress keeps a call alive, though not for ever', async () => {
  vi.useFakeTimers()
  const { client, peer } = await join(sessions, undefined, 'stdio')
  const outcome = expect(client.callTool('dig', {}, { timeoutMs: 1_000, maxTotalMs: 5_000 })).rejects.toThrow(
    /within 5 s/,
  )
  const asked = await peer.request('tools/call')
  let isOver = false
  void outcome.then(() => {
    isOver = true
  })
  for (let progress = 1; progress <= 6; progress += 1) {
    asked.tell({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: asked.id, progress } })
    await vi.advanceTimersByTimeAsync(900)
    expect(isOver).toBe(progress === 6)
  }
  await outcome
})

const timers = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length

test('calls that come and go in time leave no timer that keeps the process alive', async () => {
  const before = timers()
  const { client, peer } = await join(sessions)
  const result = client.callTool('t')
  const asked = await peer.request('tools/call')
  expect(timers()).toBe(before + 1)
  asked.reply(toolResult)
  await result
  expect(timers()).toBe(before)
})

test('a stateless result without what only a cache needs is taken', async () => {
  const { client } = await join(stateless, asked => asked.reply({ tools: [tool('a')] }))
  expect(await client.listTools()).toEqual([tool('a')])
})

test('a kind of result nobody knows is an error', async () => {
  const { client } = await join(stateless, asked => asked.reply({ resultType: 'later', ...toolResult }))
  await expect(client.callTool('t')).rejects.toThrow('answered tools/call with resultType "later", which is unknown')
})

test('what a stateless server says of caching is told apart from the result', async () => {
  const { client } = await join(stateless, asked => asked.reply(stateless.result({ tools: [] })))
  const { signal } = new AbortController()
  const caller = { peer: { revision: newest, capabilities: {} }, signal } as Parameters<Client['handle']>[0]['caller']
  expect(await client.handle({ method: 'tools/list', params: {}, caller })).toEqual({
    kind: 'complete',
    result: { tools: [] },
    cache: { ttlMs: 5, scope: 'public' },
  })
})

test('questions of a stateless server are answered and the call is repeated with the answers and its state', async () => {
  const { client, peer } = await join(
    stateless,
    asked => {
      if (asked.params['inputResponses'] !== undefined) return asked.reply(stateless.result(toolResult))
      const params = { mode: 'form', message: 'Day?', requestedSchema: { type: 'object', properties: {} } }
      asked.reply({
        resultType: 'input_required',
        inputRequests: { day: { method: 'elicitation/create', params } },
        requestState: 'sealed',
      })
    },
    'http',
    { onElicit: ({ message }) => ({ action: 'accept', content: { day: message } }) },
  )
  expect(await client.callTool('book')).toEqual(toolResult)
  const [, first, second] = peer.asked
  expect(second?.id).not.toBe(first?.id)
  expect(second?.params).toMatchObject({
    name: 'book',
    inputResponses: { day: { action: 'accept', content: { day: 'Day?' } } },
    requestState: 'sealed',
  })
})

test.each([
  ['asks nothing', 'tools/call', { resultType: 'input_required' }, /asks nothing and keeps no state/],
  [
    'asks nonsense',
    'tools/call',
    { resultType: 'input_required', inputRequests: { a: 1 } },
    /asked for input in a way that breaks/,
  ],
  [
    'asks where it must not',
    'tools/list',
    { resultType: 'input_required', requestState: 's' },
    /which this method cannot have/,
  ],
])('a server that %s is refused', async (_, method, result, message) => {
  const { client } = await join(stateless, asked => asked.reply(result))
  await expect(client.request(method, { name: 't' })).rejects.toThrow(message)
})

test('a question that nobody answers fails the call', async () => {
  const { client } = await join(stateless, asked =>
    asked.reply({ resultType: 'input_required', inputRequests: { r: { method: 'roots/list' } } }),
  )
  await expect(client.callTool('t')).rejects.toMatchObject({ code: -32021 } satisfies Partial<ProtocolError>)
})

test('stateless requests repeat method and name in headers, and sessions name themselves', async () => {
  const modern = await join(stateless, asked => asked.reply(stateless.result(toolResult)))
  await modern.client.callTool('größe')
  expect(modern.peer.asked[1]?.headers).toEqual({
    'mcp-protocol-version': newest.version,
    'mcp-method': 'tools/call',
    'mcp-name': '=?base64?Z3LDtsOfZQ==?=',
  })
  const old = await join({ open: script => legacyScript(script, legacy[0]?.version, 's1') }, asked =>
    asked.reply(toolResult),
  )
  await old.client.callTool('t')
  expect(old.peer.asked.at(-1)?.headers).toEqual({ 'mcp-session-id': 's1', 'mcp-protocol-version': legacy[0]?.version })
  expect(old.peer.sentHeaders[0]).toEqual({ 'mcp-session-id': 's1', 'mcp-protocol-version': legacy[0]?.version })
})

test('parameters that a tool wants in headers are put there, and a tool that says so wrongly is left out', async () => {
  const region = { type: 'string', 'x-mcp-header': 'Region' }
  const sql = {
    name: 'sql',
    inputSchema: { type: 'object', properties: { at: { type: 'object', properties: { region } } } },
  }
  const wrong = {
    name: 'wrong',
    inputSchema: { type: 'object', properties: { all: { type: 'array', items: region } } },
  }
  let isListed = false
  const { client, peer, warnings } = await join(stateless, asked => {
    if (asked.method === 'tools/list') {
      isListed = true
      asked.reply(stateless.result({ tools: [sql, wrong] }))
    } else if (isListed) asked.reply(stateless.result(toolResult))
    else asked.fail(-32020, 'Header mismatch', undefined, 400)
  })
  await client.callTool('sql', { at: { region: 'eu 1' } })
  expect(peer.asked.map(({ method, headers }) => [method, headers['mcp-param-region']])).toEqual([
    ['server/discover', undefined],
    ['tools/call', undefined],
    ['tools/list', undefined],
    ['tools/call', 'eu 1'],
  ])
  expect((await client.listTools()).map(({ name }) => name)).toEqual(['sql'])
  expect(warnings[0]).toMatch(/lists a tool "wrong" that is left out: its x-mcp-header "Region" stands where/)
})

test.each(eras)('closing ends what is under way ($name)', async era => {
  const { client, peer } = await join(era)
  const outcome = expect(client.callTool('t')).rejects.toMatchObject({ code: 'closed' })
  await peer.request('tools/call')
  await client.close()
  await outcome
  expect(peer.isClosed).toBe(true)
  expect(await client.ended).toBeUndefined()
})

test('a server can be pinged in either era', async () => {
  for (const [era, method] of [
    [sessions, 'ping'],
    [stateless, 'server/discover'],
  ] as const) {
    const { client, peer } = await join(era, asked => asked.reply({}))
    await client.ping()
    expect(peer.asked.at(-1)?.method).toBe(method)
  }
})

test('prompts, resources and completions are asked for as the specification has it', async () => {
  const { client, peer } = await join(sessions, asked => {
    if (asked.method === 'prompts/get') asked.reply({ messages: [] })
    else if (asked.method === 'resources/read') asked.reply({ contents: [{ uri: 'a:b', text: 'x' }] })
    else asked.reply({ completion: { values: ['berlin'] } })
  })
  expect(await client.getPrompt('p', { city: 'x' })).toEqual({ messages: [] })
  expect(await client.readResource('a:b')).toEqual({ contents: [{ uri: 'a:b', text: 'x' }] })
  const ref = { type: 'ref/prompt', name: 'p' } as const
  expect(await client.complete(ref, { name: 'city', value: 'b' }, { country: 'de' })).toEqual({
    completion: { values: ['berlin'] },
  })
  expect(peer.asked.at(-1)?.params).toMatchObject({
    ref,
    argument: { name: 'city', value: 'b' },
    context: { arguments: { country: 'de' } },
  })
})

test('what the server says of itself is at hand', async () => {
  const { client } = await join(sessions)
  expect(client.server).toMatchObject({ capabilities, info: { name: 'scripted' }, instructions: 'be kind' })
})
