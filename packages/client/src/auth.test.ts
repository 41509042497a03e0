import { legacy, TransportError } from '@interlock/protocol'
import type { Authorize, HttpSend } from '@interlock/transport'
import { expect, test, vi } from 'vitest'
import { connect } from './connect.ts'
import { capabilities } from './testing/scripted.ts'

const url = 'https://mcp.example/mcp'

/** A server with sessions that wants a token. */
function server(): { readonly send: HttpSend; readonly asked: string[] } {
  const asked: string[] = []
  const send: HttpSend = async ({ method, headers, body }) => {
    const { id, method: called = method } = JSON.parse(body ?? '{}') as { id?: number; method?: string }
    asked.push(called)
    const answer =
      called === 'initialize'
        ? { result: { protocolVersion: legacy[0]?.version, capabilities, serverInfo: { name: 'h', version: '1' } } }
        : { error: { code: -32601, message: 'no' } }
    const silent = method === 'POST' ? 202 : 405
    const status = headers['authorization'] !== 'Bearer good' ? 401 : id === undefined ? silent : 200
    const text = status === 200 ? JSON.stringify({ jsonrpc: '2.0', id, ...answer }) : ''
    return {
      status,
      header: name => (name === 'content-type' ? 'application/json' : undefined),
      body: (async function* () {
        yield new TextEncoder().encode(text)
      })(),
      close: () => {},
    }
  }
  return { send, asked }
}

const good: Authorize = send => call => send({ ...call, headers: { ...call.headers, authorization: 'Bearer good' } })

test('credentials are added to what goes to a server, which is told to whoever adds them', async () => {
  const { send, asked } = server()
  const servers: string[] = []
  const auth: Authorize = (inner, at) => {
    servers.push(at.href)
    return good(inner, at)
  }
  await (await connect(url, { send, auth })).close()
  expect(servers).toEqual([url])
  expect(asked.slice(0, 2)).toEqual(['server/discover', 'initialize'])
})

test('a person who logs in for a while is waited for, and the server is not taken for a silent one', async () => {
  vi.useFakeTimers()
  try {
    const { send, asked } = server()
    let isLoggedIn = false
    const auth: Authorize = (inner, at) => async call => {
      if (!isLoggedIn) await new Promise(resolve => setTimeout(resolve, 60_000))
      isLoggedIn = true
      return good(inner, at)(call)
    }
    const connecting = connect('https://slow.example/mcp', { send, auth })
    await vi.advanceTimersByTimeAsync(60_000)
    await (await connecting).close()
    expect(asked.slice(0, 2)).toEqual(['server/discover', 'initialize'])
  } finally {
    vi.useRealTimers()
  }
})

test('why no credentials can be had is told, and nothing else is tried', async () => {
  let calls = 0
  const auth: Authorize = () => async () => {
    calls += 1
    throw new TransportError('http_status', 'nobody is logged in; log in first', { status: 401 })
  }
  await expect(connect('https://closed.example/mcp', { auth })).rejects.toThrow(
    'cannot connect to https://closed.example/mcp: server/discover failed: nobody is logged in; log in first',
  )
  expect(calls).toBe(1)
})
