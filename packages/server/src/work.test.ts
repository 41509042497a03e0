import { legacy, newest, type Request, request, revisions } from '@interlock/protocol'
import { listenHttp } from '@interlock/transport/node'
import { expect, test, vi } from 'vitest'
import { server, tool } from './index.ts'
import { events, modern, post, session } from './testing/http.ts'
import { peer } from './testing/peer.ts'
import { pipe } from './testing/pipe.ts'

const versions = revisions.map(revision => [revision.version, revision] as const)
const unknown = {
  code: -32603,
  message: 'the server is shutting down; whether the call took effect is unknown',
}

/** A server with a tool that never ends, and how often it was started and told to stop. */
function endless(isTelling = false) {
  const started = vi.fn()
  const aborted = vi.fn()
  const wait = tool('wait', {}, async (_, ctx) => {
    ctx.signal.addEventListener('abort', aborted)
    if (isTelling) ctx.progress(1)
    started()
    await new Promise<void>(() => {})
  })
  return { made: server({ name: 'endless', version: '1.0.0', tools: [wait] }), started, aborted }
}

const call = (id: number): Request => request(id, 'tools/call', { name: 'wait', _meta: { progressToken: 'p' } })

test.each(versions)('%s: in memory, a call that outlives the closing is answered', async (_, revision) => {
  const { made, started, aborted } = endless()
  await using client = await peer(made, revision)
  const response = client.respondTo('tools/call', { name: 'wait' }, 'c')
  await vi.waitFor(() => expect(started).toHaveBeenCalledOnce())
  await made.receiver.close(0)
  expect(await response).toEqual({ jsonrpc: '2.0', id: 'c', error: unknown })
  expect(aborted).toHaveBeenCalledOnce()
})

test.each(versions)('%s: on stdio, a call that outlives the closing is answered', async (_, revision) => {
  const { made, started } = endless()
  const client = pipe(made.receiver)
  const write = (message: object): void => client.write(`${JSON.stringify(message)}\n`)
  if (revision.features.era === 'legacy') {
    const clientInfo = { name: 'p', version: '1' }
    write(request(0, 'initialize', { protocolVersion: revision.version, capabilities: {}, clientInfo }))
    await client.next()
    write(call(1))
  } else {
    write(modern('tools/call', { name: 'wait' }).body)
  }
  await vi.waitFor(() => expect(started).toHaveBeenCalledOnce())
  await client.listener.close(0)
  expect(await client.next()).toEqual({ jsonrpc: '2.0', id: 1, error: unknown })
})

test.each(versions)('%s: on HTTP, a call that outlives the closing is answered', async (_, revision) => {
  const { made, started, aborted } = endless()
  const listener = await listenHttp(made.receiver)
  const whole =
    revision.features.era === 'legacy'
      ? { body: call(1), headers: await session(listener.url, revision) }
      : modern('tools/call', { name: 'wait' })
  const answer = post(listener.url, whole.body, whole.headers)
  await vi.waitFor(() => expect(started).toHaveBeenCalledOnce())
  await listener.close(0)
  expect(await answer).toMatchObject({ status: 200, body: { jsonrpc: '2.0', id: 1, error: unknown } })
  expect(aborted).toHaveBeenCalledOnce()
})

test.each(versions)('%s: a stream that has begun ends with the answer', async (_, revision) => {
  const { made } = endless(true)
  const listener = await listenHttp(made.receiver)
  const whole =
    revision.features.era === 'legacy'
      ? { body: call(1), headers: await session(listener.url, revision) }
      : modern('tools/call', { name: 'wait', _meta: { progressToken: 'p' } })
  const stream = await events(listener.url, whole.body, whole.headers)
  expect(await stream.next()).toMatchObject({ method: 'notifications/progress' })
  await listener.close(0)
  expect(await stream.next()).toEqual({ jsonrpc: '2.0', id: 1, error: unknown })
  expect(await stream.next()).toBeUndefined()
})

test('every call of a batch is answered', async () => {
  const { made, started } = endless()
  const listener = await listenHttp(made.receiver)
  const batching = legacy.find(({ features }) => features.batch)
  const own = await session(listener.url, batching ?? newest)
  const headers = { 'content-type': 'application/json', ...own } as Record<string, string>
  const answer = fetch(listener.url, { method: 'POST', headers, body: JSON.stringify([call(1), call(2)]) })
  await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(2))
  await listener.close(0)
  expect(await (await answer).json()).toEqual([1, 2].map(id => ({ jsonrpc: '2.0', id, error: unknown })))
})

test('a call that its client has cancelled is not answered', async () => {
  const { made, started, aborted } = endless()
  const client = await peer(made, newest)
  const answered = vi.fn()
  client.begin('tools/call', { name: 'wait' }, 'c').then(answered, answered)
  await vi.waitFor(() => expect(started).toHaveBeenCalledOnce())
  client.notify('notifications/cancelled', { requestId: 'c' })
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce())
  await made.receiver.close(0)
  await expect(client.call('tools/list')).rejects.toThrow('shutting down')
  expect(answered).not.toHaveBeenCalled()
})
