import { connect } from '@interlock/client'
import { gateway } from '@interlock/gateway'
import { legacy, newest, revisions } from '@interlock/protocol'
import { resource, server, text, tool } from '@interlock/server'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { speaking } from './support/revision-proxy.ts'

const trace = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01',
  tracestate: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
  baggage: 'tenant=b,region=%C3%A4',
}

const versions = revisions.map(({ version }) => version)
let reads = 0
let behind: HttpListener

beforeAll(async () => {
  const readings = (): string => {
    reads += 1
    return String(reads)
  }
  const made = server({
    name: 'behind',
    version: '1.0.0',
    tools: [tool('meta', {}, (_, { meta }) => text(JSON.stringify(meta)))],
    resources: [
      resource('count:public', { cache: { ttlMs: 60_000, scope: 'public' } }, readings),
      resource('count:private', { cache: { ttlMs: 60_000, scope: 'private' } }, readings),
      resource('count:none', {}, readings),
    ],
  })
  behind = await listenHttp(made.receiver)
})
afterAll(() => behind.close())

/** A gateway before the server, each hop in its own revision. */
async function through(client: string, upstream: string): Promise<AsyncDisposable & { readonly url: URL }> {
  const inner = await speaking(upstream, behind.url)
  const info = { name: 'between', version: '1.0.0' }
  const between = gateway({
    info,
    servers: [{ name: 'behind', disabled: false, kind: 'http', url: inner.url, headers: {} }],
  })
  await between.started
  const listener = await listenHttp(between.receiver)
  const outer = await speaking(client, listener.url)
  return {
    url: outer.url,
    async [Symbol.asyncDispose]() {
      await outer[Symbol.asyncDispose]()
      await listener.close()
      await between.close()
      await inner[Symbol.asyncDispose]()
    },
  }
}

describe.each(versions)('a client of %s', version => {
  test.each(versions)('reaches a server of %s through the gateway with its trace context unchanged', async upstream => {
    await using way = await through(version, upstream)
    await using client = await connect(way.url, { trace: () => trace })
    expect(client.server.revision.version).toBe(version)
    const { content } = await client.callTool('behind__meta', {}, { meta: { 'example.com/kept': [1] } })
    const [said] = content
    expect(said?.type === 'text' && JSON.parse(said.text)).toMatchObject({ ...trace, 'example.com/kept': [1] })
  })
})

const stateless = newest.version

test('how long a result is fresh passes through the gateway, which keeps for all what is for all', async () => {
  await using way = await through(stateless, stateless)
  await using ann = await connect(way.url)
  await using bob = await connect(way.url)
  const spent = async (uri: string): Promise<number> => {
    const before = reads
    for (const client of [ann, ann, bob]) await client.readResource(uri)
    return reads - before
  }
  expect(await spent('count:none')).toBe(3)
  expect(await spent('count:private')).toBe(2)
  expect(await spent('count:public')).toBe(1)
})

test('where a revision cannot say how long a result is fresh, it is read each time', async () => {
  const [session] = legacy
  await using way = await through(session?.version ?? '', session?.version ?? '')
  await using client = await connect(way.url)
  const before = reads
  for (let time = 0; time < 3; time += 1) await client.readResource('count:public')
  expect(reads - before).toBe(3)
})
