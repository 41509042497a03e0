import { metaKey, newest, request } from '@interlock/protocol'
import { standardHeaders } from '@interlock/transport'
import { expect, test } from 'vitest'
import { mint } from '../testing/forge.ts'
import { protectedServer } from '../testing/protected.ts'
import { startProvider } from '../testing/provider.ts'

/** Streams that a token opened are over with it; they would last for as long as the connection otherwise. */
const lifeSec = 2

async function send(url: URL, method: string, headers: Record<string, string>, body?: object): Promise<Response> {
  const accept = method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream'
  const all = { 'content-type': 'application/json', accept, ...headers }
  return fetch(url, { method, headers: all, ...(body && { body: JSON.stringify(body) }) })
}

async function setting() {
  const provider = await startProvider()
  const server = await protectedServer({ issuer: provider.issuer, clockSkewSec: 0 })
  const exp = Math.floor(Date.now() / 1000) + lifeSec
  const authorization = `Bearer ${await mint(provider, server.url, { claims: { exp } })}`
  return {
    url: server.url,
    authorization,
    endsMs: exp * 1000,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

test('a subscription ends with the token that opened it, in a way that asks to come again', async () => {
  await using at = await setting()
  const _meta = { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: {} }
  const params = { notifications: { toolsListChanged: true }, _meta }
  const headers = {
    authorization: at.authorization,
    ...standardHeaders('subscriptions/listen', params, newest.version),
  }
  const response = await send(at.url, 'POST', headers, request(1, 'subscriptions/listen', params))
  expect(response.status).toBe(200)
  const text = await response.text()
  expect(text).toContain('notifications/cancelled')
  expect(text).toContain('"resultType":"complete"')
  expect(Date.now()).toBeGreaterThanOrEqual(at.endsMs)
  expect((await send(at.url, 'POST', headers, request(2, 'subscriptions/listen', params))).status).toBe(401)
})

test('a stream for what a legacy server says unasked ends with the token that opened it', async () => {
  await using at = await setting()
  const { authorization } = at
  const version = '2025-11-25'
  const info = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'c', version: '1' } }
  const started = await send(at.url, 'POST', { authorization }, request(1, 'initialize', info))
  const session = {
    authorization,
    'mcp-session-id': started.headers.get('mcp-session-id') ?? '',
    'mcp-protocol-version': version,
  }
  await send(at.url, 'POST', session, { jsonrpc: '2.0', method: 'notifications/initialized' })
  const stream = await send(at.url, 'GET', session)
  expect(stream.status).toBe(200)
  await stream.text()
  expect(Date.now()).toBeGreaterThanOrEqual(at.endsMs)
  expect((await send(at.url, 'GET', session)).status).toBe(401)
})
