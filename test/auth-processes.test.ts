import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { accounts, type CredentialStore, login, protect, statusOf } from '@interlock/auth'
import { environmentKey, fileStore } from '@interlock/auth/node'
import { server, text, tool } from '@interlock/server'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { afterEach, expect, test } from 'vitest'
import { type LoginRecord, loginKey } from '../packages/auth/src/client/records.ts'
import { metadataOf } from '../packages/auth/src/testing/flows.ts'
import { presence } from '../packages/auth/src/testing/presence.ts'
import { startProvider, type TestProvider } from '../packages/auth/src/testing/provider.ts'
import { scratch } from './support/scratch.ts'

/** Logins that several processes share, against an authorization server that uses every refresh token up. */

const program = fileURLToPath(new URL('support/refresher.ts', import.meta.url))
const key = randomBytes(32).toString('base64')
const open = (directory: string): CredentialStore => fileStore({ directory, key: environmentKey(key) })

type Child = ChildProcessByStdio<Writable, Readable, null>
const children: Child[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

interface Processes {
  /** What each connection of each process gets. All are new, and begin at the same time. */
  connect(connections: number): Promise<string[]>
}

/** Processes that are ready to begin. To start one takes longer than what it does then. */
async function started(count: number, url: URL, directory: string): Promise<Processes> {
  const all = await Promise.all(
    Array.from({ length: count }, async () => {
      const args = ['--import', 'tsx', program, url.href, directory, key]
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
      children.push(child)
      const lines = createInterface({ input: child.stdout })
      await once(lines, 'line')
      return { child, lines }
    }),
  )
  return {
    async connect(connections) {
      const answers = all.map(async ({ child, lines }) => {
        const answered = once(lines, 'line')
        child.stdin.write(`${connections}\n`)
        return JSON.parse(String((await answered)[0])) as string[]
      })
      return (await Promise.all(answers)).flat()
    },
  }
}

const listening = (provider: TestProvider): Promise<HttpListener> => {
  const whoami = tool('whoami', {}, (_, { principal }) => text(principal?.subject ?? 'nobody'))
  return listenHttp(server({ name: 'files', version: '1.0.0', tools: [whoami] }).receiver, {
    auth: resource => protect({ issuer: provider.issuer, resource, scopes: { required: ['files:read'] } }),
  })
}

async function recordIn(store: CredentialStore, url: URL): Promise<LoginRecord> {
  return JSON.parse((await store.read(loginKey(url, 'default'))) ?? '') as LoginRecord
}

/** As if the token had 10 of its 300 seconds left. */
async function age(store: CredentialStore, url: URL): Promise<void> {
  const known = await recordIn(store, url)
  const now = Date.now()
  const old = { ...known, obtainedAtMs: now - 290_000, tokens: { ...known.tokens, expiresAtMs: now + 10_000 } }
  await store.write(loginKey(url, 'default'), JSON.stringify(old))
}

const refreshes = ({ requests }: TestProvider): number =>
  requests.filter(request => request === 'POST /token').length - 1

test('twenty connections in five processes with a token that is about to end send one refresh; nobody is logged out', async () => {
  await using provider = await startProvider()
  await using listener = await listening(provider)
  await using folder = await scratch()
  const { url } = listener
  const store = open(folder.path)
  await login(url, { store, presence: presence(page => provider.agree(page)) })
  const used: (string | undefined)[] = []
  const processes = await started(5, url, folder.path)
  for (const round of [1, 2]) {
    used.push((await recordIn(store, url)).tokens?.refreshToken)
    await age(store, url)
    expect(await processes.connect(4)).toEqual(Array(20).fill(`${provider.issuer} alice`))
    expect(refreshes(provider)).toBe(round)
    expect(await accounts(store)).toMatchObject([{ state: 'live', canRefresh: true }])
  }
  expect(new Set(used).size).toBe(2) // each was good once
}, 120_000)

test('a refresh token that was used before ends the login, in all processes', async () => {
  await using provider = await startProvider()
  await using listener = await listening(provider)
  await using folder = await scratch()
  const { url } = listener
  const store = open(folder.path)
  await login(url, { store, presence: presence(page => provider.agree(page)) })
  const { tokens: stolen, client } = await recordIn(store, url)
  await age(store, url)
  const processes = await started(2, url, folder.path)
  expect(await processes.connect(1)).toEqual([`${provider.issuer} alice`, `${provider.issuer} alice`])

  const { token_endpoint: endpoint = '' } = await metadataOf(provider)
  const thief = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: stolen?.refreshToken ?? '',
      client_id: client?.clientId ?? '',
    }),
  })
  expect([thief.status, await thief.json()]).toMatchObject([400, { error: 'invalid_grant' }])

  const live = (await recordIn(store, url)).tokens
  await age(store, url)
  const got = await processes.connect(2)
  const ended = `the login to ${url.href} has ended: ${provider.issuer} refused to refresh it (invalid_grant)`
  expect(got).toEqual(Array(4).fill(expect.stringContaining(ended)))
  for (const secret of [stolen?.refreshToken, live?.refreshToken, live?.accessToken]) {
    expect(got.join()).not.toContain(secret)
  }
  expect(await statusOf(store, url)).toMatchObject({
    state: 'ended',
    canRefresh: false,
    reason: `${provider.issuer} refused to refresh it (invalid_grant)`,
  })
}, 60_000)
