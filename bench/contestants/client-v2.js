import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Nothing, serve } from './client-sdk.js'

const { HOW, ERA, URL: address } = process.env

function transport() {
  if (HOW === 'null') return new Nothing()
  if (HOW === 'http') return new StreamableHTTPClientTransport(new URL(address))
  const [command, ...args] = JSON.parse(process.env.COMMAND)
  return new StdioClientTransport({ command, args })
}

const options = ERA === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {}
const client = new Client({ name: 'v2', version: '1.0.0' }, options)
await client.connect(transport())
serve(client)
