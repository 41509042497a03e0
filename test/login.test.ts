import { protect } from '@interlock/auth'
import { openStore } from '@interlock/auth/node'
import { connect } from '@interlock/client'
import { text } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { describe, expect, test } from 'vitest'
import { secretClient } from '../packages/auth/src/testing/flows.ts'
import { interlock, run, up } from './support/command.ts'
import { guarded, logins } from './support/logins.ts'
import { scratch } from './support/scratch.ts'

/** Nothing of a token, a code or a secret is ever printed. */
const secrets = /eyJ|access_token|refresh_token|code=|code_verifier/

test('a person logs in, uses the server, looks at the login, and logs out', async () => {
  await using world = await logins()
  const { folder, listener, provider, interlock } = world
  await folder.file('.mcp.json', JSON.stringify({ mcpServers: { notes: { url: listener.url.href } } }))

  const before = await interlock('list')
  expect(before.stdout).toMatch(/^✗ notes {2}needs a login: run "interlock login notes"$/m)
  expect(before.code).toBe(1)

  const login = await interlock('login', 'notes')
  expect(login.stderr).not.toMatch(/^error/m)
  expect(login.stderr).toMatch(/asking .* what it wants$/m)
  expect(login.stderr).toMatch(/^kept in encrypted files in /m)
  expect(login.stdout).toMatch(/^logged in to notes \(http.*\)$/m)
  expect(login.stdout).toContain(`issuer   ${provider.issuer}`)
  expect(login.code).toBe(0)

  const after = await interlock('list')
  expect(after.stdout).toMatch(/^✓ notes {2}2 tools/m)
  expect(await interlock('call', 'notes', 'whoami')).toMatchObject({ stdout: `${provider.issuer} alice\n`, code: 0 })

  const who = await interlock('whoami', 'notes')
  expect(who.stdout).toMatch(/^account {2}default\nstate {4}live\nsubject {2}alice$/m)
  const { stdout } = await interlock('whoami', listener.url.href, '--json')
  expect(JSON.parse(stdout)).toMatchObject({ account: 'default', state: 'live', identity: { subject: 'alice' } })
  const accounts = await interlock('accounts')
  expect(accounts.stdout).toMatch(/^✓ http.*\/mcp {2}default {2}live {2}http/)

  const logout = await interlock('logout', 'notes')
  expect(logout).toMatchObject({ stdout: expect.stringMatching(/^logged out of notes/), stderr: '', code: 0 })
  expect(provider.requests).toContain('POST /token/revocation')
  expect((await interlock('list')).stdout).toContain('needs a login')
  expect(await interlock('logout', 'notes')).toMatchObject({ code: 1 })
  for (const { stdout, stderr } of [before, login, after, who, accounts, logout]) {
    expect(stdout + stderr.replace(/^ {2}http.*authorize.*$|^ {2}http.*\/auth\?.*$/gm, '')).not.toMatch(secrets)
  }
})

test('a gateway that runs goes on by itself when somebody has logged in, and stops using a login that is gone', async () => {
  await using world = await logins()
  const { folder, listener, provider } = world
  const config = await folder.config({ notes: { url: listener.url.href } })
  await using gateway = await up(config, world.options)
  await using client = await connect(gateway.url)
  expect(await client.listTools()).toEqual([])
  expect(await client.callTool('notes__whoami')).toMatchObject({
    isError: true,
    content: [text('server "notes" is down: needs a login: run "interlock login notes"')],
  })

  const { code } = await world.interlock('login', 'notes', '--config', config)
  expect(code).toBe(0)
  await expect.poll(() => client.listTools(), { timeout: 10_000 }).toHaveLength(2)
  expect(await client.callTool('notes__whoami')).toMatchObject({ content: [text(`${provider.issuer} alice`)] })
  expect(await client.callTool('notes__write')).toMatchObject({
    isError: true,
    content: [
      text(
        'server "notes" wants a scope that its login lacks: run "interlock login notes --scope files:read files:write"',
      ),
    ],
  })

  const more = await world.interlock('login', 'notes', '--config', config, '--scope', 'files:write')
  expect(more.code).toBe(0)
  await expect
    .poll(() => client.callTool('notes__write'), { timeout: 5_000 })
    .toMatchObject({ content: [text('written')] })

  await world.interlock('logout', 'notes', '--config', config)
  await expect
    .poll(() => client.callTool('notes__whoami'), { timeout: 5_000 })
    .toMatchObject({
      isError: true,
      content: [text(expect.stringMatching(/^server "notes" .*needs a login: run "interlock login notes"$/) as never)],
    })
  expect(gateway.stdout + gateway.stderr).not.toMatch(secrets)
})

