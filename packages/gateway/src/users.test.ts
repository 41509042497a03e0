import { type Caller, type Change, newest, type Outcome, type Peer, type Principal } from '@interlock/protocol'
import { Tasks } from '@interlock/server'
import { expect, test, vi } from 'vitest'
import type { ServerSpec } from './config/server.ts'
import { Offering, type OfferingOptions } from './offering.ts'
import { router } from './router.ts'
import { callOf, gate, ScriptedServer, tool } from './testing/scripted.ts'
import { Parking } from './upstreams/parked.ts'
import { Users } from './users.ts'

/** A server that all use, and one that each user has a connection of their own to. */
interface House extends AsyncDisposable {
  readonly shared: ScriptedServer
  readonly users: Users
  /** The server as one user reaches it. */
  own(subject: string): ScriptedServer
  ask(subject: string | undefined, method: string, params?: object): Promise<Outcome>
  /** Names of tools. */
  tools(subject: string | undefined): Promise<unknown>
  /** Hears of everything that a user can hear of. */
  hear(subject: string, uri?: string): { readonly heard: Change[]; readonly stop: Disposable }
}

const peerOf = (subject: string | undefined): Peer => ({
  revision: newest,
  capabilities: {},
  ...(subject === undefined ? {} : { principal: { subject, scopes: [] } satisfies Principal }),
})

async function house({ most = 10, idleMs = 60_000 } = {}): Promise<House> {
  const info = { name: 'gateway', version: '1' }
  const parking = new Parking()
  const seal = [new Uint8Array(32)]
  const shared = new ScriptedServer('shared', {
    'tools/list': () => ({ tools: [tool('all')] }),
    'tools/call': () => ({ content: [] }),
    'resources/templates/list': () => ({ resourceTemplates: [{ name: 'day', uriTemplate: 'days://{day}' }] }),
  })
  const owned = new Map<string, ScriptedServer>()
  const own = (subject: string): ScriptedServer => {
    const known = owned.get(subject) ?? ownServer(subject)
    owned.set(subject, known)
    return known
  }
  const spec = { ...ownServer('nobody').spec, auth: { perUser: true } } as ServerSpec
  const all: Omit<OfferingOptions, 'servers'> = { info, parking, seal }
  const withheld = (reason: string) => (each: ServerSpec) => (each.name === spec.name ? reason : undefined)
  const common = new Offering({
    ...all,
    servers: [spec, shared.spec],
    open: () => shared.open(),
    withheld: withheld('who calls is not known'),
  })
  common.start()
  await common.settled(5_000)
  const users = new Users({
    common,
    offeringFor: user => new Offering({ ...all, servers: [spec], open: () => own(user).open(), user, common }),
    withoutRoom: () => new Offering({ ...all, servers: [spec], withheld: withheld('no room'), common }),
    view: () => ({ capabilities: () => ({}) }),
    startupMs: 5_000,
    most,
    idleMs,
    onGone: () => {},
  })
  const tasks = new Tasks(common.changes)
  const ask: House['ask'] = (subject, method, params = {}) => {
    const peer = peerOf(subject)
    const call = callOf(method, params as never)
    const caller = { ...call.caller, peer } as Caller
    return users.serve(peer, ({ offering, starting }) =>
      router(offering.catalog, { tasks, parking }, starting)({ ...call, caller }),
    )
  }
  return {
    shared,
    users,
    own,
    ask,
    async tools(subject) {
      const outcome = await ask(subject, 'tools/list')
      const { tools } = (outcome.kind === 'complete' ? outcome.result : {}) as { tools: { name: string }[] }
      return tools.map(({ name }) => name)
    },
    hear(subject, uri) {
      const heard: Change[] = []
      const interest = { tools: true, prompts: true, resources: true, ...(uri === undefined ? {} : { uris: [uri] }) }
      const stop = users.viewOf(peerOf(subject))?.changes.subscribe(interest, change => heard.push(change))
      if (stop === undefined) throw new Error('a user has a view')
      return { heard, stop }
    },
    async [Symbol.asyncDispose]() {
      await users.close()
      await common.close()
    },
  }
}

/** Says who it believes to be talking to. */
const ownServer = (subject: string): ScriptedServer =>
  new ScriptedServer('own', {
    'tools/list': () => ({ tools: [tool('whoami'), tool(`of-${subject}`)] }),
    'tools/call': () => ({ content: [{ type: 'text', text: subject }] }),
    'resources/templates/list': () => ({ resourceTemplates: [{ name: 'note', uriTemplate: 'notes://{id}' }] }),
    'resources/read': () => ({ contents: [{ uri: 'notes://1', text: `a note of ${subject}` }] }),
  })

