import { revisions, tasksExtension } from '@interlock/protocol'
import { appsExtension, server, tool } from '@interlock/server'
import { expect, test, vi } from 'vitest'
import { connect } from './connect.ts'
import { legacyScript, modernScript, type Script, Scripted } from './testing/scripted.ts'

const extensions = { [appsExtension]: { mimeTypes: ['text/html;profile=mcp-app'] }, 'com.example/rooms': {} }
const era = new Map<string, (version: string) => Script>([
  ['modern', () => modernScript(asked => asked.reply({ resultType: 'complete', content: [] }))],
  ['legacy', version => legacyScript(asked => asked.reply({ content: [] }), version)],
])

test.each(revisions.map(({ version, features }) => [version, features] as const))(
  '%s: the extensions that a host knows are declared under "extensions"',
  async (version, features) => {
    const peer = new Scripted('http', era.get(features.era)?.(version) ?? (() => {}))
    await using client = await connect(peer, { extensions, onRoots: () => [] })
    await client.callTool('a')
    const told = peer.asked.flatMap(({ params }) => {
      const said = params['capabilities'] ?? params._meta?.['io.modelcontextprotocol/clientCapabilities']
      return said === undefined ? [] : [said]
    })
    expect(told.at(-1)).toMatchObject({ roots: {}, extensions })
    const hasTasks = features.era === 'modern'
    expect(Object.hasOwn((told.at(-1) as { extensions: object }).extensions, tasksExtension)).toBe(hasTasks)
  },
)

test.each(revisions.map(({ version }) => version))('%s: a tool of ours sees them', async version => {
  const seen = vi.fn()
  const look = tool('look', {}, (_, ctx) => {
    seen(ctx.peer.capabilities.extensions)
    return ''
  })
  const service = server({ name: 'looker', version: '1.0.0', tools: [look] })
  await using client = await connect(service, { extensions, revisions: [version] })
  await client.callTool('look')
  expect(seen).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(extensions))
})

test('they come besides those that are passed on', async () => {
  const peer = new Scripted('http', legacyScript())
  const capabilities = { sampling: {}, extensions: { 'com.example/halls': {} } }
  await using _client = await connect(peer, { extensions, capabilities })
  expect((await peer.request('initialize')).params['capabilities']).toEqual({
    sampling: {},
    extensions: { 'com.example/halls': {}, ...extensions },
  })
})

test.each([
  ['rooms', 'needs a name with a prefix'],
  [tasksExtension, 'is declared with "takesTasks"'],
])('the extension %s is refused before anything is opened', async (id, says) => {
  const peer = new Scripted('http', modernScript())
  await expect(connect(peer, { extensions: { [id]: {} } })).rejects.toThrow(says)
  expect(peer.asked).toEqual([])
})
