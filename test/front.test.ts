import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { oauth, protect } from '@interlock/auth'
import { connect } from '@interlock/client'
import { text } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { describe, expect, test } from 'vitest'
import { secretClient } from '../packages/auth/src/testing/flows.ts'
import { presence } from '../packages/auth/src/testing/presence.ts'
import { startProvider } from '../packages/auth/src/testing/provider.ts'
import { fixture, interlock, type Running, run, start } from './support/command.ts'
import { guarded, logins } from './support/logins.ts'
import { officialPerson } from './support/official-auth.ts'
import { type Scratch, scratch } from './support/scratch.ts'

/** Who may use a gateway, and whose logins it uses for them. */

const ours = { command: process.execPath, args: [fixture('ours.mjs')] }

async function serving(folder: Scratch, config: string, ...args: string[]): Promise<Running & { readonly url: URL }> {
  const running = start(interlock, ['up', '--port', '0', '--json', '--config', config, ...args], { cwd: folder.path })
  const [, url = ''] = await running.out(/"url": "([^"]+)"/, 30_000)
  return Object.assign(running, { url: new URL(url) })
}

const status = async (url: URL, headers: Readonly<Record<string, string>> = {}): Promise<number> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  const accept = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const response = await fetch(url, { method: 'POST', headers: { ...accept, ...headers }, body })
  await response.body?.cancel()
  return response.status
}

/** What is wrong with the request is told to those who may send one. */
const letIn = 400

describe('keys', () => {
  test('are handed out, listed, used and withdrawn; the file has hashes only', async () => {
    await using folder = await scratch()
    const cli = (...args: string[]) => run(interlock, args, { cwd: folder.path })
    const made = await cli('keys', 'add', 'ann', '--file', 'keys.json', '--days', '30')
    const key = made.stdout.trim()
    expect(key).toMatch(/^interlock_[\w-]{43}$/)
    expect(made.stderr).toContain('It is shown this once')
    await cli('keys', 'add', 'build', '--file', 'keys.json')
    const file = `${folder.path}/keys.json`
    expect(await readFile(file, 'utf8')).not.toContain(key.slice('interlock_'.length))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await cli('keys', 'list', '--file', 'keys.json')).stdout).toMatch(
      /^ann {4}since \S+, until \S+\nbuild {2}since/,
    )
    expect(await cli('keys', 'add', 'ann', '--file', 'keys.json')).toMatchObject({ code: 2, stdout: '' })

    await using gateway = await serving(folder, await folder.config({ ours }), '--api-keys', 'keys.json')
    const headers = { authorization: `Bearer ${key}` }
    expect([await status(gateway.url), await status(gateway.url, { authorization: `Bearer ${key}x` })]).toEqual([
      401, 401,
    ])
    const auth = (send: (call: never) => unknown) => (call: { headers: object }) =>
      send({ ...call, headers: { ...call.headers, ...headers } } as never)
    await using client = await connect(gateway.url, { auth: auth as never })
    expect((await client.listTools()).length).toBeGreaterThan(0)

    await cli('keys', 'remove', 'ann', '--file', 'keys.json')
    await expect.poll(() => status(gateway.url, headers), { timeout: 5_000 }).toBe(401)
    expect(gateway.stdout + gateway.stderr).not.toContain(key)
  })

  test('that are removed stay so, and those that are added too, when both is done at once', async () => {
    await using folder = await scratch()
    const cli = (...args: string[]) => run(interlock, ['keys', ...args, '--file', 'keys.json'], { cwd: folder.path })
    await cli('add', 'bob')
    const added = ['ann', 'carol', 'dan', 'eve']
    const done = await Promise.all([cli('remove', 'bob'), ...added.map(name => cli('add', name))])
    expect(done.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0])
    const { keys } = JSON.parse(await readFile(`${folder.path}/keys.json`, 'utf8'))
    expect(keys.map(({ name }: { name: string }) => name).sort()).toEqual(added)
    expect(await readdir(folder.path)).not.toContainEqual(expect.stringMatching(/\.(lock|tmp)/))
  })

  test('are none of them good while the file has two of one name', async () => {
    await using folder = await scratch()
    const cli = (...args: string[]) => run(interlock, ['keys', ...args, '--file', 'keys.json'], { cwd: folder.path })
    const headers = { authorization: `Bearer ${(await cli('add', 'ann')).stdout.trim()}` }
    await cli('add', 'bob')
    await using gateway = await serving(folder, await folder.config({ ours }), '--api-keys', 'keys.json')
    expect(await status(gateway.url, headers)).toBe(letIn)
    const file = `${folder.path}/keys.json`
    const { keys } = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ keys: [keys[1], keys[1]] }))
    await expect.poll(() => status(gateway.url, headers), { timeout: 5_000 }).toBe(401)
    await new Promise(resolve => setTimeout(resolve, 1_100)) // it is looked at once more
    expect(await status(gateway.url, headers)).toBe(401)
    expect(gateway.stderr.match(/error: no key is good now: .* has two keys named "bob"/g)).toHaveLength(1)
    await writeFile(file, JSON.stringify({ keys }))
    await expect.poll(() => status(gateway.url, headers), { timeout: 5_000 }).toBe(letIn)
  })

  test('of a file that others can write into are not taken', async () => {
    await using folder = await scratch()
    await run(interlock, ['keys', 'add', 'ann', '--file', 'keys.json'], { cwd: folder.path })
    const { chmod } = await import('node:fs/promises')
    await chmod(`${folder.path}/keys.json`, 0o666)
    const ended = await run(interlock, ['up', '--api-keys', 'keys.json'], { cwd: folder.path })
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/could add keys of their own; run: chmod 600/),
    })
  })
})

