import {
  type Connection,
  type Exchange,
  legacy,
  type Notification,
  newest,
  type Receiver,
  type Revision,
  resultResponse,
  TransportError,
} from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from './connect.ts'
import { gone, legacyScript, modernScript, type Script, Scripted, toolResult } from './testing/scripted.ts'

afterEach(() => {
  vi.useRealTimers()
})

// What clients are known to get wrong, on every revision that it can go wrong in.

const all = [...legacy, newest].map(revision => [revision.version, revision] as const)
const sessions = legacy.map(revision => [revision.version, revision] as const)

const result = { resultType: 'complete', ...toolResult }
const opening = (revision: Revision, script: Script): Script =>
  revision === newest ? modernScript(script) : legacyScript(script, revision.version)

const progress = (progressToken: string | number, now: number): Notification => ({
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { progressToken, progress: now },
})

test.each(all)('%s: progress that does not increase is not passed on', async (_, revision) => {
  const peer = new Scripted(
    'http',
    opening(revision, asked => {
      for (const now of [1, 1, 0.5, 2, -1, 2, 3]) asked.tell(progress(asked.id, now))
      asked.reply(result)
    }),
  )
  const client = await connect(peer)
  const heard: number[] = []
  await client.callTool('a', {}, { onProgress: ({ progress: now }) => heard.push(now) })
  expect(heard).toEqual([1, 2, 3])
})

test.each(all)('%s: progress of a call that is over, or of none, is nobody’s', async (_, revision) => {
  const peer = new Scripted(
    'stdio',
    opening(revision, asked => asked.reply(result)),
  )
  const warnings: string[] = []
  const heard: unknown[] = []
  const client = await connect(peer, { onProgress: event => heard.push(event), onWarning: text => warnings.push(text) })
  await client.callTool('a')
  const { id } = await peer.request('tools/call')
  peer.tell(progress(id, 1))
  peer.tell(progress('nobody', 1))
  peer.tell(progress(99, 1))
  expect([heard, warnings]).toEqual([[], []])
})

/** A server in this process that answers every call but the first at once, and the first when it is told to. */
class Late implements Receiver {
  readonly #revision: Revision
  #first: Exchange | undefined
  #connection: Connection | undefined
  readonly cancelled: unknown[] = []

  constructor(revision: Revision) {
    this.#revision = revision
  }

  receive(exchange: Exchange): void {
    const { message, binding } = exchange
    if (!('method' in message)) return
    if (message.method === 'notifications/cancelled') this.cancelled.push(message.params?.['requestId'])
    if (!('id' in message)) return exchange.end()
    this.#connection = binding.connection
    const { version } = this.#revision
    const isModern = this.#revision === newest
    const info = { name: 'late', version: '1' }
    const respond = (value: object): void => exchange.reply(resultResponse(message.id, value))
    if (message.method === 'server/discover' && isModern) {
      return respond({
        supportedVersions: [version],
        capabilities: {},
        ttlMs: 0,
        cacheScope: 'private',
        resultType: 'complete',
      })
    }
    if (message.method === 'initialize')
      return respond({ protocolVersion: version, capabilities: {}, serverInfo: info })
    if (message.method !== 'tools/call') {
      return exchange.reply({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'no' } })
    }
    if (this.#first !== undefined) return respond(result)
    this.#first = exchange
  }

  /** Answers the first call, in spite of its end. */
  answerFirst(): void {
    const message = this.#first?.message
    if (message !== undefined && 'id' in message && message.id !== undefined) {
      this.#connection?.send(
        resultResponse(message.id, { content: [{ type: 'text', text: 'late' }], resultType: 'complete' }),
      )
    }
  }

  listen(): void {}
  terminate(): number {
    return 405
  }
  async close(): Promise<void> {}
}

test.each(all)('%s: a response that comes after its call was cancelled is ignored', async (_, revision) => {
  const server = new Late(revision)
  const warnings: string[] = []
  await using client = await connect({ receiver: server }, { onWarning: warning => warnings.push(warning) })
  const stop = new AbortController()
  const first = client.callTool('a', {}, { signal: stop.signal })
  first.catch(() => {})
  await new Promise(resolve => setImmediate(resolve))
  stop.abort(new Error('enough'))
  await expect(first).rejects.toThrow('enough')
  await expect.poll(() => server.cancelled.length).toBe(1)
  server.answerFirst()
  expect(await client.callTool('b')).toMatchObject(toolResult)
  expect(warnings).toEqual([
    `the server in this process sent a response to no request (id ${String(server.cancelled[0])})`,
  ])
})

