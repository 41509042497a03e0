import { legacy, messageLimits, ProtocolError, type Revision, request } from '@interlock/protocol'
import { listenHttp } from '@interlock/transport/node'
import { expect, test } from 'vitest'
import { server, text, tool } from './index.ts'
import { events, post, session } from './testing/http.ts'
import { pipe } from './testing/pipe.ts'

const sessions = legacy.map(revision => [revision.version, revision] as const)
const large = 64 * 1024
const broken = [
  ['no object', (id: unknown) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":7}`],
  ['no JSON', (id: unknown) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{]}`],
  ['too large', (id: unknown) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"_":"${'x'.repeat(large)}"}}`],
] as const
const rows = sessions.flatMap(([version, revision]) =>
  broken.map(([what, answer]) => [version, what, revision, answer] as const),
)

/** A server whose tool says what became of its question. */
function asking() {
  const ask = tool('ask', {}, (_, ctx) =>
    ctx.sample({ messages: [{ role: 'user', content: text('2 + 2?') }], maxTokens: 5 }).then(
      () => 'answered',
      (error: unknown) => (error instanceof ProtocolError ? `refused ${error.code}` : 'failed'),
    ),
  )
  return server({ name: 'asking', version: '1.0.0', tools: [ask] })
}

const call = request(5, 'tools/call', { name: 'ask' })
const told = { id: 5, result: { content: [{ text: expect.stringMatching(/^refused -32(600|700)$/) }] } }

test.each(rows)('%s: HTTP: who waits for an answer hears at once that it is %s', async (_, what, revision, answer) => {
  await using listener = await listenHttp(asking().receiver, { messageBytes: large })
  const own = await session(listener.url, revision, { sampling: {} })
  const stream = await events(listener.url, call, own)
  const question = await stream.next()
  expect(await post(listener.url, answer(question?.['id']), own)).toMatchObject({
    status: what === 'too large' ? 413 : 400,
  })
  expect(await stream.next()).toMatchObject(told)
})

test('the broken answer of somebody without the session ends nothing', async () => {
  const { receiver } = asking()
  await using listener = await listenHttp(receiver)
  const [newest] = legacy as [Revision]
  const own = await session(listener.url, newest, { sampling: {} })
  const other = await session(listener.url, newest, { sampling: {} })
  const stream = await events(listener.url, call, own)
  const question = await stream.next()
  const [[, wrong]] = broken
  expect(await post(listener.url, wrong(question?.['id']), other)).toMatchObject({ status: 400 })
  expect(await post(listener.url, wrong(question?.['id']))).toMatchObject({ status: 400 })
  const result = { role: 'assistant', model: 'm', content: text('4') }
  expect(await post(listener.url, { jsonrpc: '2.0', id: question?.['id'], result }, own)).toMatchObject({ status: 202 })
  expect(await stream.next()).toMatchObject({ id: 5, result: { content: [text('answered')] } })
})

test.each(sessions)('%s: stdio: who waits for an answer hears at once that it is too large', async (_, { version }) => {
  const client = pipe(asking().receiver)
  const params = { protocolVersion: version, capabilities: { sampling: {} }, clientInfo: { name: 'p', version: '1' } }
  client.write(`${JSON.stringify(request(0, 'initialize', params))}\n${JSON.stringify(call)}\n`)
  await client.next()
  const question = await client.next()
  const pad = 'x'.repeat(messageLimits.messageBytes)
  client.write(`{"jsonrpc":"2.0","id":${JSON.stringify(question?.['id'])},"result":{"_":"${pad}"}}\n`)
  expect(await client.next()).toMatchObject({ error: { code: -32600 } })
  expect(await client.next()).toMatchObject(told)
  await client.listener.close()
})
