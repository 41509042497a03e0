import { connect } from '@interlock/client'
import { gateway } from '@interlock/gateway'
import { revisions } from '@interlock/protocol'
import { server, text, tool } from '@interlock/server'
import type { HttpRequest, Protection } from '@interlock/transport'
import { listenHttp } from '@interlock/transport/node'
import { expect, test } from 'vitest'

const names = ['authorization', 'dpop', 'cookie'] as const

/** Lets everybody in, and remembers what they showed. */
function doorkeeper(): Protection & { readonly shown: (string | undefined)[] } {
  const shown: (string | undefined)[] = []
  return {
    shown,
    documents: {},
    authenticate: async (request: HttpRequest) => {
      shown.push(...names.map(name => request.header(name)))
      return { subject: 'alice', scopes: [] }
    },
    challenge: () => ({ status: 403 }),
  }
}

test.each(revisions)(
  '$version: what a client shows to the gateway is not shown to servers behind it',
  async revision => {
    const [atFront, behind] = [doorkeeper(), doorkeeper()]
    const { receiver } = server({ name: 'x', version: '1.0.0', tools: [tool('hello', {}, () => text('hello'))] })
    await using upstream = await listenHttp(receiver, { auth: behind })
    const spec = { name: 'x', disabled: false, kind: 'http', url: upstream.url, headers: {} } as const
    const between = gateway({ info: { name: 'between', version: '1.0.0' }, servers: [spec] })
    try {
      await between.started
      await using front = await listenHttp(between.receiver, { auth: atFront })
      const headers = { authorization: 'Bearer for-the-gateway', dpop: 'proof', cookie: 'session=1' }
      await using client = await connect({ url: front.url, headers }, { revisions: [revision.version] })
      const [hello] = await client.listTools()
      expect(await client.callTool(hello?.name ?? '')).toMatchObject({ content: [text('hello')] })
      expect(atFront.shown).toEqual(expect.arrayContaining(Object.values(headers)))
      expect(behind.shown.length).toBeGreaterThan(0)
      expect(behind.shown.filter(value => value !== undefined)).toEqual([])
    } finally {
      await between.close()
    }
  },
)
