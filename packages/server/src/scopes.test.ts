import { legacy, type Middleware, newest, type Principal, revisions } from '@interlock/protocol'
import type { HttpRequest, Protection } from '@interlock/transport'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { prompt, resource, type ServerOptions, server, template, tool } from './index.ts'
import { ask, events, modern, post, session } from './testing/http.ts'
import { peer as peerOf } from './testing/peer.ts'
import { pipe } from './testing/pipe.ts'

/** Whoever says who she is in `x-subject` is who she says, with the scopes in `x-scopes`. */
const trusting: Protection = {
  async authenticate(request: HttpRequest) {
    const subject = request.header('x-subject') ?? 'alice'
    return { subject, scopes: request.header('x-scopes')?.split(' ') ?? [] }
  },
  challenge: scopes => ({ status: 403, headers: { 'www-authenticate': `Bearer scope="${scopes.join(' ')}"` } }),
}

const ran: string[] = []
const can = (name: string): string => {
  ran.push(name)
  return name
}
const options: ServerOptions = {
  name: 'scoped',
  version: '1.0.0',
  tools: [
    tool('open', {}, () => can('open')),
    tool('write', { scopes: ['files:write', 'files:read'] }, () => can('write')),
    tool('by-path', { input: z.object({ path: z.string() }) }, ({ path }, ctx) => {
      ctx.requireScopes(`files:${path}`)
      return can('by-path')
    }),
    tool('late', {}, (_args, ctx) => {
      ctx.progress(1)
      ctx.requireScopes('files:late')
    }),
  ],
  resources: [
    resource('file:///secret', { scopes: ['files:secret'] }, () => can('secret')),
    template('file:///by/{id}', { scopes: ['files:by'], complete: { id: () => [can('id')] } }, () => can('by')),
  ],
  prompts: [prompt('plan', { scopes: ['plans'] }, () => can('plan'))],
}

const served = (more: Partial<ServerOptions> = {}): Promise<HttpListener> => {
  ran.length = 0
  return listenHttp(server({ ...options, ...more }).receiver, { auth: trusting, sse: true })
}

/** Sends a request as a client of a revision does. */
async function caller({ url }: HttpListener, revision: (typeof revisions)[number]) {
  if (revision.features.era === 'modern') {
    return (method: string, params: object, scopes?: string) => ask(url, method, { ...params }, { 'x-scopes': scopes })
  }
  const own = await session(url, revision)
  return (method: string, params: object, scopes?: string) =>
    post(url, { jsonrpc: '2.0', id: 1, method, params }, { ...own, 'x-scopes': scopes })
}

const guarded: readonly (readonly [method: string, params: object, scopes: string])[] = [
  ['tools/call', { name: 'write', arguments: {} }, 'files:write files:read'],
  ['tools/call', { name: 'by-path', arguments: { path: 'tmp' } }, 'files:tmp'],
  ['resources/read', { uri: 'file:///secret' }, 'files:secret'],
  ['resources/read', { uri: 'file:///by/1' }, 'files:by'],
  ['prompts/get', { name: 'plan' }, 'plans'],
  [
    'completion/complete',
    { ref: { type: 'ref/resource', uri: 'file:///by/{id}' }, argument: { name: 'id', value: '' } },
    'files:by',
  ],
]

test.each(revisions)('$version: without the scopes 403 that names all of them, and nothing runs', async revision => {
  await using listener = await served()
  const call = await caller(listener, revision)
  for (const [method, params, scopes] of guarded) {
    const refused = await call(method, params, 'files:read')
    expect(refused.status).toBe(403)
    expect(refused.headers.get('www-authenticate')).toBe(`Bearer scope="${scopes}"`)
    expect(refused.body).toMatchObject({ error: { code: -32600, data: { scopes: scopes.split(' ') } } })
    expect(ran).toEqual([])
    expect(await call(method, params, scopes)).toMatchObject({ status: 200, body: { result: {} } })
    expect(ran.splice(0)).toHaveLength(1)
  }
  expect(await call('tools/call', { name: 'open', arguments: {} })).toMatchObject({ status: 200 })
})

test.each(revisions)('$version: scopes for all of one kind, lists included', async revision => {
  await using listener = await served({ scopes: { tools: ['tools:use'] } })
  const call = await caller(listener, revision)
  expect((await call('tools/list', {})).headers.get('www-authenticate')).toBe('Bearer scope="tools:use"')
  const refused = await call('tools/call', { name: 'write', arguments: {} }, 'tools:use')
  expect(refused.headers.get('www-authenticate')).toBe('Bearer scope="tools:use files:write files:read"')
  expect((await call('tools/list', {}, 'tools:use')).status).toBe(200)
  expect((await call('prompts/list', {})).status).toBe(200)
})

