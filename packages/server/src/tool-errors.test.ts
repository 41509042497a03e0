import { complete, type Middleware, ProtocolError, revisions } from '@interlock/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { server, ToolError, text, tool } from './index.ts'
import { peer } from './testing/peer.ts'

const info = { name: 'faulty', version: '1.0.0' }
const versions = revisions.map(revision => [revision.version, revision] as const)
const logged = vi.spyOn(console, 'error')

beforeEach(() => void logged.mockReset().mockImplementation(() => {}))
afterEach(() => void logged.mockReset())

test.each(versions)('%s: what a ToolError says reaches the model', async (_, revision) => {
  const failing = tool('pay', {}, () => {
    throw new ToolError('the account is closed; use another one')
  })
  await using client = await peer(server({ ...info, tools: [failing] }), revision)
  const { content, isError } = await client.tool('pay')
  expect({ content, isError }).toEqual({ content: [text('the account is closed; use another one')], isError: true })
  expect(logged).not.toHaveBeenCalled()
})

test.each(versions)('%s: what any other error says reaches the log only', async (_, revision) => {
  const failing = tool('pay', {}, () => {
    throw new Error('password hunter2 at /srv/secret/db.ts')
  })
  await using client = await peer(server({ ...info, tools: [failing] }), revision)
  const result = await client.tool('pay')
  expect(result['isError']).toBe(true)
  expect(JSON.stringify(result)).not.toMatch(/hunter2|srv|\.ts/)
  const [{ text: told }] = result['content'] as [{ text: string }]
  const reference = /reference (\w{8})/.exec(told)?.[1]
  expect(logged.mock.calls.flat().join(' ')).toContain(reference)
  expect(logged.mock.calls.flat().join(' ')).toContain('hunter2')
})

test.each(versions)('%s: a protocol error of a tool is one', async (_, revision) => {
  const failing = tool('pay', {}, () => {
    throw new ProtocolError(-32000, 'closed', { until: 'Monday' })
  })
  await using client = await peer(server({ ...info, tools: [failing] }), revision)
  await expect(client.tool('pay')).rejects.toMatchObject({ code: -32000, message: 'closed', data: { until: 'Monday' } })
})

test.each(versions)('%s: a protocol error that is no JSON is an internal error', async (_, revision) => {
  const failing = tool('pay', {}, () => {
    throw new ProtocolError(-32000, 'closed', { until: 1n })
  })
  await using client = await peer(server({ ...info, tools: [failing] }), revision)
  await expect(client.tool('pay')).rejects.toMatchObject({ code: -32603, message: 'Internal error' })
})

test.each(versions)('%s: an error of middleware is told as a fixed sentence', async (_, revision) => {
  const broken = server({
    ...info,
    tools: [],
    middleware: [() => async () => Promise.reject(new Error('password hunter2'))],
  })
  await using client = await peer(broken, revision)
  await expect(client.call('tools/list')).rejects.toMatchObject({ code: -32603, message: 'Internal error' })
})

test('middleware wraps every call, the first outermost', async () => {
  const order: string[] = []
  const say = (name: string): Middleware => {
    return next => async call => {
      order.push(name)
      return next(call)
    }
  }
  const made = server({
    ...info,
    tools: [],
    middleware: [say('a'), say('b'), () => async () => complete({ tools: [] })],
  })
  await using client = await peer(made, revisions[0])
  await client.call('tools/list')
  expect(order).toEqual(['a', 'b'])
})

test.each(versions)('%s: a value that is not the output is an error of the tool', async (_, revision) => {
  const wrong = tool('sum', { output: z.object({ sum: z.number() }) }, () => ({ sum: 'secret' }) as never)
  await using client = await peer(server({ ...info, tools: [wrong] }), revision)
  const result = await client.tool('sum')
  expect(result['isError']).toBe(true)
  expect(result['structuredContent']).toBeUndefined()
  expect(JSON.stringify(result)).not.toContain('secret')
})
