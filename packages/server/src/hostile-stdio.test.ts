import { legacy, revisions } from '@interlock/protocol'
import { afterAll, expect, test, vi } from 'vitest'
import { server, tool } from './index.ts'
import { type Expected, good, hostileFrames, oversizeFrames } from './testing/hostile-frames.ts'
import { pipe } from './testing/pipe.ts'

const greeter = (limits = {}) =>
  server({ name: 'g', version: '1.0.0', limits, tools: [tool('greet', {}, () => 'hello')] })

const one = pipe(greeter().receiver)
afterAll(() => one.listener.close())

/** One server takes all frames, one after the other: it must come through. */
test.each([...hostileFrames, ...oversizeFrames].map(frame => [frame.name, frame] as const))('%s', async (_, frame) => {
  one.write(frame.bytes)
  one.write('\n')
  one.write(`${good('next')}\n`)
  if (frame.expected !== 'nothing') expect(await one.next()).toEqual(answer(frame.expected))
  expect(await one.next()).toMatchObject({ id: 'next', result: { content: [{ text: 'hello' }] } })
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

function answer(expected: Exclude<Expected, 'nothing'>): object {
  if ('result' in expected) {
    return { jsonrpc: '2.0', id: expected.id, result: expect.objectContaining(expected.result) }
  }
  const error = expect.objectContaining({ code: expected.code, message: expect.any(String) })
  return expected.id === undefined ? { jsonrpc: '2.0', error } : { jsonrpc: '2.0', id: expected.id, error }
}

test('blank lines, a byte order mark at the start and carriage returns are no messages', async () => {
  const windows = pipe(greeter().receiver)
  windows.write(`\uFEFF${good(1)}\r\n\r\n   \n\n${good(2)}\r\n`)
  expect(await windows.next()).toMatchObject({ id: 1, result: {} })
  expect(await windows.next()).toMatchObject({ id: 2, result: {} })
  await windows.listener.close()
})

test('a frame that comes byte by byte is one frame', async () => {
  const slow = pipe(greeter().receiver)
  for (const byte of Buffer.from(`${good('ä')}\n`)) slow.write(Uint8Array.of(byte))
  expect(await slow.next()).toMatchObject({ id: 'ä', result: {} })
  await slow.listener.close()
})

test('the last line needs no end', async () => {
  const short = pipe(greeter().receiver)
  short.write(good(1))
  short.end()
  expect(await short.next()).toMatchObject({ id: 1, result: {} })
  await short.listener.closed
  await short.listener.close()
})

test.each(legacy.map(revision => [revision.version, revision] as const))(
  '%s: messages sent right behind initialize are answered in their order',
  async (_, { version }) => {
    const eager = pipe(greeter().receiver)
    const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'p', version: '1' } }
    const frames = [
      { jsonrpc: '2.0', id: 0, method: 'initialize', params },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'greet' } },
    ]
    eager.write(frames.map(frame => `${JSON.stringify(frame)}\n`).join(''))
    expect(await eager.next()).toMatchObject({ id: 0, result: { protocolVersion: version } })
    expect(await eager.next()).toMatchObject({ id: 1, result: {} })
    expect(await eager.next()).toMatchObject({ id: 2, result: { content: [{ text: 'hello' }] } })
    await eager.listener.close()
  },
)

test('a request before initialize is told what to do', async () => {
  const early = pipe(greeter().receiver)
  early.write(
    '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\n',
  )
  expect(await early.next()).toMatchObject({
    id: 1,
    error: { code: -32600, message: expect.stringMatching(/send initialize first/) },
  })
  await early.listener.close()
})

test('a second initialize starts over', async () => {
  const twice = pipe(greeter().receiver)
  for (const { version } of legacy) {
    const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'p', version: '1' } }
    twice.write(`${JSON.stringify({ jsonrpc: '2.0', id: version, method: 'initialize', params })}\n`)
    expect(await twice.next()).toMatchObject({ id: version, result: { protocolVersion: version } })
  }
  await twice.listener.close()
})

test('both eras are served on one connection', async () => {
  const both = pipe(greeter().receiver)
  expect(revisions[0].features.era).toBe('modern')
  const [oldest] = legacy.slice(-1)
  const params = { protocolVersion: oldest?.version, capabilities: {}, clientInfo: { name: 'p', version: '1' } }
  both.write(`${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })}\n${good(1)}\n`)
  both.write('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"greet"}}\n')
  expect(await both.next()).toMatchObject({ id: 0 })
  expect(await both.next()).toMatchObject({ id: 1, result: { resultType: 'complete' } })
  expect(await both.next()).toEqual({ jsonrpc: '2.0', id: 2, result: { content: [{ type: 'text', text: 'hello' }] } })
  await both.listener.close()
})

test('of a thousand requests at once those above the limit are refused', async () => {
  const started = vi.fn()
  let release = (): void => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  const slow = tool('greet', {}, async () => {
    started()
    await released
    return 'hello'
  })
  const flooded = pipe(server({ name: 'g', version: '1.0.0', tools: [slow], limits: { inFlight: 100 } }).receiver)
  flooded.write(Array.from({ length: 1000 }, (_, id) => `${good(id)}\n`).join(''))
  for (let refused = 0; refused < 900; refused += 1) {
    expect(await flooded.next()).toMatchObject({ id: 100 + refused, error: { code: -32603 } })
  }
  expect(started).toHaveBeenCalledTimes(100)
  release()
  for (let answered = 0; answered < 100; answered += 1) expect(await flooded.next()).toMatchObject({ result: {} })
  flooded.write(`${good('next')}\n`)
  expect(await flooded.next()).toMatchObject({ id: 'next', result: {} })
  await flooded.listener.close()
})

test('an id in flight is refused', async () => {
  let release = (): void => {}
  const released = new Promise<string>(resolve => {
    release = () => resolve('hello')
  })
  const twice = pipe(server({ name: 'g', version: '1', tools: [tool('greet', {}, () => released)] }).receiver)
  twice.write(`${good('same')}\n${good('same')}\n`)
  expect(await twice.next()).toMatchObject({ id: 'same', error: { code: -32600 } })
  release()
  expect(await twice.next()).toMatchObject({ id: 'same', result: {} })
  await twice.listener.close()
})

test('a broken answer to a question ends its call', async () => {
  const ask = tool('ask', {}, (_, ctx) => ctx.elicit({ message: 'a', schema: { type: 'object', properties: {} } }))
  const client = pipe(server({ name: 'g', version: '1', tools: [ask] }).receiver)
  const [newest] = legacy
  const capabilities = { elicitation: {} }
  const params = { protocolVersion: newest?.version, capabilities, clientInfo: { name: 'p', version: '1' } }
  client.write(`${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })}\n`)
  client.write('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask"}}\n')
  await client.next()
  const question = await client.next()
  client.write(`{"jsonrpc":"2.0","id":"${String(question?.['id'])}","result":null}\n`)
  expect(await client.next()).toMatchObject({ error: { code: -32600 } })
  expect(await client.next()).toMatchObject({ id: 1, error: { code: -32600 } })
  await client.listener.close()
})
