import type { Workload } from './workloads.ts'

/** `legacy` opens a session with `initialize`; `modern` says who is calling in every request. */
export type Era = 'legacy' | 'modern'

export const versions: Readonly<Record<Era, string>> = { legacy: '2025-11-25', modern: '2026-07-28' }

const clientInfo = { name: 'bench', version: '1.0.0' }
/** What a request of the modern era says of its client. */
export const envelope: Readonly<Record<string, unknown>> = {
  'io.modelcontextprotocol/protocolVersion': versions.modern,
  'io.modelcontextprotocol/clientInfo': clientInfo,
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** What a client of the legacy era says first, and what it says when that was answered. */
export const handshake: { readonly initialize: string; readonly initialized: string } = {
  initialize: JSON.stringify({
    jsonrpc: '2.0',
    id: 'initialize',
    method: 'initialize',
    params: { protocolVersion: versions.legacy, capabilities: {}, clientInfo },
  }),
  initialized: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
}

/** A `tools/call`; its number is its id, and its progress token where it wants to be told of progress. */
export function request(era: Era, workload: Workload, call: number): string {
  const meta = {
    ...(era === 'modern' ? envelope : undefined),
    ...(workload.notifications > 0 ? { progressToken: call } : undefined),
  }
  const params = { name: workload.tool, arguments: workload.arguments(call), _meta: meta }
  return JSON.stringify({ jsonrpc: '2.0', id: call, method: 'tools/call', params })
}

/** Headers that a `tools/call` needs on HTTP. */
export function httpHeaders(era: Era, tool: string, sessionId: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': versions[era],
    ...(era === 'modern' ? { 'mcp-method': 'tools/call', 'mcp-name': tool } : {}),
    ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
  }
}

/** Whether these messages, in order, are the right answer to a call: its progress, then its result, and nothing else. */
export function isRight(era: Era, workload: Workload, call: number, messages: readonly unknown[]): boolean {
  const reply = messages.at(-1)
  return (
    messages.length === workload.notifications + 1 &&
    messages.slice(0, -1).every(message => at(message, 'params', 'progressToken') === call) &&
    at(reply, 'id') === call &&
    at(reply, 'result', 'content', '0', 'text') === workload.text(call) &&
    at(reply, 'result', 'isError') !== true &&
    at(reply, 'result', 'resultType') === (era === 'modern' ? 'complete' : undefined)
  )
}

/** The value behind a path of members; undefined where it leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const step of path) found = isObject(found) ? found[step] : undefined
  return found
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
