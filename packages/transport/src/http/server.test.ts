import type { EventSink, Exchange, Principal, Receiver, Stream } from '@interlock/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { streamLimits } from './exchange.ts'
import type { Protection } from './protection.ts'
import { httpEdge } from './server.ts'
import { scriptedRequest } from './testing/scripted-request.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Served {
  readonly listen?: (stream: Stream) => void
  readonly auth?: Protection
}

function served({ listen = () => {}, auth }: Served = {}) {
  const received: Exchange[] = []
  const receiver: Receiver = {
    receive: exchange => void received.push(exchange),
    takesBatches: () => true,
    listen,
    terminate: () => 405,
    close: async () => {},
  }
  const options = { isLoopback: true, ...(auth === undefined ? {} : { auth }) }
  return { received, edge: httpEdge(receiver, options) }
}

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
const note = { jsonrpc: '2.0', method: 'notifications/message', params: {} } as const

test.each([
  ['a message', ping],
  ['a batch', [ping]],
])('who sent %s and does not read is spared what may be left out', async (_, body) => {
  const { received, edge } = served()
  edge(scriptedRequest('POST', '/mcp', JSON.stringify(body), { buffered: streamLimits.congestedBytes + 1 }))
  await vi.waitFor(() => expect(received).toHaveLength(1))
  received[0]?.send(note) // opens the stream
  expect(received[0]?.isCongested).toBe(true)
})

const principal: Principal = { subject: 'alice', scopes: [], expiresAtMs: Date.now() + 60_000 }
const asAlice: Protection = { authenticate: async () => ({ ...principal, expiresAtMs: Date.now() + 60_000 }) }

test('a stream ends with the token that opened it', async () => {
  const sinks: EventSink[] = []
  const { edge } = served({ auth: asAlice, listen: stream => void sinks.push(stream.open()) })
  const request = scriptedRequest('GET', '/mcp')
  edge(request)
  await vi.waitFor(() => expect(sinks).toHaveLength(1))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(request.ended).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test.each([
  ['that the server ends', false, (sink: EventSink) => sink.end()],
  ['whose client is gone already', true, () => {}],
])('a stream %s leaves no timer behind', async (_, isGone, end) => {
  const sinks: EventSink[] = []
  const { edge } = served({ auth: asAlice, listen: stream => void sinks.push(stream.open()) })
  edge(scriptedRequest('GET', '/mcp', '', { isGone }))
  await vi.waitFor(() => expect(sinks).toHaveLength(1))
  end(sinks[0] as EventSink)
  expect(vi.getTimerCount()).toBe(0)
})
