import { hashToken, oauth, protect } from '@interlock/auth'
import { type Client, type ConnectOptions, connect } from '@interlock/client'
import { gateway, type ServerSpec } from '@interlock/gateway'
import { revisions } from '@interlock/protocol'
import { server, text, tool } from '@interlock/server'
import type { Authorize, Protection } from '@interlock/transport'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { presence } from '../packages/auth/src/testing/presence.ts'
import { authorizing } from '../packages/cli/src/authorizing.ts'
import { interlock, type Running, run, start } from './support/command.ts'
import { type Logins, logins } from './support/logins.ts'

/** Servers where each user of the gateway has a login of their own. */

const versions = revisions.map(({ version }) => version)

/** The gateway with keys for `ann` and `bob`, in front of a server that each of them has to log in to. */
interface House extends AsyncDisposable {
  readonly world: Logins
  readonly gateway: Running
  readonly url: URL
  readonly config: string
  /** A client of the one who has this key. */
  enter(name: 'ann' | 'bob', options?: ConnectOptions): Promise<Client>
  /** Logs a user in to the server; there they are called as `account` says. */
  login(name: 'ann' | 'bob', account: string): Promise<void>
}

async function house(): Promise<House> {
  const world = await logins()
  const { folder, listener } = world
  const config = await folder.config({ notes: { url: listener.url.href, auth: { perUser: true } } })
  const keys = new Map<string, string>()
  for (const name of ['ann', 'bob']) {
    const made = await run(interlock, ['keys', 'add', name, '--file', 'keys.json'], { cwd: folder.path })
    keys.set(name, made.stdout.trim())
  }
  const running = world.begin('up', '--port', '0', '--config', config, '--api-keys', 'keys.json')
  const [, endpoint = ''] = await running.out(/endpoint {2}(\S+)/, 30_000)
  const url = new URL(endpoint)
  return {
    world,
    gateway: running,
    url,
    config,
    enter: (name, options) => connect(url, { ...options, auth: bearer(keys.get(name) ?? '') }),
    async login(name, account) {
      const args = ['login', 'notes', '--config', config, '--account', `key ${name}`]
      expect(await world.interlockAs(account, ...args)).toMatchObject({ code: 0 })
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }
}

const bearer =
  (token: string): Authorize =>
  send =>
  call =>
    send({ ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } })

const names = async (client: Client): Promise<string[]> => (await client.listTools()).map(({ name }) => name).sort()

test('each user uses the server as who they are there, in every revision and at once', async () => {
  await using at = await house()
  await at.login('ann', 'alice')
  await at.login('bob', 'bert')
  const { issuer } = at.world.provider
  const clients = await Promise.all(
    versions.flatMap(version =>
      (['ann', 'bob'] as const).map(async name => [name, await at.enter(name, { revisions: [version] })] as const),
    ),
  )
  const said = await Promise.all(
    clients.flatMap(([name, client]) =>
      [1, 2, 3].map(async () => [name, (await client.callTool('notes__whoami')).content] as const),
    ),
  )
  const account = { ann: 'alice', bob: 'bert' } as const
  expect(said).toHaveLength(versions.length * 6)
  for (const [name, content] of said) expect(content).toEqual([text(`${issuer} ${account[name]}`)])
  await at.gateway.out(/✓ notes {2}per user, 2 connected/)
  for (const [, client] of clients) await client.close()
})

