import {
  code,
  type InputRequest,
  metaKey,
  type Notification,
  newest,
  type Params,
  type Request,
  revisions,
  tasksExtension,
} from '@interlock/protocol'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { appsExtension } from './app.ts'
import { type InteractiveContext, prompt, resource, server, template, text, tool } from './index.ts'
import { Peer, type PeerOptions, peer } from './testing/peer.ts'
import { pipe } from './testing/pipe.ts'

// What the newest revision asks of every server, whatever it offers.

const info = { name: 'stateless', version: '1.0.0' }
const versions = revisions.map(revision => [revision.version, revision] as const)
const schema = z.object({ day: z.string() })
const token = { [metaKey.progressToken]: 'p1' }

/** Uses everything that a handler can tell and ask its client. */
const busy = async (ctx: InteractiveContext): Promise<string> => {
  ctx.progress(1)
  ctx.log('error', 'a')
  const answer = await ctx.elicit('day', { message: 'which day', schema })
  const { model } = await ctx.sample('model', { messages: [], maxTokens: 1 })
  const [root] = await ctx.roots()
  ctx.progress(2)
  return `${answer.action} ${model} ${root?.uri}`
}

const everything = () =>
  server({
    ...info,
    tools: [tool('b', {}, (_, ctx) => busy(ctx)), tool('a', {}, () => 'a'), tool('c', {}, () => 'c')],
    resources: [
      resource('x:a', {}, () => 'a'),
      template('y:{id}', { complete: { id: () => ['1'] } }, ({ id }) => `${id}`),
    ],
    prompts: [prompt('p', {}, () => 'hello')],
  })

const answers: PeerOptions = {
  onInput: ({ method }: InputRequest) => {
    if (method === 'elicitation/create') return { action: 'accept', content: { day: 'Monday' } }
    if (method === 'roots/list') return { roots: [{ uri: 'file:///work' }] }
    return { role: 'assistant', model: 'abacus', content: text('4') }
  },
}

const isRequest = (message: Request | Notification): message is Request => 'id' in message

test('a stateless server asks in results, sends no request, and takes back nothing but subscriptions', async () => {
  await using client = await peer(everything(), newest, answers)
  const meta = { ...token, [metaKey.logLevel]: 'debug' }
  expect(await client.tool('b', {}, meta)).toMatchObject({ content: [text('accept abacus file:///work')] })
  client.begin('tools/call', { name: 'b' }, 'stopped')
  client.notify('notifications/cancelled', { requestId: 'stopped' })
  await client.tool('a')
  expect(client.heard.length).toBeGreaterThan(0)
  expect(client.heard.filter(isRequest)).toEqual([])
  expect(client.all('notifications/cancelled')).toEqual([])
})

const requests: readonly (readonly [method: string, params: Params])[] = [
  ['server/discover', {}],
  ['tools/list', {}],
  ['tools/call', { name: 'a' }],
  ['tools/call', { name: 'b' }],
  ['prompts/list', {}],
  ['prompts/get', { name: 'p' }],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['resources/read', { uri: 'x:a' }],
  ['completion/complete', { ref: { type: 'ref/resource', uri: 'y:{id}' }, argument: { name: 'id', value: '' } }],
]

test.each(requests)(
  '%s %j: the response has its id, the result its type and the name of its server',
  async (...sent) => {
    await using client = await peer(everything(), newest, answers)
    for (const id of ['text', 7, '']) {
      expect(await client.respondTo(...sent, id)).toMatchObject({
        id,
        result: {
          resultType: expect.stringMatching(/^(complete|input_required)$/),
          _meta: { [metaKey.serverInfo]: info },
        },
      })
    }
  },
)

