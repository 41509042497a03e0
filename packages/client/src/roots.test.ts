import { legacy, newest } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { connect } from './connect.ts'
import { gone, legacyScript, modernScript, Scripted } from './testing/scripted.ts'

const changed = 'notifications/roots/list_changed'
const kinds = ['stdio', 'http'] as const
const sessions = legacy.flatMap(({ version }) => kinds.map(kind => [version, kind] as const))
const notices = (peer: Scripted): unknown[] =>
  peer.sent.filter(message => 'method' in message && message.method === changed)

test.each(sessions)(
  '%s over %s: a server hears that the roots have changed, and asks for them',
  async (version, kind) => {
    const peer = new Scripted(kind, legacyScript(undefined, version, kind === 'http' ? 'S1' : undefined))
    let roots = [{ uri: 'file:///one' }]
    await using client = await connect(peer, { onRoots: () => roots })
    expect((await peer.request('initialize')).params['capabilities']).toEqual({ roots: { listChanged: true } })
    expect(notices(peer)).toEqual([])
    roots = [{ uri: 'file:///two' }]
    await client.rootsChanged()
    expect(notices(peer)).toEqual([{ jsonrpc: '2.0', method: changed }])
    expect(peer.sentHeaders.at(-1)?.['mcp-session-id']).toBe(kind === 'http' ? 'S1' : undefined)
    peer.tell({ jsonrpc: '2.0', id: 'r', method: 'roots/list' })
    expect(await peer.response('r')).toMatchObject({ result: { roots } })
  },
)

test(`${newest.version}: a server asks for the roots in each call, so it is told of no change`, async () => {
  const peer = new Scripted('http', modernScript())
  await using client = await connect(peer, { onRoots: () => [] })
  await client.rootsChanged()
  expect(peer.sent).toEqual([])
  const said = (await peer.request('server/discover')).params._meta?.['io.modelcontextprotocol/clientCapabilities']
  expect(said).toEqual({ roots: {} })
})

test.each([
  ['has no roots', {}, []],
  ['passes questions on and did not say that it would tell', { capabilities: { roots: {} } }, []],
  ['passes questions on and did', { capabilities: { roots: { listChanged: true } } }, [expect.anything()]],
])('a host that %s', async (_, options, expected) => {
  const peer = new Scripted('stdio', legacyScript())
  await using client = await connect(peer, options)
  await client.rootsChanged()
  expect(notices(peer)).toEqual(expected)
})

test('a session that was lost meanwhile is opened again, for its server to ask for the roots', async () => {
  const peer = new Scripted('http', legacyScript(undefined, undefined, 'S1'))
  await using client = await connect(peer, { onRoots: () => [] })
  const { send } = peer
  peer.send = async (message, options) => {
    if ('method' in message && message.method === changed) throw gone(404)
    return send.call(peer, message, options)
  }
  await client.rootsChanged()
  expect(peer.asked.filter(({ method }) => method === 'initialize')).toHaveLength(2)
})

test('a server that cannot be told is no secret', async () => {
  const peer = new Scripted('http', legacyScript(undefined, undefined, 'S1'))
  await using client = await connect(peer, { onRoots: () => [] })
  peer.send = async () => {
    throw gone(500)
  }
  await expect(client.rootsChanged()).rejects.toThrow('HTTP 500')
})
