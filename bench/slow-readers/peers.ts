import { connect, type Socket } from 'node:net'
import { endSession, openSession, requestHead } from '../load/drive-http.ts'
import { handshake, versions } from '../load/messages.ts'
import type { Running } from '../machine/program.ts'

/** What peers ask for and never read. */
export type Attack = 'pipelined' | 'connections' | 'streams' | 'stdio'

/** `big` answers with 1 MiB, `flood` with 20 MB of progress notifications before its end. */
const plans = {
  /** All requests of a connection at once: nobody waits for an answer. */
  pipelined: { tool: 'big', connections: 16, calls: 100 },
  connections: { tool: 'big', connections: 400, calls: 1 },
  streams: { tool: 'flood', connections: 16, calls: 1 },
  stdio: { tool: 'big', connections: 1, calls: 1_000 },
} as const

export const describeAttack = (attack: Attack): string => {
  const { tool, connections, calls } = plans[attack]
  const asked = tool === 'big' ? 'calls with a result of 1 MiB' : 'calls with 20 MB of progress'
  return attack === 'stdio'
    ? `${calls} ${asked} over stdio`
    : `${connections} connections with ${calls === 1 ? 'one call each:' : `${calls} pipelined`} ${asked}`
}

const body = (tool: string, id: number): string => {
  const params = { name: tool, arguments: {}, _meta: { progressToken: id } }
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })
}

/** Opens connections that send and never read. @returns how to end them and their session */
export async function attackHttp(attack: Exclude<Attack, 'stdio'>, url: URL): Promise<() => Promise<unknown>> {
  const { tool, connections, calls } = plans[attack]
  const sessionId = await openSession(url)
  const head = requestHead(url, {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': versions.legacy,
    'mcp-session-id': sessionId,
  })
  const sockets = Array.from({ length: connections }, (_, at): Socket => {
    const socket = connect({ host: url.hostname, port: Number(url.port) }).on('error', () => {})
    // No listener reads, so that it stays in the kernel's buffers, and then with the server.
    socket.pause()
    for (let call = 0; call < calls; call += 1) {
      const text = body(tool, 1_000_000 + at * calls + call)
      socket.write(`${head}${Buffer.byteLength(text)}\r\n\r\n${text}`)
    }
    return socket
  })
  return () => {
    for (const socket of sockets) socket.destroy()
    return endSession(url, sessionId)
  }
}

export function attackStdio({ child }: Running): void {
  const { tool, calls } = plans.stdio
  child.stdin.write(`${handshake.initialize}\n${handshake.initialized}\n`)
  for (let call = 1; call <= calls; call += 1) child.stdin.write(`${body(tool, call)}\n`)
}
