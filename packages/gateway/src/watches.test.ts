import { ProtocolError, TransportError } from '@interlock/protocol'
import { expect, test, vi } from 'vitest'
import { Offering } from './offering.ts'
import { gate, ScriptedServer } from './testing/scripted.ts'
import { Parking } from './upstreams/parked.ts'

async function offering(...servers: readonly ScriptedServer[]): Promise<Offering> {
  const made = new Offering({
    servers: servers.map(({ spec }) => spec),
    info: { name: 'gateway', version: '1' },
    parking: new Parking(),
    open: spec => {
      const server = servers.find(({ name }) => name === spec.name)
      if (server === undefined) throw new Error('no such server')
      return server.open()
    },
  })
  made.start()
  await made.settled(5_000)
  return made
}

/** Hears of one resource; gives the URIs that it was told. */
function watch(front: Offering, uri: string): { heard: string[]; stop: Disposable } {
  const heard: string[] = []
  const stop = front.changes.subscribe({ uris: [uri] }, change => {
    if (change.kind === 'resource') heard.push(change.uri)
  })
  return { heard, stop }
}

const users = (name: string): ScriptedServer =>
  new ScriptedServer(name, {
    'resources/templates/list': () => ({ resourceTemplates: [{ name: 'user', uriTemplate: 'users://{id}' }] }),
  })

test('an update is told under the URI that the client watches', async () => {
  const [first, second] = [users('first'), users('second')]
  const front = await offering(first, second)
  const plain = watch(front, 'users://1')
  const prefixed = watch(front, 'interlock://second/users://1')
  await vi.waitFor(() => expect([first, second].map(one => one.count('resources/subscribe'))).toEqual([1, 1]))
  second.now.tell('notifications/resources/updated', { uri: 'users://1' })
  expect([plain.heard, prefixed.heard]).toEqual([[], ['interlock://second/users://1']])
  first.now.tell('notifications/resources/updated', { uri: 'users://1' })

  expect([plain.heard, prefixed.heard]).toEqual([['users://1'], ['interlock://second/users://1']])
  await front.close()
})

test('what is watched while its server is down is asked for when it is back', async () => {
  const server = users('s')
  const front = await offering(server)
  server.now.break(new TransportError('exited', '"node" ended with exit code 3'))
  await vi.waitFor(() => expect(front.upstreams[0]?.state.kind).toBe('down'))
  const { heard } = watch(front, 'users://1')
  await vi.waitFor(() => expect(server.count('resources/subscribe')).toBe(1), { timeout: 3_000 })
  server.now.tell('notifications/resources/updated', { uri: 'users://1' })

  expect(heard).toEqual(['users://1'])
  await front.close()
})

test('a URI that leads nowhere yet is asked for once somebody offers it', async () => {
  let resources: object[] = []
  const server = new ScriptedServer('s', { 'resources/list': () => ({ resources }) })
  const front = await offering(server)
  watch(front, 'x://new')
  resources = [{ name: 'new', uri: 'x://new' }]
  server.now.tell('notifications/resources/list_changed')

  await vi.waitFor(() => expect(server.count('resources/subscribe')).toBe(1))
  await front.close()
})

test('a watch is asked for again after a restart, and ended once nobody is left', async () => {
  const server = users('s')
  const front = await offering(server)
  const { heard, stop } = watch(front, 'users://1')
  await vi.waitFor(() => expect(server.count('resources/subscribe')).toBe(1))
  server.now.break(new TransportError('exited', '"node" ended with exit code 3'))
  await vi.waitFor(() => expect(server.count('resources/subscribe')).toBe(2), { timeout: 3_000 })
  server.now.tell('notifications/resources/updated', { uri: 'users://1' })
  expect(heard).toEqual(['users://1'])
  stop[Symbol.dispose]()

  await vi.waitFor(() => expect(server.count('resources/unsubscribe')).toBe(1))
  await front.close()
})

test('who watches waits until the server has answered, and hears its refusal', async () => {
  const answered = gate()
  const [slow, strict] = [users('slow'), users('strict')]
  slow.answers['resources/subscribe'] = () => answered.promise.then(() => ({}))
  strict.answers['resources/subscribe'] = () => {
    throw new ProtocolError(4001, 'No such user')
  }
  const front = await offering(slow, strict)
  watch(front, 'users://1')
  let isSettled = false
  const settled = front.watching('users://1').then(() => {
    isSettled = true
  })
  watch(front, 'interlock://strict/users://2')
  await expect(front.watching('interlock://strict/users://2')).rejects.toMatchObject({
    code: 4001,
    message: 'No such user',
  })
  expect(isSettled).toBe(false)
  answered.open()

  await settled
  await front.close()
})

test('a server that has no subscriptions is named, and one that has gone refuses nothing', async () => {
  const server = users('s')
  delete server.answers['resources/subscribe']
  const front = await offering(server)
  watch(front, 'users://1')
  await expect(front.watching('users://1')).rejects.toThrow(
    'Method not found: server "s" has no method resources/subscribe',
  )
  server.answers['resources/subscribe'] = () => new Promise(() => {})
  watch(front, 'users://2')
  const settled = front.watching('users://2')
  server.now.break(new TransportError('exited', '"node" ended with exit code 3'))

  await settled
  await front.close()
})
