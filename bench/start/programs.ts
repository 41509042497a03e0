import type { Era } from '../load/messages.ts'
import { minimal } from './packed.ts'

/** A server on stdio with one tool, `add`, as its documentation would write it. */
export interface Starter {
  readonly name: string
  /** What follows `node`. */
  readonly args: readonly string[]
  readonly eras: readonly Era[]
}

/** All that a program can leave out: no module but Node's own, no file, no check. */
const inline = `require('node:readline').createInterface({ input: process.stdin }).on('line', line => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const meta = { _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'bare', version: '1.0.0' } }, resultType: 'complete' }
  const { a, b } = params.arguments ?? {}
  const result = method === 'initialize'
    ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'bare', version: '1.0.0' } }
    : { content: [{ type: 'text', text: String(a + b) }], ...(params._meta?.['io.modelcontextprotocol/protocolVersion'] && meta) }
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
})`

const script = (name: string): readonly string[] => [minimal(`minimal-${name}.js`)]
const both: readonly Era[] = ['legacy', 'modern']

/** The first is what the others are measured against. */
export const starters: readonly Starter[] = [
  { name: 'node -e', args: ['-e', inline], eras: both },
  { name: 'sdk v1.32.2', args: script('v1'), eras: ['legacy'] },
  { name: 'sdk v2.4.0', args: script('v2'), eras: both },
  { name: 'fastmcp 4.20.16', args: script('fastmcp'), eras: ['legacy'] },
  { name: 'interlock, no schema library', args: script('ours'), eras: both },
  { name: 'interlock, jsonSchema()', args: script('ours-json-schema'), eras: both },
  { name: 'interlock, zod', args: script('ours-zod'), eras: both },
]
