import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { Nothing, serve } from './client-sdk.js'

const { HOW, URL: address } = process.env

function transport() {
  if (HOW === 'null') return new Nothing()
  if (HOW === 'http') return new StreamableHTTPClientTransport(new URL(address))
  const [command, ...args] = JSON.parse(process.env.COMMAND)
  return new StdioClientTransport({ command, args })
}

const client = new Client({ name: 'v1', version: '1.0.0' })
await client.connect(transport())
serve(client)
