import { legacy, metaKey, modern, type Params, revisions } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { prompt, resource, server, tool } from './index.ts'
import { type Peer, peer } from './testing/peer.ts'

const info = { name: 'changing', version: '1.0.0' }
const versions = revisions.map(revision => [revision.version, revision] as const)
const sessions = legacy.map(revision => [revision.version, revision] as const)
const newest = revisions[0]

const made = (limits = {}) =>
  server({ ...info, limits, tools: [], prompts: [], resources: [resource('x:a', {}, () => 'a')] })

const everything = {
  toolsListChanged: true,
  promptsListChanged: true,
  resourcesListChanged: true,
  resourceSubscriptions: ['x:a'],
}

/** Wants to hear of everything, the way the revision has for that. Gives the id of the subscription, if it has one. */
async function subscribe(client: Peer): Promise<number> {
  if (client.revision.features.era === 'legacy') {
    await client.call('resources/subscribe', { uri: 'x:a' })
    return 0
  }
  const id = client.nextId()
  void client.begin('subscriptions/listen', { notifications: everything }, id)
  await client.next('notifications/subscriptions/acknowledged')
  return id
}

test.each(versions)('%s: clients are told of changes', async (_, revision) => {
  const changing = made()
  await using client = await peer(changing, revision)
  await subscribe(client)
  const extra = [tool('t', {}, () => 1), prompt('p', {}, () => ''), resource('x:b', {}, () => '')]
  changing.add(...extra)
  await client.next('notifications/tools/list_changed')
  await client.next('notifications/prompts/list_changed')
  await client.next('notifications/resources/list_changed')
  changing.remove(...extra)
  await client.next('notifications/tools/list_changed')
  changing.updated('x:a')
  expect((await client.next('notifications/resources/updated')).params).toMatchObject({ uri: 'x:a' })
})

test.each(versions)('%s: changes of one turn are told once', async (_, revision) => {
  const changing = made()
  await using client = await peer(changing, revision)
  await subscribe(client)
  for (const at of [1, 2, 3]) changing.add(tool(`t${at}`, {}, () => at))
  await client.next('notifications/tools/list_changed')
  await client.call('tools/list')
  expect(client.all('notifications/tools/list_changed')).toHaveLength(1)
})

test.each(versions)('%s: a list is fresh when its change is told', async (_, revision) => {
  const changing = made()
  await using client = await peer(changing, revision)
  await subscribe(client)
  expect(await client.call('tools/list')).toMatchObject({ tools: [] })
  changing.add(tool('t', {}, () => 1))
  await client.next('notifications/tools/list_changed')
  expect(await client.call('tools/list')).toMatchObject({ tools: [{ name: 't' }] })
})

test.each(versions)('%s: nobody is told of resources that they do not watch', async (_, revision) => {
  const changing = made()
  await using client = await peer(changing, revision)
  await subscribe(client)
  changing.updated('x:other')
  changing.updated('x:a')
  await client.next('notifications/resources/updated')
  expect(client.all('notifications/resources/updated')).toHaveLength(1)
})

test.each(sessions)('%s: a resource is not watched any more', async (_, revision) => {
  const changing = made()
  await using client = await peer(changing, revision)
  await subscribe(client)
  await client.call('resources/unsubscribe', { uri: 'x:a' })
  changing.updated('x:a')
  await client.call('ping')
  expect(client.all('notifications/resources/updated')).toEqual([])
})

test.each(sessions)('%s: what one client may watch is limited', async (_, revision) => {
  await using client = await peer(made({ watchedResources: 2 }), revision)
  for (const uri of ['x:1', 'x:2', 'x:1']) await client.call('resources/subscribe', { uri })
  await expect(client.call('resources/subscribe', { uri: 'x:3' })).rejects.toThrow('at most 2 resources')
})

test.each(sessions)('%s: nothing is told before the client has initialized', async (_, revision) => {
  const changing = made()
  await using client = await peer(changing, revision)
  await using early = await peer(changing, modern[0] ?? newest)
  changing.add(tool('t', {}, () => 1))
  await client.next('notifications/tools/list_changed')
  expect(early.heard).toEqual([])
})