test.each([
  [['--host', '0.0.0.0'], /have people log in with --auth-issuer .* or hand out keys with --api-keys/],
  [['--host', '0.0.0.0', '--auth-issuer', 'https://a.example'], /say with --auth-resource which https URL clients use/],
  [['--auth-issuer', 'http://a.example'], /the issuer "http:\/\/a.example" must be an https URL/],
  [['--auth-scope', 'x'], /say with --auth-issuer where people log in/],
  [['--api-keys', 'absent.json'], /there is no file .*absent.json; make one with: interlock keys add/],
  [['--api-keys', 'x', '--allow-unauthenticated'], /--allow-unauthenticated lets everybody in/],
])('up %j does not start', async (args, message) => {
  await using folder = await scratch()
  const { code, stderr } = await run(interlock, ['up', '--port', '0', ...args], { cwd: folder.path })
  expect(stderr).toMatch(message)
  expect(code).toBe(2)
})

test('the official client finds out from the gateway where to log in; its token goes no further', async () => {
  await using world = await logins()
  const { folder, provider } = world
  const seen: (string | undefined)[] = []
  await using behind = await listenHttp(guarded().receiver, {
    auth: {
      async authenticate(request) {
        seen.push(request.header('authorization'))
        return undefined
      },
    },
  })
  const config = await folder.config({ behind: { url: behind.url.href } })
  await using gateway = await serving(folder, config, '--auth-issuer', provider.issuer, '--auth-scope', 'files:read')
  const person = officialPerson(provider)
  const [first, second] = [1, 2].map(() => new HttpV2(gateway.url, { authProvider: person.callbacks }))
  const client = () => new ClientV2({ name: 'official', version: '1.0.0' })
  if (first === undefined || second === undefined) throw new Error('there are two')
  await expect(client().connect(first)).rejects.toThrow(/unauthorized/i)
  await first.finishAuth(await person.answer())
  const joined = client()
  await joined.connect(second)
  expect(await joined.callTool({ name: 'behind__whoami' })).toMatchObject({ content: [text('nobody')] })
  expect(person.visits.map(url => url.searchParams.get('resource'))).toEqual([gateway.url.href])
  await joined.close()
  expect(seen.length).toBeGreaterThan(0)
  expect(new Set(seen)).toEqual(new Set([undefined]))
})

test.each(['mcp', 'sse'] as const)('with HTTP+SSE besides, one login is good for either endpoint (%s)', async path => {
  await using provider = await startProvider()
  await using folder = await scratch()
  const config = await folder.config({ ours })
  await using gateway = await serving(folder, config, '--sse', '--auth-issuer', provider.issuer)
  const auth = oauth({ presence: presence(url => provider.agree(url.href)) })
  const url = new URL(`/${path}`, gateway.url)
  await using client = await connect(path === 'sse' ? { url, type: 'sse' } : url, { auth })
  expect((await client.listTools()).length).toBeGreaterThan(0)
})

test("the gateway's own right serves all, and never the login of whoever runs it", async () => {
  await using world = await logins({ clients: [{ ...secretClient, scope: 'files:read' }] as never })
  const { folder, listener, provider } = world
  expect(await world.interlock('login', listener.url.href)).toMatchObject({ code: 0 })
  const auth = { grant: 'client_credentials', clientId: secretClient.client_id, issuer: provider.issuer }
  const config = await folder.config({
    notes: { url: listener.url.href, auth: { ...auth, clientSecret: '${NOTES_SECRET}' } },
  })
  const key = (await run(interlock, ['keys', 'add', 'ann', '--file', 'keys.json'], { cwd: folder.path })).stdout.trim()
  const args = ['up', '--port', '0', '--json', '--config', config, '--api-keys', 'keys.json']
  const env = { NOTES_SECRET: secretClient.client_secret }
  await using gateway = start(interlock, args, { cwd: folder.path, env })
  const [, url = ''] = await gateway.out(/"url": "([^"]+)"/, 30_000)
  await using client = await connect({ url, headers: { authorization: `Bearer ${key}` } })
  const { content } = await client.callTool('notes__whoami')
  expect(content).toEqual([text(`client ${provider.issuer} ${secretClient.client_id}`)])
})

test("a person's login serves others only where the configuration says so", async () => {
  await using world = await logins()
  const { folder, listener, provider } = world
  await using machines = await listenHttp(guarded().receiver, {
    auth: resource => protect({ issuer: provider.issuer, resource }),
  })
  const config = await folder.config({
    own: { url: listener.url.href },
    shared: { url: machines.url.href, auth: { shared: true } },
  })
  for (const name of ['own', 'shared']) {
    expect(await world.interlock('login', name, '--config', config)).toMatchObject({ code: 0 })
  }
  await run(interlock, ['keys', 'add', 'ann', '--file', 'keys.json'], { cwd: folder.path })
  await using gateway = await serving(folder, config, '--api-keys', 'keys.json')
  const [own, shared] = JSON.parse(gateway.stdout).servers
  expect(own.reason).toBe(
    'needs a login, and one person\'s login is not used for all who may use this gateway: where all of them may act as that person, set "auth": { "shared": true } for "own" in the configuration, and { "perUser": true } where each has a login of their own',
  )
  expect(shared).toMatchObject({ state: 'ready', tools: 2 })
})
