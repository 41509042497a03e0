import { fileURLToPath } from 'node:url'
import { connect } from '@interlock/client'
import { type Gateway, gateway } from '@interlock/gateway'
import { newest, type Revision, revisions } from '@interlock/protocol'
import { memoryTransport } from '@interlock/transport'
import { listenHttp } from '@interlock/transport/node'
import { afterAll, describe, expect, test } from 'vitest'

/** A large result is passed on as the text that it came as: what arrives is the same as of a small one, which is not. */

const program = fileURLToPath(new URL('fixtures/large.mjs', import.meta.url))
const length = 200_000

interface Front {
  readonly gateway: Gateway
  readonly url: URL
}

const open: { close(): Promise<void> }[] = []
afterAll(() => Promise.all(open.map(each => each.close())))

async function before(server: Revision): Promise<Front> {
  const made = gateway({
    servers: [
      {
        name: 'far',
        disabled: false,
        kind: 'stdio',
        command: process.execPath,
        args: [program, server.version],
        env: {},
      },
    ],
    info: { name: 'gateway', version: '1.0.0' },
  })
  open.push(made)
  await made.started
  expect(made.servers()).toMatchObject([{ state: 'ready', revision: server.version }])
  const listener = await listenHttp(made.receiver)
  open.push(listener)
  return { gateway: made, url: listener.url }
}

describe.each(revisions.map(server => [server.version, server] as const))('of a server of %s', (_, server) => {
  const front = before(server)

  test.each(revisions.map(({ version }) => version))(
    'a client of %s gets what it gets of a small one',
    async version => {
      await using client = await connect(memoryTransport((await front).gateway.receiver), { revisions: [version] })
      const small = await client.callTool('far__give', { length: 3 })
      const large = await client.callTool('far__give', { length })
      const written = JSON.stringify(small).replaceAll('xxx', 'x'.repeat(length)).replaceAll('yyy', 'y'.repeat(length))
      expect(JSON.stringify(large) === written).toBe(true) // not shown: they are long
    },
  )

  // Whoever knows all that the server says gets it unchanged.
  test.each(revisions.filter(({ version }) => version >= server.version))(
    'over HTTP, a client of $version gets the very text',
    async ({ version, features }) => {
      const { url } = await front
      const session = features.era === 'legacy' ? await initialized(url, version) : undefined
      const text = await called(url, version, session, { length })
      expect(text.replaceAll(/xxx+|yyy+/g, '…')).toContain('"content":[ {"type":"text","text":"…')
      expect(JSON.parse(text)).toMatchObject({ id: 1, result: { novelty: true } })
    },
  )
})

test('a text that two readers can take for two things is not passed on as it came', async () => {
  const { url } = await before(newest)
  const text = await called(url, newest.version, undefined, { length, names: ['text', 'text'] })
  expect(text.match(/"text":"x/g)).toHaveLength(1)
})

async function initialized(url: URL, version: string): Promise<string> {
  const clientInfo = { name: 'raw', version: '1.0.0' }
  const params = { protocolVersion: version, capabilities: {}, clientInfo }
  const reply = await post(url, { jsonrpc: '2.0', id: 0, method: 'initialize', params }, {})
  await reply.text()
  const session = reply.headers.get('mcp-session-id') ?? ''
  const headers = { 'mcp-session-id': session, 'mcp-protocol-version': version }
  await (await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, headers)).text()
  return session
}

async function called(url: URL, version: string, session: string | undefined, args: object): Promise<string> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const params = { name: 'far__give', arguments: args, ...(session === undefined ? { _meta: meta } : {}) }
  const headers: Record<string, string> =
    session === undefined
      ? { 'mcp-protocol-version': version, 'mcp-method': 'tools/call', 'mcp-name': 'far__give' }
      : { 'mcp-protocol-version': version, 'mcp-session-id': session }
  return (await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, headers)).text()
}

const post = (url: URL, message: object, headers: Record<string, string>): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify(message),
  })
