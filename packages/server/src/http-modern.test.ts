import { metaKey, newest } from '@interlock/protocol'
import { encodeHeaderValue } from '@interlock/transport'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { resource, type Server, server, text, tool } from './index.ts'
import { ask, events, modern, post } from './testing/http.ts'

const input = z.object({
  region: z.string().optional().meta({ 'x-mcp-header': 'Region' }),
  place: z.object({ nr: z.int().optional().meta({ 'x-mcp-header': 'Nr' }) }).optional(),
})
const greet = tool('greet', {}, () => 'hello')
const where = tool('where', { input }, ({ region, place }) => `${region} ${place?.nr}`)
const started = vi.fn()
const aborted = vi.fn()
const work = tool('work', {}, async (_, ctx) => {
  started()
  ctx.progress(1)
  await new Promise<void>(resolve => {
    ctx.signal.addEventListener('abort', () => {
      aborted()
      resolve()
    })
  })
  ctx.progress(2)
})

let made: Server
let listener: HttpListener
let url: URL
beforeAll(async () => {
  made = server({
    name: 'web',
    version: '1.0.0',
    tools: [greet, where, work],
    resources: [resource('x:ä', {}, () => 'a')],
  })
  listener = await listenHttp(made.receiver)
  url = listener.url
})
afterAll(() => listener.close())

const greeting = { name: 'greet', arguments: {} }
const version = metaKey.protocolVersion

test('a request is answered with plain JSON', async () => {
  const { status, headers, body } = await ask(url, 'tools/call', greeting)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json')
  expect(headers.get('mcp-session-id')).toBeNull()
  expect(body).toEqual({
    jsonrpc: '2.0',
    id: 1,
    result: {
      resultType: 'complete',
      content: [text('hello')],
      _meta: { [metaKey.serverInfo]: { name: 'web', version: '1.0.0' } },
    },
  })
})

test.each([
  ['no envelope', {}, 'params._meta'],
  ['no version', { [version]: undefined }, version],
  ['a version that is no text', { [version]: 7 }, version],
  ['no capabilities', { [metaKey.clientCapabilities]: undefined }, metaKey.clientCapabilities],
  ['capabilities that are no object', { [metaKey.clientCapabilities]: 'all' }, metaKey.clientCapabilities],
  ['client info without a name', { [metaKey.clientInfo]: { version: '1' } }, metaKey.clientInfo],
])('%s: 400 and -32602', async (what, meta, place) => {
  const { body: message, headers } = modern('tools/call', { name: 'greet', arguments: 'none', _meta: meta })
  const sent = what === 'no envelope' ? { ...message, params: greeting } : message
  const { status, body } = await post(url, sent, headers)
  expect({ status, body }).toMatchObject({ status: 400, body: { id: 1, error: { code: -32602 } } })
  expect(JSON.stringify(body)).toContain(JSON.stringify(place).slice(1, -1))
})

test('a client need not say its name', async () => {
  expect(await ask(url, 'server/discover')).toMatchObject({
    status: 200,
    body: { result: { supportedVersions: [newest.version], capabilities: { tools: {} } } },
  })
})

test('faulty params that are not the envelope are an answer like any other', async () => {
  const { body: message, headers } = modern('tools/call', { name: 'greet', arguments: 'none' })
  expect(await post(url, message, headers)).toMatchObject({
    status: 200,
    body: { error: { code: -32602, message: 'Invalid params: params.arguments must be an object, not a string' } },
  })
})

test.each(['1999-01-01', '2099-01-01', 'newest', 'constructor', '2025-06-18'])('version %s: 400', async requested => {
  const { body, headers } = modern('server/discover', { _meta: { [version]: requested } })
  expect(await post(url, body, { ...headers, 'mcp-protocol-version': requested })).toMatchObject({
    status: 400,
    body: { id: 1, error: { code: -32022, data: { supported: [newest.version], requested } } },
  })
})

test.each([
  ['version missing', { 'mcp-protocol-version': undefined }],
  ['another version', { 'mcp-protocol-version': '2025-06-18' }],
  ['method missing', { 'mcp-method': undefined }],
  ['another method', { 'mcp-method': 'tools/list' }],
  ['the method in another case', { 'mcp-method': 'Tools/Call' }],
  ['name missing', { 'mcp-name': undefined }],
  ['another name', { 'mcp-name': 'where' }],
  ['a name that is no Base64', { 'mcp-name': '=?base64?%%?=' }],
])('header: %s: 400 and -32020', async (_, headers) => {
  expect(await ask(url, 'tools/call', greeting, headers)).toMatchObject({
    status: 400,
    body: { id: 1, error: { code: -32020, message: expect.stringContaining('Header mismatch') } },
  })
})

test.each([
  ['blanks around', { 'mcp-name': '  greet ', 'mcp-method': ' tools/call ' }],
  ['Base64', { 'mcp-name': '=?base64?Z3JlZXQ=?=' }],
])('header: %s is fine', async (_, headers) => {
  expect(await ask(url, 'tools/call', greeting, headers)).toMatchObject({ status: 200 })
})

