import { legacy, request, newest as stateless } from '@interlock/protocol'
import { listenHttp } from '@interlock/transport/node'
import { afterEach, expect, test, vi } from 'vitest'
import { type ServerOptions, server, tool } from './index.ts'
import { events, post, session } from './testing/http.ts'

const sessions = legacy.map(revision => [revision.version, revision] as const)
const [newest] = legacy as [(typeof legacy)[0]]
const ping = request(1, 'ping')

/** Something that is waited for. */
function signal() {
  let give = (): void => {}
  const given = new Promise<void>(resolve => {
    give = resolve
  })
  return { given, give }
}

async function serving(options: Partial<ServerOptions> = {}) {
  const started = signal()
  const release = signal()
  const work = tool('work', {}, async (_, ctx) => {
    ctx.progress(1)
    started.give()
    await release.given
    return 'done'
  })
  const { receiver } = server({ name: 'living', version: '1.0.0', tools: [work], ...options })
  const listener = await listenHttp(receiver)
  return { url: listener.url, started, release, receiver, [Symbol.asyncDispose]: () => listener.close(0) }
}

afterEach(() => {
  vi.useRealTimers()
})

test.each(sessions)('%s: the stream on which a client listens ends with its session', async (_, revision) => {
  await using served = await serving()
  const own = await session(served.url, revision)
  const stream = await events(served.url, undefined, own)
  expect(stream.status).toBe(200)
  await fetch(served.url, { method: 'DELETE', headers: own as Record<string, string> })
  expect(await stream.next()).toBeUndefined()
})

test.each(sessions)('%s: the stream on which a client listens ends with the server', async (_, revision) => {
  await using served = await serving()
  const stream = await events(served.url, undefined, await session(served.url, revision))
  await served.receiver.close()
  expect(await stream.next()).toBeUndefined()
})

test.each(sessions)('%s: how long a session may idle counts from the end of its last call', async (_, revision) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const sessionIdleMs = 60_000
  await using served = await serving({ limits: { sessionIdleMs } })
  const { url, started, release } = served
  const own = await session(url, revision)
  const stream = await events(url, request(5, 'tools/call', { name: 'work', _meta: { progressToken: 1 } }), own)
  await started.given
  vi.advanceTimersByTime(10 * sessionIdleMs)
  release.give()
  while ((await stream.next()) !== undefined);
  vi.advanceTimersByTime(sessionIdleMs)
  expect(await post(url, ping, own)).toMatchObject({ status: 200 })
  vi.advanceTimersByTime(2 * sessionIdleMs)
  expect(await post(url, ping, own)).toMatchObject({ status: 404 })
})

const unserved = ['2099-01-01', 'none', stateless.version]

test.each(unserved)('requests of a session that name revision %s are refused with 400', async version => {
  await using served = await serving()
  const own = { ...(await session(served.url, newest)), 'mcp-protocol-version': version } as Record<string, string>
  expect(await post(served.url, ping, own)).toMatchObject({ status: 400 })
  expect((await events(served.url, undefined, own)).status).toBe(400)
  expect((await fetch(served.url, { method: 'DELETE', headers: own })).status).toBe(400)
})

test('a revision that the server could speak but does not serve is refused too', async () => {
  await using served = await serving({ revisions: [newest.version] })
  const own = await session(served.url, newest)
  const [, other] = legacy
  expect(await post(served.url, ping, own)).toMatchObject({ status: 200 })
  expect(await post(served.url, ping, { ...own, 'mcp-protocol-version': other?.version })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringMatching(new RegExp(`supported: ${newest.version}$`)) } },
  })
})

test('a server without sessions has no such methods', async () => {
  await using served = await serving({ revisions: [stateless.version] })
  const old = { 'mcp-session-id': '00000000-0000-4000-8000-000000000000' }
  for (const headers of [{}, old]) {
    expect((await events(served.url, undefined, headers)).status).toBe(405)
    expect((await fetch(served.url, { method: 'DELETE', headers })).status).toBe(405)
  }
})

/** A tool that goes on speaking when it is done, or when its client is gone. */
async function talkative() {
  const [begun, go, over] = [signal(), signal(), signal()]
  let fault: unknown
  const talk = tool('talk', {}, async (_, ctx) => {
    const speak = () => {
      try {
        ctx.progress(1)
        ctx.log('error', 'still here')
        ctx.letGo()
      } catch (error) {
        fault = error
      }
      over.give()
    }
    begun.give()
    void go.given.then(speak)
    return (ctx.meta['progressToken'] ?? 0) === 1 ? 'done' : over.given
  })
  const served = await serving({ tools: [talk] })
  return { ...served, begun, go, over, fault: () => fault }
}

test.each(sessions)('%s: what a handler says after its result goes nowhere', async (_, revision) => {
  await using served = await talkative()
  const own = await session(served.url, revision)
  const call = request(5, 'tools/call', { name: 'talk', _meta: { progressToken: 1 } })
  expect(await post(served.url, call, own)).toMatchObject({ status: 200, body: { id: 5, result: {} } })
  served.go.give()
  await served.over.given
  expect(served.fault()).toBeUndefined()
})

test.each(sessions)('%s: what a handler says when its client is gone does no harm', async (_, revision) => {
  await using served = await talkative()
  const own = (await session(served.url, revision)) as Record<string, string>
  const leave = new AbortController()
  const body = JSON.stringify(request(5, 'tools/call', { name: 'talk', _meta: { progressToken: 2 } }))
  const headers = { ...own, 'content-type': 'application/json' }
  const lost = fetch(served.url, { method: 'POST', headers, body, signal: leave.signal }).catch(() => 'lost')
  await served.begun.given
  leave.abort()
  expect(await lost).toBe('lost')
  await post(served.url, ping, own)
  served.go.give()
  await served.over.given
  expect(served.fault()).toBeUndefined()
})
