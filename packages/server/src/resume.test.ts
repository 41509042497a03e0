import { legacy, request } from '@interlock/protocol'
import { listenHttp } from '@interlock/transport/node'
import { expect, test, vi } from 'vitest'
import { memoryEventStore, type ServerOptions, server, text, tool } from './index.ts'
import { events, post, session } from './testing/http.ts'

const resumable = legacy.filter(({ features }) => features.resumable).map(r => [r.version, r] as const)
const priming = legacy.filter(({ features }) => features.streamPriming).map(r => [r.version, r] as const)
const others = legacy.filter(({ features }) => !features.streamPriming).map(r => [r.version, r] as const)
const call = (name: string, id = 5) => request(id, 'tools/call', { name, _meta: { progressToken: id } })

/** A server whose tool takes one step whenever the test lets it. */
async function stepping(options: Partial<ServerOptions> = {}) {
  const steps: (() => void)[] = []
  const step = () => new Promise<void>(resolve => steps.push(resolve))
  const seen = { finished: vi.fn(), aborted: vi.fn() }
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
  const made = server({ name: 'stepping', version: '1.0.0', tools: [work, polled], ...options })
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

test.each(others)('%s: clients that do not know of it are not let go', async (_, revision) => {
  await using served = await stepping()
  const own = await session(served.url, revision)
  const answer = post(served.url, call('polled'), own)
  await served.go()
  expect(await answer).toMatchObject({ status: 200, body: { id: 5, result: { content: [text('done')] } } })
})
