import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { blob, isPayload, description as payload } from './payload.js'
import { bigText, description, flood, floodText, moreDescription, moreTools, text10k, textResult } from './shared.js'

function registerPayload(server) {
  const sink = { description: payload.sink, inputSchema: { text: z.string() } }
  server.registerTool('sink', sink, async ({ text }) => textResult(String(text.length)))
  const give = { description: payload.blob, inputSchema: { bytes: z.number() } }
  server.registerTool('blob', give, async ({ bytes }) => textResult(blob(bytes)))
  return server
}

const numbers = { a: z.number(), b: z.number() }
const query = { query: z.string(), limit: z.number(), exact: z.boolean() }

/** A server of its own for each session, as this SDK wants it. */
export function build() {
  const server = new McpServer({ name: 'v1', version: '1.0.0' })
  if (isPayload) return registerPayload(server)
  server.registerTool('add', { description: description.add, inputSchema: numbers }, async ({ a, b }) =>
    textResult(String(a + b)),
  )
  server.registerTool('echo', { description: description.echo, inputSchema: { text: z.string() } }, async ({ text }) =>
    textResult(text),
  )
  server.registerTool('text10k', { description: description.text10k, inputSchema: {} }, async () => textResult(text10k))
  server.registerTool('steps', { description: description.steps, inputSchema: numbers }, async ({ a, b }, extra) => {
    const { progressToken } = extra._meta
    const params = { progressToken, progress: 1, total: 2 }
    await extra.sendNotification({ method: 'notifications/progress', params })
    return textResult(String(a + b))
  })
  if (process.env.BIG) {
    server.registerTool('big', { inputSchema: {} }, async () => textResult(bigText()))
    server.registerTool('flood', { inputSchema: {} }, async (_, extra) => {
      const { progressToken } = extra._meta
      for (let progress = 1; progress <= flood; progress += 1) {
        const params = { progressToken, progress, total: flood, message: floodText }
        await extra.sendNotification({ method: 'notifications/progress', params })
      }
      return textResult('done')
    })
  }
  for (const name of moreTools) {
    server.registerTool(name, { description: moreDescription, inputSchema: query }, async args =>
      textResult(args.query),
    )
  }
  return server
}
