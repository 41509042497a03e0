import { type ServerOptions, server, ToolError, text, tool } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CallToolResultSchema,
  ElicitRequestSchema,
  TaskStatusNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { expect, test, vi } from 'vitest'

const info = { name: 'peer', version: '1.0.0' }
const schema = { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] }
const task = { support: 'optional', pollIntervalMs: 20 } as const

const asks = tool('asks', { task }, async (_, ctx) => {
  const answer = await ctx.elicit('day', { message: 'Which day?', schema })
  return `on ${answer.action === 'accept' ? answer.content['day'] : 'no day'}`
})
const fails = tool('fails', { task }, () => {
  throw new ToolError('no luck')
})
const endless = tool('endless', { task }, (_, ctx) => {
  ctx.progress(1, 2, 'half way')
  return new Promise((__, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
})

/** The official client, which has the tasks of 2025-11-25, and our server over HTTP. */
async function joined(tools: ServerOptions['tools'] = [asks, fails, endless]) {
  const listener = await listenHttp(server({ ...info, tools }).receiver)
  const client = new Client(info, { capabilities: { elicitation: { form: {} } } })
  await client.connect(new StreamableHTTPClientTransport(listener.url))
  await client.listTools()
  const { tasks } = client.experimental
  return {
    client,
    tasks,
    call: (name: string) =>
      tasks.callToolStream({ name, arguments: {} }, CallToolResultSchema, { task: { ttl: 60_000 } }),
    async [Symbol.asyncDispose]() {
      await client.close()
      await listener[Symbol.asyncDispose]()
    },
  }
}

test('the official client is asked while it waits for the result of a task', async () => {
  await using peer = await joined()
  const asked = vi.fn()
  peer.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked(params.message, params._meta?.['io.modelcontextprotocol/related-task'])
    return { action: 'accept', content: { day: 'Monday' } }
  })
  let taskId = ''
  const results: unknown[] = []
  for await (const message of peer.call('asks')) {
    if (message.type === 'error') throw message.error
    if (message.type === 'taskCreated') taskId = message.task.taskId
    if (message.type === 'result') results.push(message.result)
  }
  expect(asked.mock.calls).toEqual([['Which day?', { taskId }]])
  expect(results).toMatchObject([{ content: [text('on Monday')] }])
})

test('the official client sees that the task of a failing tool has failed, and why', async () => {
  await using peer = await joined()
  let taskId = ''
  for await (const message of peer.call('fails')) if (message.type === 'taskCreated') taskId = message.task.taskId
  expect(await peer.tasks.getTask(taskId)).toMatchObject({ status: 'failed', ttl: 60_000 })
  expect(await peer.tasks.getTaskResult(taskId, CallToolResultSchema)).toMatchObject({
    isError: true,
    content: [text('no luck')],
  })
})

test('the official client finds its tasks, hears of them, and cancels one once', async () => {
  await using peer = await joined()
  const heard: string[] = []
  peer.client.setNotificationHandler(TaskStatusNotificationSchema, ({ params }) => {
    heard.push(params.status)
  })
  const stream = peer.call('endless')
  const { value: created } = await stream.next()
  if (created?.type !== 'taskCreated') throw new Error('no task was made')
  const { taskId } = created.task
  expect(await peer.tasks.getTask(taskId)).toMatchObject({ status: 'working', statusMessage: 'half way' })
  expect((await peer.tasks.listTasks()).tasks).toMatchObject([{ taskId, status: 'working' }])
  expect(await peer.tasks.cancelTask(taskId)).toMatchObject({ taskId, status: 'cancelled' })
  await expect(peer.tasks.cancelTask(taskId)).rejects.toMatchObject({ code: -32602 })
  await vi.waitFor(() => expect(heard.at(-1)).toBe('cancelled'))
})
