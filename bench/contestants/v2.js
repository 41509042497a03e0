import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { blob, isPayload, description as payload } from './payload.js'
import { bigText, description, flood, floodText, moreDescription, moreTools, text10k, textResult } from './shared.js'

const numbers = z.object({ a: z.number(), b: z.number() })
const text = z.object({ text: z.string() })
const nothing = z.object({})
const query = z.object({ query: z.string(), limit: z.number(), exact: z.boolean() })
const size = z.object({ bytes: z.number() })

function registerPayload(server) {
  const sink = { description: payload.sink, inputSchema: text }
  server.registerTool('sink', sink, async args => textResult(String(args.text.length)))
  server.registerTool('blob', { description: payload.blob, inputSchema: size }, async ({ bytes }) =>
    textResult(blob(bytes)),
  )
  return server
}

/** A server of its own for each session, and for each modern request, as this SDK wants it. */
export function build() {
  const server = new McpServer({ name: 'v2', version: '1.0.0' })
  if (isPayload) return registerPayload(server)
  server.registerTool('add', { description: description.add, inputSchema: numbers }, async ({ a, b }) =>
    textResult(String(a + b)),
  )
  server.registerTool('echo', { description: description.echo, inputSchema: text }, async args => textResult(args.text))
  server.registerTool('text10k', { description: description.text10k, inputSchema: nothing }, async () =>
    textResult(text10k),
  )
  server.registerTool('steps', { description: description.steps, inputSchema: numbers }, async ({ a, b }, ctx) => {
    const { progressToken } = ctx.mcpReq._meta
    const params = { progressToken, progress: 1, total: 2 }
    await ctx.mcpReq.notify({ method: 'notifications/progress', params })
    return textResult(String(a + b))
  })
  if (process.env.BIG) {
    server.registerTool('big', { inputSchema: nothing }, async () => textResult(bigText()))
    server.registerTool('flood', { inputSchema: nothing }, async (_, ctx) => {
      const { progressToken } = ctx.mcpReq._meta
      for (let progress = 1; progress <= flood; progress += 1) {
        const params = { progressToken, progress, total: flood, message: floodText }
        await ctx.mcpReq.notify({ method: 'notifications/progress', params })
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
