import { revisions } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { app, appMimeType, appsExtension, server, showsApps, text, tool } from './index.ts'
import { peer } from './testing/peer.ts'

const all = revisions.map(revision => [revision.version, revision] as const)

const chart = app('ui://sales/chart', {
  title: 'Sales',
  html: '<!doctype html><p>chart</p>',
  csp: { connectDomains: ['https://api.example.com'] },
  permissions: ['clipboardWrite'],
  prefersBorder: true,
})
const sales = tool('sales', { _meta: chart.tool() }, (_, ctx) => (showsApps(ctx.peer) ? 'see the chart' : '3 apples'))
const refresh = tool('refresh', { _meta: chart.tool(['app']) }, () => 'fresh')
const shop = server({ name: 'shop', version: '1.0.0', tools: [sales, refresh], resources: [chart] })

test.each(all)('%s: a tool names its view, and the view is a resource', async (_, revision) => {
  await using client = await peer(shop, revision)
  const { tools } = (await client.call('tools/list')) as { tools: { _meta: object }[] }
  expect(tools.map(({ _meta }) => _meta)).toEqual([
    { ui: { resourceUri: 'ui://sales/chart' } },
    { ui: { resourceUri: 'ui://sales/chart', visibility: ['app'] } },
  ])
  const ui = {
    csp: { connectDomains: ['https://api.example.com'] },
    permissions: { clipboardWrite: {} },
    prefersBorder: true,
  }
  const { resources } = await client.call('resources/list')
  expect(resources).toMatchObject([{ uri: 'ui://sales/chart', mimeType: appMimeType, _meta: { ui } }])
  const { contents } = await client.call('resources/read', { uri: 'ui://sales/chart' })
  expect(contents).toEqual([
    { uri: 'ui://sales/chart', mimeType: appMimeType, text: '<!doctype html><p>chart</p>', _meta: { ui } },
  ])
})

test.each(all)('%s: a host that shows views says so, and others get the text', async (_, revision) => {
  const answer = async (capabilities: object): Promise<unknown> => {
    await using client = await peer(shop, revision, { capabilities })
    return (await client.tool('sales'))['content']
  }
  const extensions = { [appsExtension]: { mimeTypes: [appMimeType] } }
  expect(await answer({ extensions })).toEqual([text('see the chart')])
  expect(await answer({})).toEqual([text('3 apples')])
  expect(await answer({ extensions: { [appsExtension]: { mimeTypes: ['image/png'] } } })).toEqual([text('3 apples')])
})

test('a document may be made when it is read', async () => {
  let reads = 0
  const counter = app('ui://counter', { html: async () => `<p>${(reads += 1)}</p>` })
  await using client = await peer(server({ name: 'counter', version: '1.0.0', resources: [counter] }), revisions[0])
  expect(await client.call('resources/read', { uri: 'ui://counter' })).toMatchObject({
    contents: [{ text: '<p>1</p>' }],
  })
  expect(await client.call('resources/read', { uri: 'ui://counter' })).toMatchObject({
    contents: [{ text: '<p>2</p>' }],
  })
})

test.each(['https://example.com/view', 'ui://', 'view'])('%s is no URI of a view', uri => {
  expect(() => app(uri, { html: '' })).toThrow('ui://weather/view')
})
