import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type InputRequest, newest, TransportError } from '@interlock/protocol'
import { expect, test } from 'vitest'
import type { Client } from './client.ts'
import { type ConnectOptions, connect } from './connect.ts'
import { type Asked, modernScript, type Script, Scripted, toolResult } from './testing/scripted.ts'

// What the newest revision asks of every client, whatever its host does.

const prefix = 'io.modelcontextprotocol'
const done = { resultType: 'complete', ...toolResult }

async function join(script: Script, options: ConnectOptions = {}, kind: Scripted['kind'] = 'http') {
  const peer = new Scripted(kind, modernScript(script))
  return { peer, client: await connect(peer, { cache: false, ...options }) }
}

/** An answer of the right form to whatever is asked. */
const whatever: Script = asked => {
  const results: Readonly<Record<string, object>> = {
    'tools/list': { tools: [] },
    'prompts/list': { prompts: [] },
    'prompts/get': { messages: [] },
    'resources/list': { resources: [] },
    'resources/read': { contents: [] },
    'completion/complete': { completion: { values: [] } },
  }
  asked.reply({ resultType: 'complete', ttlMs: 0, cacheScope: 'private', ...(results[asked.method] ?? toolResult) })
}

test('every request says its version, its capabilities and who sends it', async () => {
  const info = { name: 'host', version: '2' }
  const { client, peer } = await join(whatever, {
    info,
    onElicit: () => ({ action: 'decline' }),
    elicitUrl: true,
    onSample: () => ({ role: 'assistant', model: 'm', content: { type: 'text', text: '' } }),
    sampleTools: true,
    onRoots: () => [],
  })
  await Promise.all([client.callTool('a'), client.listTools(), client.getPrompt('p'), client.readResource('a:b')])
  await client.complete({ type: 'ref/prompt', name: 'p' }, { name: 'a', value: '' })
  await client.ping()
  expect(peer.asked).toHaveLength(7)
  for (const { params, headers, method } of peer.asked) {
    expect(params._meta).toMatchObject({
      [`${prefix}/protocolVersion`]: newest.version,
      [`${prefix}/clientInfo`]: info,
      [`${prefix}/clientCapabilities`]: {
        elicitation: { form: {}, url: {} },
        sampling: { tools: {} },
        roots: {},
      },
    })
    expect(headers).toMatchObject({ 'mcp-protocol-version': newest.version, 'mcp-method': method })
  }
})

test('what a host cannot be asked is not declared', async () => {
  const { peer } = await join(whatever)
  const declared = peer.asked[0]?.params._meta?.[`${prefix}/clientCapabilities`] as object
  for (const each of ['elicitation', 'sampling', 'roots']) expect(declared).not.toHaveProperty(each)
})

test('requests at once have ids and progress tokens of their own, which are texts or integers', async () => {
  const { client, peer } = await join(() => {})
  const calls = Array.from({ length: 20 }, () => client.callTool('a', {}, { onProgress: () => {} }))
  await peer.until(({ asked }) => (asked.length > 20 ? asked : undefined))
  const ids = peer.asked.map(({ id }) => id)
  const tokens = peer.asked.slice(1).map(({ params }) => params._meta?.['progressToken'])
  for (const each of [...ids, ...tokens]) expect(typeof each === 'string' || Number.isInteger(each)).toBe(true)
  expect(new Set(ids).size).toBe(21)
  expect(new Set(tokens).size).toBe(20)
  for (const { reply } of peer.asked.slice(1)) reply(done)
  await Promise.all(calls)
})

const question: InputRequest = {
  method: 'elicitation/create',
  params: { message: 'Day?', requestedSchema: { type: 'object', properties: { day: { type: 'string' } } } },
}
const ask = (requestState?: string): object => ({
  resultType: 'input_required',
  inputRequests: { day: question },
  ...(requestState === undefined ? {} : { requestState }),
})

test.each(['{"a":1}', ' \u0000ä\ud83d\ude00 ', '', undefined])(
  'the state %j is brought back as it came, by the retry alone and under a new id',
  async state => {
    let isAsked = false
    const { client, peer } = await join(
      asked => {
        if (asked.params['name'] === 'other' || isAsked) return asked.reply(done)
        isAsked = true
        asked.reply(ask(state))
      },
      { onElicit: () => ({ action: 'accept', content: { day: 'Monday' } }) },
    )
    await Promise.all([client.callTool('book'), client.callTool('other')])
    const [first, retry] = peer.asked.filter(({ params }) => params['name'] === 'book') as [Asked, Asked]
    expect(retry.id).not.toBe(first.id)
    expect(retry.params).toMatchObject({ inputResponses: { day: { action: 'accept' } } })
    expect('requestState' in retry.params).toBe(state !== undefined)
    expect(retry.params['requestState']).toBe(state)
    for (const { params } of peer.asked) {
      if (params === retry.params) continue
      expect(params).not.toHaveProperty('requestState')
      expect(params).not.toHaveProperty('inputResponses')
    }
  },
)

test('a question without a mode is a form', async () => {
  const asked: unknown[] = []
  const { client } = await join(({ params, reply }) => reply(params['inputResponses'] === undefined ? ask() : done), {
    onElicit: request => {
      asked.push(request)
      return { action: 'decline' }
    },
  })
  await client.callTool('book')
  expect(asked).toEqual([question.params])
})