test.each(sessions)(
  '%s: with a lost session, what was refused is sent again, and what may have been done is told so',
  async (_, { version }) => {
    let opened = 0
    const peer = new Scripted('http', asked => {
      if (asked.method === 'initialize') opened += 1
      const isLost = asked.headers['mcp-session-id'] === 's1'
      legacyScript(
        ({ params, reply, break: stop }) => {
          if (!isLost) return reply(toolResult)
          const wasUnderWay = params['name'] === 'under way'
          stop(wasUnderWay ? new TransportError('broken', 'the connection broke; what it did is unknown') : gone(404))
        },
        version,
        `s${opened}`,
      )(asked)
    })
    await using client = await connect(peer)
    const underWay = client.callTool('under way')
    const refused = client.callTool('refused')
    await expect(underWay).rejects.toMatchObject({
      code: 'broken',
      message: 'the connection broke; what it did is unknown',
    })
    expect(await refused).toEqual(toolResult)
    expect(opened).toBe(2)
    const named = (name: string): number => peer.asked.filter(({ params }) => params['name'] === name).length
    expect([named('under way'), named('refused')]).toEqual([1, 2])
  },
)

test.each(sessions)(
  '%s: a server that never had a stream, and says so with a 404, keeps its session',
  async (_, { version }) => {
    vi.useFakeTimers()
    const peer = new Scripted(
      'http',
      legacyScript(asked => asked.reply(toolResult), version, 's'),
    )
    let listened = 0
    peer.listen = async () => {
      listened += 1
      throw gone(404)
    }
    await using client = await connect(peer)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(await client.callTool('a')).toEqual(toolResult)
    expect(listened).toBe(1)
    expect(peer.asked.filter(({ method }) => method === 'initialize')).toHaveLength(1)
  },
)

test.each(sessions)(
  '%s: a session that is found lost while nobody calls is opened again, when the server is back',
  async (_, { version }) => {
    vi.useFakeTimers()
    let opened = 0
    let isDown = false
    const peer = new Scripted('http', asked => {
      if (isDown) return asked.break(new TransportError('unreachable', 'nothing listens'))
      if (asked.method === 'initialize') opened += 1
      legacyScript(() => {}, version, `s${opened}`)(asked)
    })
    peer.listen = async ({ headers }) => {
      if (isDown || headers?.['mcp-session-id'] !== `s${opened}`) throw gone(404)
      await new Promise(resolve => setTimeout(resolve, 5_000))
    }
    const warnings: string[] = []
    await using _client = await connect(peer, { onWarning: warning => warnings.push(warning) })
    await vi.advanceTimersByTimeAsync(4_000)
    isDown = true
    await vi.advanceTimersByTimeAsync(20_000)
    expect(warnings).toContain('the session of the server on http was lost: nothing listens')
    isDown = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(opened).toBe(2)
  },
)

test.each(sessions)('%s: what has no meaning in a session is left in the result as it came', async (_, { version }) => {
  const peer = new Scripted(
    'http',
    legacyScript(asked => asked.reply({ ...toolResult, resultType: 'something' }), version),
  )
  const client = await connect(peer)
  expect(await client.callTool('a')).toEqual({ ...toolResult, resultType: 'something' })
})

test.each(['something', 'Complete', '', 1, null])(
  'a stateless result of the unknown kind %j is refused',
  async kind => {
    const peer = new Scripted(
      'http',
      modernScript(asked => asked.reply({ ...toolResult, resultType: kind })),
    )
    const client = await connect(peer)
    await expect(client.callTool('a')).rejects.toThrow(`resultType ${JSON.stringify(kind)}, which is unknown`)
  },
)

test.each(all)('%s: a resource that does not exist is one whichever code says it', async (_, revision) => {
  const peer = new Scripted(
    'http',
    opening(revision, asked => asked.fail(asked.params['uri'] === 'a:old' ? -32002 : -32602, 'Gone', { uri: 'a:x' })),
  )
  const client = await connect(peer)
  for (const uri of ['a:old', 'a:new']) {
    await expect(client.readResource(uri)).rejects.toMatchObject({ name: 'ResourceNotFound', message: 'Gone' })
  }
})
