import { type Outcome, TransportError } from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { statusOf } from '../status.ts'
import { callOf, gate, ScriptedServer, tool } from '../testing/scripted.ts'
import { upstreamLimits } from './limits.ts'
import type { ListKind } from './lists.ts'
import { Parking } from './parked.ts'
import type { UpstreamState } from './supervisor.ts'
import { Upstream } from './upstream.ts'

afterEach(() => {
  vi.useRealTimers()
})

interface Started {
  readonly upstream: Upstream
  readonly changes: ListKind[]
  readonly states: UpstreamState['kind'][]
}

function start(server: ScriptedServer, startupTimeoutMs = 5_000): Started {
  const changes: ListKind[] = []
  const states: UpstreamState['kind'][] = []
  const upstream = new Upstream({
    spec: { ...server.spec, startupTimeoutMs },
    info: { name: 'gateway', version: '1' },
    parking: new Parking(),
    open: server.open,
    onChange: (_, kind) => changes.push(kind),
    onState: ({ state }) => states.push(state.kind),
  })
  upstream.start()
  return { upstream, changes, states }
}

async function ready(server: ScriptedServer): Promise<Started> {
  const started = start(server)
  await started.upstream.settled(5_000)
  expect(started.upstream.state).toMatchObject({ kind: 'ready' })
  return started
}

const down = async ({ upstream }: Started): Promise<string> => {
  await vi.waitFor(() => expect(upstream.state.kind).toBe('down'))
  return upstream.state.kind === 'down' ? upstream.state.reason : ''
}

const names = ({ lists }: Upstream): string[] => lists.tools.map(({ name }) => name)

test('a storm of changes makes few requests, one at a time, and is passed on only where something changed', async () => {
  let open = 0
  let most = 0
  const server = new ScriptedServer('s', {
    'tools/list': async () => {
      most = Math.max(most, ++open)
      await new Promise(resolve => setTimeout(resolve, 5))
      open -= 1
      return { tools: [tool('same')] }
    },
  })
  const { upstream, changes } = await ready(server)
  changes.length = 0
  for (let round = 0; round < 2_000; round += 1) server.now.tell('notifications/tools/list_changed')
  await vi.waitFor(() => expect(server.count('tools/list')).toBe(2))
  await new Promise(resolve => setTimeout(resolve, 2 * upstreamLimits.refreshMs))

  expect([most, server.count('tools/list'), changes]).toEqual([1, 2, []])
  await upstream[Symbol.asyncDispose]()
})

test('the last change of a list is what counts', async () => {
  let version = 1
  const server = new ScriptedServer('s', { 'tools/list': () => ({ tools: [tool(`v${version}`)] }) })
  const { upstream, changes } = await ready(server)
  changes.length = 0
  for (version = 2; version < 5; version += 1) {
    server.now.tell('notifications/tools/list_changed')
    await Promise.resolve()
  }
  await vi.waitFor(() => expect(names(upstream)).toEqual(['v5']), { timeout: 2_000 })

  expect(new Set(changes)).toEqual(new Set(['tools']))
  await upstream[Symbol.asyncDispose]()
})

test('a change that comes while the server starts is not lost', async () => {
  const resources = gate<object>()
  let tools: object[] = []
  const server = new ScriptedServer('s', {
    'tools/list': () => ({ tools }),
    'resources/list': () => resources.promise,
  })
  const { upstream } = start(server)
  await vi.waitFor(() => expect(server.count('tools/list')).toBe(1))
  tools = [tool('late')]
  server.now.tell('notifications/tools/list_changed')
  resources.open({ resources: [] })

  await vi.waitFor(() => expect(names(upstream)).toEqual(['late']))
  await upstream[Symbol.asyncDispose]()
})

const never = (): Promise<never> => new Promise(() => {})

test.each([
  ['server/discover', ['disposed']],
  ['tools/list', ['terminated', 'disposed']],
])('one deadline bounds the start, from handshake to lists: silence at %s', async (method, ending) => {
  const server = new ScriptedServer('s', { [method]: never })
  const started = start(server, 60)

  expect(await down(started)).toBe('did not answer within 60 ms of being started')
  expect(server.launches[0]?.ending).toEqual(ending)
  await started.upstream[Symbol.asyncDispose]()
})