test('what one request declares does not hold for the next on its connection', async () => {
  const { receiver } = everything()
  const line = pipe(receiver)
  const ask = (id: number, capabilities: object): void => {
    const _meta = { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: capabilities }
    line.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'b', _meta } })}\n`)
  }
  ask(1, { elicitation: {} })
  expect(await line.next()).toMatchObject({ id: 1, result: { resultType: 'input_required' } })
  ask(2, {})
  const missing = { requiredCapabilities: { elicitation: { form: {} } } }
  expect(await line.next()).toMatchObject({ id: 2, error: { code: code.missingCapability, data: missing } })
  line.write('{"jsonrpc":"2.0","id":3,"method":"tools/list","params":{}}\n')
  expect(await line.next()).toMatchObject({ id: 3, error: {} })
  await line.listener.close()
})

test('lists are the same for every connection, in the same order, whatever was asked before', async () => {
  const made = everything()
  await using first = await peer(made, newest, answers)
  const before = await Promise.all(['tools/list', 'prompts/list', 'resources/list'].map(each => first.call(each)))
  await first.tool('b')
  await first.call('resources/read', { uri: 'x:a' })
  await using second = await peer(made, newest, { capabilities: {} })
  const after = await Promise.all(['tools/list', 'prompts/list', 'resources/list'].map(each => second.call(each)))
  expect(after).toEqual(before)
  expect(after[0]).toMatchObject({ tools: [{ name: 'b' }, { name: 'a' }, { name: 'c' }] })
})

test.each(versions)('%s: what a server has, it declares, and nothing else', async (_, revision) => {
  const described = async (made: ReturnType<typeof everything>): Promise<object> => {
    if (revision.features.era === 'modern') {
      await using client = await peer(made, revision)
      return (await client.call('server/discover'))['capabilities'] as object
    }
    await using client = new Peer(made.receiver, revision, {})
    return (await client.initialize())['capabilities'] as object
  }
  const completions = revision.features.completionsCapability ? { completions: {} } : {}
  expect(await described(everything())).toEqual({
    logging: {},
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    ...completions,
  })
  expect(await described(server(info))).toEqual({ logging: {} })
})

test.each(versions)('%s: progress that is told after the answer goes nowhere', async (_, revision) => {
  let late: InteractiveContext | undefined
  const work = tool('work', {}, (_args, ctx) => {
    late = ctx
    ctx.progress(1)
  })
  await using client = await peer(server({ ...info, tools: [work] }), revision)
  await client.tool('work', {}, token)
  late?.progress(2)
  late?.log('emergency', 'late')
  await client.call('tools/list')
  expect(client.all('notifications/progress')).toMatchObject([{ progress: 1 }])
  expect(client.all('notifications/message')).toEqual([])
})

test('progress of requests at once goes to the token of each', async () => {
  const work = tool('work', { input: z.object({ step: z.number() }) }, ({ step }, ctx) => ctx.progress(step))
  await using client = await peer(server({ ...info, tools: [work] }), newest)
  await Promise.all([1, 2].map(step => client.tool('work', { step }, { [metaKey.progressToken]: step })))
  const told = client.all('notifications/progress').map(params => [params?.['progressToken'], params?.['progress']])
  expect(told.toSorted()).toEqual([
    [1, 1],
    [2, 2],
  ])
})

test('all pages of a list say the same of how they may be kept', async () => {
  const tools = Array.from({ length: 1500 }, (_, at) => tool(`t${at}`, {}, () => ''))
  await using client = await peer(server({ ...info, tools }), newest)
  const { nextCursor: cursor, ttlMs, cacheScope } = await client.call('tools/list')
  expect(await client.call('tools/list', { cursor })).toMatchObject({ ttlMs, cacheScope })
  expect(cursor).toEqual(expect.any(String))
})

test.each([-1, 0.5, Number.NaN])('a resource cannot be kept for %s milliseconds', ttlMs => {
  const cache = { ttlMs, scope: 'public' } as const
  expect(() => resource('x:y', { cache }, () => '')).toThrow('cache.ttlMs')
  expect(() => template('x:{y}', { cache }, () => '')).toThrow('cache.ttlMs')
})

test('our own errors have codes of JSON-RPC and those that the revision defines', () => {
  const older = [code.resourceNotFound, code.urlElicitationRequired] as readonly number[]
  const own = Object.values(code).filter(each => !older.includes(each))
  const reserved = own.filter(each => each <= -32000 && each >= -32099)
  expect(reserved).toEqual([-32020, -32021, -32022])
  expect(own.filter(each => !reserved.includes(each))).toEqual([-32700, -32600, -32601, -32602, -32603])
})

test('a text of many lines is one line on the wire', async () => {
  const poem = 'roses\nare\r\nred\u2028\n'
  const line = pipe(server({ ...info, tools: [tool('poem', {}, () => poem)] }).receiver)
  let written = ''
  line.output.on('data', chunk => (written += String(chunk)))
  const _meta = { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: {} }
  line.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'poem', _meta } })}\n`)
  expect(await line.next()).toMatchObject({ result: { content: [text(poem)] } })
  expect(written.match(/[\r\n]/g)).toEqual(['\n'])
  await line.listener.close()
})

test.each(['rooms', '/rooms', 'com.1example/rooms', 'com-/rooms', 'com..example/rooms', 'com.example/-rooms', 'a/b/c'])(
  'an extension needs a name with a prefix, which %s is not',
  id => {
    expect(() => server({ ...info, extensions: [{ id }] })).toThrow('needs a name with a prefix')
  },
)

test('an extension is declared under its name', async () => {
  for (const id of ['com.example/rooms', 'com.example-2.a/rooms_2.x', 'x/']) {
    await using client = await peer(server({ ...info, extensions: [{ id, settings: { a: 1 } }] }), newest)
    expect(await client.call('server/discover')).toMatchObject({ capabilities: { extensions: { [id]: { a: 1 } } } })
  }
})

test('names of tools that differ in case only are two tools', async () => {
  const tools = ['get', 'Get'].map(name => tool(name, {}, () => name))
  await using client = await peer(server({ ...info, tools }), newest)
  expect(await client.call('tools/list')).toMatchObject({ tools: [{ name: 'get' }, { name: 'Get' }] })
  expect(await client.tool('Get')).toMatchObject({ content: [text('Get')] })
  await expect(client.tool('GET')).rejects.toMatchObject({ code: -32602 })
})

test('keys of our own in `_meta`, and ids of our extensions, are named by the rules', () => {
  const label = '[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
  const prefix = `(?:${label}\\.)*${label}/`
  const name = '[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?'
  for (const key of Object.values(metaKey)) expect(key).toMatch(new RegExp(`^(?:${prefix})?${name}$`))
  for (const id of [tasksExtension, appsExtension]) expect(id).toMatch(new RegExp(`^${prefix}${name}$`))
})
