import { legacy, loggingLevels, metaKey, newest, receivedByClients, revisions } from '@interlock/protocol'
import { memoryTransport } from '@interlock/transport'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type InteractiveContext, server, text, tool } from './index.ts'
import { peer } from './testing/peer.ts'

const info = { name: 'calls', version: '1.0.0' }
const versions = revisions.map(revision => [revision.version, revision] as const)
const sessions = legacy.map(revision => [revision.version, revision] as const)

const working = (run: (ctx: InteractiveContext) => unknown, limits = {}) =>
  server({ ...info, limits, tools: [tool('work', {}, (_, ctx) => run(ctx)), tool('idle', {}, () => 'idle')] })

/** A tool that runs until it is told to end, and what one sees of it from outside. */
function waiting() {
  const events: string[] = []
  let release = (): void => {}
  let context: InteractiveContext | undefined
  const started = new Promise<void>(resolve => {
    release = resolve
  })
  let finish = (): void => {}
  const finished = new Promise<void>(resolve => {
    finish = resolve
  })
  const run = async (ctx: InteractiveContext): Promise<string> => {
    context = ctx
    ctx.signal.addEventListener('abort', () => events.push('aborted'))
    release()
    await finished
    events.push('finished')
    return 'done'
  }
  return { run, started, finish, events, context: () => context }
}

const token = { [metaKey.progressToken]: 'p1' }

test.each(versions)('%s: progress is told to those who ask for it', async (_, revision) => {
  await using client = await peer(
    working(ctx => {
      ctx.progress(0, 100)
      ctx.progress(50, 100, 'half')
      ctx.progress(100, 100)
    }),
    revision,
  )
  await client.tool('work', {}, token)
  const params = client.all('notifications/progress')
  expect(params.map(told => told?.['progress'])).toEqual([0, 50, 100])
  expect(params[0]).toEqual({ progressToken: 'p1', progress: 0, total: 100 })
  for (const told of params)
    expect(receivedByClients(revision).notifications['notifications/progress']?.params(told)).toBe(true)
  client.heard.length = 0
  await client.tool('work')
  expect(client.heard).toEqual([])
})

test.each(versions)('%s: progress only grows', async (_, revision) => {
  const client = await peer(
    working(ctx => {
      for (const progress of [1, 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1.5, -1]) ctx.progress(progress)
    }),
    revision,
  )
  await client.tool('work', {}, token)
  expect(client.all('notifications/progress').map(params => params?.['progress'])).toEqual([1, 1.5])
})

const logging = () => working(ctx => loggingLevels.forEach(level => ctx.log(level, { level }, 'worker')))

test.each(sessions)('%s: the session has a log level', async (_, revision) => {
  await using client = await peer(logging(), revision)
  const levels = async () => {
    client.heard.length = 0
    await client.tool('work')
    return client.all('notifications/message').map(params => params?.['level'])
  }
  expect(await levels()).toEqual(loggingLevels.slice(1))
  expect(await client.call('logging/setLevel', { level: 'critical' })).toEqual({})
  expect(await levels()).toEqual(['critical', 'alert', 'emergency'])
  await expect(client.call('logging/setLevel', { level: 'loud' })).rejects.toMatchObject({ code: -32602 })
  expect(await levels()).toEqual(['critical', 'alert', 'emergency'])
  expect(client.all('notifications/message')[0]).toEqual({
    level: 'critical',
    logger: 'worker',
    data: { level: 'critical' },
  })
})

test('a modern request has a log level of its own, and no messages without one', async () => {
  await using client = await peer(logging(), newest)
  await client.tool('work')
  expect(client.heard).toEqual([])
  await client.tool('work', {}, { [metaKey.logLevel]: 'alert' })
  expect(client.all('notifications/message').map(params => params?.['level'])).toEqual(['alert', 'emergency'])
  await expect(client.tool('work', {}, { [metaKey.logLevel]: 'loud' })).rejects.toMatchObject({ code: -32602 })
})

test.each(sessions)('%s: a ping is answered, before and after the handshake', async (_, revision) => {
  await using client = await peer(
    working(() => {}),
    revision,
  )
  expect(await client.call('ping')).toEqual({})
  const transport = memoryTransport(working(() => {}).receiver)
  const { response } = await transport.exchange({ jsonrpc: '2.0', id: 1, method: 'ping' })
  expect(response).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
})

test.each(versions)('%s: a call that is cancelled hears of it, and nothing is sent after', async (_, revision) => {
  const { run, started, finish, events, context } = waiting()
  await using client = await peer(working(run), revision)
  const cancelled = vi.fn()
  client.begin('tools/call', { name: 'work', _meta: token }, 'c').then(cancelled, cancelled)
  await started
  client.notify('notifications/cancelled', { requestId: 'c', reason: 'enough' })
  await vi.waitFor(() => expect(events).toEqual(['aborted']))
  context()?.progress(1)
  context()?.log('emergency', 'late')
  finish()
  await client.tool('idle')
  expect(events).toEqual(['aborted', 'finished'])
  expect(client.heard).toEqual([])
  expect(cancelled).not.toHaveBeenCalled()
})

test.each(versions)('%s: a cancellation that names nothing in flight is ignored', async (_, revision) => {
  await using client = await peer(
    working(() => {}),
    revision,
  )
  for (const params of [{ requestId: 'gone' }, { requestId: null }, { requestId: {} }, {}, undefined]) {
    client.notify('notifications/cancelled', params)
  }
  client.notify('notifications/unheard-of', { a: 1 })
  client.send({ jsonrpc: '2.0', id: 'no-question', result: {} })
  client.send({ jsonrpc: '2.0', error: { code: 1, message: 'what' } })
  expect(await client.tool('idle')).toMatchObject({ content: [text('idle')] })
})

