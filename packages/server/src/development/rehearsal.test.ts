import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createSocketServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { revisions } from '@interlock/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InteractiveContext, server, text, tool } from '../index.ts'
import { type PeerOptions, peer } from '../testing/peer.ts'

const asking = revisions.filter(({ features }) => features.elicitation !== 'none').map(r => [r.version, r] as const)
const schema = { type: 'object', properties: { day: { type: 'string' } } }
const monday: PeerOptions = { onInput: () => ({ action: 'accept', content: { day: 'Monday' } }) }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rehearsal-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a client gets from a tool in development mode, and what its author is told. */
async function rehearsed(work: (ctx: InteractiveContext) => unknown, revision: (typeof revisions)[number]) {
  const warnings: string[] = []
  const development = (warning: string): void => void warnings.push(warning)
  const book = tool('book', {}, (_, ctx) => work(ctx))
  await using client = await peer(
    server({ name: 'hotels', version: '1.0.0', tools: [book], development }),
    revision,
    monday,
  )
  const { content } = await client.tool('book')
  return { content, warnings }
}

const day = (ctx: InteractiveContext) => ctx.elicit({ message: 'Which day?', schema })

test.each(asking)('%s: what happens before a question happens again, and is reported', async (version, revision) => {
  const file = join(folder, version)
  const { content, warnings } = await rehearsed(async ctx => {
    await appendFile(file, 'held ')
    await day(ctx)
    return readFile(file, 'utf8')
  }, revision)
  expect(content).toEqual([text('held held ')])
  expect(warnings).toEqual([expect.stringContaining(`tools/call book: "appendFile ${file}"`)])
  expect(warnings[0]).toMatch(/rehearsal\.test\.ts:\d+.* round 1 and again in round 2; .* ctx\.step/)
})

test.each(asking)('%s: steps and what comes after the last question happen once', async (version, revision) => {
  const file = join(folder, `${version}-once`)
  const { content, warnings } = await rehearsed(async ctx => {
    const held = await ctx.step('hold', async () => {
      await appendFile(file, 'held ')
      return { at: new Date(0) }
    })
    await day(ctx)
    await day(ctx)
    await appendFile(file, 'booked')
    return `${await readFile(file, 'utf8')} ${JSON.stringify(held)}`
  }, revision)
  expect(content).toEqual([text('held booked {"at":"1970-01-01T00:00:00.000Z"}')])
  expect(warnings).toEqual([])
})

test.each(asking)('%s: what a step gives is JSON, as after a replay', async (_, revision) => {
  const { content } = await rehearsed(async ctx => {
    const held = await ctx.step('hold', () => ({ at: new Date(0) }))
    return typeof held.at
  }, revision)
  expect(content).toEqual([text('string')])
})

test('a handler that asks nothing runs once', async () => {
  let runs = 0
  const { warnings } = await rehearsed(() => {
    runs += 1
  }, revisions[0])
  expect([runs, warnings]).toEqual([1, []])
})

test('requests that change something, messages to other programs and processes are effects; reading is none', async () => {
  const http = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
  const database = createSocketServer(socket => socket.on('data', () => socket.end())).listen(0, '127.0.0.1')
  await Promise.all([once(http, 'listening'), once(database, 'listening')])
  const url = `http://127.0.0.1:${portOf(http)}`
  const port = portOf(database)
  const { warnings } = await rehearsed(async ctx => {
    await (await fetch(`${url}/orders`)).text()
    await (await fetch(`${url}/orders`, { method: 'POST', body: '{}' })).text()
    const socket = connect(port, '127.0.0.1').resume()
    socket.write('INSERT')
    await once(socket, 'close')
    await promisify(execFile)(process.execPath, ['--version'])
    await day(ctx)
  }, revisions[0])
  http.close()
  database.close()
  expect(warnings).toEqual([
    expect.stringContaining(`"POST ${url}/orders"`),
    expect.stringContaining(`"message to 127.0.0.1 port ${port}"`),
    expect.stringContaining(`"process ${process.execPath} --version"`),
  ])
})

const portOf = (listener: Server): number => (listener.address() as AddressInfo).port
