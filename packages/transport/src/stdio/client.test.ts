import { type Message, request, TransportError } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { type StdioTransport, stdioTransport } from './client.ts'

/** A server that is a few lines of JavaScript; `say` writes one line. */
function serverOf(source: string, options = {}): StdioTransport {
  const program = `
    const say = text => process.stdout.write(text + '\\n')
    const answer = (id, result) => say(JSON.stringify({ jsonrpc: '2.0', id, result }))
    const onMessage = take =>
      require('readline').createInterface(process.stdin).on('line', line => take(JSON.parse(line)))
    ${source}`
  return stdioTransport({ command: process.execPath, args: ['-e', program] }, options)
}

const ping = request(1, 'ping')

test('a request gets its response, whatever else is said before', async () => {
  await using server = serverOf(`onMessage(({ id, method }) => {
    say('starting…')
    say('{"jsonrpc":"2.0","id":99,"result":{}}')
    say('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}')
    answer(id, { method })
  })`)
  const heard: Message[] = []
  const noise: string[] = []
  server.onMessage(message => heard.push(message))
  server.onNoise(what => noise.push(what))
  const { response } = await server.exchange(ping)
  expect(response).toEqual({ jsonrpc: '2.0', id: 1, result: { method: 'ping' } })
  expect(heard).toMatchObject([{ method: 'notifications/message' }])
  expect(noise).toEqual(['a line that is no message: "starting…"', 'a response to no request (id 99)'])
})

test('responses may come in any order, and in a batch', async () => {
  await using server = serverOf(`let first; onMessage(message => {
    if (!first) return void (first = message)
    say(JSON.stringify([message, first].map(({ id }) => ({ jsonrpc: '2.0', id, result: { id } }))))
  })`)
  const both = await Promise.all([server.exchange(ping), server.exchange(request('two', 'ping'))])
  expect(both.map(({ response }) => response.id)).toEqual([1, 'two'])
})

test.each([
  ['no result and no error', '{"jsonrpc":"2.0","id":1,"result":null}'],
  ['both', '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"a"}}'],
  ['cut', '{"jsonrpc":"2.0","id":1,"result":{"a":'],
])('a response that cannot be read fails its request: %s', async (_, line) => {
  await using server = serverOf(`onMessage(() => say(${JSON.stringify(line)}))`)
  await expect(server.exchange(ping)).rejects.toMatchObject({ code: 'bad_reply' })
})

test.each([
  ['first', '{"jsonrpc":"2.0","id":1,"result":{"a":"XX"}}'],
  ['last', '{"jsonrpc":"2.0","result":{"a":"XX"},"id":1}'],
])('a response that is too large fails its request, the id %s', async (_, line) => {
  const messageBytes = 10_000
  const source = `onMessage(({ id }) => id === 1
    ? say(${JSON.stringify(line)}.replace('XX', 'x'.repeat(${messageBytes}))) : answer(id, {}))`
  await using server = serverOf(source, { messageBytes })
  await expect(server.exchange(ping)).rejects.toMatchObject({
    code: 'bad_reply',
    message: expect.stringContaining('more than the 10000'),
  })
  expect(await server.exchange(request(2, 'ping'))).toMatchObject({ response: { id: 2 } })
})

test('a request is not waited for once its signal is aborted', async () => {
  await using server = serverOf(`onMessage(({ id }) => id === 1 || (answer(1, {}), answer(id, {})))`)
  const noise: string[] = []
  server.onNoise(what => noise.push(what))
  const stop = new AbortController()
  const pending = server.exchange(ping, { signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(pending).rejects.toThrow('enough')
  await expect(server.exchange(ping, { signal: stop.signal })).rejects.toThrow('enough')
  await server.exchange(request(2, 'ping'))
  expect(noise).toEqual(['a response to no request (id 1)'])
})

test('a request that is no JSON fails at once and leaves nothing behind', async () => {
  await using server = serverOf(`onMessage(({ id }) => answer(id, {}))`)
  await expect(server.exchange(request(1, 'ping', { n: 1n }))).rejects.toThrow(TypeError)
  expect(await server.exchange(ping)).toMatchObject({ response: { id: 1 } })
})

test('when the server ends, so do the requests that wait', async () => {
  await using server = serverOf(`onMessage(() => process.exit(3))`)
  await expect(server.exchange(ping)).rejects.toMatchObject({
    code: 'exited',
    message: expect.stringContaining('exit code 3'),
  })
  expect(await server.ended).toBeInstanceOf(TransportError)
  await expect(server.exchange(ping)).rejects.toMatchObject({ code: 'exited' })
})

test('what a server says last is heard', async () => {
  await using server = serverOf(
    `onMessage(({ id }) => { answer(id, { text: 'x'.repeat(100000) }); process.exitCode = 1; process.stdin.destroy() })`,
  )
  const { response } = await server.exchange(ping)
  expect(JSON.stringify(response)).toHaveLength(100_000 + '{"jsonrpc":"2.0","id":1,"result":{"text":""}}'.length)
})

test('a program that is not there is told', async () => {
  await using server = stdioTransport({ command: 'no-such-program-here' })
  await expect(server.exchange(ping)).rejects.toMatchObject({ code: 'launch_failed' })
  expect(await server.ended).toMatchObject({ code: 'launch_failed' })
})

test('closing ends the server, what waits, and is no error', async () => {
  const server = serverOf(`onMessage(() => {})`)
  const pending = server.exchange(ping)
  pending.catch(() => {})
  await server[Symbol.asyncDispose]()
  await expect(pending).rejects.toMatchObject({ code: 'closed' })
  expect(await server.ended).toBeUndefined()
})

test('standard error is heard line by line', async () => {
  const lines: string[] = []
  await using server = serverOf(`process.stderr.write('one\\ntwo\\n'); onMessage(({ id }) => answer(id, {}))`, {
    onStderr: (line: string) => lines.push(line),
  })
  await server.exchange(ping)
  await expect.poll(() => lines).toEqual(['one', 'two'])
  expect(server.stderrTail()).toEqual(['one', 'two'])
})

test.each([
  ['as it is', ''],
  ['with an escape', '5c6e'],
  ['with bytes that are not UTF-8', 'c3'],
])('a long result is the same whether its source is kept or not: %s', async (_, hex) => {
  const source = `onMessage(() => {
    process.stdout.write('{"jsonrpc":"2.0","id":1,"result":{"a":["' + 'x'.repeat(300000))
    process.stdout.write(Buffer.from('${hex}', 'hex'))
    say('"]}}')
  })`
  const read = async (keepsSource: boolean) => {
    await using server = serverOf(source, { keepsSource })
    return await server.exchange(ping)
  }
  const [kept, plain] = [await read(true), await read(false)]
  expect(kept.response).toEqual(plain.response)
  expect(kept.source?.size).toBe(1)
  expect(plain.source).toBeUndefined()
})
