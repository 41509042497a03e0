import { connect } from '@interlock/client'
import { revisions } from '@interlock/protocol'
import type { HttpCall } from '@interlock/transport'
import { expect, test } from 'vitest'
import { presence } from '../testing/presence.ts'
import { protectedServer } from '../testing/protected.ts'
import { startProvider } from '../testing/provider.ts'
import { oauth } from './oauth.ts'

test.each(revisions)('$version: every request has the token in its header and none in its URL', async revision => {
  await using provider = await startProvider()
  await using guarded = await protectedServer({ issuer: provider.issuer, scopes: { required: ['files:read'] } })
  const calls: HttpCall[] = []
  const client = await connect(guarded.url, {
    revisions: [revision.version],
    auth: (send, server) => {
      const log = oauth({ presence: presence(url => provider.agree(url)) })
      return log(call => {
        calls.push(call)
        return send(call)
      }, server)
    },
  })
  await client.callTool('whoami')
  await client.listTools()
  await client.close()
  const loggedIn = calls.findIndex(({ headers }) => headers['authorization'] !== undefined)
  expect(calls.slice(0, loggedIn).map(({ method }) => method)).toEqual(['POST'])
  const after = calls.slice(loggedIn)
  expect(after.length).toBeGreaterThan(2)
  // Sessions are also ended, and may be listened to; both are requests like any other.
  if (revision.features.era === 'legacy') expect(after.map(({ method }) => method)).toContain('DELETE')
  for (const { url, headers } of after) {
    expect(headers['authorization']).toMatch(/^Bearer [^ ]+$/)
    expect(url.href).toBe(guarded.url.href)
  }
})
