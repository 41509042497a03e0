/** What stands behind every gateway: `bare`, with as much more as a gateway asks for before it passes calls on. */
import { createInterface } from 'node:readline'
import { answers } from './bare.js'
import { description } from './shared.js'

const isModern = process.env.ERA === 'modern'
const serverInfo = { name: 'upstream', version: '1.0.0' }
const number = { type: 'number' }
const tools = [
  {
    name: 'add',
    description: description.add,
    inputSchema: { type: 'object', properties: { a: number, b: number }, required: ['a', 'b'] },
  },
  { name: 'large', description: 'Gives as many bytes of text', inputSchema: { type: 'object' } },
]

const whole = result =>
  isModern ? { resultType: 'complete', ...result, _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo } } : result
const hint = isModern ? { ttlMs: 60_000, cacheScope: 'public' } : {}
const texts = new Map()

/** The text is made once, and joined to the id as it is, so that this program's own work is small. */
function large(id, bytes) {
  const text = texts.get(bytes) ?? JSON.stringify(whole({ content: [{ type: 'text', text: 'x'.repeat(bytes) }] }))
  texts.set(bytes, text)
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${text}}`
}

const methods = {
  'tools/list': () => whole({ tools, ...hint }),
  ping: () => ({}),
  'server/discover': () =>
    whole({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, serverInfo, ...hint }),
}

function respond(line) {
  const { id, method, params } = JSON.parse(line)
  if (method === 'tools/call' && params.name === 'large') return [large(id, params.arguments.bytes)]
  // A gateway may ask for progress, which keeps long calls alive; a tool that is done at once reports none.
  if (method === 'tools/call') return answers(line).slice(-1)
  if (method === 'initialize' || id === undefined) return answers(line)
  if (method in methods && (isModern || method !== 'server/discover')) {
    return [JSON.stringify({ jsonrpc: '2.0', id, result: methods[method]() })]
  }
  return [JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })]
}

let pending = ''

function flush() {
  process.stdout.write(pending)
  pending = ''
}

createInterface({ input: process.stdin }).on('line', line => {
  for (const message of respond(line)) {
    if (pending === '') setImmediate(flush)
    pending += `${message}\n`
  }
})
