import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import {
  type CallToolResult,
  CreateMessageResultSchema,
  ElicitResultSchema,
  ErrorCode,
  ListRootsResultSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { examples } from '../../tools/bridge/examples.ts'

/** The official server of the first generation, with a part of what our own `upstream` has, under the same names. */
export async function officialServer(): Promise<AsyncDisposable & { readonly url: URL }> {
  const transports = new Map<string, StreamableHTTPServerTransport>()
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = request.headers['mcp-session-id']
    let transport = typeof id === 'string' ? transports.get(id) : undefined
    if (transport === undefined) {
      const made = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: session => void transports.set(session, made),
      })
      await offering().connect(made as Parameters<McpServer['connect']>[0])
      transport = made
    }
    await transport.handleRequest(request, response)
  }
  const http = createServer((request, response) => void handle(request, response).catch(() => response.destroy()))
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`), // it listens on a port
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
  }
}

const says = (value: unknown): CallToolResult => ({
  content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }],
})

const schema = { type: 'object' as const, properties: { day: { type: 'string' as const } }, required: ['day'] }

function offering(): McpServer {
  const made = new McpServer({ name: 'official', version: '1.0.0' })
  const noted = new Set<string>()
  made.registerTool('echo', { inputSchema: { words: z.string() } }, ({ words }) => says(words))
  made.registerTool(
    'rich',
    { inputSchema: { kind: z.string() } },
    ({ kind }) => examples.results[kind] as CallToolResult,
  ) // as the example says
  made.registerTool('fail', {}, () => ({ ...says('it cannot be done'), isError: true }))
  made.registerTool('count', {}, async extra => {
    const progressToken = extra._meta?.progressToken
    for (const progress of progressToken === undefined ? [] : [1, 2, 3]) {
      const params = { progressToken: progressToken ?? '', progress, total: 3 }
      await extra.sendNotification({ method: 'notifications/progress', params })
    }
    return says('counted')
  })
  made.registerTool('wait', { inputSchema: { word: z.string() } }, async ({ word }, extra) => {
    const progressToken = extra._meta?.progressToken ?? 0
    const gone = new Promise(resolve => extra.signal.addEventListener('abort', resolve, { once: true }))
    await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1 } })
    await gone
    noted.add(word)
    return says('gone')
  })
  made.registerTool('noted', { inputSchema: { word: z.string() } }, ({ word }) => says(noted.has(word)))
  made.registerTool('ask', { inputSchema: { what: z.string() } }, async ({ what }, extra) => {
    switch (what) {
      case 'form': {
        const params = { message: 'Which day?', requestedSchema: schema }
        return says(await extra.sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema))
      }
      case 'sample': {
        const params = {
          messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'Say' } }],
          maxTokens: 9,
        }
        return says(await extra.sendRequest({ method: 'sampling/createMessage', params }, CreateMessageResultSchema))
      }
      case 'roots':
        return says((await extra.sendRequest({ method: 'roots/list' }, ListRootsResultSchema)).roots)
      default:
        throw new McpError(ErrorCode.InvalidParams, `nobody asks for ${what}`)
    }
  })
  let added: ReturnType<McpServer['registerTool']> | undefined
  made.registerTool('grow', {}, () => {
    added ??= made.registerTool('added', {}, () => says('I am new'))
    return says('grown')
  })
  made.registerTool('shrink', {}, () => {
    added?.remove()
    added = undefined
    return says('shrunk')
  })
  return made
}
