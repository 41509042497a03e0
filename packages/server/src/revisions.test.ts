import { legacy, modern, newest, revisions } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { server } from './server.ts'
import { Peer, peer, type Refusal } from './testing/peer.ts'

const about = { name: 'narrow', version: '1.0.0', tools: [] }

test.each(revisions)('a server of $version alone serves its clients', async revision => {
  await using client = await peer(server({ ...about, revisions: [revision.version] }), revision)
  expect(await client.call('tools/list')).toMatchObject({ tools: [] })
})

test.each(legacy)('a session is negotiated down to $version where that is served alone', async revision => {
  await using client = new Peer(server({ ...about, revisions: [revision.version] }).receiver, legacy[0] ?? newest, {})
  expect(await client.initialize()).toMatchObject({ protocolVersion: revision.version })
})

test('without a revision that has sessions, initialize is refused with those that there are', async () => {
  const served = modern.map(({ version }) => version)
  await using client = new Peer(server({ ...about, revisions: served }).receiver, legacy[0] ?? newest, {})
  const refusal = await client.initialize().catch((error: Refusal) => error)
  expect(refusal).toMatchObject({ code: -32022, data: { supported: served, requested: legacy[0]?.version } })
})

test('without a stateless revision, its requests are taken for those of a session that is not there', async () => {
  const narrow = server({ ...about, revisions: legacy.map(({ version }) => version) })
  await using client = new Peer(narrow.receiver, newest, {})
  await expect(client.call('server/discover')).rejects.toMatchObject({ code: -32600 })
})

test.each([
  [['2020-01-01'], '"2020-01-01" is no revision'],
  [[], '"revisions" names none'],
])('a server of the revisions %j is not made', (named, message) => {
  expect(() => server({ ...about, revisions: named })).toThrow(message)
})
