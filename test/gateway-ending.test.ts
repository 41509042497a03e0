import { connect } from '@interlock/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fixture, interlock, ownFilesystem, type Running, start } from './support/command.ts'
import { canFindProcesses } from './support/processes.ts'
import { type Scratch, scratch } from './support/scratch.ts'

let folder: Scratch

beforeEach(async () => {
  folder = await scratch()
})

afterEach(() => folder[Symbol.asyncDispose]())

const server = (...args: string[]): object => ({ command: process.execPath, args })

/** Two servers that end when their input does. */
const calm = (): Promise<string> =>
  folder.config({ files: server(ownFilesystem, folder.path), slow: server(fixture('slow.mjs')) })

/** Servers, and processes of theirs in other groups, that end only when they are killed. */
const wild = (): Promise<string> =>
  folder.config({
    files: server(ownFilesystem, folder.path),
    stubborn: server(fixture('bad/stubborn.mjs')),
    session: server(fixture('bad/grandchildren.mjs'), 'session'),
    orphan: server(fixture('bad/grandchildren.mjs'), 'orphan'),
  })

/** The gateway, its four servers and two processes of theirs. */
const wildProcesses = 7

async function up(config: string): Promise<Running & { readonly url: URL }> {
  const args = ['up', '--port', '0', '--verbose', '--config', config]
  const running = start(interlock, args, { cwd: folder.path })
  const [, url = ''] = await running.out(/endpoint +(http\S+)/, 30_000)
  return Object.assign(running, { url: new URL(url) })
}

/** A call that has reached its server and will be answered after `ms`. */
async function callInFlight(
  running: Running & { readonly url: URL },
  ms: number,
): Promise<{ answer: Promise<string> }> {
  const client = await connect(running.url)
  const answer = client.callTool('slow__slow', { ms }).then(
    ({ content: [block] }) => (block?.type === 'text' ? block.text : 'no text'),
    error => `failed: ${error}`,
  )
  void answer.finally(() => client.close())
  await running.err(/the call has begun/)
  return { answer }
}

describe.runIf(canFindProcesses)('interlock up', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('%s leaves nothing of wild servers behind', async signal => {
    await using running = await up(await wild())
    await running.marker.several(wildProcesses)
    running.child.kill(signal)
    expect(await running.marker.left(5_000)).toEqual([])
    expect((await running.ended).code).toBe(signal === 'SIGTERM' ? 0 : null)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s lets a call in flight finish', async signal => {
    await using running = await up(await calm())
    const { answer } = await callInFlight(running, 800)
    running.child.kill(signal)
    expect(await answer).toBe('done in the end')
    expect((await running.ended).code).toBe(0)
    expect(await running.marker.left(0)).toEqual([])
  })

  test('a second Ctrl-C ends it at once', async () => {
    await using running = await up(await calm())
    const { answer } = await callInFlight(running, 60_000)
    running.child.kill('SIGINT')
    await running.out(/stopping/)
    running.child.kill('SIGINT')
    const { code } = await running.ended
    expect([code, await answer]).toEqual([130, expect.stringContaining('failed: ')])
    expect(await running.marker.left(5_000)).toEqual([])
  })
})

const lines = (...messages: object[]): string => messages.map(message => `${JSON.stringify(message)}\n`).join('')

describe.runIf(canFindProcesses)('interlock run', () => {
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1.0.0' } },
  }
  const slow = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'slow__slow', arguments: { ms: 500 } } }

  test('ends with its input, after the call in flight, and leaves nothing behind', async () => {
    await using running = start(interlock, ['run', '--verbose', '--config', await calm()], {
      cwd: folder.path,
      input: lines(initialize, { jsonrpc: '2.0', method: 'notifications/initialized' }, slow),
    })
    const { code, stdout } = await running.ended
    const messages = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(messages.filter(({ id }) => id !== undefined)).toEqual([
      expect.objectContaining({ id: 1, result: expect.objectContaining({ protocolVersion: '2025-06-18' }) }),
      expect.objectContaining({ id: 2, result: { content: [{ type: 'text', text: 'done in the end' }] } }),
    ])
    // Each server that came up meanwhile is told of once, and only the kind of list that it has.
    const notices = messages.filter(({ id }) => id === undefined).map(({ method }) => method)
    expect(notices.filter(method => method !== 'notifications/tools/list_changed')).toEqual([])
    expect(notices.length).toBeLessThanOrEqual(2)
    expect(code).toBe(0)
    expect(await running.marker.left(0)).toEqual([])
  })

  test.each(['SIGTERM', 'SIGKILL'] as const)('%s leaves nothing behind', async signal => {
    await using running = start(interlock, ['run', '--config', await wild()], { cwd: folder.path })
    running.child.stdin?.write(lines(initialize))
    await running.out(/"id":1/)
    await running.marker.several(wildProcesses)
    running.child.kill(signal)
    expect(await running.marker.left(5_000)).toEqual([])
    expect((await running.ended).code).toBe(signal === 'SIGTERM' ? 0 : null)
  })

  test('is ended by a client that goes away without a word', async () => {
    await using running = start(interlock, ['run', '--config', await wild()], { cwd: folder.path })
    running.child.stdin?.write(lines(initialize))
    await running.out(/"id":1/)
    await running.marker.several(wildProcesses)
    for (const stream of [running.child.stdin, running.child.stdout, running.child.stderr]) stream?.destroy()
    expect(await running.marker.left(5_000)).toEqual([])
  })
})
