import { legacy, newest, TransportError } from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from './connect.ts'
import { clientLimits } from './limits.ts'
import { gone, legacyScript, modernScript, Scripted } from './testing/scripted.ts'

afterEach(() => {
  vi.useRealTimers()
})

const methods = (peer: Scripted): string[] => peer.asked.map(({ method }) => method)
const discovered = (supportedVersions: string[]): object => ({
  resultType: 'complete',
  supportedVersions,
  capabilities: {},
  ttlMs: 0,
  cacheScope: 'private',
})

test.each(['stdio', 'memory', 'http'] as const)('a stateless server over %s is asked once', async kind => {
  const peer = new Scripted(kind, modernScript())
  await using client = await connect(peer)
  expect(methods(peer)).toEqual(['server/discover'])
  expect(client.server).toMatchObject({
    revision: newest,
    info: { name: 'scripted', version: '1' },
    instructions: 'be kind',
  })
  expect(peer.sent).toEqual([])
})

test('every request of that era says who sends it', async () => {
  const peer = new Scripted('http', modernScript())
  await using _ = await connect(peer, { info: { name: 'host', version: '2' }, onRoots: () => [] })
  expect(peer.asked[0]?.params).toEqual({
    _meta: {
      'io.modelcontextprotocol/protocolVersion': newest.version,
      'io.modelcontextprotocol/clientInfo': { name: 'host', version: '2' },
      'io.modelcontextprotocol/clientCapabilities': { roots: {} },
    },
  })
  expect(peer.asked[0]?.headers).toEqual({ 'mcp-protocol-version': newest.version, 'mcp-method': 'server/discover' })
})

test.each(legacy.map(({ version }) => version))('a server with sessions is initialized, revision %s', async version => {
  for (const kind of ['stdio', 'http'] as const) {
    const peer = new Scripted(kind, legacyScript(undefined, version))
    await using client = await connect(peer, { onElicit: () => ({ action: 'cancel' }) })
    expect(methods(peer)).toEqual(['server/discover', 'initialize'])
    expect(peer.asked[1]?.params).toMatchObject({
      protocolVersion: legacy[0]?.version,
      capabilities: { elicitation: { form: {} } },
    })
    expect(peer.sent).toEqual([{ jsonrpc: '2.0', method: 'notifications/initialized' }])
    expect(client.server.revision.version).toBe(version)
  }
})

test.each([400, 404, 405, 406, 500])('HTTP status %d without a JSON-RPC error means sessions', async status => {
  const peer = new Scripted('http', asked =>
    asked.method === 'server/discover' ? asked.break(gone(status)) : legacyScript()(asked),
  )
  await using client = await connect(peer)
  expect(client.server.revision.features.era).toBe('legacy')
})

test('missing credentials are reported and nothing else is tried', async () => {
  const peer = new Scripted('http', asked => asked.break(gone(401)))
  await expect(connect(peer)).rejects.toMatchObject({
    name: 'ConnectError',
    step: 'server/discover',
    message: 'cannot connect to the server on http: server/discover failed: HTTP 401',
    cause: { status: 401 },
  })
  expect(methods(peer)).toEqual(['server/discover'])
  expect(peer.isClosed).toBe(true)
})

test('a server that refuses the version and offers one with sessions is initialized', async () => {
  const peer = new Scripted('http', asked => {
    if (asked.method !== 'server/discover') return legacyScript()(asked)
    asked.fail(
      -32022,
      'Unsupported protocol version',
      { supported: [legacy[1]?.version], requested: newest.version },
      400,
    )
  })
  await using client = await connect(peer)
  expect(client.server.revision.features.era).toBe('legacy')
})

test('a server that offers a version and refuses it, or offers none that is known, is not guessed at', async () => {
  for (const supported of [[newest.version], ['3000-01-01'], []]) {
    const peer = new Scripted('http', asked => asked.fail(-32022, 'Unsupported', { supported, requested: 'x' }, 400))
    await expect(connect(peer)).rejects.toThrow(/server\/discover failed: .*(refuses it|no common protocol version)/)
    expect(methods(peer)).not.toContain('initialize')
  }
})

test.each([-32020, -32021])('a stateless server that refuses with %d is not asked for a session', async code => {
  const peer = new Scripted('http', asked => asked.fail(code, 'Header mismatch', undefined, 400))
  await expect(connect(peer)).rejects.toThrow('server/discover failed: Header mismatch')
  expect(methods(peer)).toEqual(['server/discover'])
})

test('a server that describes itself without a known stateless version gets a session', async () => {
  const peer = new Scripted('stdio', asked =>
    asked.method === 'server/discover' ? asked.reply(discovered([legacy[0]?.version ?? ''])) : legacyScript()(asked),
  )
  await using client = await connect(peer)
  expect(client.server.revision).toBe(legacy[0])
})

test('a silent server on a stream is asked both ways, and a late description wins over no answer', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('stdio', () => {})
  const connecting = connect(peer)
  await vi.advanceTimersByTimeAsync(clientLimits.discoverMs + 1)
  await peer.request('initialize')
  await vi.advanceTimersByTimeAsync(20_000)
  ;(await peer.request('server/discover')).reply(discovered([newest.version]))
  await using client = await connecting
  expect(client.server.revision).toBe(newest)
  expect(peer.sent).toEqual([])
})

