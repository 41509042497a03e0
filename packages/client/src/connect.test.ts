import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { legacy, type Receiver } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { connect } from './connect.ts'
import { capabilities, toolResult } from './testing/scripted.ts'

/** A program with sessions that says what it was started with. */
const program = `
  process.stdin.setEncoding('utf8')
  let text = ''
  process.stdin.on('data', piece => {
    text += piece
    for (let end = text.indexOf('\\n'); end !== -1; end = text.indexOf('\\n')) {
      const { id, method } = JSON.parse(text.slice(0, end))
      text = text.slice(end + 1)
      if (id === undefined) continue
      const said = JSON.stringify([process.argv.slice(1), process.env.COLOUR ?? null])
      const answer = method === 'initialize'
        ? { result: { protocolVersion: '${legacy[0]?.version}', capabilities: { tools: {} }, serverInfo: { name: 'p', version: '1' } } }
        : method === 'tools/call' ? { result: { content: [{ type: 'text', text: said }] } }
        : { error: { code: -32601, message: 'no' } }
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n')
    }
  })
`
const node = process.execPath

test('a program is started with its words, without a shell', async () => {
  await using client = await connect({
    command: node,
    args: ['-e', program, 'two words', '$HOME;'],
    env: { COLOUR: 'red' },
  })
  expect(await client.callTool('say')).toEqual({ content: [{ type: 'text', text: '[["two words","$HOME;"],"red"]' }] })
})

test('a command line is one too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'interlock '))
  const file = join(folder, 'program.cjs')
  await writeFile(file, program)
  await using client = await connect(`${JSON.stringify(node)} "${file}" 'a b'`)
  expect(await client.callTool('say')).toEqual({
    content: [{ type: 'text', text: JSON.stringify([[file, 'a b'], null]) }],
  })
  await client.close()
  await rm(folder, { recursive: true })
})

test('a program that cannot be started, or ends at once, is named with its last words', async () => {
  await expect(connect('no-such-program-anywhere --now')).rejects.toThrow(
    /^cannot connect to "no-such-program-anywhere --now": server\/discover failed: .*no-such-program-anywhere/,
  )
  const dying = {
    command: node,
    args: ['-e', 'console.error("no licence"); console.error("    at x.js:1"); process.exit(3)'],
  }
  await expect(connect(dying)).rejects.toThrow(/server\/discover failed: .* exit code 3; its last words: "no licence"$/)
})

test('a program that ends at a message it does not know is started again, and the next time asked rightly', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'interlock '))
  const starts = join(folder, 'starts')
  const strict = `
    require('node:fs').appendFileSync(${JSON.stringify(starts)}, 'x')
    process.stdin.once('data', piece => { if (!String(piece).includes('"initialize"')) process.exit(1) })
    ${program}
  `
  const target = { command: node, args: ['-e', strict] }
  for (const expected of ['xx', 'xxx']) {
    await using client = await connect(target)
    expect(client.server.revision).toBe(legacy[0])
    expect(await readFile(starts, 'utf8')).toBe(expected)
  }
  await rm(folder, { recursive: true })
})

test('a URL is spoken to over HTTP, with its headers', async () => {
  const seen: unknown[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers['x-team'])
    response.writeHead(401).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  await expect(connect({ url, headers: { 'X-Team': 'blue' } })).rejects.toThrow(
    `cannot connect to ${url}: server/discover failed: ${url} answered HTTP 401; it needs authorization`,
  )
  expect(seen).toEqual(['blue'])
  server.close()
})

test('a server in the same process needs no socket', async () => {
  const receiver: Receiver = {
    receive(exchange) {
      const { message } = exchange
      if (!('id' in message) || !('method' in message)) return exchange.end()
      const { id, method } = message
      if (method === 'server/discover')
        return exchange.reply({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } })
      const opened = { protocolVersion: legacy[0]?.version, capabilities, serverInfo: { name: 'r', version: '1' } }
      exchange.reply({ jsonrpc: '2.0', id, result: method === 'initialize' ? opened : toolResult })
    },
    listen: stream => stream.refuse({ status: 405 }),
    terminate: () => 200,
    close: async () => {},
  }
  await using client = await connect({ receiver })
  expect(await client.callTool('t')).toEqual(toolResult)
})

test.each([
  ['', /the target is empty/],
  ['"unclosed', /ends within a quotation/],
])('%j is no target', async (target, message) => {
  await expect(connect(target)).rejects.toThrow(message)
})

test('the era of a target is remembered, and found out again when that turns out wrong', async () => {
  const asked: string[] = []
  let refusesSessions = false
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const { id, method } = body === '' ? { id: undefined, method: request.method } : JSON.parse(body)
    asked.push(method)
    const answer =
      method === 'initialize' && !refusesSessions
        ? { result: { protocolVersion: legacy[0]?.version, capabilities, serverInfo: { name: 'h', version: '1' } } }
        : { error: { code: -32601, message: 'no' } }
    if (id === undefined) return void response.writeHead(method === 'GET' ? 405 : 202).end()
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  await (await connect(url)).close()
  asked.length = 0
  await (await connect(url)).close()
  expect(asked).not.toContain('server/discover')
  refusesSessions = true
  asked.length = 0
  await expect(connect(url)).rejects.toThrow()
  expect(asked).toEqual(['initialize', 'server/discover', 'initialize'])
  server.close()
})
