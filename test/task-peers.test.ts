import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from '@interlock/client'
import { server, ToolError, text, tool } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  InMemoryTaskMessageQueue,
  InMemoryTaskStore,
} from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import {
  type CallToolResult,
  CallToolResultSchema,
  ElicitRequestSchema,
  ElicitResultSchema,
  TaskStatusNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, test, vi } from 'vitest'

// Tasks of revision 2025-11-25, with the official library 1.x as one end.

const info = { name: 'peer', version: '1.0.0' }
const schema = { type: 'object' as const, properties: { day: { type: 'string' as const } }, required: ['day'] }

describe('the official client and our server', () => {
  const task = { support: 'optional', pollIntervalMs: 20 } as const
  const tools = [
    tool('asks', { task }, async (_, ctx) => {
      const answer = await ctx.elicit('day', { message: 'Which day?', schema })
      return `on ${answer.action === 'accept' ? answer.content['day'] : 'no day'}`
    }),
    tool('fails', { task }, () => {
      throw new ToolError('no luck')
    }),
    tool('endless', { task }, (_, ctx) => {
      ctx.progress(1, 2, 'half way')
      return new Promise((__, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
    }),
    tool('only', { task: { ...task, support: 'required' } }, () => 'done'),
  ]

  async function joined() {
    const listener = await listenHttp(server({ ...info, tools }).receiver)
    const client = new Client(info, { capabilities: { elicitation: { form: {} } } })
    await client.connect(new StreamableHTTPClientTransport(listener.url))
    await client.listTools()
    const { tasks } = client.experimental
    return {
      client,
      tasks,
      call: (name: string, options: { task?: { ttl: number } } = { task: { ttl: 60_000 } }) =>
        tasks.callToolStream({ name, arguments: {} }, CallToolResultSchema, options),
      async [Symbol.asyncDispose]() {
        await client.close()
        await listener[Symbol.asyncDispose]()
      },
    }
  }

  test('a tool that runs as a task only is one without being asked to', async () => {
    await using peer = await joined()
    const messages: { readonly type: string }[] = []
    for await (const message of peer.call('only', {})) messages.push(message)
    expect(messages[0]).toMatchObject({ type: 'taskCreated' })
    expect(messages.at(-1)).toMatchObject({ type: 'result', result: { content: [text('done')] } })
  })

  test('the client is asked while it waits for the result', async () => {
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

  test('the task of a failing tool has failed, and says why', async () => {
    await using peer = await joined()
    let taskId = ''
    for await (const message of peer.call('fails')) if (message.type === 'taskCreated') taskId = message.task.taskId
    expect(await peer.tasks.getTask(taskId)).toMatchObject({ status: 'failed', ttl: 60_000 })
    expect(await peer.tasks.getTaskResult(taskId, CallToolResultSchema)).toMatchObject({
      isError: true,
      content: [text('no luck')],
    })
  })

  test('the client finds its tasks, hears of them, and cancels one once', async () => {
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
})

describe('our client and the official server', () => {
  /** Tools that run as tasks: one asks while it works, one works until it is told not to, one is done soon. */
  async function official() {
    const peer = new McpServer(info, {
      capabilities: { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
      taskStore: new InMemoryTaskStore(),
      taskMessageQueue: new InMemoryTaskMessageQueue(),
    })
    const runs = vi.fn()
    const question = {
      method: 'elicitation/create' as const,
      params: { mode: 'form' as const, message: 'Which day?', requestedSchema: schema },
    }
    /** `work` goes on after the answer: nobody waits for it. */
    const runsAsTask = (name: string, work: (taskId: string) => Promise<string>): void => {
      peer.experimental.tasks.registerToolTask(
        name,
        { execution: { taskSupport: 'required' } },
        {
          createTask: async ({ taskStore }) => {
            runs()
            const task = await taskStore.createTask({ ttl: 60_000, pollInterval: 20 })
            const { taskId } = task
            void work(taskId).then(said =>
              taskStore.storeTaskResult(taskId, 'completed', { content: [text(said)] } as CallToolResult),
            )
            return { task }
          },
          getTask: async ({ taskStore, taskId }) => taskStore.getTask(taskId),
          getTaskResult: async ({ taskStore, taskId }) => (await taskStore.getTaskResult(taskId)) as CallToolResult,
        },
      )
    }
    runsAsTask('asks', async taskId => {
      const { content } = await peer.server.request(question, ElicitResultSchema, { relatedTask: { taskId } })
      return `on ${content?.['day']}`
    })
    runsAsTask('endless', () => new Promise(() => {}))
    runsAsTask('soon', () => new Promise(resolve => setTimeout(resolve, 20, 'done there')))
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() })
    await peer.connect(transport as Parameters<McpServer['connect']>[0])
    const http = createServer((request, response) => void transport.handleRequest(request, response))
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
    return {
      runs,
      url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
      async [Symbol.asyncDispose]() {
        await peer.close()
        http.closeAllConnections()
        http.close()
      },
    }
  }

  test('a task is followed to its end, by a call and by a handle', async () => {
    await using server = await official()
    await using client = await connect(server.url, { era: 'legacy' })
    expect(await client.callTool('soon')).toMatchObject({ content: [text('done there')] })
    const started = await client.startTool('soon')
    if (started.kind !== 'task') throw new Error('not a task')
    expect(await started.result()).toMatchObject({ content: [text('done there')] })
  })

  test('a task asks its question over the wait for its result', async () => {
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
    expect(server.runs).toHaveBeenCalledOnce()
  })

  test('a task that nobody waits for any more is cancelled', async () => {
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

  test('of a task that the server does not know the outcome is unknown', async () => {
    await using server = await official()
    await using client = await connect(server.url)
    await expect(client.task('nobody')).rejects.toThrow(/whether the call took effect is unknown/)
  })
})