test('a login that the authorization server has ended is shown as such', async () => {
  await using world = await logins({ ttlSec: 1 })
  const { folder, listener, provider, interlock } = world
  await folder.file('.mcp.json', JSON.stringify({ mcpServers: { notes: { url: listener.url.href } } }))
  await interlock('login', 'notes')
  await revokeLogins(provider.issuer, folder.path)
  const ended = /its login ended \(http\S+ refused to refresh it \(invalid_grant\)\): run "interlock login notes"/
  await expect.poll(async () => (await interlock('list')).stdout, { timeout: 15_000 }).toMatch(ended)
  expect((await interlock('accounts')).stdout).toMatch(/^✗ .* default {2}ended \(.*invalid_grant\)\); log in again/)
  expect(await interlock('whoami', 'notes')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('state    ended'),
  })
  await interlock('login', 'notes')
  expect((await interlock('list')).stdout).toMatch(/^✓ notes/)
})

test('several accounts at one server, of which the configuration says which is used', async () => {
  await using world = await logins()
  const { folder, listener, interlock } = world
  const config = await folder.config({ notes: { url: listener.url.href, auth: { account: 'work' } } })
  const other = await interlock('login', listener.url.href)
  expect(other.stdout).toMatch(/^ {2}account {2}default$/m)
  expect((await interlock('list', '--config', config)).stdout).toContain(
    `needs a login: run "interlock login notes --config ${config}"`,
  )
  const second = await interlock('login', 'notes', '--config', config, '--account', 'spare')
  expect(second.stderr).toContain('the configuration uses account "work" for this server')
  expect((await interlock('login', 'notes', '--config', config)).stdout).toMatch(/^ {2}account {2}work$/m)
  expect((await interlock('list', '--config', config)).stdout).toMatch(/^✓ notes/)
  const known = JSON.parse((await interlock('accounts', '--json')).stdout)
  expect(known.map(({ account }: { account: string }) => account)).toEqual(['default', 'spare', 'work'])
  await interlock('logout', listener.url.href, '--all')
  expect((await interlock('accounts')).stderr).toMatch(/^there are no logins/)
})

test('without anybody: the gateway logs in by itself, with a right of its own', async () => {
  await using world = await logins({ clients: [{ ...secretClient, scope: 'files:read' }] as never })
  const { folder, listener, provider } = world
  const auth = {
    grant: 'client_credentials',
    clientId: secretClient.client_id,
    clientSecret: '${NOTES_SECRET}',
    issuer: provider.issuer,
    scopes: ['files:read'],
  }
  const config = await folder.config({ notes: { url: listener.url.href, auth } })
  const options = { cwd: folder.path, env: { NOTES_SECRET: secretClient.client_secret } }
  const called = await run(interlock, ['call', 'notes', 'whoami', '--config', config], options)
  expect(called).toMatchObject({ stdout: expect.stringContaining('machine'), stderr: '', code: 0 })
  const who = await run(interlock, ['whoami', 'notes', '--config', config], options)
  expect(who.stdout).toMatch(/^account {2}default \(client credentials machine\)\nstate {4}live\nsubject {2}machine$/m)
  expect(await run(interlock, ['logout', 'notes', '--config', config], options)).toMatchObject({ code: 0 })
  expect((await world.interlock('accounts')).stderr).toMatch(/^there are no logins/)
  const wrong = await run(interlock, ['list', '--config', config], {
    cwd: folder.path,
    env: { NOTES_SECRET: 'another one', XDG_STATE_HOME: `${folder.path}/elsewhere` },
  })
  expect(wrong.stdout).toMatch(/^✗ notes .*invalid_client/m)
  expect(wrong.stdout + wrong.stderr).not.toContain('another one')
})

