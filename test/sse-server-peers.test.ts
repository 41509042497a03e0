import { connect } from '@interlock/client'
import { server, text, tool } from '@interlock/server'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

/** Our server of HTTP+SSE, and the clients that speak it. */
const form = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const
const greet = tool('greet', {}, async (_, ctx) => {
  ctx.log('info', 'asking')
  const answer = await ctx.elicit({ message: 'Who are you?', schema: form })
  return `Hello ${answer.action === 'accept' ? String(Object.values(answer.content ?? {})[0]) : 'nobody'}`
})
const steps = tool('steps', {}, (_, ctx) => {
  for (let step = 1; step <= 3; step += 1) ctx.progress(step, 3)
  return 'done'
})
const aborted = vi.fn()
const wait = tool('wait', {}, async (_, ctx) => {
  ctx.progress(1)
  await new Promise<void>(resolve => ctx.signal.addEventListener('abort', () => resolve()))
  aborted()
})

const made = server({ name: 'ours', version: '1.0.0', tools: [greet, steps, wait] })
let listener: HttpListener
let url: URL
beforeAll(async () => {
  listener = await listenHttp(made.receiver, { sse: true })
  url = listener.sseUrl as URL
})
afterAll(() => listener.close(0))

test('the official client of HTTP+SSE is served', async () => {
  const client = new Client({ name: 'official', version: '1' }, { capabilities: { elicitation: {} } })
  const heard = { changed: vi.fn(), logged: vi.fn() }
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ann' } }))
  client.setNotificationHandler(ToolListChangedNotificationSchema, heard.changed)
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => heard.logged(params.data))
  await client.connect(new SSEClientTransport(url))
  expect(client.getServerVersion()).toMatchObject({ name: 'ours' })
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['greet', 'steps', 'wait'])
  expect(await client.callTool({ name: 'greet' })).toMatchObject({ content: [text('Hello Ann')] })
  expect(heard.logged).toHaveBeenCalledWith('asking')
  expect(await client.callTool({ name: 'steps' })).toMatchObject({ content: [text('done')] })
  const more = tool('more', {}, () => '')
  made.add(more)
  await vi.waitFor(() => expect(heard.changed).toHaveBeenCalledOnce())
  made.remove(more)
  await expect(client.callTool({ name: 'none' })).rejects.toMatchObject({ code: -32602 })
  await client.close()
})

test('what the official client cancels, and what it leaves, is aborted', async () => {
  aborted.mockClear()
  const client = new Client({ name: 'official', version: '1' })
  await client.connect(new SSEClientTransport(url))
  const begin = async (signal?: AbortSignal): Promise<void> => {
    await new Promise<void>(resolve => {
      const options = { onprogress: () => resolve(), ...(signal && { signal }) }
      client.callTool({ name: 'wait' }, undefined, options).catch(() => {})
    })
  }
  const abort = new AbortController()
  await begin(abort.signal)
  abort.abort()
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledTimes(1))
  await begin()
  await client.close()
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledTimes(2))
})

test.each([['asked for'], ['found out']] as const)('so is our own, %s', async way => {
  const target = way === 'asked for' ? ({ url, type: 'sse' } as const) : { url }
  await using client = await connect(target, { onElicit: () => ({ action: 'accept', content: { name: 'Ann' } }) })
  expect(client.server.info?.name).toBe('ours')
  expect(await client.callTool('greet')).toEqual({ content: [text('Hello Ann')] })
  const progress: number[] = []
  await client.callTool('steps', {}, { onProgress: ({ progress: now }) => progress.push(now) })
  expect(progress).toEqual([1, 2, 3])
})
