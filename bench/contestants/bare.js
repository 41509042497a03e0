/**
 * What the others are measured against: reads a request, runs the tool, writes a correct answer, and checks nothing, so
 * nobody should serve strangers with it.
 */
import { blob } from './payload.js'
import { description, moreDescription, moreTools, text10k, textResult } from './shared.js'

const info = { name: 'bare', version: '1.0.0' }
const serverMeta = { 'io.modelcontextprotocol/serverInfo': info }

const tools = {
  add: ({ a, b }) => String(a + b),
  echo: ({ text }) => text,
  text10k: () => text10k,
  steps: ({ a, b }) => String(a + b),
  sink: ({ text }) => String(text.length),
  blob: ({ bytes }) => blob(bytes),
}

const schema = properties => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties,
  required: Object.keys(properties),
})
const number = { type: 'number' }
const inputs = {
  add: schema({ a: number, b: number }),
  echo: schema({ text: { type: 'string' } }),
  text10k: { $schema: schema({}).$schema, type: 'object', properties: {} },
  steps: schema({ a: number, b: number }),
}
const query = schema({ query: { type: 'string' }, limit: number, exact: { type: 'boolean' } })
const list = [
  ...Object.entries(inputs).map(([name, inputSchema]) => ({ name, description: description[name], inputSchema })),
  ...moreTools.map(name => ({ name, description: moreDescription, inputSchema: query })),
]
/** The texts of both eras, made once: what answers a list has only its id to write. */
const lists = {
  legacy: JSON.stringify({ tools: list }),
  modern: JSON.stringify({ resultType: 'complete', _meta: serverMeta, ttlMs: 0, cacheScope: 'private', tools: list }),
}

/** The JSON-RPC messages that answer one, as text, in order. */
export function answers(line) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return []
  const respond = result => JSON.stringify({ jsonrpc: '2.0', id, result })
  if (method === 'initialize') {
    return [respond({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: info })]
  }
  if (method === 'tools/list') {
    const era = params?._meta?.['io.modelcontextprotocol/protocolVersion'] === undefined ? 'legacy' : 'modern'
    return [`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${lists[era]}}`]
  }
  const { content } = textResult(tools[params.name](params.arguments))
  const meta = params._meta
  const isModern = meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined
  const response = respond(isModern ? { content, resultType: 'complete', _meta: serverMeta } : { content })
  if (meta?.progressToken === undefined) return [response]
  const progress = { progressToken: meta.progressToken, progress: 1, total: 2 }
  return [JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: progress }), response]
}
