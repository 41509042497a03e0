import { connect } from '@interlock/client'
import { legacy, newest, revisions } from '@interlock/protocol'
import { type Server, server } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { expect, test } from 'vitest'

const all = (): Server => server({ name: 'all', version: '1.0.0', tools: [] })

test.each(revisions)('a client may speak $version only', async ({ version }) => {
  await using listener = await listenHttp(all().receiver)
  for (const target of [all(), listener.url]) {
    await using client = await connect(target, { revisions: [version] })
    expect(client.server.revision.version).toBe(version)
    expect(await client.listTools()).toEqual([])
  }
})

test('what one client was told to speak is not remembered for others', async () => {
  await using listener = await listenHttp(all().receiver)
  await using _ = await connect(listener.url, { revisions: legacy.map(({ version }) => version) })
  await using client = await connect(listener.url)
  expect(client.server.revision).toBe(newest)
})

test('a client and a server without a common revision do not connect', async () => {
  const [one, other] = legacy
  const narrow = server({ name: 'narrow', version: '1.0.0', tools: [], revisions: [String(one?.version)] })
  await expect(connect(narrow, { revisions: [String(other?.version)] })).rejects.toThrow(
    `wants to speak protocol version "${one?.version}", and this client speaks ${other?.version} in sessions`,
  )
  await expect(connect(narrow, { revisions: [newest.version] })).rejects.toThrow(/server\/discover failed/)
})

test('a revision that is none is told before anything is opened', async () => {
  await expect(connect('http://127.0.0.1:9/mcp', { revisions: ['2020-01-01'] })).rejects.toThrow(TypeError)
})
