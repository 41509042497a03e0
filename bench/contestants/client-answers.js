/** What clients are answered: by a server that does nothing else, or in their own process. */
const info = { name: 'bare', version: '1.0.0' }
const capabilities = { tools: {} }
const whole = { resultType: 'complete', _meta: { 'io.modelcontextprotocol/serverInfo': info } }
const kept = { ttlMs: 0, cacheScope: 'private' }
const big = 'The quick brown fox jumps over the lazy dog. 0123456789 "quoted" \\ back\n'

/** Of about ten megabytes as JSON. */
export const text10m = big.repeat(Math.ceil(9_700_000 / big.length))
const bigResult = JSON.stringify([{ type: 'text', text: text10m }])

/** The JSON text that answers a message; undefined where none is wanted. */
export function answer({ id, method, params }) {
  if (id === undefined) return undefined
  const isModern = params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined
  if (method === 'tools/call' && params.name === 'text10m') {
    const rest = isModern ? `,${JSON.stringify(whole).slice(1)}` : '}'
    return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":${bigResult}${rest}}`
  }
  const result = resultOf(method, params)
  return JSON.stringify({ jsonrpc: '2.0', id, result: isModern ? { ...result, ...whole } : result })
}

function resultOf(method, params) {
  switch (method) {
    case 'tools/call':
      return { content: [{ type: 'text', text: String(params.arguments.a + params.arguments.b) }] }
    case 'initialize':
      return { protocolVersion: params.protocolVersion, capabilities, serverInfo: info }
    case 'server/discover':
      return { supportedVersions: ['2026-07-28'], capabilities, ...kept }
    case 'tools/list':
      return { tools: [], ...kept }
    default:
      return {}
  }
}

/** The tool that is called, its arguments by the number of the call, and the right text. */
export const workload =
  process.env.TOOL === 'text10m'
    ? { name: 'text10m', arguments: () => ({}), text: () => text10m }
    : { name: 'add', arguments: number => ({ a: number, b: 1 }), text: number => String(number + 1) }
