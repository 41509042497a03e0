import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const inputSchema = z.object({ a: z.number(), b: z.number() })

serveStdio(() => {
  const server = new McpServer({ name: 'minimal', version: '1.0.0' })
  server.registerTool('add', { description: 'Adds two numbers', inputSchema }, async ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }))
  return server
})
