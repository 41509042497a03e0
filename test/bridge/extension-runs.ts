import { code } from '@interlock/protocol'
import { expect } from 'vitest'
import { heard } from './call-runs.ts'
import { call, errorOf, listed, named, type Run, textOf } from './cell.ts'
import { behind } from './hop.ts'
import { view } from './upstream.ts'

/** Of two servers with the extension: what they agree on. */
const ofServers: Run = async ({ end }) => {
  expect(end.capabilities.extensions?.['com.example/rooms']).toEqual({ floors: 3 })
}

const ofClients: Run = async cell => {
  const capabilities = (await heard(cell, {}))['io.modelcontextprotocol/clientCapabilities']
  if (cell.rule.kind !== 'carried') return void expect(capabilities).toBeUndefined()
  expect(capabilities).toMatchObject({ extensions: { 'com.example/halls': { high: true } } })
}

const methods: Run = async ({ end }) => {
  const opened = await end.request('rooms/open', { name: named('hall'), key: 7 })
  expect(opened).toMatchObject({ opened: 'hall', key: 7 })
  const lost = await errorOf(end.request('rooms/open', { room: 'hall' }))
  expect(lost.code).toBe(code.methodNotFound)
  expect(lost.message).toMatch(/params\.name/)
  const strange = await errorOf(end.request('halls/open', { name: named('hall') }))
  expect(strange.code).toBe(code.methodNotFound)
}

const tasks: Run = async ({ end, rule }) => {
  if (rule.kind !== 'carried') return void expect(textOf(await call(end, 'render'))).toBe('rendered')
  if (end.own === undefined) throw new Error('only our own client has words for tasks')
  await end.own.listTools() // says which tools run as tasks
  const started = await end.own.startTool(named('render'))
  if (started.kind !== 'task') throw new Error('it did not become a task')
  expect(started.task.taskId).toEqual(expect.any(String))
  expect(textOf(await started.result())).toBe('rendered')
}

/** Both servers have a view under the same URI. */
const views: Run = async ({ end }) => {
  const tool = (await listed(end, 'tools/list')).find(({ name }) => name === named('chart'))
  expect(tool?._meta).toEqual({ ui: { resourceUri: expect.any(String) } })
  const ui = tool?._meta?.['ui'] as { resourceUri: string } // as was just seen
  const uri = ui.resourceUri
  const { contents } = await end.request('resources/read', { uri })
  expect(contents).toEqual([{ uri, mimeType: 'text/html;profile=mcp-app', text: `<p>${behind}</p>` }])
  const uris = (await listed(end, 'resources/list')).map(resource => resource.uri)
  expect(uris).toContain(uri)
  expect(uris.filter(other => other?.endsWith(view))).toHaveLength(2)
}

export const extensionRuns = {
  'capabilities of unknown extensions, of servers': ofServers,
  'capabilities of unknown extensions, of clients': ofClients,
  'methods of unknown extensions': methods,
  tasks: tasks,
  'views of the Apps extension': views,
} satisfies Readonly<Record<string, Run>>
