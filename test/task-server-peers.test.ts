import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from '@interlock/client'
import { text } from '@interlock/server'
import {
  InMemoryTaskMessageQueue,
  InMemoryTaskStore,
} from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { type CallToolResult, ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, test, vi } from 'vitest'

const info = { name: 'peer', version: '1.0.0' }

/** The official server 1.x with tools that run as tasks: one asks while it works, the other works until it is told not to. */
async function official() {
  const peer = new McpServer(info, {
    capabilities: { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
    taskStore: new InMemoryTaskStore(),
    taskMessageQueue: new InMemoryTaskMessageQueue(),
  })
  const { tasks } = peer.experimental
  const seen = { runs: vi.fn() }
  const execution = { taskSupport: 'required' } as const
  const requestedSchema = { type: 'object' as const, properties: { day: { type: 'string' as const } } }
  tasks.registerToolTask(
    'asks',
    { execution },
    {
      createTask: async ({ taskStore }) => {
        seen.runs()
        const task = await taskStore.createTask({ ttl: 60_000, pollInterval: 20 })
        const { taskId } = task
        const params = { mode: 'form' as const, message: 'Which day?', requestedSchema }
        // As a server goes on after its answer: nobody waits for it.
        void peer.server
          .request({ method: 'elicitation/create', params }, ElicitResultSchema, { relatedTask: { taskId } })
          .then(({ content }) => ({ content: [text(`on ${content?.['day']}`)] }))
          .then(result => taskStore.storeTaskResult(taskId, 'completed', result))
        return { task }
      },
      getTask: async ({ taskStore, taskId }) => taskStore.getTask(taskId),
      getTaskResult: async ({ taskStore, taskId }) => (await taskStore.getTaskResult(taskId)) as CallToolResult,
    },
  )
  tasks.registerToolTask(
    'endless',
    { execution },
    {
      createTask: async ({ taskStore }) => ({ task: await taskStore.createTask({ ttl: 60_000, pollInterval: 20 }) }),
      getTask: async ({ taskStore, taskId }) => taskStore.getTask(taskId),
      getTaskResult: async ({ taskStore, taskId }) => (await taskStore.getTaskResult(taskId)) as CallToolResult,
    },
  )
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() })
  await peer.connect(transport as Parameters<McpServer['connect']>[0])
  const http = createServer((request, response) => void transport.handleRequest(request, response))
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  return {
    seen,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    async [Symbol.asyncDispose]() {
      await peer.close()
      http.closeAllConnections()
      http.close()
    },
  }
}

test('a task of the official server asks its question over the wait for its result', async () => {
  await using server = await official()
  const asked = vi.fn()
  await using client = await connect(server.url, {
    onElicit: ({ message }) => {
      asked(message)
      return { action: 'accept', content: { day: 'Monday' } }
    },
  })
  expect(await client.callTool('asks')).toMatchObject({ content: [text('on Monday')] })
  expect(asked).toHaveBeenCalledExactlyOnceWith('Which day?')
  expect(server.seen.runs).toHaveBeenCalledOnce()
})

test('a task of the official server that nobody waits for any more is cancelled', async () => {
  await using server = await official()
  await using client = await connect(server.url)
  const started = await client.startTool('endless')
  if (started.kind !== 'task') throw new Error('not a task')
  const stop = new AbortController()
  const result = started.result({ signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(result).rejects.toThrow('enough')
  await vi.waitFor(async () => expect(await started.look()).toMatchObject({ status: 'cancelled' }))
  await expect(started.result()).rejects.toThrow(/was cancelled/)
})

test('of a task that the official server does not know the outcome is unknown', async () => {
  await using server = await official()
  await using client = await connect(server.url)
  await expect(client.task('nobody')).rejects.toThrow(/whether the call took effect is unknown/)
})
