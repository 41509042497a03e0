/** Straight on node:http, with the checks of Host and Origin that this SDK's documentation puts in front. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import {
  localhostHostValidation,
  localhostOriginValidation,
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
} from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { announce } from './shared.js'
import { build } from './v2.js'

const isHostRight = localhostHostValidation()
const isOriginRight = localhostOriginValidation()
const enableJsonResponse = process.env.REPLY === 'json'
const sessions = new Map()

async function open() {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse,
    onsessioninitialized: id => sessions.set(id, transport),
  })
  await build().connect(transport)
  return transport
}

async function legacy(request, response) {
  const id = request.headers['mcp-session-id']
  const transport = id === undefined ? await open() : sessions.get(id)
  if (transport === undefined) response.writeHead(404).end()
  else await transport.handleRequest(request, response)
}

const answer = process.env.ERA === 'modern' ? toNodeHandler(createMcpHandler(() => build())) : legacy
const server = createServer((request, response) => {
  if (isHostRight(request, response) && isOriginRight(request, response)) answer(request, response)
})
server.listen(0, '127.0.0.1', () => announce(server))
