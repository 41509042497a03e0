import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { answers } from './bare.js'
import { announce } from './shared.js'

const isStream = process.env.REPLY === 'sse'
const sessionId = randomUUID()

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const messages = answers(chunks.length === 1 ? String(chunks[0]) : String(Buffer.concat(chunks)))
    if (messages.length === 0) return response.writeHead(202).end()
    if (isStream) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'mcp-session-id': sessionId })
      for (const message of messages.slice(0, -1)) response.write(`data: ${message}\n\n`)
      response.end(`data: ${messages.at(-1)}\n\n`)
    } else {
      const [reply] = messages
      const headers = { 'content-type': 'application/json', 'mcp-session-id': sessionId }
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(reply) }).end(reply)
    }
  })
})
server.listen(0, '127.0.0.1', () => announce(server))
