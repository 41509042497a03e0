import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Client, type ConnectOptions, connect, type HttpTarget } from '@interlock/client'
import { gateway } from '@interlock/gateway'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from './support/http.ts'

/** The official server of HTTP+SSE, mounted as its authors show it. */
class Official {
  readonly sessions: Map<string, SSEServerTransport> = new Map()
  /** Requests as they came. */
  readonly seen: string[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost')
      this.seen.push(`${request.method} ${url.pathname}`)
      if (request.method === 'GET' && url.pathname === '/sse') {
        const transport = new SSEServerTransport('/messages', response)
        this.sessions.set(transport.sessionId, transport)
        response.on('close', () => this.sessions.delete(transport.sessionId))
        return offering().connect(transport)
      }
      const session = this.sessions.get(url.searchParams.get('sessionId') ?? '')
      if (request.method === 'POST' && url.pathname === '/messages' && session !== undefined) {
        return session.handlePostMessage(request, response)
      }
      response.writeHead(url.pathname === '/sse' ? 405 : 404).end('no such session')
    })
  }

  async start(): Promise<URL> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/sse`)
  }

  /** Breaks every stream, as a restart of the server does. */
  async breakStreams(): Promise<void> {
    for (const session of this.sessions.values()) await session.close()
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

function offering(): McpServer {
  const server = new McpServer({ name: 'old', version: '1' }, { capabilities: { logging: {} } })
  server.registerTool('greet', {}, async () => {
    const answer = await server.server.elicitInput({
      message: 'Who are you?',
      requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    })
    return { content: [{ type: 'text', text: `Hello ${String(answer.content?.['name'])}` }] }
  })
  server.registerTool('wait', {}, async () => new Promise<never>(() => {}))
  return server
}

const open: Official[] = []
afterEach(() => {
  for (const official of open.splice(0)) official.stop()
})

const onElicit: NonNullable<ConnectOptions['onElicit']> = () => ({ action: 'accept', content: { name: 'Ann' } })

describe.each([
  ['found out', undefined, ['POST /sse', 'POST /sse', 'GET /sse']],
  ['asked for', 'sse', ['GET /sse']],
] as const)('the official HTTP+SSE server, %s', (_, type, before) => {
  async function join(options: ConnectOptions = {}): Promise<{ official: Official; client: Client }> {
    const official = new Official()
    open.push(official)
    const url = await official.start()
    const target: HttpTarget = type === undefined ? { url } : { url, type }
    return { official, client: await connect(target, { onElicit, ...options }) }
  }

  test('is connected to, listed, called, and asks', async () => {
    const { official, client } = await join()
    expect(official.seen.slice(0, before.length)).toEqual(before)
    expect(client.server.info?.name).toBe('old')
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['greet', 'wait'])
    expect(await client.callTool('greet')).toEqual({ content: [{ type: 'text', text: 'Hello Ann' }] })
    await client.close()
    await expect.poll(() => official.sessions.size).toBe(0)
  })

  test('gets a new session when its stream has broken; a call that waited may have taken effect', async () => {
    const { official, client } = await join()
    const waiting = client.callTool('wait')
    waiting.catch(() => {})
    await expect.poll(() => official.seen.filter(line => line === 'POST /messages').length).toBe(3)
    await official.breakStreams()
    await expect(waiting).rejects.toMatchObject({ code: 'broken' })
    expect(await client.callTool('greet')).toEqual({ content: [{ type: 'text', text: 'Hello Ann' }] })
    expect(official.sessions.size).toBe(1)
    await client.close()
  })

  test('tells of changes again after its stream has broken, though nobody calls', async () => {
    const { official, client } = await join()
    let heard = 0
    client.onChange(() => {
      heard += 1
    })
    await official.breakStreams()
    await expect.poll(() => official.sessions.size, { timeout: 10_000 }).toBe(1)
    await expect.poll(() => heard).toBeGreaterThan(0)
    await client.close()
  })
})

test.each(['http', 'sse'] as const)(
  'the official HTTP+SSE server stands behind a gateway as any other (type %s)',
  async kind => {
    const official = new Official()
    open.push(official)
    const spec = { name: 'old', disabled: false, kind, url: await official.start(), headers: {} }
    await using between = gateway({ info: { name: 'between', version: '1' }, servers: [spec] })
    await between.started
    await using client = await connect({ receiver: between.receiver }, { onElicit })
    expect(await client.callTool('old__greet')).toMatchObject({ content: [{ text: 'Hello Ann' }] })
    await official.breakStreams()
    const streams = (): number => official.seen.filter(line => line === 'GET /sse').length
    await expect.poll(streams, { timeout: 10_000 }).toBe(2)
    expect(await client.callTool('old__greet')).toMatchObject({ content: [{ text: 'Hello Ann' }] })
  },
)

test('a server that is none of both is told by what it said first', async () => {
  const official = new Official()
  open.push(official)
  const url = await official.start()
  await expect(connect(new URL('/elsewhere', url))).rejects.toThrow(
    /initialize failed: .*\/elsewhere answered HTTP 404: "no such session"; check the path of the URL$/,
  )
})

describe('the reference server over HTTP+SSE', () => {
  const program = fileURLToPath(
    new URL('../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
  )
  let child: ChildProcess | undefined
  let url = ''

  beforeAll(async () => {
    const port = await freePort()
    const started = spawn(process.execPath, [program, 'sse'], {
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child = started
    await new Promise<void>((resolve, reject) => {
      let said = ''
      started.stderr.on('data', piece => {
        said += piece
        if (said.includes(String(port))) resolve()
      })
      started.once('exit', code => reject(new Error(`the server ended with ${code}: ${said}`)))
    })
    url = `http://127.0.0.1:${port}/sse`
  })

  afterAll(() => {
    child?.kill()
  })

  test.each([undefined, 'sse'] as const)('is spoken to (type %s)', async type => {
    const progress: number[] = []
    const target: HttpTarget = type === undefined ? { url } : { url, type }
    await using client = await connect(target, { onElicit })
    expect(client.server.info?.name).toMatch(/everything/)
    expect((await client.listResources()).length).toBeGreaterThan(0)
    expect(await client.callTool('echo', { message: 'hi' })).toMatchObject({ content: [{ text: 'Echo: hi' }] })
    await client.callTool(
      'trigger-long-running-operation',
      { duration: 0.2, steps: 2 },
      { onProgress: ({ progress: now }) => progress.push(now) },
    )
    expect(progress).toEqual([1, 2])
  })
})