test('a name that one server lists twice is offered once, and noted', async () => {
  const server = new ScriptedServer('s', { 'tools/list': () => ({ tools: [tool('t'), tool('t'), tool('u')] }) })
  const { upstream } = await ready(server)

  expect(names(upstream)).toEqual(['t', 'u'])
  expect(upstream.warnings).toEqual(['lists the tool "t" more than once; the first is kept'])
  await upstream[Symbol.asyncDispose]()
})

const template = (uriTemplate: string): object => ({ name: uriTemplate, uriTemplate })

test('templates beyond what is matched are left out and noted, and one that fits anything is noted', async () => {
  const many = Array.from({ length: upstreamLimits.templates }, (_, index) => template(`x${index}://{a}`))
  const server = new ScriptedServer('s', {
    'resources/templates/list': () => ({ resourceTemplates: [template('{+any}'), ...many] }),
  })
  const { upstream } = await ready(server)

  expect(upstream.lists.templates).toHaveLength(upstreamLimits.templates)
  expect(upstream.warnings.join('\n')).toMatch(/"\{\+any\}" fits almost any URI; .*last/)
  expect(upstream.warnings.join('\n')).toMatch(/lists 201 resource templates; only the first 200 are offered/)
  await upstream[Symbol.asyncDispose]()
})

const call = (upstream: Upstream, name: string): Promise<Outcome> => upstream.handle(callOf('tools/call', { name }))

const server_ = (answers: Record<string, () => unknown>): ScriptedServer =>
  new ScriptedServer('s', {
    'tools/call': ({ name }) => answers[String(name)]?.(),
  })

test('a connection that breaks under one call does not take the server down', async () => {
  const breaking = server_({
    pay: () => {
      throw Object.assign(new TransportError('closed', 'the other side closed it'), { code: 'broken' })
    },
  })
  const { upstream } = await ready(breaking)

  await expect(call(upstream, 'pay')).rejects.toMatchObject({ code: 'broken' })
  expect(upstream.state.kind).toBe('ready')
  await upstream[Symbol.asyncDispose]()
})

test('when nobody answers any more, the server is given up, and calls in flight finish', async () => {
  const slow = gate<object>()
  const server = server_({
    slow: () => slow.promise,
    next: () => {
      throw new TransportError('unreachable', 'nothing listens on localhost:1')
    },
  })
  const { upstream } = await ready(server)
  const inFlight = call(upstream, 'slow')
  await expect(call(upstream, 'next')).rejects.toMatchObject({ code: 'unreachable' })
  await vi.waitFor(() => expect(upstream.state.kind).toBe('down'))
  const [first] = server.launches
  expect(first?.ending).toEqual([])
  slow.open({ content: [] })

  expect(await inFlight).toMatchObject({ kind: 'complete' })
  await vi.waitFor(() => expect(first?.ending).toContain('disposed'))
  await upstream[Symbol.asyncDispose]()
})

test('the session is ended before the connection', async () => {
  const server = new ScriptedServer('s')
  const { upstream } = await ready(server)
  await upstream[Symbol.asyncDispose]()

  expect(server.now.ending).toEqual(['terminated', 'disposed'])
})

test('a server that is still starting is stopped at once', async () => {
  const server = new ScriptedServer('s', { 'tools/list': never })
  const { upstream } = start(server)
  await vi.waitFor(() => expect(server.count('tools/list')).toBe(1))
  await upstream[Symbol.asyncDispose]()

  expect(server.now.ending).toEqual(['terminated', 'disposed'])
})

test('a server with sessions is told the most verbose level that anybody asked for', async () => {
  const server = server_({ log: () => ({ content: [] }) })
  const { upstream } = await ready(server)
  for (const level of ['warning', 'error', 'debug', 'info'] as const) {
    await upstream.handle(callOf('tools/call', { name: 'log' }, level))
  }

  const levels = server.now.asked.filter(({ method }) => method === 'logging/setLevel').map(({ params }) => params)
  expect(levels).toEqual([{ level: 'warning' }, { level: 'debug' }])
  await upstream[Symbol.asyncDispose]()
})

