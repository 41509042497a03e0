import { legacy, TransportError } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { connect } from './connect.ts'
import { type Asked, gone, legacyScript, Scripted, toolResult } from './testing/scripted.ts'

const oldest = legacy.find(({ features }) => features.http === 'sse')

/** A server of the oldest revision behind a URL that takes no requests, and how often it was looked for. */
function old(refuse: (asked: Asked) => void): { readonly peer: Scripted; readonly older: Scripted; looked: number } {
  const older = new Scripted(
    'sse',
    legacyScript(asked => asked.reply(toolResult), oldest?.version, 'the session'),
  )
  const one = { peer: new Scripted('http', refuse), older, looked: 0 }
  one.peer.older = async () => {
    one.looked += 1
    return older
  }
  return one
}

const statuses = [400, 404, 405]

/** Refuses the handshake as a server does that takes every message for one of its own revision. */
const stateless = (asked: Asked): void =>
  asked.method === 'initialize' ? asked.fail(-32020, 'no', undefined, 400) : asked.break(gone(400))

test.each([
  ...statuses.map(status => [`HTTP ${status}`, (asked: Asked) => asked.break(gone(status))] as const),
  ...statuses.map(
    status => [`an error with HTTP ${status}`, (asked: Asked) => asked.fail(-32600, 'no', undefined, status)] as const,
  ),
])('a server that answers initialize with %s may be an old one', async (_, refuse) => {
  const { peer, older } = old(refuse)
  await using client = await connect(peer)
  expect(client.server.revision.version).toBe(oldest?.version)
  expect(await client.callTool('a')).toEqual(toolResult)
  expect(peer.asked.map(({ method }) => method)).toEqual(['server/discover', 'initialize'])
  expect(older.asked.map(({ method, headers }) => [method, headers['mcp-session-id']])).toEqual([
    ['initialize', undefined],
    ['tools/call', 'the session'],
  ])
})

test.each([
  ['an error', (asked: Asked) => asked.fail(-32600, 'no')],
  ['what a stateless server says of methods', (asked: Asked) => asked.fail(-32601, 'no', undefined, 404)],
  ['what a stateless server says of headers', stateless],
  ['HTTP 403', (asked: Asked) => asked.break(gone(403))],
  ['HTTP 500', (asked: Asked) => asked.break(gone(500))],
  ['nothing', (asked: Asked) => asked.break(new TransportError('broken', 'it broke'))],
])('one that answers with %s is none', async (_, refuse) => {
  const one = old(refuse)
  await expect(connect(one.peer)).rejects.toThrow('initialize failed')
  expect(one.looked).toBe(0)
})

test('when it is no old one either, what it said first stands', async () => {
  const { peer } = old(asked => asked.break(gone(404)))
  peer.older = async () => undefined
  await expect(connect(peer)).rejects.toThrow('initialize failed: HTTP 404')
})

test('an old one that cannot be used says why', async () => {
  const { peer } = old(asked => asked.break(gone(404)))
  peer.older = async () => {
    throw new TransportError('bad_reply', 'it wants messages to go elsewhere')
  }
  await expect(connect(peer)).rejects.toThrow('initialize failed: it wants messages to go elsewhere')
})

test('over HTTP+SSE nothing is found out: there are sessions', async () => {
  const { older } = old(() => {})
  await using client = await connect(older)
  expect(older.asked.map(({ method }) => method)).toEqual(['initialize'])
  expect(client.server.revision.features.era).toBe('legacy')
})
