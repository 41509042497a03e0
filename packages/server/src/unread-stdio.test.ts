import { PassThrough } from 'node:stream'
import { legacy, metaKey, newest, type Revision, revisions } from '@interlock/protocol'
import { listenStdio } from '@interlock/transport/stdio'
import { expect, test, vi } from 'vitest'
import { server, tool } from './index.ts'
import { pipe } from './testing/pipe.ts'

/** Clients on stdio that ask for more than they read. Nothing of an answer is read before `next`. */
const versions = revisions.map(revision => [revision.version, revision] as const)
const [newestLegacy = newest] = legacy
const limits = { unreadBytes: 100_000 }
const page = 'x'.repeat(20_000)
/** What is begun in the worst case: as many answers as are unread, and a few calls that are not answered yet. */
const few = 20

/** A server whose `page` answers with 20 kB, and how often that was asked for. */
function pages() {
  const begun = vi.fn()
  const give = tool('page', {}, () => {
    begun()
    return page
  })
  return { begun, give, made: server({ name: 's', version: '1', tools: [give] }) }
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

const line = (message: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`

function call(revision: Revision, id: number | string, name = 'page'): string {
  const meta = { [metaKey.protocolVersion]: revision.version, [metaKey.clientCapabilities]: {} }
  const params = revision.features.era === 'modern' ? { name, _meta: meta } : { name }
  return line({ id, method: 'tools/call', params })
}

const calls = (revision: Revision, count: number): string =>
  Array.from({ length: count }, (_, at) => call(revision, at + 1)).join('')

const initialize = (revision: Revision, capabilities = {}): string => {
  const params = { protocolVersion: revision.version, capabilities, clientInfo: { name: 'c', version: '1' } }
  return line({ id: 'i', method: 'initialize', params }) + line({ method: 'notifications/initialized' })
}

const opening = (revision: Revision): string => (revision.features.era === 'legacy' ? initialize(revision) : '')

const cancel = (requestId: number | string): string =>
  line({ method: 'notifications/cancelled', params: { requestId } })

const given = (id: number | string): object => ({ id, result: { content: [{ type: 'text', text: page }] } })

test.each(versions)('%s: a client that writes all before it reads gets every answer, in order', async (_, revision) => {
  const { made, begun } = pages()
  const client = pipe(made.receiver, { limits })
  client.write(opening(revision) + calls(revision, 200))
  await turns(10)
  expect(begun.mock.calls.length).toBeGreaterThan(4)
  expect(begun.mock.calls.length).toBeLessThan(few)
  if (opening(revision) !== '') expect(await client.next()).toMatchObject({ id: 'i', result: {} })
  for (let id = 1; id <= 200; id += 1) expect(await client.next()).toMatchObject(given(id))
  await client.listener.close()
})

test.each(versions)('%s: a request that is cancelled while it waits is not begun', async (_, revision) => {
  const { made, begun } = pages()
  const client = pipe(made.receiver, { limits })
  client.write(opening(revision) + calls(revision, 50))
  await turns(10)
  for (let id = few; id < 50; id += 1) client.write(cancel(id))
  await turns(10)
  if (opening(revision) !== '') await client.next()
  for (let id = 1; id < few; id += 1) expect(await client.next()).toMatchObject(given(id))
  expect(await client.next()).toMatchObject(given(50))
  expect(begun).toHaveBeenCalledTimes(few)
  await client.listener.close()
})

test('a batch waits when there is a request in it, and is taken at once when there is none', async () => {
  const { made, begun } = pages()
  const client = pipe(made.receiver, { limits })
  const batching = legacy.find(({ features }) => features.batch) ?? newestLegacy
  const batch = (lines: readonly string[]): string => `[${lines.map(text => text.trim()).join(',')}]\n`
  client.write(opening(batching) + calls(batching, 50))
  await turns(10)
  client.write(batch([cancel(48), call(batching, 'both')]))
  client.write(batch([cancel(49), cancel(50)]))
  await client.next()
  for (let id = 1; id <= 48; id += 1) expect(await client.next()).toMatchObject(given(id))
  expect(await client.next()).toMatchObject([given('both')])
  expect(begun).toHaveBeenCalledTimes(49)
  await client.listener.close()
})

test('an initialize that waits cannot be cancelled, and what follows it stays behind it', async () => {
  const { made } = pages()
  const client = pipe(made.receiver, { limits })
  client.write(initialize(newestLegacy) + calls(newestLegacy, 30))
  await turns(10)
  client.write(initialize(newestLegacy) + cancel('i'))
  await client.next()
  for (let id = 1; id <= 30; id += 1) expect(await client.next()).toMatchObject(given(id))
  expect(await client.next()).toMatchObject({ id: 'i', result: {} })
  await turns(10)
  made.add(tool('another', {}, () => ''))
  expect(await client.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  await client.listener.close()
})

/** A server that asks, and a client that was asked and has then left calls behind that it does not read. */
async function asked(more: object = {}) {
  const answered = vi.fn()
  const { give, begun } = pages()
  const ask = tool('ask', {}, async (_, ctx) => {
    answered(await ctx.elicit({ message: 'go on?', schema: { type: 'object', properties: {} } }))
    return 'done'
  })
  const made = server({ name: 's', version: '1', tools: [give, ask] })
  const client = pipe(made.receiver, { limits: { ...limits, ...more } })
  client.write(initialize(newestLegacy, { elicitation: {} }) + call(newestLegacy, 'ask', 'ask'))
  await client.next()
  const question = await client.next()
  client.write(calls(newestLegacy, 100))
  await turns(10)
  return { client, begun, answered, question: String(question?.['id']) }
}

test.each([
  ['an answer', { result: { action: 'accept', content: {} } }],
  ['an answer that cannot be read', { result: 'yes' }],
])('%s to a question comes ahead of requests that wait', async (_, outcome) => {
  const { client, begun, answered, question } = await asked()
  client.write(line({ id: question, ...outcome }))
  await turns(10)
  expect(begun.mock.calls.length).toBeLessThan(few)
  if (outcome.result === 'yes') expect(answered).not.toHaveBeenCalled()
  else expect(answered).toHaveBeenCalledOnce()
  const texts: unknown[] = []
  while (!texts.includes('ask')) texts.push((await client.next())?.['id'])
  expect(texts.length).toBeLessThan(few)
  await client.listener.close()
})

test('an answer behind more requests than may wait arrives once the client reads', async () => {
  const { client, answered, question } = await asked({ waitingBytes: 2_000 })
  for (let id = 101; id <= 2_000; id += 1) client.write(call(newestLegacy, id))
  client.write(line({ id: question, result: { action: 'accept', content: {} } }))
  await turns(20)
  expect(answered).not.toHaveBeenCalled()
  const ids = new Set<unknown>()
  for (let count = 0; count < 2_001; count += 1) ids.add((await client.next())?.['id'])
  expect(answered).toHaveBeenCalledOnce()
  expect(ids.size).toBe(2_001)
  await client.listener.close()
})

test('above the limit of waiting requests nothing is read', async () => {
  const { made, begun } = pages()
  const input = new PassThrough()
  const output = new PassThrough()
  const listener = listenStdio(made.receiver, { input, output, limits: { ...limits, waitingBytes: 50_000 } })
  const chunk = calls(newest, 100)
  let written = 0
  while (written < 100 && input.write(chunk)) {
    written += 1
    await turns(2)
  }
  expect(written).toBeLessThan(100)
  expect(input.isPaused()).toBe(true)
  expect(begun.mock.calls.length).toBeLessThan(few)
  output.resume()
  await vi.waitFor(() => expect(begun).toHaveBeenCalledTimes((written + 1) * 100), { timeout: 10_000 })
  expect(input.isPaused()).toBe(false)
  await listener.close()
})

test('many requests of a few bytes are held to the limit as well', async () => {
  const input = new PassThrough()
  const waitingBytes = 100_000
  const { made } = pages()
  const listener = listenStdio(made.receiver, { input, output: new PassThrough(), limits: { ...limits, waitingBytes } })
  input.write(calls(newest, 10))
  await turns(2)
  for (let id = 0; id < 500; id += 1) input.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`)
  await turns(2)
  expect(input.isPaused()).toBe(true)
  await listener.close()
})