test('a server on HTTP+SSE is logged in to as any other', async () => {
  await using world = await logins()
  await using listener = await listenHttp(guarded().receiver, {
    sse: true,
    auth: endpoint => protect({ issuer: world.provider.issuer, resource: new URL('/sse', endpoint) }),
  })
  const config = await world.folder.config({ old: { type: 'sse', url: listener.sseUrl?.href } })
  const before = await world.interlock('list', '--config', config)
  expect(before.stdout).toMatch(/^✗ old {2}needs a login: run "interlock login old /m)
  expect(await world.interlock('login', 'old', '--config', config)).toMatchObject({ code: 0 })
  const called = await world.interlock('call', 'old', 'whoami', '--config', config)
  expect(called).toMatchObject({ stdout: `${world.provider.issuer} alice\n`, code: 0 })
})

test('logins that cannot be read any more keep no other server down', async () => {
  await using world = await logins()
  const { folder, listener, interlock } = world
  await using open = await listenHttp(guarded().receiver)
  const config = await folder.config({ notes: { url: listener.url.href }, open: { url: open.url.href } })
  expect(await interlock('login', 'notes', '--config', config)).toMatchObject({ code: 0 })
  await folder.file('.config/interlock/credentials.key', 'no key')
  const { stdout } = await interlock('list', '--config', config)
  expect(stdout).toMatch(/^✓ open/m)
  expect(stdout).toMatch(
    /^✗ notes {2}needs a login, and those that are kept cannot be read \(.*credentials\.key holds no key/m,
  )
  expect(await interlock('accounts')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: .*holds no key/m),
  })
})

describe('without a browser here', () => {
  test('a code is entered on another device', async () => {
    await using world = await logins()
    await using login = world.begin('login', world.listener.url.href, '--device')
    const [page] = await login.err(/http\S+user_code=\S+/)
    await world.provider.enterCode(page)
    expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^logged in to http/) })
  })

  test('the address that a browser elsewhere ended at is pasted', async () => {
    await using world = await logins()
    await using login = world.begin('login', world.listener.url.href, '--paste')
    const [page] = await login.err(/http\S+\/auth\?\S+/)
    await login.err(/Paste it here/)
    login.child.stdin?.write(`${await world.provider.agree(page)}\n`)
    expect(await login.ended).toMatchObject({ code: 0 })
  })

  test('Ctrl-C ends the wait for it', async () => {
    await using world = await logins()
    await using login = world.begin('login', world.listener.url.href, '--no-browser')
    await login.err(/http\S+\/auth\?\S+/)
    login.child.kill('SIGINT')
    expect(await login.ended).toMatchObject({ code: 130, stdout: '' })
    expect((await world.interlock('accounts')).stderr).toMatch(/^there are no logins/)
  })
})

test.each([
  [['login', 'local'], /server "local" is a program on this machine; there is nothing to log in to/],
  [['login', 'off'], /server "off" has "auth": false in the configuration; remove that to log in instead/],
  [['login', 'fixed'], /server "fixed" has an "Authorization" of its own in "headers"/],
  [['login', 'notse'], /the configuration has no server "notse"; did you mean "notes"\?/],
  [['login', 'notes', '--issuer', 'https://x.example'], /add its --client-id/],
  [['logout', 'notes', '--all', '--account', 'x'], /choose one of the two/],
])('%j is wrong usage', async (args, message) => {
  await using folder = await scratch()
  const url = 'https://mcp.example/mcp'
  const config = await folder.config({
    notes: { url },
    off: { url, auth: false },
    fixed: { url, headers: { Authorization: 'Bearer x' } },
    local: { command: 'node' },
  })
  const { code, stdout, stderr } = await run(interlock, [...args, '--config', config], { cwd: folder.path })
  expect(stderr).toMatch(message)
  expect([code, stdout]).toEqual([2, ''])
})

/** Does what a person does at the authorization server who ends all sessions there. */
async function revokeLogins(issuer: string, home: string): Promise<void> {
  const store = await openStore({
    environment: { HOME: home, XDG_STATE_HOME: `${home}/.local/state`, XDG_CONFIG_HOME: `${home}/.config` },
  })
  for (const key of (await store.keys()).filter(name => name.startsWith('login:'))) {
    const { tokens, client } = JSON.parse((await store.read(key)) ?? '')
    const body = new URLSearchParams({ token: tokens.refreshToken, client_id: client.clientId })
    expect((await fetch(`${issuer}/token/revocation`, { method: 'POST', body })).status).toBe(200)
  }
}
