import { legacy, request } from '@interlock/protocol'
import { listenHttp } from '@interlock/transport/node'
import { expect, test, vi } from 'vitest'
import { type EventStore, memoryEventStore, type ServerOptions, server, text, tool } from './index.ts'
import { events, post, session } from './testing/http.ts'

const resumable = legacy.filter(({ features }) => features.resumable).map(r => [r.version, r] as const)
const priming = legacy.filter(({ features }) => features.streamPriming).map(r => [r.version, r] as const)
const others = legacy.filter(({ features }) => !features.streamPriming).map(r => [r.version, r] as const)
const call = (name: string, id = 5) => request(id, 'tools/call', { name, _meta: { progressToken: id } })

/** A server whose tool takes one step whenever the test lets it. */
async function stepping(options: Partial<ServerOptions> = {}) {
  const steps: (() => void)[] = []
  const step = () => new Promise<void>(resolve => steps.push(resolve))
  const seen = { finished: vi.fn(), aborted: vi.fn(), released: vi.fn() }
  const work = tool('work', {}, async (_, ctx) => {
    ctx.signal.addEventListener('abort', seen.aborted)
    for (let progress = 1; progress <= 3; progress += 1) {
      ctx.progress(progress)
      await step()
    }
    seen.finished()
    return 'done'
  })
  const polled = tool('polled', {}, async (_, ctx) => {
    ctx.letGo(20)
    await step()
    return 'done'
  })
  const patient = tool('patient', {}, async (_, ctx) => {
    ctx.signal.addEventListener('abort', seen.aborted)
    ctx.letGo(10_000)
    // Longer than a client may stay away that was not asked to.
    setTimeout(seen.released, 20)
    await step()
    return 'done'
  })
  const made = server({ name: 'stepping', version: '1.0.0', tools: [work, polled, patient], ...options })
  const listener = await listenHttp(made.receiver)
  return {
    url: listener.url,
    made,
    seen,
    /** Lets the work go on by one step. */
    async go() {
      await vi.waitFor(() => expect(steps).not.toHaveLength(0))
      steps.shift()?.()
    },
    [Symbol.asyncDispose]: () => listener.close(0),
  }
}

test.each(resumable)('%s: a client that lost the stream of its call goes on where it was', async (_, revision) => {
  await using served = await stepping()
  const { url, go, seen } = served
  const own = await session(url, revision)
  const lost = await events(url, call('work'), own)
  expect(await lost.next()).toMatchObject({ params: { progress: 1 } })
  lost.close()
  await go()
  await go()
  const again = await events(url, undefined, { ...own, 'last-event-id': lost.lastEventId })
  expect(again.status).toBe(200)
  expect(await again.next()).toMatchObject({ params: { progress: 2 } })
  expect(await again.next()).toMatchObject({ params: { progress: 3 } })
  await go()
  expect(await again.next()).toMatchObject({ id: 5, result: { content: [text('done')] } })
  expect(await again.next()).toBeUndefined()
  expect(seen.aborted).not.toHaveBeenCalled()
})

test.each(resumable)(
  '%s: the answer that came meanwhile is there, as often as it is asked for',
  async (_, revision) => {
    await using served = await stepping()
    const { url, go, seen } = served
    const own = await session(url, revision)
    const lost = await events(url, call('work'), own)
    await lost.next()
    lost.close()
    for (let step = 0; step < 3; step += 1) await go()
    await vi.waitFor(() => expect(seen.finished).toHaveBeenCalledOnce())
    for (let time = 0; time < 2; time += 1) {
      const again = await events(url, undefined, { ...own, 'last-event-id': lost.lastEventId })
      const told = [await again.next(), await again.next(), await again.next(), await again.next()]
      expect(told).toMatchObject([{ params: { progress: 2 } }, { params: { progress: 3 } }, { id: 5 }, undefined])
    }
  },
)

test.each(resumable)('%s: each stream has its own messages, whoever asks', async (_, revision) => {
  await using served = await stepping()
  const { url } = served
  const own = await session(url, revision)
  const [first, second] = [await events(url, call('work', 5), own), await events(url, call('work', 6), own)]
  expect(await first.next()).toMatchObject({ params: { progressToken: 5 } })
  expect(await second.next()).toMatchObject({ params: { progressToken: 6 } })
  const ids = [first.lastEventId, second.lastEventId]
  expect(new Set(ids).size).toBe(2)
  first.close()
  await served.go()
  const again = await events(url, undefined, { ...own, 'last-event-id': first.lastEventId })
  expect(await again.next()).toMatchObject({ params: { progressToken: 5, progress: 2 } })
  const stranger = await session(url, revision)
  expect((await events(url, undefined, { ...stranger, 'last-event-id': first.lastEventId })).status).toBe(400)
})

