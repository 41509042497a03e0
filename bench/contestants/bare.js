/**
 * What the others are measured against: reads a request, runs the tool, writes a correct answer, and checks nothing, so
 * nobody should serve strangers with it.
 */
import { text10k, textResult } from './shared.js'

const info = { name: 'bare', version: '1.0.0' }
const serverMeta = { 'io.modelcontextprotocol/serverInfo': info }

const tools = {
  add: ({ a, b }) => String(a + b),
  echo: ({ text }) => text,
  text10k: () => text10k,
  steps: ({ a, b }) => String(a + b),
}

/** The JSON-RPC messages that answer one, as text, in order. */
export function answers(line) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return []
  const respond = result => JSON.stringify({ jsonrpc: '2.0', id, result })
  if (method === 'initialize') {
    return [respond({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: info })]
  }
  const { content } = textResult(tools[params.name](params.arguments))
  const meta = params._meta
  const isModern = meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined
  const response = respond(isModern ? { content, resultType: 'complete', _meta: serverMeta } : { content })
  if (meta?.progressToken === undefined) return [response]
  const progress = { progressToken: meta.progressToken, progress: 1, total: 2 }
  return [JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: progress }), response]
}