test('a silent server on a stream may answer initialize however late', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('stdio', () => {})
  const connecting = connect(peer)
  await vi.advanceTimersByTimeAsync(clientLimits.discoverMs + 1)
  const asked = await peer.request('initialize')
  await vi.advanceTimersByTimeAsync(60_000)
  legacyScript()(asked)
  await using client = await connecting
  expect(client.server.revision.features.era).toBe('legacy')
  expect(peer.sent).toEqual([{ jsonrpc: '2.0', method: 'notifications/initialized' }])
})

test('a server that never answers is given up, with the step and the time', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('stdio', () => {})
  const connecting = connect(peer, { connectMs: 10_000 })
  const outcome = expect(connecting).rejects.toThrow(
    /^cannot connect to the server on stdio: initialize failed: initialize got no answer from the server on stdio within 7 s/,
  )
  await vi.advanceTimersByTimeAsync(30_000)
  await outcome
  expect(peer.isClosed).toBe(true)
})

test('a server that does not take the end of the handshake is given up in time', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('http', asked => {
    if (asked.method === 'server/discover') return void setTimeout(() => legacyScript()(asked), 6_000)
    legacyScript()(asked)
  })
  let stopped: unknown
  peer.send = (_, { signal } = {}) =>
    new Promise(() => signal?.addEventListener('abort', () => (stopped = signal.reason), { once: true }))
  const connecting = connect(peer, { connectMs: 10_000 })
  const outcome = expect(connecting).rejects.toThrow(
    'initialize failed: the server on http did not take notifications/initialized in time',
  )
  await vi.advanceTimersByTimeAsync(10_000)
  await outcome
  expect(stopped).toMatchObject({ code: 'timeout' })
  expect(peer.isClosed).toBe(true)
})

test('all steps of the handshake share one time', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('http', asked => {
    if (asked.method === 'server/discover') setTimeout(() => asked.fail(-32601, 'no'), 9_000)
  })
  const outcome = expect(connect(peer, { connectMs: 10_000 })).rejects.toThrow('initialize failed')
  await vi.advanceTimersByTimeAsync(10_001)
  await outcome
})

test('a program that ends at the first message may be one with sessions, and whoever gave the transport hears of it', async () => {
  const ended = new TransportError('exited', '"x" ended with exit code 1')
  const early = new Scripted('stdio', asked => asked.break(ended))
  await expect(connect(early)).rejects.toMatchObject({ name: 'ConnectError', mayBeLegacy: true })
  const late = new Scripted('stdio', asked =>
    asked.method === 'server/discover' ? asked.fail(-32601, 'no') : asked.break(ended),
  )
  await expect(connect(late)).rejects.toMatchObject({ step: 'initialize', mayBeLegacy: false })
  const asSuch = new Scripted('stdio', asked => asked.break(ended))
  await expect(connect(asSuch, { era: 'legacy' })).rejects.toMatchObject({ mayBeLegacy: false })
})

test('a program that ends during the handshake is said to have ended', async () => {
  const peer = new Scripted('stdio', asked => asked.break(new TransportError('exited', '"x" ended with exit code 1')))
  await expect(connect(peer)).rejects.toThrow('server/discover failed: "x" ended with exit code 1')
})

test('a session in a version nobody knows is refused', async () => {
  const peer = new Scripted('stdio', legacyScript(undefined, '1999-01-01'))
  await expect(connect(peer)).rejects.toThrow(/initialize failed: .* wants to speak protocol version "1999-01-01"/)
})

test('an initialize result that breaks the specification is explained', async () => {
  const peer = new Scripted('stdio', asked =>
    asked.method === 'initialize'
      ? asked.reply({ protocolVersion: legacy[0]?.version, capabilities: {} })
      : asked.fail(-32601, 'no'),
  )
  await expect(connect(peer)).rejects.toThrow(/breaks the specification: result\.serverInfo is missing/)
})

test('an era that was asked for is not looked for', async () => {
  const old = new Scripted('http', legacyScript())
  await using _ = await connect(old, { era: 'legacy' })
  expect(methods(old)).toEqual(['initialize'])
  const other = new Scripted('http', legacyScript())
  await expect(connect(other, { era: 'modern' })).rejects.toThrow(
    /the server holds sessions, and era "modern" was asked for/,
  )
  expect(methods(other)).toEqual(['server/discover'])
})

test('questions that come before the handshake is over are answered after it', async () => {
  const peer = new Scripted('stdio', asked => {
    if (asked.method === 'initialize') peer.tell({ jsonrpc: '2.0', id: 'r', method: 'roots/list' })
    legacyScript()(asked)
  })
  await using _ = await connect(peer, { onRoots: () => [{ uri: 'file:///work' }] })
  expect(await peer.response('r')).toEqual({ jsonrpc: '2.0', id: 'r', result: { roots: [{ uri: 'file:///work' }] } })
})