test.each(resumable)('%s: the stream on which a session is told of changes can be resumed', async (_, revision) => {
  await using served = await stepping()
  const { url, made } = served
  const own = await session(url, revision)
  await post(url, request(1, 'resources/subscribe', { uri: 'x:a' }), own)
  const lost = await events(url, undefined, own)
  const extra = tool('extra', {}, () => '')
  made.add(extra)
  expect(await lost.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  lost.close()
  await post(url, request(2, 'ping'), own)
  made.remove(extra)
  const again = await events(url, undefined, { ...own, 'last-event-id': lost.lastEventId })
  expect(await again.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  again.close()
})

test.each(['', 'x', '1-99', '99-1', '1-0; drop'])('event id "%s" of nowhere is refused', async eventId => {
  await using served = await stepping()
  const own = await session(served.url, legacy[0] as (typeof legacy)[number])
  const lost = await events(served.url, call('work'), own)
  await lost.next()
  const { status } = await events(served.url, undefined, { ...own, 'last-event-id': eventId })
  expect(status).toBe(400)
  lost.close()
})

test.each(resumable)('%s: what is kept no longer is refused rather than skipped', async (_, revision) => {
  await using served = await stepping({ events: memoryEventStore({ streamCharacters: 150 }) })
  const { url, go } = served
  const own = await session(url, revision)
  const lost = await events(url, call('work'), own)
  await lost.next()
  lost.close()
  await go()
  await go()
  await go()
  await vi.waitFor(() => expect(served.seen.finished).toHaveBeenCalledOnce())
  expect((await events(url, undefined, { ...own, 'last-event-id': lost.lastEventId })).status).toBe(400)
})

test.each(resumable)('%s: a client that does not come back has given its call up', async (_, revision) => {
  await using served = await stepping({ limits: { resumeMs: 30 } })
  const own = await session(served.url, revision)
  const lost = await events(served.url, call('work'), own)
  await lost.next()
  lost.close()
  await vi.waitFor(() => expect(served.seen.aborted).toHaveBeenCalledOnce())
})

test.each(priming)('%s: a stream begins with an id to come back with, and says when', async (_, revision) => {
  await using served = await stepping()
  const own = await session(served.url, revision)
  const response = await fetch(served.url, {
    method: 'POST',
    headers: {
      ...(own as Record<string, string>),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(call('work')),
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toMatch(/^id: \S+\nretry: \d+\ndata: \n\n/)
  await reader?.cancel()
})

test.each(priming)('%s: a stream that was lost before anything came is gone on with', async (_, revision) => {
  await using served = await stepping({ resources: [] })
  const { url, made } = served
  const own = await session(url, revision)
  await post(url, request(1, 'resources/subscribe', { uri: 'x:a' }), own)
  const lost = await events(url, undefined, own)
  lost.next().catch(() => {}) // reads up to where it is cut
  await vi.waitFor(() => expect(lost.lastEventId).toBeDefined())
  lost.close()
  const again = await events(url, undefined, { ...own, 'last-event-id': lost.lastEventId })
  expect(again.status).toBe(200)
  made.updated('x:a')
  expect(await again.next()).toMatchObject({ params: { uri: 'x:a' } })
  again.close()
})

test.each(priming)('%s: a server lets its client go, and the client comes back for the answer', async (_, revision) => {
  await using served = await stepping()
  const { url, go } = served
  const own = await session(url, revision)
  const released = await events(url, call('polled'), own)
  expect(await released.next()).toBeUndefined()
  expect(released.retryMs).toBe(20)
  await go()
  const again = await events(url, undefined, { ...own, 'last-event-id': released.lastEventId })
  expect(await again.next()).toMatchObject({ id: 5, result: { content: [text('done')] } })
})

test.each(priming)('%s: who is let go has the time that it was asked to wait, and more', async (_, revision) => {
  await using served = await stepping({ limits: { resumeMs: 1 } })
  const { url, go, seen } = served
  const own = await session(url, revision)
  const released = await events(url, call('patient'), own)
  expect(await released.next()).toBeUndefined()
  await vi.waitFor(() => expect(seen.released).toHaveBeenCalledOnce())
  const again = await events(url, undefined, { ...own, 'last-event-id': released.lastEventId })
  expect(again.status).toBe(200)
  await go()
  expect(await again.next()).toMatchObject({ id: 5, result: { content: [text('done')] } })
  expect(seen.aborted).not.toHaveBeenCalled()
})

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 86_400_001])('nobody is let go for %d ms', async retryMs => {
  const wrong = tool('wrong', {}, (_, ctx) => ctx.letGo(retryMs))
  await using served = await stepping({ tools: [wrong] })
  const own = await session(served.url, legacy[0] as (typeof legacy)[number])
  const fault = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(await post(served.url, call('wrong'), own)).toMatchObject({ body: { result: { isError: true } } })
  expect(String(fault.mock.calls)).toContain('letGo needs whole milliseconds, at most a day')
  fault.mockRestore()
})

test.each(resumable)('%s: of two who come back for a stream the later one goes on with it', async (_, revision) => {
  await using served = await stepping()
  const { url, go } = served
  const own = await session(url, revision)
  const lost = await events(url, call('work'), own)
  await lost.next()
  lost.close()
  await go()
  const back = { ...own, 'last-event-id': lost.lastEventId }
  const first = await events(url, undefined, back)
  expect(await first.next()).toMatchObject({ params: { progress: 2 } })
  const second = await events(url, undefined, back)
  expect(await first.next()).toBeUndefined()
  expect(await second.next()).toMatchObject({ params: { progress: 2 } })
  await go()
  expect(await second.next()).toMatchObject({ params: { progress: 3 } })
  await go()
  expect(await second.next()).toMatchObject({ id: 5 })
})

test.each(resumable)(
  '%s: a stream for listening is listened on again, after others were opened',
  async (_, revision) => {
    await using served = await stepping({ limits: { resumeMs: 1 }, resources: [] })
    const { url, made } = served
    const own = await session(url, revision)
    await post(url, request(1, 'resources/subscribe', { uri: 'x:a' }), own)
    const lost = await events(url, undefined, own)
    made.updated('x:a')
    expect(await lost.next()).toMatchObject({ params: { uri: 'x:a' } })
    lost.close()
    const other = await events(url, undefined, own)
    const again = await events(url, undefined, { ...own, 'last-event-id': lost.lastEventId })
    expect(again.status).toBe(200)
    other.close()
    const told = vi.fn()
    again.next().then(told, told)
    await vi.waitFor(() => {
      made.updated('x:a') // until the server has noticed that the other is gone
      expect(told).toHaveBeenCalledWith(expect.objectContaining({ params: { uri: 'x:a' } }))
    })
    again.close()
  },
)

/** Stores that do what they should not. */
const stores: Record<string, (kept: EventStore) => EventStore> = {
  throws: () => ({
    append() {
      throw new Error('no disk')
    },
    after() {
      throw new Error('no disk')
    },
    drop() {
      throw new Error('no disk')
    },
  }),
  rejects: () => {
    const fail = () => Promise.reject(new Error('no disk'))
    return { append: fail, after: fail, drop: fail }
  },
  'loses events': kept => ({
    append: event => (event.sequence === 2 ? undefined : kept.append(event)),
    after: (...place) => kept.after(...place),
    drop: (...place) => kept.drop(...place),
  }),
}

test.each(Object.keys(stores))('a store that %s costs what it keeps, and no call', async name => {
  const fault = vi.spyOn(console, 'error').mockImplementation(() => {})
  await using served = await stepping({ events: stores[name]?.(memoryEventStore()) as EventStore })
  const { url, go } = served
  const own = await session(url, legacy[0] as (typeof legacy)[number])
  const stream = await events(url, call('work'), own)
  expect(await stream.next()).toMatchObject({ params: { progress: 1 } })
  const first = stream.lastEventId
  await go()
  expect(await stream.next()).toMatchObject({ params: { progress: 2 } })
  expect((await events(url, undefined, { ...own, 'last-event-id': first })).status).toBe(400)
  await go()
  await go()
  expect(await stream.next()).toMatchObject({ params: { progress: 3 } })
  expect(await stream.next()).toMatchObject({ id: 5 })
  await fetch(url, { method: 'DELETE', headers: own as Record<string, string> })
  fault.mockRestore()
})

test.each(resumable)('%s: a store that takes its time loses nothing', async (_, revision) => {
  const kept = memoryEventStore()
  const later = <T>(act: () => T | Promise<T>) => new Promise<T>(resolve => setTimeout(() => resolve(act()), 5))
  const slow: EventStore = {
    append: event => later(() => kept.append(event)),
    after: (...place) => later(() => kept.after(...place)),
    drop: (...place) => later(() => kept.drop(...place)),
  }
  await using served = await stepping({ events: slow })
  const { url, go } = served
  const own = await session(url, revision)
  const lost = await events(url, call('work'), own)
  await lost.next()
  lost.close()
  await go()
  const back = events(url, undefined, { ...own, 'last-event-id': lost.lastEventId })
  await go()
  await go()
  const again = await back
  const told = [await again.next(), await again.next(), await again.next(), await again.next()]
  expect(told).toMatchObject([{ params: { progress: 2 } }, { params: { progress: 3 } }, { id: 5 }, undefined])
})

test.each(others)('%s: clients that do not know of it are not let go', async (_, revision) => {
  await using served = await stepping()
  const own = await session(served.url, revision)
  const answer = post(served.url, call('polled'), own)
  await served.go()
  expect(await answer).toMatchObject({ status: 200, body: { id: 5, result: { content: [text('done')] } } })
})