test('requests that wait are answered after the end of input', async () => {
  const { made } = pages()
  const client = pipe(made.receiver, { limits })
  const ended = vi.fn()
  void client.listener.closed.then(ended)
  client.write(calls(newest, 100))
  client.end()
  await turns(10)
  expect(ended).not.toHaveBeenCalled()
  for (let id = 1; id <= 100; id += 1) expect(await client.next()).toMatchObject(given(id))
  await client.listener.closed
  await client.listener.close()
})

test('a client that has closed its end and reads nothing does not keep the server', async () => {
  const { made, begun } = pages()
  const client = pipe(made.receiver, { limits: { ...limits, unreadMs: 50 } })
  client.write(calls(newest, 100))
  client.end()
  await client.listener.closed
  expect(begun.mock.calls.length).toBeLessThan(few)
  await client.listener.close()
})

test('requests that wait when the server ends are refused', async () => {
  const { made, begun } = pages()
  const client = pipe(made.receiver, { limits })
  client.write(calls(newest, 100))
  await turns(10)
  const many = begun.mock.calls.length
  const closing = client.listener.close()
  for (let id = 1; id <= many; id += 1) expect(await client.next()).toMatchObject(given(id))
  for (let id = many + 1; id <= 100; id += 1) {
    expect(await client.next()).toMatchObject({ id, error: { message: expect.stringContaining('shutting down') } })
  }
  await closing
  expect(begun).toHaveBeenCalledTimes(many)
})

test('requests that wait are forgotten when the client is gone', async () => {
  const { made, begun } = pages()
  const client = pipe(made.receiver, { limits })
  client.write(calls(newest, 100))
  await turns(10)
  const many = begun.mock.calls.length
  client.output.destroy()
  await client.listener.closed
  client.write(calls(newest, 100))
  await turns(10)
  expect(begun).toHaveBeenCalledTimes(many)
  await client.listener.close()
})