test('who has not logged in is told how, sees nothing of the server, and hears of it when that is done', async () => {
  await using at = await house()
  await at.login('bob', 'bert')
  const heard: string[] = []
  await using ann = await at.enter('ann')
  await using session = await at.enter('ann', { era: 'legacy' })
  await using bob = await at.enter('bob')
  await using bobs = await at.enter('bob', { era: 'legacy' })
  expect(await Promise.all([ann, session, bob].map(names))).toEqual([[], [], ['notes__whoami', 'notes__write']])
  const told =
    'server "notes" is down: needs a login of your own; whoever runs the gateway logs you in with: interlock login notes --account \'key ann\''
  for (const client of [ann, session]) {
    expect(await client.callTool('notes__whoami')).toMatchObject({ isError: true, content: [text(told)] })
  }
  await at.gateway.out(/note: user "key ann": needs a login: run: interlock login notes --account 'key ann' --config/)
  for (const [who, client] of Object.entries({ ann, session, bob, bobs })) client.onChange(() => heard.push(who))
  await names(bobs) // its session has begun

  await at.login('ann', 'alice')
  await expect.poll(() => [...new Set(heard)].sort(), { timeout: 10_000 }).toEqual(['ann', 'session'])
  expect(await Promise.all([ann, session].map(names))).toEqual([
    ['notes__whoami', 'notes__write'],
    ['notes__whoami', 'notes__write'],
  ])
  const { issuer } = at.world.provider
  expect(await session.callTool('notes__whoami')).toMatchObject({ content: [text(`${issuer} alice`)] })
  expect(await bob.callTool('notes__whoami')).toMatchObject({ content: [text(`${issuer} bert`)] })

  await at.world.interlock('logout', 'notes', '--config', at.config, '--account', 'key ann')
  await expect
    .poll(() => ann.callTool('notes__whoami'), { timeout: 5_000 })
    .toMatchObject({ isError: true, content: [text(expect.stringContaining('needs a login of your own') as never)] })
  expect(await bob.callTool('notes__whoami')).toMatchObject({ content: [text(`${issuer} bert`)] })
})

test('users who log in to the gateway with tokens use their own logins, and nobody that of whoever runs it', async () => {
  await using world = await logins()
  const { folder, listener, provider } = world
  const config = await folder.config({ notes: { url: listener.url.href, auth: { perUser: true } } })
  const login = (account: string, ...args: string[]) =>
    world.interlockAs(account, 'login', 'notes', '--config', config, ...args)
  await login('owner') // that of the person who runs the gateway
  await login('alice', '--account', `${provider.issuer} alice`)
  await using running = world.begin('up', '--port', '0', '--json', '--config', config, '--auth-issuer', provider.issuer)
  const [, url = ''] = await running.out(/"url": "([^"]+)"/, 30_000)
  await running.out(/\n}\n/)
  expect(JSON.parse(running.stdout).servers).toMatchObject([{ name: 'notes', state: 'perUser', users: 0 }])
  const enter = (account: string, revision: string): Promise<Client> =>
    connect(new URL(url), {
      auth: oauth({ presence: presence(page => provider.agree(page.href, { account })) }),
      revisions: [revision],
    })
  for (const version of ['2025-11-25', '2026-07-28']) {
    await using alice = await enter('alice', version)
    await using other = await enter('default', version)
    expect(await alice.callTool('notes__whoami')).toMatchObject({ content: [text(`${provider.issuer} alice`)] })
    expect(await other.callTool('notes__whoami')).toMatchObject({ isError: true })
    expect(await names(other)).toEqual([])
  }
})

test('where one person alone uses the gateway, it is their login', async () => {
  await using world = await logins()
  const { folder, listener, provider } = world
  const config = await folder.config({ notes: { url: listener.url.href, auth: { perUser: true } } })
  const before = await world.interlock('list', '--config', config)
  expect(before.stdout).toMatch(/^✗ notes {2}needs a login: run "interlock login notes --config/m)
  await world.interlock('login', 'notes', '--config', config)
  expect((await world.interlock('list', '--config', config)).stdout).toMatch(
    /^✓ notes {2}2 tools {2}\S+ {2}per user, 1/m,
  )
  const called = await world.interlock('call', 'notes', 'whoami', '--config', config)
  expect(called).toMatchObject({ stdout: `${provider.issuer} alice\n`, code: 0 })
  await using running = world.begin('up', '--port', '0', '--json', '--config', config)
  const [, url = ''] = await running.out(/"url": "([^"]+)"/, 30_000)
  await using client = await connect(new URL(url))
  expect(await client.callTool('notes__whoami')).toMatchObject({ content: [text(`${provider.issuer} alice`)] })
})

test.each([['--allow-host', 'gateway.example'], ['--allow-unauthenticated']])(
  'where everybody is let in without a name (%s), nobody uses it',
  async (...open) => {
    await using world = await logins()
    const { folder, listener } = world
    const config = await folder.config({ notes: { url: listener.url.href, auth: { perUser: true } } })
    await world.interlock('login', 'notes', '--config', config)
    await using running = start(interlock, ['up', '--port', '0', '--json', '--config', config, ...open], world.options)
    const [, url = ''] = await running.out(/"url": "([^"]+)"/, 30_000)
    await using client = await connect(new URL(url))
    expect(await client.callTool('notes__whoami')).toMatchObject({
      isError: true,
      content: [text(expect.stringContaining('does not ask its users who they are') as never)],
    })
  },
)

