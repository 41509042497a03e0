import { oauth, protect } from '@interlock/auth'
import { terminalPresence } from '@interlock/auth/node'
import { connect } from '@interlock/client'
import { revisions } from '@interlock/protocol'
import { server, text, tool } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { expect, test } from 'vitest'
import { startProvider } from '../packages/auth/src/testing/provider.ts'

test.each(revisions)(
  '$version: a person logs in to a protected server, and again for what needs more',
  async ({ version }) => {
    await using provider = await startProvider()
    const protectedServer = server({
      name: 'files',
      version: '1.0.0',
      tools: [
        tool('whoami', {}, (_, { principal }) => text(principal?.subject ?? 'nobody')),
        tool('write', { scopes: ['files:write'] }, () => text('written')),
      ],
    })
    await using listener = await listenHttp(protectedServer.receiver, {
      auth: resource => protect({ issuer: provider.issuer, resource, scopes: { required: ['files:read'] } }),
    })
    const visits: URL[] = []
    const presence = terminalPresence({
      write: () => {},
      async open(url) {
        visits.push(url)
        await fetch(await provider.agree(url))
        return true
      },
    })
    await using client = await connect(listener.url, { revisions: [version], auth: oauth({ presence }) })
    expect(await client.callTool('whoami')).toMatchObject({ content: [text(`${provider.issuer} alice`)] })
    expect(visits).toHaveLength(1)
    expect(await client.callTool('write')).toMatchObject({ content: [text('written')] })
    expect(visits.map(({ searchParams }) => searchParams.get('scope'))).toEqual([
      'files:read offline_access',
      'files:read offline_access files:write',
    ])
  },
)
