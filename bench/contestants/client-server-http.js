/** Answers clients over HTTP and does nothing else. `GET` is refused, as by a server without a stream of its own. */
import { createServer } from 'node:http'
import { answer } from './client-answers.js'
import { announce } from './shared.js'

const isStream = process.env.REPLY === 'sse'
const session = process.env.ERA === 'legacy' ? { 'mcp-session-id': 'one' } : {}

const server = createServer((request, response) => {
  if (request.method !== 'POST') return response.writeHead(request.method === 'GET' ? 405 : 200).end()
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const text = answer(JSON.parse(chunks.length === 1 ? String(chunks[0]) : String(Buffer.concat(chunks))))
    if (text === undefined) return response.writeHead(202).end()
    if (isStream) {
      response.writeHead(200, { 'content-type': 'text/event-stream', ...session }).end(`data: ${text}\n\n`)
    } else {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...session }
      response.writeHead(200, headers).end(text)
    }
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(server))
