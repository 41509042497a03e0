/** Sessions with nothing in them: an id, and the stream that a GET opened. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { answers } from './bare.js'
import { announce } from './shared.js'

const streams = new Map()

const server = createServer((request, response) => {
  const { 'mcp-session-id': known = randomUUID() } = request.headers
  if (request.method === 'GET') {
    streams.set(known, response)
    response.on('close', () => streams.delete(known))
    return response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
  }
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const [reply] = answers(String(Buffer.concat(chunks)))
    if (reply === undefined) return response.writeHead(202).end()
    const headers = { 'content-type': 'application/json', 'mcp-session-id': known }
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(reply) }).end(reply)
  })
})
server.listen(0, '127.0.0.1', () => announce(server))
