import { type ConnectOptions, connect } from '@interlock/client'
import { gateway, type ServerSpec } from '@interlock/gateway'
import { complete, legacy, ProtocolError, type Receiver, type Service } from '@interlock/protocol'
import { appsExtension, receive, type Server, server, text, tool } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { describe, expect, test, vi } from 'vitest'

/** What a gateway carries from the sessions of its clients to its own sessions with servers. */
const sessions = legacy.map(({ version }) => version)

interface Behind extends Pick<ServerSpec, 'clientExtensions'> {
  readonly receiver: Receiver
}

/** Servers behind a gateway on HTTP, by name. */
async function before(servers: Readonly<Record<string, Behind>>) {
  const listeners = await Promise.all(
    Object.entries(servers).map(async ([name, { receiver, ...more }]) => ({
      name,
      more,
      listener: await listenHttp(receiver),
    })),
  )
  const between = gateway({
    info: { name: 'between', version: '1.0.0' },
    servers: listeners.map(({ name, more, listener: { url } }) => ({
      ...more,
      name,
      disabled: false,
      kind: 'http' as const,
      url,
      headers: {},
    })),
  })
  await between.started
  const front = await listenHttp(between.receiver)
  return {
    client: (version: string, options: ConnectOptions = {}) =>
      connect(front.url.href, { ...options, revisions: [version] }),
    async [Symbol.asyncDispose]() {
      await front.close(0)
      await between.close()
      await Promise.all(listeners.map(({ listener }) => listener.close(0)))
    },
  }
}

/** A server with more, or less, than the framework gives it. */
const changed = (made: Server, version: string, changes: Partial<Service>): Behind => ({
  receiver: receive({ ...made, ...changes }, { revisions: [version] }),
})

describe.each(sessions)('a client of %s', client => {
  test.each(sessions)(
    'tells a server of %s that its roots have changed, and shows them when it is asked',
    async behind => {
      const rootsChanged = vi.fn()
      const look = tool('look', {}, async (_, ctx) => (await ctx.roots()).map(({ uri }) => uri).join())
      const made = server({ name: 'studio', version: '1.0.0', tools: [look] })
      await using at = await before({ studio: changed(made, behind, { rootsChanged }) })
      let roots = [{ uri: 'file:///one' }]
      await using connected = await at.client(client, { onRoots: () => roots })
      roots = [{ uri: 'file:///two' }]
      await connected.rootsChanged()
      await vi.waitFor(() => expect(rootsChanged).toHaveBeenCalledOnce())
      expect(await connected.callTool('studio__look')).toMatchObject({ content: [text('file:///two')] })
    },
  )

  test.each(sessions)('hears that a server of %s refuses a subscription, and why', async behind => {
    const resources = [{ name: 'note', uri: 'x://note' }]
    const made = server({ name: 'studio', version: '1.0.0', resources: [] })
    const watching = async (): Promise<void> => {
      throw new ProtocolError(4001, 'Nobody may watch this', { until: 'noon' })
    }
    const handle: Service['handle'] = async call =>
      call.method === 'resources/list' ? complete({ resources }) : made.handle(call)
    await using at = await before({ studio: changed(made, behind, { handle, watching }) })
    await using connected = await at.client(client)
    await expect(connected.subscribe('x://note', () => {})).rejects.toMatchObject({
      code: 4001,
      message: 'Nobody may watch this',
      data: { until: 'noon' },
    })
  })
})

test.each(sessions)(
  'a server of %s is told that clients may show views, and of the extensions that it is to be told of',
  async behind => {
    const seen = vi.fn()
    const look = tool('look', {}, (_, ctx) => {
      seen(ctx.peer.capabilities.extensions)
      return ''
    })
    const made = server({ name: 'studio', version: '1.0.0', tools: [look] })
    const clientExtensions = { 'com.example/rooms': { sizes: ['s'] } }
    await using at = await before({ studio: { ...changed(made, behind, {}), clientExtensions } })
    await using connected = await at.client(behind)
    await connected.callTool('studio__look')
    expect(seen).toHaveBeenCalledExactlyOnceWith({
      [appsExtension]: { mimeTypes: ['text/html;profile=mcp-app'] },
      ...clientExtensions,
    })
  },
)
