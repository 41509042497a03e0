import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from '@interlock/client'
import { server, text, tool } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  InMemoryTaskMessageQueue,
  InMemoryTaskStore,
} from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, test } from 'vitest'

const info = { name: 'peer', version: '1.0.0' }

test('the official client follows a task of our server', async () => {
  const only = tool('only', { task: { support: 'required', pollIntervalMs: 50 } }, async (_, ctx) => {
    ctx.progress(1, 2, 'half way')
    return 'done'
  })
  await using listener = await listenHttp(server({ ...info, tools: [only] }).receiver)
  const client = new Client(info)
  await client.connect(new StreamableHTTPClientTransport(listener.url))
  await client.listTools()
  const seen: string[] = []
  const stream = client.experimental.tasks.callToolStream({ name: 'only', arguments: {} }, CallToolResultSchema)
  for await (const message of stream) {
    seen.push(message.type)
    if (message.type === 'error') throw message.error
    if (message.type === 'result') expect(message.result).toMatchObject({ content: [text('done')] })
  }
  expect(seen[0]).toBe('taskCreated')
  expect(seen.at(-1)).toBe('result')
  await client.close()
})

test('our client follows a task of the official server', async () => {
  const taskStore = new InMemoryTaskStore()
  const peer = new McpServer(info, {
    capabilities: { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
    taskStore,
    taskMessageQueue: new InMemoryTaskMessageQueue(),
  })
  peer.experimental.tasks.registerToolTask(
    'only',
    { description: 'Runs as a task.', execution: { taskSupport: 'required' } },
    {
      createTask: async extra => {
        const task = await extra.taskStore.createTask({ ttl: 60_000, pollInterval: 50 })
        setTimeout(
          () => void extra.taskStore.storeTaskResult(task.taskId, 'completed', { content: [text('done there')] }),
          20,
        )
        return { task }
      },
      getTask: async extra => extra.taskStore.getTask(extra.taskId),
      getTaskResult: async extra => (await extra.taskStore.getTaskResult(extra.taskId)) as { content: [] },
    },
  )
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() })
  await peer.connect(transport as Parameters<McpServer['connect']>[0])
  const http = createServer((request, response) => void transport.handleRequest(request, response))
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`
  await using client = await connect(url, { era: 'legacy' })
  expect(await client.callTool('only')).toMatchObject({ content: [text('done there')] })
  const started = await client.startTool('only')
  if (started.kind !== 'task') throw new Error('not a task')
  expect(await started.result()).toMatchObject({ content: [text('done there')] })
  await peer.close()
  http.closeAllConnections()
  http.close()
})
