import { oauth, protect } from '@interlock/auth'
import { terminalPresence } from '@interlock/auth/node'
import { type Client, connect } from '@interlock/client'
import { revisions } from '@interlock/protocol'
import { server, text, tool } from '@interlock/server'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, test } from 'vitest'
import { publicClient, secretClient } from '../packages/auth/src/testing/flows.ts'
import { startProvider, type TestProvider } from '../packages/auth/src/testing/provider.ts'
import { officialPerson, v1Protected, v2Protected } from './support/official-auth.ts'

/** Logins between the official libraries and ours, with one authorization server that is neither's. */

type Person = ReturnType<typeof officialPerson>

const info = { name: 'official', version: '1.0.0' }

const ours = (provider: TestProvider): Promise<HttpListener> => {
  const made = server({
    name: 'files',
    version: '1.0.0',
    tools: [
      tool('whoami', {}, (_, { principal }) => text(principal?.subject ?? 'nobody')),
      tool('write', { scopes: ['files:write'] }, () => text('written')),
    ],
  })
  return listenHttp(made.receiver, {
    auth: resource => protect({ issuer: provider.issuer, resource, scopes: { required: ['files:read'] } }),
  })
}

const scopesOf = (visits: readonly URL[]): (string | null)[] => visits.map(url => url.searchParams.get('scope'))

/**
 * Both generations register for the scopes that they want at first, and this authorization server holds them to that:
 * whoever is to get more later is known there beforehand.
 */
const beforehand = ({ issuer }: TestProvider) => ({ client_id: publicClient.client_id, issuer })
const clients = [{ ...publicClient }] as never

test.each(revisions)(
  '$version: the official client of the second generation registers itself and logs in to our server',
  async ({ version, features }) => {
    await using provider = await startProvider()
    await using listener = await ours(provider)
    const person = officialPerson(provider)
    const { first, second, client } = v2Client(listener.url, person, version, features.era)
    await expect(client().connect(first)).rejects.toThrow(/unauthorized/i)
    await first.finishAuth(await person.answer())
    const joined = client()
    await joined.connect(second)
    expect(await joined.callTool({ name: 'whoami' })).toMatchObject({ content: [text(`${provider.issuer} alice`)] })
    await joined.close()
    expect(person.visits.map(({ searchParams }) => Object.fromEntries(searchParams))).toMatchObject([
      { code_challenge_method: 'S256', resource: listener.url.href, scope: 'files:read offline_access' },
    ])
    expect(provider.requests).toContain('POST /reg')
  },
)

test.each(revisions)('$version: and logs in again for what needs more', async ({ version, features }) => {
  await using provider = await startProvider({ clients })
  await using listener = await ours(provider)
  const person = officialPerson(provider, beforehand(provider))
  const { first, second, client } = v2Client(listener.url, person, version, features.era)
  await expect(client().connect(first)).rejects.toThrow(/unauthorized/i)
  await first.finishAuth(await person.answer())
  const joined = client()
  await joined.connect(second)
  await expect(joined.callTool({ name: 'write' })).rejects.toThrow(/unauthorized/i)
  await second.finishAuth(await person.answer())
  expect(await joined.callTool({ name: 'write' })).toMatchObject({ content: [text('written')] })
  expect(scopesOf(person.visits)).toEqual(['files:read offline_access', 'files:read files:write offline_access'])
  await joined.close()
})

function v2Client(url: URL, { callbacks }: Person, version: string, era: string) {
  return {
    first: new HttpV2(url, { authProvider: callbacks }),
    second: new HttpV2(url, { authProvider: callbacks }),
    client: () =>
      new ClientV2(info, {
        supportedProtocolVersions: [version],
        versionNegotiation: { mode: era === 'modern' ? { pin: version } : 'legacy' },
      }),
  }
}

// With a refresh token it refreshes instead of asking for the scopes that a challenge names: so it has none here.
test('so does the official client of the first generation', async () => {
  const grantTypes = { grant_types: ['authorization_code'] }
  await using provider = await startProvider({ clients: [{ ...publicClient, ...grantTypes }] as never })
  await using listener = await ours(provider)
  const person = officialPerson(provider, beforehand(provider))
  const [first, second] = [1, 2].map(() => new HttpV1(listener.url, { authProvider: person.callbacks }))
  if (first === undefined || second === undefined) throw new Error('there are two')
  // The transport's `sessionId` is optional in another sense than this project's compiler takes it.
  const join = (client: ClientV1, by: HttpV1) => client.connect(by as Parameters<ClientV1['connect']>[0])
  await expect(join(new ClientV1(info), first)).rejects.toThrow(UnauthorizedError)
  await first.finishAuth((await person.answer()).get('code') ?? '')
  const client = new ClientV1(info)
  await join(client, second)
  expect(await client.callTool({ name: 'whoami' })).toMatchObject({ content: [text(`${provider.issuer} alice`)] })
  await expect(client.callTool({ name: 'write' })).rejects.toThrow(UnauthorizedError)
  await second.finishAuth((await person.answer()).get('code') ?? '')
  expect(await client.callTool({ name: 'write' })).toMatchObject({ content: [text('written')] })
  expect(scopesOf(person.visits)).toEqual(['files:read', 'files:read files:write'])
  await client.close()
})

/** Our client, with a person who agrees to everything. */
async function join(provider: TestProvider, url: URL): Promise<{ readonly client: Client; readonly visits: URL[] }> {
  const visits: URL[] = []
  const presence = terminalPresence({
    write: () => {},
    async open(page) {
      visits.push(page)
      await fetch(await provider.agree(page))
      return true
    },
  })
  return { client: await connect(url, { auth: oauth({ presence }) }), visits }
}

const opaque = (): Promise<TestProvider> => startProvider({ format: 'opaque', clients: [{ ...secretClient }] as never })

test('our client logs in to an official server of the second generation, and again for what needs more', async () => {
  await using provider = await opaque()
  await using official = await v2Protected(provider)
  const { client, visits } = await join(provider, official.url)
  expect(await client.callTool('whoami')).toMatchObject({ content: [text('alice')] })
  expect(await client.callTool('write')).toMatchObject({ content: [text('written')] })
  expect(scopesOf(visits)).toEqual(['files:read offline_access', 'files:read offline_access files:write'])
  await client.close()
})

test('and to one of the first generation', async () => {
  await using provider = await opaque()
  await using official = await v1Protected(provider)
  const { client, visits } = await join(provider, official.url)
  expect(await client.callTool('whoami')).toMatchObject({ content: [text('alice')] })
  expect(visits).toHaveLength(1)
  await client.close()
})