test.each(revisions)('$version: once headers are out the error goes on the stream', async revision => {
  await using listener = await served()
  const { url } = listener
  const params = { name: 'late', arguments: {}, _meta: { progressToken: 'p' } }
  const whole = modern('tools/call', params)
  const own = revision.features.era === 'modern' ? whole.headers : await session(url, revision)
  const body = revision.features.era === 'modern' ? whole.body : { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
  const stream = await events(url, body, own)
  expect(stream.status).toBe(200)
  expect(await stream.next()).toMatchObject({ method: 'notifications/progress' })
  expect(await stream.next()).toMatchObject({ error: { code: -32600, data: { scopes: ['files:late'] } } })
})

test.each(legacy)(
  '$version: what counts is the token of the request, not that which opened the session',
  async revision => {
    await using listener = await served()
    const { url } = listener
    const wide = { 'x-scopes': 'files:write files:read' }
    const opened = await session(url, revision)
    const write = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'write', arguments: {} } }
    expect((await post(url, write, { ...opened, ...wide })).status).toBe(200)
    expect((await post(url, write, opened)).status).toBe(403)
    expect((await post(url, write, { ...opened, ...wide, 'x-subject': 'bob' })).status).toBe(404)
  },
)

test.each(legacy)('$version: changes of a resource are told to who may read it', async revision => {
  await using listener = await served()
  const call = await caller(listener, revision)
  const watch = { uri: 'file:///secret' }
  expect((await call('resources/subscribe', watch)).status).toBe(403)
  expect((await call('resources/subscribe', watch, 'files:secret')).status).toBe(200)
})

test('the same for streams of subscriptions', async () => {
  await using listener = await served()
  const notifications = { resourceSubscriptions: ['file:///secret'] }
  const { status, headers } = await ask(listener.url, 'subscriptions/listen', { notifications })
  expect({ status, challenge: headers.get('www-authenticate') }).toEqual({
    status: 403,
    challenge: 'Bearer scope="files:secret"',
  })
})

test('HTTP+SSE: the error comes on the stream, since the POST is answered before', async () => {
  await using listener = await served()
  const url = listener.sseUrl ?? new URL('about:blank')
  const stream = await events(url)
  const endpoint = new URL((await stream.event())?.data ?? '', url)
  const say = (message: object, headers = {}) => post(endpoint, { jsonrpc: '2.0', ...message }, headers)
  const clientInfo = { name: 'c', version: '1' }
  const params = { protocolVersion: legacy.at(-1)?.version, capabilities: {}, clientInfo }
  await say({ id: 0, method: 'initialize', params })
  await stream.next()
  await say({ method: 'notifications/initialized' })
  const write = { method: 'tools/call', params: { name: 'write', arguments: {} } }
  await say({ id: 1, ...write })
  expect(await stream.next()).toMatchObject({ id: 1, error: { data: { scopes: ['files:write', 'files:read'] } } })
  await say({ id: 2, ...write }, { 'x-scopes': 'files:write files:read' })
  expect(await stream.next()).toMatchObject({ id: 2, result: {} })
  stream.close()
})

test('credentials stay with the transport', async () => {
  const seen: unknown[] = []
  const look: Middleware = next => call => {
    seen.push(...['authorization', 'dpop', 'cookie', 'x-scopes'].map(name => call.caller.header?.(name)))
    return next(call)
  }
  await using listener = await served({ middleware: [look] })
  const sent = { authorization: 'Bearer a', dpop: 'b', cookie: 'c', 'x-scopes': 'd' }
  await ask(listener.url, 'tools/list', {}, sent)
  expect(seen).toEqual([undefined, undefined, undefined, 'd'])
})

test('an HTTP server that nobody protects lets nobody at what needs scopes', async () => {
  await using listener = await listenHttp(server(options).receiver)
  const refused = await ask(listener.url, 'tools/call', { name: 'write', arguments: {} })
  expect(refused.status).toBe(403)
})

test.each(revisions)('$version: who starts the server in the same process may do all', async revision => {
  await using peer = await peerOf(server(options), revision)
  expect(await peer.call('tools/call', { name: 'write', arguments: {} })).toMatchObject({
    content: [{ text: 'write' }],
  })
})

test.each(revisions)('$version: unless it has scopes: then a JSON-RPC error', async revision => {
  const principal: Principal = { subject: 'local', scopes: ['files:read'] }
  await using peer = await peerOf(server(options), revision, { principal })
  await expect(peer.call('tools/call', { name: 'write', arguments: {} })).rejects.toMatchObject({
    code: -32600,
    data: { scopes: ['files:write', 'files:read'] },
  })
})

test('on stdio: whoever starts the server may do all, or what it was given', async () => {
  const write = JSON.stringify(modern('tools/call', { name: 'write', arguments: {} }).body)
  const free = pipe(server(options).receiver)
  free.write(`${write}\n`)
  expect(await free.next()).toMatchObject({ result: {} })
  const bound = pipe(server(options).receiver, { principal: { subject: 'local', scopes: [] } })
  bound.write(`${write}\n`)
  expect(await bound.next()).toMatchObject({ error: { data: { scopes: ['files:write', 'files:read'] } } })
  await Promise.all([free.listener.close(0), bound.listener.close(0)])
})

test('scopes are not shown to clients, and faulty ones are refused at once', async () => {
  await using peer = await peerOf(server(options), newest)
  const lists = await Promise.all(['tools', 'resources', 'prompts'].map(kind => peer.call(`${kind}/list`, {})))
  expect(JSON.stringify(lists)).not.toContain('files:write')
  expect(() => tool('x', { scopes: ['a b'] }, () => '')).toThrow(TypeError)
  expect(() => resource('file:///x', { scopes: ['"'] }, () => '')).toThrow(TypeError)
  expect(() => prompt('x', { scopes: [''] }, () => '')).toThrow(TypeError)
  expect(() => server({ ...options, scopes: { tools: ['a b'] } })).toThrow(TypeError)
})