test('a program that ends at the first message it does not know is spoken to in sessions', async () => {
  const server = new ScriptedServer('s')
  server.kind = 'stdio'
  server.answers['server/discover'] = () => {
    server.now.break(new TransportError('exited', '"node" ended with exit code 1'))
    return never()
  }
  const { upstream, states } = await ready(server)

  expect(states).toEqual(['starting', 'ready'])
  expect(server.launches.map(({ asked }) => asked[0]?.method)).toEqual(['server/discover', 'initialize'])
  await upstream[Symbol.asyncDispose]()
})

test('the era of a server is remembered when it is started again, and forgotten when it does not fit any more', async () => {
  const server = new ScriptedServer('s')
  server.kind = 'stdio'
  const { upstream } = await ready(server)
  const crash = new TransportError('exited', '"node" ended with exit code 3')
  server.now.break(crash)
  await vi.waitFor(() => expect(upstream.state.kind).toBe('down'))
  await upstream.client()
  const initialize = server.answers['initialize']
  server.answers['initialize'] = () => {
    throw new TransportError('exited', '"node" ended with exit code 3')
  }
  server.now.break(crash)
  await vi.waitFor(() => expect(server.launches.length).toBe(3), { timeout: 5_000 })
  if (initialize !== undefined) server.answers['initialize'] = initialize
  await vi.waitFor(() => expect(server.launches.length).toBe(4), { timeout: 5_000 })

  expect(server.launches.map(({ asked }) => asked[0]?.method)).toEqual([
    'server/discover',
    'initialize',
    'initialize',
    'server/discover',
  ])
  await upstream[Symbol.asyncDispose]()
})

test('a server that is tried again says why it was down, until it is ready', async () => {
  const server = new ScriptedServer('s')
  const { upstream } = await ready(server)
  const slow = gate<object>()
  server.answers['tools/list'] = () => slow.promise
  server.now.break(new TransportError('exited', '"node" ended with exit code 3'))
  await vi.waitFor(() => expect(server.count('tools/list')).toBe(2), { timeout: 5_000 })
  expect(statusOf(upstream)).toMatchObject({ state: 'starting', reason: '"node" ended with exit code 3' })
  slow.open({ tools: [] })
  await upstream.settled(5_000)

  expect(statusOf(upstream).state).toBe('ready')
  expect(statusOf(upstream)).not.toHaveProperty('reason')
  await upstream[Symbol.asyncDispose]()
})

test('a call that waits for answers goes on at a server that new calls cannot reach', async () => {
  const server = new ScriptedServer('s')
  server.kind = 'stdio'
  const first = gate()
  server.answers['tools/call'] = async ({ name }) => {
    if (name === 'late') throw new TransportError('unreachable', 'nothing listens there any more')
    const [launch] = server.launches
    launch?.ask('q1', 'elicitation/create', { message: 'Day?', requestedSchema: { type: 'object', properties: {} } })
    await launch?.answered('q1')
    await first.promise
    return { content: [] }
  }
  const { upstream } = await ready(server)
  const call = callOf('tools/call', { name: 'asks' })
  const peer = { ...call.caller.peer, capabilities: { elicitation: {} } }
  const caller = { ...call.caller, peer, input: { ...call.caller.input, isLive: false } }
  const asked = await upstream.handle({ ...call, caller })
  if (asked.kind !== 'input_required' || asked.state === undefined) throw new Error('not asked')
  await expect(upstream.handle(callOf('tools/call', { name: 'late' }))).rejects.toThrow('nothing listens')
  await vi.waitFor(() => expect(upstream.state.kind).not.toBe('ready'))
  const resume = { state: asked.state, responses: { 'elicitation/create#1': { action: 'decline' } } }
  const done = upstream.handle({ ...call, caller, resume })
  first.open()

  expect(await done).toEqual({ kind: 'complete', result: { content: [] } })
  expect(server.launches[0]?.ending).not.toContain('terminated')
  await upstream[Symbol.asyncDispose]()
})
