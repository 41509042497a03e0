import { type Client, connect } from '@interlock/client'
import { newest, type Revision } from '@interlock/protocol'
import { expect } from 'vitest'
import { examples } from '../../tools/bridge/examples.ts'
import { arriving, type Payload, type PayloadName, payloads } from '../../tools/bridge/payloads.ts'
import { type Cell, call, named, type Run } from './cell.ts'
import { upstream } from './upstream.ts'

type Members = Record<string, unknown>

/** The cell's server as it says itself in the newest revision, to compare with. */
const references = new Map<Revision, Promise<Client>>()
function reference({ server }: Cell): Promise<Client> {
  const known = references.get(server) ?? connect(upstream(server, newest))
  references.set(server, known)
  return known
}

/** The entry of a list, and its name or URI. */
const lists = {
  'tools/list': ['tools', 'listed', (client: Client) => client.listTools()],
  'prompts/list': ['prompts', 'paint', (client: Client) => client.listPrompts()],
  'resources/list': ['resources', 'visits', (client: Client) => client.listResources()],
  'resources/templates/list': ['resourceTemplates', 'colours', (client: Client) => client.listResourceTemplates()],
} as const

const isList = (method: string): method is keyof typeof lists => Object.hasOwn(lists, method)

async function listedEntry(cell: Cell, payload: Payload, method: keyof typeof lists): Promise<void> {
  const [member, own, read] = lists[method]
  const meant = (await read(await reference(cell))).find(({ name }) => name === own)
  const lowered = arriving(cell.client, cell.server, { ...payload, value: { [member]: [meant] } })
  const [expected] = lowered[member] as Members[]
  const found = (await read(cell.end.client)).find(({ name }) => name === named(cell, own))
  const added = method === 'tools/list' ? taskSupport(cell) : {}
  expect(found).toEqual({ ...expected, ...added, name: named(cell, own) })
}

/** Where servers make tasks of what they like, clients that have to ask for tasks are told that they may. */
const taskSupport = ({ client, server }: Cell): object =>
  client.features.tasks === 'core' && server.features.tasks === 'extension'
    ? { execution: { taskSupport: 'optional' } }
    : {}

async function progress(cell: Cell, payload: Payload): Promise<void> {
  const heard: unknown[] = []
  await call(cell, 'count', {}, { onProgress: step => heard.push(step) })
  const expected = [1, 2, 3].map(at => {
    const value = { progress: at, total: 3, message: `counted ${at}` }
    return arriving(cell.client, cell.server, { ...payload, value })
  })
  expect(heard).toEqual(expected)
}

const run =
  (payload: Payload): Run =>
  async cell => {
    const { about, kind, method, value } = payload
    if (kind === 'notifications') return progress(cell, payload)
    if (isList(method)) return listedEntry(cell, payload, method)
    const expected = arriving(cell.client, cell.server, payload)
    if (cell.rule.kind === 'carried') expect(expected).toEqual(value)
    else expect(expected).not.toEqual(value)
    if (method === 'prompts/get') {
      expect(examples.prompt).toEqual(value)
      return expect(await cell.end.client.getPrompt(named(cell, 'rich'))).toMatchObject(expected)
    }
    expect(await call(cell, 'rich', { kind: about })).toMatchObject(expected)
  }

export const payloadRuns: Readonly<Record<PayloadName, Run>> = Object.fromEntries(
  Object.entries(payloads).map(([name, payload]) => [name, run(payload)]),
) as Record<PayloadName, Run> // one for each of the table