test('a URI that is no ASCII comes encoded', async () => {
  expect(await ask(url, 'resources/read', { uri: 'x:ä' })).toMatchObject({
    status: 200,
    body: { result: { contents: [{ text: 'a' }] } },
  })
})

const at = { region: 'Süd', place: { nr: 42 } }
const headersOf = { 'mcp-param-region': encodeHeaderValue('Süd'), 'mcp-param-nr': '42' }

test.each([
  ['repeated', at, headersOf],
  ['numbers compared as such', at, { ...headersOf, 'mcp-param-nr': '42.0' }],
  ['absent', {}, {}],
  ['unwrapped', { region: '=?base64?x' }, { 'mcp-param-region': '=?base64?x' }],
])('mirrored parameters: %s', async (_, given, headers) => {
  expect(await ask(url, 'tools/call', { name: 'where', arguments: given }, headers)).toMatchObject({ status: 200 })
})

test.each([
  ['missing', at, { 'mcp-param-nr': '42' }],
  ['different', at, { ...headersOf, 'mcp-param-nr': '43' }],
  ['empty', at, { ...headersOf, 'mcp-param-nr': '' }],
  ['bad Base64', at, { ...headersOf, 'mcp-param-region': '=?base64?U_w?=' }],
  ['bad padding', at, { ...headersOf, 'mcp-param-region': '=?base64?U8O8ZA=?=' }],
  ['too many', {}, { 'mcp-param-nr': '1' }],
])('mirrored parameters: %s: 400 and -32020', async (_, given, headers) => {
  expect(await ask(url, 'tools/call', { name: 'where', arguments: given }, headers)).toMatchObject({
    status: 400,
    body: { error: { code: -32020 } },
  })
})

test('a faulty annotation throws where the tool is made', () => {
  const annotated = (name: unknown, schema = z.string()) => z.object({ a: schema.meta({ 'x-mcp-header': name }) })
  for (const schema of [annotated(''), annotated('a b'), annotated('ä'), annotated('n', z.number() as never)]) {
    expect(() => tool('t', { input: schema }, () => '')).toThrow(TypeError)
  }
  const twice = annotated('A').extend({ b: z.string().meta({ 'x-mcp-header': 'a' }) })
  expect(() => tool('t', { input: twice }, () => '')).toThrow('twice')
})

test.each([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'elicitation/create',
  'no/such',
  '__proto__',
  'constructor',
])('%s: 404 and -32601', async method => {
  expect(await ask(url, method)).toMatchObject({ status: 404, body: { id: 1, error: { code: -32601 } } })
})

test('a method that is misspelt gets the right one', async () => {
  expect(await ask(url, 'tools.list')).toMatchObject({
    status: 404,
    body: { error: { code: -32601, message: 'Method not found: tools.list', data: { didYouMean: 'tools/list' } } },
  })
  expect(await ask(url, 'prompts/list')).toMatchObject({ status: 404, body: { error: { code: -32601 } } })
})

test('a call that needs what its client cannot do: 400 and -32021', async () => {
  const asking = server({
    name: 'web',
    version: '1.0.0',
    tools: [tool('ask', {}, (_, ctx) => ctx.elicit({ message: 'a', schema: z.object({}) }))],
  })
  await using other = await listenHttp(asking.receiver)
  expect(await ask(other.url, 'tools/call', { name: 'ask' })).toMatchObject({
    status: 400,
    body: { error: { code: -32021, data: { requiredCapabilities: { elicitation: { form: {} } } } } },
  })
})

test('what is told before the result makes a stream of it', async () => {
  const { body, headers } = modern('tools/call', { name: 'work', _meta: { progressToken: 7 } })
  const stream = await events(url, body, headers)
  expect(stream.status).toBe(200)
  expect(await stream.next()).toMatchObject({ method: 'notifications/progress', params: { progressToken: 7 } })
  aborted.mockClear()
  stream.close()
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce())
})

test('closing the connection cancels a call that has sent nothing yet', async () => {
  const { body, headers } = modern('tools/call', { name: 'work' })
  aborted.mockClear()
  started.mockClear()
  const stop = new AbortController()
  const { signal } = stop
  const all = { ...headers, 'content-type': 'application/json' }
  const sent = fetch(url, { method: 'POST', body: JSON.stringify(body), headers: all, signal })
  await vi.waitFor(() => expect(started).toHaveBeenCalledOnce())
  stop.abort()
  await expect(sent).rejects.toThrow()
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce())
})

test('changes come on the stream of a subscription', async () => {
  const { body, headers } = modern('subscriptions/listen', { notifications: { toolsListChanged: true } }, 'sub')
  const stream = await events(url, body, headers)
  const _meta = { [metaKey.subscriptionId]: 'sub' }
  expect(await stream.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged', params: { _meta } })
  const extra = tool('extra', {}, () => '')
  made.add(extra)
  expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed', params: { _meta } })
  made.remove(extra)
  stream.close()
})

test('notifications are taken, and there is nothing to GET', async () => {
  const { headers } = modern('notifications/cancelled')
  const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
  expect(await post(url, cancelled, headers)).toMatchObject({ status: 202 })
  expect((await events(url)).status).toBe(405)
})
