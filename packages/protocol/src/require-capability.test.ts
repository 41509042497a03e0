import { expect, test } from 'vitest'
import { type InputRequest, type Peer, requireCapability, revisions } from './index.ts'

const all = revisions.map(revision => [revision.version, revision] as const)
const declared = all.filter(([, { features }]) => features.samplingTools)
const undeclared = all.filter(([, { features }]) => !features.samplingTools)
const params = { messages: [], maxTokens: 1 }
const asking = (includeContext: string): InputRequest => ({
  method: 'sampling/createMessage',
  params: { ...params, includeContext },
})

test.each(declared)('%s: the context of servers is not wished for from who does not give it', (_, revision) => {
  const peer: Peer = { revision, capabilities: { sampling: {} } }
  for (const context of ['thisServer', 'allServers'])
    expect(requireCapability(peer, asking(context)).params).toEqual(params)
  expect(requireCapability(peer, asking('none'))).toEqual(asking('none'))
})

test.each(declared)('%s: who declares it is asked for the context of servers', (_, revision) => {
  const peer: Peer = { revision, capabilities: { sampling: { context: {} } } }
  expect(requireCapability(peer, asking('thisServer'))).toEqual(asking('thisServer'))
})

test.each(undeclared)('%s: where it cannot be declared, everybody may be asked for the context', (_, revision) => {
  const peer: Peer = { revision, capabilities: { sampling: {} } }
  expect(requireCapability(peer, asking('allServers'))).toEqual(asking('allServers'))
})
