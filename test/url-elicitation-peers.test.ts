import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ConnectOptions, connect, type EraName } from '@interlock/client'
import { type Gateway, gateway } from '@interlock/gateway'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { UrlElicitationRequiredError } from '@modelcontextprotocol/sdk/types.js'
import { afterEach, expect, test } from 'vitest'

const closing: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** An official server whose tool works once the user has been to a page, which `visit` stands for. */
class Shop {
  readonly opened: string[] = []
  calls = 0
  readonly #notify = new Map<string, () => Promise<void>>()
  readonly #paid = new Set<string>()

  async start(): Promise<URL> {
    const transports = new Map<string, StreamableHTTPServerTransport>()
    const http: Server = createServer(async (request, response) => {
      const id = request.headers['mcp-session-id']
      let transport = typeof id === 'string' ? transports.get(id) : undefined
      if (transport === undefined) {
        const made = new StreamableHTTPServerTransport({
          sessionIdGenerator: () => randomUUID(),
          onsessioninitialized: session => void transports.set(session, made),
        })
        await this.#offering().connect(made as Parameters<McpServer['connect']>[0])
        transport = made
      }
      await transport.handleRequest(request, response)
    })
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
    closing.push(() => {
      http.closeAllConnections()
      http.close()
    })
    return new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`)
  }

  /** The user is done at the page. */
  async visit(url: string): Promise<void> {
    const id = new URL(url).searchParams.get('id') ?? ''
    this.opened.push(url)
    this.#paid.add(id)
    await this.#notify.get(id)?.()
  }

  #offering(): McpServer {
    const made = new McpServer({ name: 'shop', version: '1' })
    made.registerTool('buy', {}, async () => {
      this.calls += 1
      if (this.#paid.size > 0) return { content: [{ type: 'text', text: 'bought' }] }
      const elicitationId = randomUUID()
      this.#notify.set(elicitationId, made.server.createElicitationCompletionNotifier(elicitationId))
      throw new UrlElicitationRequiredError([
        { mode: 'url', elicitationId, message: 'Pay first', url: `https://pay.example/?id=${elicitationId}&a=%20#x` },
      ])
    })
    return made
  }
}

async function between(url: URL): Promise<URL> {
  const made: Gateway = gateway({
    info: { name: 'between', version: '1' },
    servers: [{ name: 'shop', disabled: false, kind: 'http', url, headers: {} }],
  })
  closing.push(() => made.close())
  await made.started
  const listener: HttpListener = await listenHttp(made.receiver)
  closing.push(() => listener.close())
  return listener.url
}

/** Opens what it is shown, as a user would. */
const opening = (shop: Shop): ConnectOptions => ({
  elicitUrl: true,
  onElicit: async request => {
    if (request.mode === 'url') await shop.visit(request.url)
    return { action: 'accept' }
  },
})

const eras: readonly (EraName | undefined)[] = [undefined, 'legacy']

test('a page that an official server wants its user to go to first is shown, and the call made again', async () => {
  const shop = new Shop()
  const client = await connect(await shop.start(), opening(shop))
  closing.push(() => client.close())
  expect(await client.callTool('buy')).toMatchObject({ content: [{ text: 'bought' }] })
  expect(shop.opened).toEqual([expect.stringMatching(/^https:\/\/pay\.example\/\?id=[\da-f-]+&a=%20#x$/)])
  expect(shop.calls).toBe(2)
})

test.each(eras)('the same through a gateway (era %s)', async era => {
  const shop = new Shop()
  const client = await connect(await between(await shop.start()), { ...opening(shop), ...(era && { era }) })
  closing.push(() => client.close())
  expect(await client.callTool('shop__buy')).toMatchObject({ content: [{ text: 'bought' }] })
  expect(shop.opened).toHaveLength(1)
  expect(shop.calls).toBe(2)
})

test('a user who declines has bought nothing', async () => {
  const shop = new Shop()
  const client = await connect(await shop.start(), { elicitUrl: true, onElicit: () => ({ action: 'decline' }) })
  closing.push(() => client.close())
  await expect(client.callTool('buy')).rejects.toMatchObject({ name: 'UrlElicitationRequired', outcome: 'declined' })
  expect(shop.calls).toBe(1)
})