/** Opens a subscription and gives what is needed to end it. */
async function listening(client: Peer, notifications: object) {
  const id = client.nextId()
  const ended = client.begin('subscriptions/listen', { notifications }, id)
  const acknowledged = await client.next('notifications/subscriptions/acknowledged')
  return { id, ended, acknowledged: acknowledged.params }
}

test('a subscription says first what it will tell, and every message says whose it is', async () => {
  const changing = made()
  await using client = await peer(changing, newest)
  const { id, acknowledged } = await listening(client, { toolsListChanged: true, resourceSubscriptions: ['x:a'] })
  const _meta = { [metaKey.subscriptionId]: id }
  expect(acknowledged).toEqual({ notifications: { toolsListChanged: true, resourceSubscriptions: ['x:a'] }, _meta })
  expect(client.heard[0]?.method).toBe('notifications/subscriptions/acknowledged')
  changing.add(tool('t', {}, () => 1))
  expect((await client.next('notifications/tools/list_changed')).params).toEqual({ _meta })
})

test('only what was asked for is told', async () => {
  const changing = made()
  await using client = await peer(changing, newest)
  const { acknowledged } = await listening(client, { promptsListChanged: true, toolsListChanged: false })
  expect(acknowledged).toMatchObject({ notifications: { promptsListChanged: true } })
  changing.add(
    tool('t', {}, () => 1),
    prompt('p', {}, () => ''),
  )
  await client.next('notifications/prompts/list_changed')
  expect(client.all('notifications/tools/list_changed')).toEqual([])
})

test('what a server cannot tell is not acknowledged', async () => {
  await using client = await peer(server({ ...info, tools: [] }), newest)
  const { acknowledged } = await listening(client, everything)
  expect(acknowledged?.['notifications']).toEqual({ toolsListChanged: true })
})

test('several subscriptions are told each on its own', async () => {
  const changing = made()
  await using client = await peer(changing, newest)
  const first = await listening(client, { toolsListChanged: true })
  const second = await listening(client, { toolsListChanged: true })
  changing.add(tool('t', {}, () => 1))
  await client.next('notifications/tools/list_changed')
  await client.next('notifications/tools/list_changed')
  const idOf = (params: Params | undefined) => params?._meta?.[metaKey.subscriptionId]
  expect(client.all('notifications/tools/list_changed').map(idOf)).toEqual([first.id, second.id])
})

test('a subscription ends when its client cancels it', async () => {
  const changing = made({ subscriptions: 1 })
  await using client = await peer(changing, newest)
  const { id } = await listening(client, { toolsListChanged: true })
  client.notify('notifications/cancelled', { requestId: id })
  await listening(client, { promptsListChanged: true })
  changing.add(
    tool('t', {}, () => 1),
    prompt('p', {}, () => ''),
  )
  await client.next('notifications/prompts/list_changed')
  expect(client.all('notifications/tools/list_changed')).toEqual([])
})

test('a subscription ends with a result when the server closes', async () => {
  const changing = made()
  await using client = await peer(changing, newest)
  const { id, ended } = await listening(client, { toolsListChanged: true })
  await changing.receiver.close()
  expect(await ended).toMatchObject({
    resultType: 'complete',
    _meta: { [metaKey.subscriptionId]: id, [metaKey.serverInfo]: info },
  })
  expect((await client.next('notifications/cancelled')).params).toMatchObject({ requestId: id })
})

test('subscriptions and what they watch are limited', async () => {
  const changing = made({ subscriptions: 1, watchedResources: 1 })
  await using client = await peer(changing, newest)
  const tooMany = { notifications: { resourceSubscriptions: ['x:a', 'x:b'] } }
  await expect(client.once('subscriptions/listen', tooMany, 'again')).rejects.toThrow('at most 1 resources')
  await expect(client.once('subscriptions/listen', tooMany, 'again')).rejects.toThrow('at most 1 resources')
  await listening(client, {})
  await expect(client.call('subscriptions/listen', { notifications: {} })).rejects.toThrow('too many subscriptions')
})

test('a name that is taken is not added', () => {
  const changing = made()
  changing.add(tool('t', {}, () => 1))
  expect(() => changing.add(tool('t', {}, () => 2))).toThrow(TypeError)
})