test('each user sees and reaches what is theirs, beside what is for all', async () => {
  await using at = await house()
  expect(await Promise.all(['ann', 'bob', undefined].map(at.tools))).toEqual([
    ['own__whoami', 'own__of-ann', 'shared__all'],
    ['own__whoami', 'own__of-bob', 'shared__all'],
    ['shared__all'],
  ])
  const said = await Promise.all(
    ['ann', 'bob', 'ann', 'bob'].map(subject => at.ask(subject, 'tools/call', { name: 'own__whoami' })),
  )
  expect(said).toMatchObject(['ann', 'bob', 'ann', 'bob'].map(text => ({ result: { content: [{ text }] } })))
  expect(await at.ask('bob', 'resources/read', { uri: 'notes://1' })).toMatchObject({
    result: { contents: [{ text: 'a note of bob' }] },
  })
  expect([at.own('ann').launches.length, at.own('bob').launches.length, at.shared.launches.length]).toEqual([1, 1, 1])
})

test("nobody reaches another's tool by its name, and whoever has no name reaches none", async () => {
  await using at = await house()
  await at.tools('ann')
  await expect(at.ask('bob', 'tools/call', { name: 'own__of-ann' })).rejects.toThrow('Unknown tool: own__of-ann')
  expect(await at.ask(undefined, 'tools/call', { name: 'own__whoami' })).toMatchObject({
    result: { isError: true, content: [{ text: 'server "own" is down: who calls is not known' }] },
  })
  await expect(at.ask(undefined, 'resources/read', { uri: 'notes://1' })).rejects.toThrow('not found')
})

test("changes of a user's own server are heard by that user alone, those of a shared one by all", async () => {
  await using at = await house()
  await Promise.all([at.tools('ann'), at.tools('bob')])
  const [ann, bob] = [at.hear('ann', 'notes://1'), at.hear('bob', 'notes://1')]
  await vi.waitFor(() => {
    for (const who of ['ann', 'bob']) expect(at.own(who).count('resources/subscribe')).toBe(1)
  })
  at.own('ann').answers['tools/list'] = () => ({ tools: [tool('new')] })
  at.own('ann').now.tell('notifications/tools/list_changed')
  at.own('ann').now.tell('notifications/resources/updated', { uri: 'notes://1' })
  await vi.waitFor(() => expect(ann.heard).toEqual([{ kind: 'resource', uri: 'notes://1' }, { kind: 'tools' }]))
  expect(await at.tools('ann')).toEqual(['own__new', 'shared__all'])
  expect(bob.heard).toEqual([])

  at.shared.answers['tools/list'] = () => ({ tools: [tool('other')] })
  at.shared.now.tell('notifications/tools/list_changed')
  await vi.waitFor(() => expect([ann.heard.at(-1), bob.heard]).toEqual([{ kind: 'tools' }, [{ kind: 'tools' }]]))
  expect(await at.tools('bob')).toEqual(['own__whoami', 'own__of-bob', 'shared__other'])
})

test('a resource of a shared server is heard of until the last who watches it has gone', async () => {
  await using at = await house()
  const [ann, bob] = [at.hear('ann', 'days://1'), at.hear('bob', 'days://1')]
  await vi.waitFor(() => expect(at.shared.count('resources/subscribe')).toBe(1))
  ann.stop[Symbol.dispose]()
  at.shared.now.tell('notifications/resources/updated', { uri: 'days://1' })
  await vi.waitFor(() => expect(bob.heard).toContainEqual({ kind: 'resource', uri: 'days://1' }))
  expect(at.shared.count('resources/unsubscribe')).toBe(0)
  bob.stop[Symbol.dispose]()
  await vi.waitFor(() => expect(at.shared.count('resources/unsubscribe')).toBe(1))
})

test('connections that nobody uses are closed after a while, and made anew', async () => {
  await using at = await house({ idleMs: 20 })
  await at.tools('ann')
  const [first] = at.own('ann').launches
  await vi.waitFor(() => expect(first?.ending).toContain('disposed'))
  expect(at.users.connections('own')).toEqual([])
  expect(await at.tools('ann')).toEqual(['own__whoami', 'own__of-ann', 'shared__all'])
  expect(at.own('ann').launches).toHaveLength(2)
})