test.each(versions)('%s: a client cannot cancel what another one started', async (_, revision) => {
  const { run, started, finish, events } = waiting()
  const made = working(run)
  await using client = await peer(made, revision)
  await using other = await peer(made, revision)
  const result = client.begin('tools/call', { name: 'work' }, 'c')
  await started
  other.notify('notifications/cancelled', { requestId: 'c' })
  await other.tool('idle')
  finish()
  expect(await result).toMatchObject({ content: [text('done')] })
  expect(events).toEqual(['finished'])
})

test.each(versions)('%s: calls of a client that is gone are cancelled', async (_, revision) => {
  const { run, started, finish, events } = waiting()
  const made = working(run)
  const client = await peer(made, revision)
  void client.begin('tools/call', { name: 'work' })
  await started
  await client[Symbol.asyncDispose]()
  expect(events).toEqual(['aborted'])
  finish()
})

test.each(versions)('%s: an id that is in flight is refused, and free again after', async (_, revision) => {
  const { run, started, finish } = waiting()
  const made = working(run)
  await using client = await peer(made, revision)
  void client.begin('tools/call', { name: 'work' }, 'same')
  await started
  const second = client.once('tools/call', { name: 'idle' }, 'same')
  await expect(second).rejects.toMatchObject({ code: -32600, message: 'a request with this id is in flight' })
  finish()
  await vi.waitFor(async () => {
    expect(await client.once('tools/call', { name: 'idle' }, 'same')).toMatchObject({ content: [text('idle')] })
  })
})

test.each(versions)('%s: above the limit requests are refused, and those in flight go on', async (_, revision) => {
  const { run, started, finish } = waiting()
  await using client = await peer(working(run, { inFlight: 1 }), revision)
  const first = client.begin('tools/call', { name: 'work' })
  await started
  await expect(client.tool('idle')).rejects.toMatchObject({
    code: -32603,
    message: expect.stringMatching(/too many requests in flight/),
  })
  finish()
  expect(await first).toMatchObject({ content: [text('done')] })
  expect(await client.tool('idle')).toMatchObject({ content: [text('idle')] })
})

test.each(versions)('%s: closing lets calls finish and refuses new ones', async (_, revision) => {
  const { run, started, finish, events } = waiting()
  const made = working(run)
  await using client = await peer(made, revision)
  const result = client.begin('tools/call', { name: 'work' })
  await started
  const forever = 60_000
  const closed = Promise.all([made.receiver.close(forever), made.receiver.close(forever)])
  await expect(client.tool('idle')).rejects.toMatchObject({ message: expect.stringMatching(/shutting down/) })
  finish()
  expect(await result).toMatchObject({ content: [text('done')] })
  await closed
  expect(events).toEqual(['finished'])
})

test.each(versions)('%s: calls that do not finish in time are cancelled', async (_, revision) => {
  const { run, started, finish, events } = waiting()
  const made = working(run)
  await using client = await peer(made, revision)
  void client.begin('tools/call', { name: 'work' })
  await started
  await made.receiver.close(1)
  expect(events).toEqual(['aborted'])
  finish()
})

test.each(sessions)('%s: a question that waits ends with its call', async (_, revision) => {
  if (revision.features.elicitation === 'none') return
  const asked = vi.fn()
  const rejected = vi.fn()
  const asking = working(async ctx => {
    await ctx.elicit({ message: 'a', schema: z.object({ a: z.string() }) }).catch(rejected)
    await ctx.elicit({ message: 'b', schema: z.object({ b: z.string() }) }).catch(rejected)
  })
  const client = await peer(asking, revision, { onInput: asked })
  void client.begin('tools/call', { name: 'work' }, 'c')
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
  client.notify('notifications/cancelled', { requestId: 'c' })
  await vi.waitFor(() => expect(rejected).toHaveBeenCalledTimes(2))
  expect(client.all('notifications/cancelled')).toMatchObject([{ requestId: 'q1' }])
  // What was left behind by the questions must not come up when the session goes.
  await client[Symbol.asyncDispose]()
  await asking.receiver.close()
})

test.each(sessions)('%s: a client that does not answer in time is not waited for', async (_, revision) => {
  if (revision.features.elicitation === 'none') return
  const asking = working(ctx => ctx.elicit({ message: 'a', schema: z.object({ a: z.string() }) }), { answerMs: 5 })
  await using client = await peer(asking, revision)
  await expect(client.tool('work')).rejects.toThrow('the client did not answer in time')
})

test.each(sessions)('%s: an error for an answer is the error of the call', async (_, revision) => {
  if (revision.features.elicitation === 'none') return
  const asking = working(ctx => ctx.elicit({ message: 'a', schema: z.object({ a: z.string() }) }))
  await using client = await peer(asking, revision)
  const result = client.begin('tools/call', { name: 'work' })
  await client.next('elicitation/create')
  client.send({ jsonrpc: '2.0', id: 'q1', error: { code: -1, message: 'no window' } })
  await expect(result).rejects.toMatchObject({ code: -1, message: 'no window' })
})

test.each(sessions)('%s: an answer of the wrong form is an error of the call', async (_, revision) => {
  if (revision.features.elicitation === 'none') return
  const asking = working(ctx => ctx.elicit({ message: 'a', schema: z.object({ a: z.string() }) }))
  await using client = await peer(asking, revision, { onInput: () => ({ action: 'perhaps' }) })
  await expect(client.tool('work')).rejects.toMatchObject({
    code: -32602,
    message: expect.stringMatching(/is not a elicitation\/create/),
  })
})