test.each(['tools', 'toolChoice'])(
  'a model is not asked with %s by whoever was not told that it may be',
  async member => {
    const sampled: unknown[] = []
    const more = member === 'tools' ? [{ name: 'a', inputSchema: { type: 'object' } }] : { mode: 'auto' }
    const params = { messages: [], maxTokens: 1, [member]: more }
    const { client } = await join(
      asked =>
        asked.reply({
          resultType: 'input_required',
          inputRequests: { m: { method: 'sampling/createMessage', params } },
        }),
      {
        onSample: request => {
          sampled.push(request)
          return { role: 'assistant', model: 'm', content: { type: 'text', text: '' } }
        },
      },
    )
    await expect(client.callTool('a')).rejects.toMatchObject({ code: -32021 })
    expect(sampled).toEqual([])
  },
)

test('only files are told as roots', async () => {
  const warnings: string[] = []
  const { client, peer } = await join(
    ({ params, reply }) =>
      reply(
        params['inputResponses'] === undefined
          ? { resultType: 'input_required', inputRequests: { r: { method: 'roots/list' } } }
          : done,
      ),
    {
      onRoots: () => [{ uri: 'file:///work' }, { uri: 'https://example.com/' }, { uri: '/etc' }],
      onWarning: warning => warnings.push(warning),
    },
  )
  await client.callTool('a')
  expect(peer.asked.at(-1)?.params['inputResponses']).toEqual({ r: { roots: [{ uri: 'file:///work' }] } })
  expect(warnings).toHaveLength(2)
})

test('a page is not looked at by the client, whatever the user says', async () => {
  let requests = 0
  const web = createServer((_, response) => {
    requests += 1
    response.end()
  }).listen(0, '127.0.0.1')
  await once(web, 'listening')
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/sign-in`
  for (const action of ['accept', 'decline', 'cancel'] as const) {
    const request = { method: 'elicitation/create', params: { mode: 'url', message: 'Sign in', url } }
    const shown: unknown[] = []
    const { client } = await join(
      ({ params, reply }) =>
        reply(
          params['inputResponses'] === undefined
            ? { resultType: 'input_required', inputRequests: { page: request } }
            : done,
        ),
      {
        elicitUrl: true,
        onElicit: asked => {
          shown.push(asked)
          return { action }
        },
      },
    )
    await client.callTool('a')
    expect(shown).toEqual([request.params])
  }
  web.close()
  await once(web, 'close')
  expect(requests).toBe(0)
})

test.each([-32000, -32001, -32004, -32019])('an error %d means nothing but that the call failed', async code => {
  const { client, peer } = await join(asked => asked.fail(code, 'Something', { uri: 'a:b' }))
  for (const call of [(each: Client) => each.readResource('a:b'), (each: Client) => each.callTool('t')]) {
    await expect(call(client)).rejects.toMatchObject({ name: 'ProtocolError', code, message: 'Something' })
  }
  expect(peer.asked).toHaveLength(3)
})

test('a call whose stream broke is lost, and is another request when it is made again', async () => {
  let isBroken = false
  const { client, peer } = await join(asked => {
    if (isBroken) return asked.reply(done)
    isBroken = true
    asked.break(new TransportError('broken', 'the stream broke'))
  })
  await expect(client.callTool('a')).rejects.toMatchObject({ code: 'broken' })
  expect(await client.callTool('a')).toEqual(toolResult)
  const [first, second] = peer.asked.filter(({ method }) => method === 'tools/call')
  expect(second?.id).not.toBe(first?.id)
  expect(peer.asked).toHaveLength(3)
})

test('members of `_meta` that nobody knows change nothing, and are handed over', async () => {
  const _meta = { 'example.com/trace': { deep: [1] }, 'io.modelcontextprotocol/unheard-of': 'x', '': 0 }
  const { client } = await join(asked => asked.reply({ ...done, _meta }))
  expect(await client.callTool('a')).toMatchObject({ ...toolResult, _meta })
})

test.each([-1, 1.5, 'long', null])('a list that may be kept for %j is taken, and not kept', async ttlMs => {
  const tools = [{ name: 'a', inputSchema: { type: 'object' } }]
  const { client, peer } = await join(
    asked => asked.reply({ resultType: 'complete', tools, ttlMs, cacheScope: 'all' }),
    {
      cache: {},
    },
  )
  expect(await client.listTools()).toEqual(tools)
  expect(await client.listTools()).toEqual(tools)
  expect(peer.asked.filter(({ method }) => method === 'tools/list')).toHaveLength(2)
})

test('of a list whose pages are fresh for different times, the stale page alone is read again', async () => {
  const { client, peer } = await join(
    ({ params, reply }) => {
      const isFirst = params['cursor'] === undefined
      const tools = [{ name: isFirst ? 'a' : 'b', inputSchema: { type: 'object' } }]
      const hints = { resultType: 'complete', cacheScope: 'private', ttlMs: isFirst ? 60_000 : 0 }
      reply(isFirst ? { ...hints, tools, nextCursor: 'second' } : { ...hints, tools })
    },
    { cache: {} },
  )
  for (let times = 0; times < 3; times += 1) expect(await client.listTools()).toHaveLength(2)
  expect(peer.asked.slice(1).map(({ params }) => params['cursor'])).toEqual([undefined, 'second', 'second', 'second'])
})

test('what a tool says of itself changes nothing in how it is called', async () => {
  const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
  const { client, peer } = await join(asked => {
    if (asked.method !== 'tools/list') return asked.break(new TransportError('broken', 'the stream broke'))
    asked.reply({ resultType: 'complete', tools: [{ name: 'a', inputSchema: { type: 'object' }, annotations }] })
  })
  expect(await client.listTools()).toMatchObject([{ annotations }])
  await expect(client.callTool('a')).rejects.toMatchObject({ code: 'broken' })
  expect(peer.asked.filter(({ method }) => method === 'tools/call')).toHaveLength(1)
})
