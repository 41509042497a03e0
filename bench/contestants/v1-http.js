/** Straight on node:http: the Express app that comes with this SDK would make it slower. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { announce } from './shared.js'
import { build } from './v1.js'

const enableJsonResponse = process.env.REPLY === 'json'
const sessions = new Map()

async function open() {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse,
    onsessioninitialized: id => sessions.set(id, transport),
  })
  await build().connect(transport)
  return transport
}

const server = createServer(async (request, response) => {
  const id = request.headers['mcp-session-id']
  const transport = id === undefined ? await open() : sessions.get(id)
  if (transport === undefined) response.writeHead(404).end()
  else await transport.handleRequest(request, response)
})
server.listen(0, '127.0.0.1', () => announce(server))