test('a call and a subscription keep them', async () => {
  await using at = await house({ idleMs: 20 })
  const [asked, answer] = [gate(), gate()]
  at.own('ann').answers['tools/call'] = async () => {
    asked.open()
    await answer.promise
    return { content: [] }
  }
  const called = at.ask('ann', 'tools/call', { name: 'own__whoami' })
  const { stop } = at.hear('bob')
  await asked.promise
  await at.tools('eve')
  await vi.waitFor(() => expect(at.own('eve').now.ending).toContain('disposed'))
  expect([at.own('ann').now.ending, at.own('bob').now.ending]).toEqual([[], []])
  answer.open()
  expect(await called).toMatchObject({ kind: 'complete' })
  stop[Symbol.dispose]()
  await vi.waitFor(() => expect(at.users.connections('own')).toEqual([]))
})

test('when there is no more room the idlest goes; where all are in use, the new one is told so', async () => {
  await using at = await house({ most: 2 })
  await at.tools('ann')
  const { stop } = at.hear('bob')
  await at.tools('eve')
  expect(at.users.connections('own').map(([subject]) => subject)).toEqual(['bob', 'eve'])
  at.hear('eve')
  expect(await at.tools('ann')).toEqual(['shared__all'])
  expect(await at.ask('ann', 'tools/call', { name: 'own__whoami' })).toMatchObject({
    result: { isError: true, content: [{ text: 'server "own" is down: no room' }] },
  })
  expect(await at.ask('ann', 'tools/call', { name: 'shared__all' })).toEqual({
    kind: 'complete',
    result: { content: [] },
  })
  stop[Symbol.dispose]()
  expect(await at.tools('ann')).toEqual(['own__whoami', 'own__of-ann', 'shared__all'])
})

test('who listened when there was no room hears of what is theirs once there is some, and keeps it', async () => {
  await using at = await house({ most: 1, idleMs: 50 })
  const { stop } = at.hear('ann')
  const bob = at.hear('bob')
  stop[Symbol.dispose]()
  expect(await at.tools('bob')).toEqual(['own__whoami', 'own__of-bob', 'shared__all'])
  await expect.poll(() => bob.heard).toContainEqual({ kind: 'tools' })
  await new Promise(resolve => setTimeout(resolve, 150))
  expect(at.users.connections('own').map(([subject]) => subject)).toEqual(['bob'])
  bob.stop[Symbol.dispose]()
  await expect.poll(() => at.users.connections('own')).toEqual([])
})

test("what is one user's own may be kept by that user alone, and its cursors lead nobody else on", async () => {
  await using at = await house()
  for (const who of ['ann', 'bob']) {
    const server = at.own(who)
    const results = (list: object) => () => ({ resultType: 'complete', ...list, ttlMs: 60_000, cacheScope: 'public' })
    const many = Array.from({ length: 1_001 }, (_, at) => tool(`t${at}`))
    server.answers = {
      'server/discover': results({ supportedVersions: [newest.version], capabilities: { tools: {}, resources: {} } }),
      'tools/list': results({ tools: many }),
      'resources/list': results({ resources: [{ name: 'n', uri: 'notes://1' }] }),
      'resources/templates/list': results({ resourceTemplates: [] }),
      'resources/read': results({ contents: [] }),
    }
  }
  const page = await at.ask('ann', 'tools/list')
  const cursor = page.kind === 'complete' ? Object(page.result)['nextCursor'] : undefined
  expect(await at.ask('ann', 'tools/list', { cursor })).toMatchObject({ kind: 'complete' })
  await expect(at.ask('bob', 'tools/list', { cursor })).rejects.toThrow('Invalid cursor')
  await expect(at.ask(undefined, 'tools/list', { cursor })).rejects.toThrow('Invalid cursor')
  expect(await at.ask('ann', 'resources/read', { uri: 'notes://1' })).toMatchObject({ cache: { scope: 'private' } })
})

test('the end of the gateway ends the connections of all', async () => {
  const at = await house()
  await Promise.all([at.tools('ann'), at.tools('bob')])
  await at[Symbol.asyncDispose]()
  at.hear('eve')
  expect(at.own('eve').launches).toEqual([])
  expect([at.own('ann'), at.own('bob')].map(({ now }) => now.ending)).toEqual([
    ['terminated', 'disposed'],
    ['terminated', 'disposed'],
  ])
})