test('the login of whoever runs the gateway is not had by being called like it', async () => {
  await using world = await logins()
  const { folder, listener } = world
  await world.interlock('login', listener.url.href)
  const ended = new AbortController().signal
  const { stdin, stdout, stderr } = process
  const env = { XDG_STATE_HOME: `${folder.path}/.local/state`, XDG_CONFIG_HOME: `${folder.path}/.config` }
  const io = { stdin, stdout, stderr, cwd: folder.path, env, signal: ended }
  const said = async (subject?: string): Promise<string> => {
    const spec = { name: 'notes', disabled: false, kind: 'http', url: listener.url, headers: {} } as const
    await using front = gateway({
      servers: [{ ...spec, auth: { perUser: true } }],
      info: { name: 'gateway', version: '1.0.0' },
      authorize: authorizing(io),
    })
    const auth = { authenticate: async () => (subject === undefined ? undefined : { subject, scopes: [] }) }
    await using door = await listenHttp(front.receiver, { auth })
    await using client = await connect(door.url)
    return JSON.stringify((await client.callTool('notes__whoami')).content)
  }
  expect(await said()).toContain('alice')
  expect(await said('default')).toContain('is that of whoever runs the gateway')
})

/** The token of one user, at the gateway or at the server behind it. */
const tokenOf = (name: string, place: 'gateway' | 'server'): string =>
  `${name} at the ${place}`.replaceAll(' ', '-').padEnd(40, '.')

const guardOf = async (place: 'gateway' | 'server'): Promise<(resource: URL) => Protection> => {
  const names = ['ann', 'bob']
  const keys = await Promise.all(names.map(async name => ({ name, hash: await hashToken(tokenOf(name, place)) })))
  return resource => protect({ resource, keys })
}

async function asking(revision: string): Promise<HttpListener> {
  const schema = z.object({ name: z.string() })
  const ask = tool('ask', {}, async (_, ctx) => {
    const answer = await ctx.elicit('name', { message: 'Who?', schema })
    return text(`${ctx.principal?.subject} says ${answer.action === 'accept' ? answer.content.name : answer.action}`)
  })
  const { receiver } = server({ name: 'asking', version: '1.0.0', tools: [ask], revisions: [revision] })
  return listenHttp(receiver, { auth: await guardOf('server') })
}

test.each(['2025-11-25', '2026-07-28'])(
  'a question of a server (%s) goes to the user whose call it is, and to no other',
  async revision => {
    await using behind = await asking(revision)
    const spec: ServerSpec = {
      name: 'asking',
      disabled: false,
      kind: 'http',
      url: behind.url,
      headers: {},
      auth: { perUser: true },
    }
    const users: (string | undefined)[] = []
    await using front = gateway({
      servers: [spec],
      info: { name: 'gateway', version: '1.0.0' },
      audience: 'named',
      authorize: (_, user) => {
        users.push(user)
        return bearer(tokenOf(user?.replace('key ', '') ?? '', 'server'))
      },
    })
    await using listener = await listenHttp(front.receiver, { auth: await guardOf('gateway') })
    const said = await Promise.all(
      ['2025-11-25', '2026-07-28'].flatMap(version =>
        (['ann', 'bob'] as const).map(async name => {
          await using client = await connect(listener.url, {
            revisions: [version],
            auth: bearer(tokenOf(name, 'gateway')),
            onElicit: () => ({ action: 'accept', content: { name } }),
          })
          const asked = await Promise.all([1, 2, 3].map(() => client.callTool('asking__ask')))
          return asked.map(({ content }) => content)
        }),
      ),
    )
    const answers = (name: string) => Array.from({ length: 3 }, () => [text(`key ${name} says ${name}`)])
    expect(said).toEqual([answers('ann'), answers('bob'), answers('ann'), answers('bob')])
    expect(new Set(users)).toEqual(new Set(['key ann', 'key bob']))
    expect(front.servers()).toMatchObject([{ name: 'asking', state: 'perUser', users: 2 }])
  },
)
