import { type Exchange, messageLimits, type Principal, type Receiver, resultResponse } from '@interlock/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sseEdge, sseServerLimits } from './sse-server.ts'
import { type ScriptedOptions, scriptedRequest } from './testing/scripted-request.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function served() {
  const received: Exchange[] = []
  const receiver: Receiver = {
    receive: exchange => void received.push(exchange),
    listen: () => {},
    terminate: () => 404,
    close: async () => {},
  }
  const edge = sseEdge(receiver, '/sse', messageLimits.messageBytes)
  return {
    received,
    async open(principal?: Principal, options: ScriptedOptions = {}) {
      const stream = scriptedRequest('GET', '/sse', '', options)
      await edge(stream, principal, {})
      return { stream, endpoint: /^event: endpoint\ndata: (.*)\n\n/.exec(stream.text)?.[1] ?? '' }
    },
    async post(url: string, body: unknown, principal?: Principal) {
      const request = scriptedRequest('POST', url, JSON.stringify(body))
      await edge(request, principal, {})
      return request.status
    },
  }
}

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }

test('a stream over which nothing is sent ends after a while, and its address with it', async () => {
  const { open, post } = served()
  const { stream, endpoint } = await open()
  vi.advanceTimersByTime(sseServerLimits.firstMessageMs - 1)
  expect(stream.ended).toBe(false)
  vi.advanceTimersByTime(1)
  expect(stream.ended).toBe(true)
  expect(await post(endpoint, ping)).toBe(404)
})

test('a stream that is used stays', async () => {
  const { open, post, received } = served()
  const { stream, endpoint } = await open()
  expect(await post(endpoint, ping)).toBe(202)
  vi.advanceTimersByTime(2 * sseServerLimits.firstMessageMs)
  expect(stream.ended).toBe(false)
  received[0]?.reply(resultResponse(1, {}))
  expect(stream.text).toMatch(/event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n$/)
})

test('a stream whose client hung up while it was asked who it is was never there', async () => {
  const id = '00000000-0000-4000-8000-000000000000'
  vi.spyOn(crypto, 'randomUUID').mockReturnValueOnce(id)
  const { open, post } = served()
  const { stream } = await open(undefined, { isGone: true })
  expect(stream.ended).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
  expect(await post(`/sse?sessionId=${id}`, 'what is no message')).toBe(404)
})

test('a broken answer ends the question that it is for', async () => {
  const { open, post, received } = served()
  const { endpoint } = await open()
  expect(await post(endpoint, { jsonrpc: '2.0', id: 'q1', result: 7 })).toBe(400)
  expect(received).toMatchObject([{ message: { id: 'q1', error: { code: -32600 } } }])
})

const alice = (minutes?: number): Principal => ({
  subject: 'alice',
  scopes: [],
  ...(minutes !== undefined && { expiresAtMs: Date.now() + minutes * 60_000 }),
})

test('a stream ends with the token that opened it', async () => {
  const { open, post } = served()
  const { stream, endpoint } = await open(alice(5))
  expect(await post(endpoint, ping, alice(1))).toBe(202)
  vi.advanceTimersByTime(5 * 60_000 - 1)
  expect(stream.ended).toBe(false)
  vi.advanceTimersByTime(1)
  expect(stream.ended).toBe(true)
  expect(await post(endpoint, ping, alice(5))).toBe(404)
})

test.each([
  ['until that ends', 7, true],
  ['for good, when it has no end', undefined, false],
])('a fresher token in a message keeps the stream, %s', async (_name, minutes, hasEnd) => {
  const { open, post } = served()
  const { stream, endpoint } = await open(alice(5))
  await post(endpoint, ping, alice(5))
  vi.advanceTimersByTime(4 * 60_000)
  expect(await post(endpoint, ping, alice(minutes))).toBe(202)
  expect(await post(endpoint, ping, { ...alice(60), subject: 'bob' })).toBe(404)
  vi.advanceTimersByTime(7 * 60_000 - 1)
  expect(stream.ended).toBe(false)
  vi.advanceTimersByTime(1)
  expect(stream.ended).toBe(hasEnd)
})
