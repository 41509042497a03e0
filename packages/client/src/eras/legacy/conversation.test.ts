import {
  type Call,
  type Caller,
  type InputRequest,
  legacy,
  type Notification,
  ProtocolError,
  type Request,
  type RequestEvent,
  TransportError,
} from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from '../../connect.ts'
import { clientLimits } from '../../limits.ts'
import { type Asked, gone, legacyScript, type Script, Scripted, toolResult } from '../../testing/scripted.ts'

afterEach(() => {
  vi.useRealTimers()
})

const [newest] = legacy
const roots: Request = { jsonrpc: '2.0', id: 'q1', method: 'roots/list' }
const elicit: Request = {
  jsonrpc: '2.0',
  id: 'q2',
  method: 'elicitation/create',
  params: { message: 'Day?', requestedSchema: { type: 'object', properties: {} } },
}

/** A caller that is not the host, as a gateway has many: it answers every question with its own name. */
function callerNamed(name: string, asked: [string, InputRequest][] = [], events: RequestEvent[] = []): Caller {
  return {
    peer: { revision: legacy[0] as (typeof legacy)[number], capabilities: {} },
    signal: new AbortController().signal,
    input: {
      flow: '',
      isLive: true,
      async ask(key, request) {
        asked.push([key, request])
        return request.method === 'roots/list' ? { roots: [{ uri: `file:///${name}` }] } : { action: 'decline' }
      },
      step: async (_, run) => run(),
    },
    wantsProgress: true,
    logLevel: undefined,
    notify: event => events.push(event),
  }
}

const callFrom = (caller: Caller): Call => ({ method: 'tools/call', params: { name: 't' }, caller })

const inSession = (id: string, script: Script = () => {}): Script => legacyScript(script, newest?.version, id)

test('the params of a raw call pass on with what nobody knows, without another hop’s envelope', async () => {
  const peer = new Scripted(
    'http',
    inSession('s', asked => asked.reply(toolResult)),
  )
  await using client = await connect(peer)
  const _meta = { 'io.modelcontextprotocol/protocolVersion': 'x', progressToken: 'theirs', traceparent: '00-1' }
  const params = { name: 't', arguments: { a: 1 }, unknown: [1], inputResponses: {}, requestState: 's', _meta }
  const outcome = await client.handle({ ...callFrom(callerNamed('a')), params })
  expect(outcome).toEqual({ kind: 'complete', result: toolResult })
  const asked = await peer.request('tools/call')
  expect(asked.params).toEqual({
    name: 't',
    arguments: { a: 1 },
    unknown: [1],
    _meta: { traceparent: '00-1', progressToken: asked.id },
  })
})

test('a question on the stream of a call goes to that call’s caller', async () => {
  const peer = new Scripted('http', inSession('s'))
  await using client = await connect(peer)
  const first = client.handle(callFrom(callerNamed('first')))
  const second = client.handle(callFrom(callerNamed('second')))
  const calls = await peer.until(({ asked }) => (asked.filter(isCall).length === 2 ? asked.filter(isCall) : undefined))
  calls[1]?.tell(roots)
  expect(await peer.response('q1')).toMatchObject({ result: { roots: [{ uri: 'file:///second' }] } })
  for (const call of calls) call.reply(toolResult)
  await Promise.all([first, second])
})

const isCall = ({ method }: Asked): boolean => method === 'tools/call'

test('progress and log of a call go to its caller', async () => {
  const events: RequestEvent[] = []
  const peer = new Scripted(
    'http',
    inSession('s', asked => {
      asked.tell({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: asked.id, progress: 1 } })
      asked.tell({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'error', data: 'x' } })
      asked.reply(toolResult)
    }),
  )
  await using client = await connect(peer)
  await client.handle(callFrom(callerNamed('a', [], events)))
  expect(events).toEqual([
    { kind: 'progress', progress: 1 },
    { kind: 'log', level: 'error', data: 'x' },
  ])
})

test('a question on a shared stream goes to the only caller, and among several it is refused', async () => {
  const asked: [string, InputRequest][] = []
  const peer = new Scripted('stdio', legacyScript())
  await using client = await connect(peer)
  const first = client.handle(callFrom(callerNamed('first', asked)))
  const call = await peer.request('tools/call')
  peer.tell(elicit)
  expect(await peer.response('q2')).toMatchObject({ result: { action: 'decline' } })
  expect(asked).toEqual([['elicitation/create#1', { method: 'elicitation/create', params: elicit.params }]])
  const second = client.handle(callFrom(callerNamed('second')))
  peer.tell(roots)
  expect(await peer.response('q1')).toMatchObject({
    error: {
      code: -32600,
      message: expect.stringMatching(/roots\/list cannot be told to belong to one of the 2 calls/),
    },
  })
  call.reply(toolResult)
  peer.asked.at(-1)?.reply(toolResult)
  await Promise.all([first, second])
})

test('a list that the host fetches meanwhile leaves no doubt whom a question is for', async () => {
  const asked: [string, InputRequest][] = []
  const peer = new Scripted('stdio', legacyScript())
  await using client = await connect(peer)
  const list = client.listTools()
  const listing = await peer.request('tools/list')
  const calling = client.handle(callFrom(callerNamed('ada', asked)))
  const call = await peer.request('tools/call')
  peer.tell(elicit)
  expect(await peer.response('q2')).toMatchObject({ result: { action: 'decline' } })
  expect(asked).toHaveLength(1)
  listing.reply({ tools: [] })
  call.reply(toolResult)
  await Promise.all([list, calling])
})

test('without calls in flight the host answers, and calls of the host are no riddle', async () => {
  const peer = new Scripted('stdio', legacyScript())
  await using client = await connect(peer, { onRoots: () => [{ uri: 'file:///host' }] })
  peer.tell(roots)
  expect(await peer.response('q1')).toMatchObject({ result: { roots: [{ uri: 'file:///host' }] } })
  const calls = [client.callTool('a'), client.callTool('b')]
  await peer.until(({ asked }) => (asked.filter(isCall).length === 2 ? true : undefined))
  peer.tell({ ...roots, id: 'q3' })
  expect(await peer.response('q3')).toMatchObject({ result: { roots: [{ uri: 'file:///host' }] } })
  for (const asked of peer.asked.filter(isCall)) asked.reply(toolResult)
  await Promise.all(calls)
})

test('a ping is answered, and what is unknown, undeclared or broken is refused', async () => {
  const peer = new Scripted('stdio', legacyScript())
  const warnings: string[] = []
  await using _ = await connect(peer, {
    // @ts-expect-error no result of sampling
    onSample: () => ({ nonsense: true }),
    onWarning: warning => warnings.push(warning),
  })
  const ask = async (id: string, method: string, params = {}): Promise<unknown> => {
    peer.tell({ jsonrpc: '2.0', id, method, params })
    const response = await peer.response(id)
    return 'error' in response ? response.error : response.result
  }
  expect(await ask('1', 'ping')).toEqual({})
  expect(await ask('2', 'tools/list')).toMatchObject({ code: -32601 })
  expect(await ask('3', 'made/up')).toMatchObject({ code: -32601 })
  expect(await ask('4', 'roots/list')).toMatchObject({
    code: -32601,
    message: expect.stringMatching(/does not offer roots/),
  })
  expect(await ask('5', 'sampling/createMessage', { messages: 1 })).toMatchObject({
    code: -32602,
    message: expect.stringMatching(/params\./),
  })
  expect(await ask('6', 'sampling/createMessage', { messages: [], maxTokens: 1 })).toMatchObject({ code: -32603 })
  expect(warnings).toEqual([expect.stringMatching(/the answer to sampling\/createMessage .* breaks the specification/)])
})

test('an answer that the server takes back is not sent, and whoever gives it is told to stop', async () => {
  const peer = new Scripted('stdio', legacyScript())
  let stopped: (isAborted: boolean) => void
  const told = new Promise<boolean>(resolve => {
    stopped = resolve
  })
  await using _ = await connect(peer, {
    onRoots: ({ signal }) =>
      new Promise(resolve => {
        signal.addEventListener('abort', () => {
          stopped(signal.aborted)
          resolve([])
        })
        peer.tell({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'q1' } })
      }),
  })
  peer.tell(roots)
  expect(await told).toBe(true)
  peer.tell({ jsonrpc: '2.0', id: 'after', method: 'ping' })
  await peer.response('after')
  expect(peer.sent.filter(sent => 'id' in sent && sent.id === 'q1')).toEqual([])
})

test('a question that is taken back frees the call whose caller never answers', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('stdio', legacyScript())
  await using client = await connect(peer, { timeoutMs: 1_000 })
  let wanted: AbortSignal | undefined
  const caller = callerNamed('mute')
  const input = { ...caller.input, ask: (_: string, __: InputRequest, signal?: AbortSignal) => never(signal) }
  const never = (signal: AbortSignal | undefined): Promise<unknown> => {
    wanted = signal
    return new Promise(() => {})
  }
  const outcome = expect(client.handle(callFrom({ ...caller, input }))).rejects.toMatchObject({ code: 'timeout' })
  await peer.request('tools/call')
  peer.tell(elicit)
  await vi.advanceTimersByTimeAsync(5_000)
  peer.tell({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'q2' } })
  expect(wanted?.aborted).toBe(true)
  await vi.advanceTimersByTimeAsync(2_000)
  await outcome
  expect(peer.sent.filter(sent => 'id' in sent)).toEqual([])
})

test('a server has so many questions open and no more, and none twice', async () => {
  const peer = new Scripted('stdio', legacyScript())
  let asked = 0
  await using _ = await connect(peer, {
    onRoots: () => {
      asked += 1
      return new Promise(() => {})
    },
  })
  for (let nr = 0; nr < clientLimits.openQuestions; nr += 1) peer.tell({ ...roots, id: nr })
  peer.tell({ ...roots, id: 'more' })
  peer.tell({ jsonrpc: '2.0', id: 'alive', method: 'ping' })
  expect(await peer.response('more')).toMatchObject({
    error: { code: -32600, message: expect.stringMatching(/100 questions are being answered already/) },
  })
  expect(await peer.response('alive')).toMatchObject({ result: {} })
  peer.tell({ ...roots, id: 7 })
  expect(await peer.response(7)).toMatchObject({ error: { code: -32600, message: expect.stringMatching(/this id/) } })
  expect(asked).toBe(clientLimits.openQuestions)
})

test('a log message on a shared stream goes to the latest call of one client that wants it, and never to another client', async () => {
  const peer = new Scripted('stdio', legacyScript())
  const atHost: unknown[] = []
  await using client = await connect(peer, { onLog: message => atHost.push(message) })
  const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } } as const
  const heard: RequestEvent[][] = [[], [], [], []]
  const [first, second, third, stranger] = heard.map((events, nr) => callerNamed(`${nr}`, [], events))
  if (!first || !second || !third || !stranger) throw new Error('unreachable')
  const start = (caller: Caller): void => void client.handle(callFrom(caller)).catch(() => {})
  start({ ...first, logLevel: 'debug' })
  start({ ...second, peer: first.peer, logLevel: 'info' })
  start({ ...third, peer: first.peer, logLevel: 'error' })
  await peer.until(({ asked }) => (asked.filter(isCall).length === 3 ? true : undefined))
  peer.tell(log)
  expect(heard.map(({ length }) => length)).toEqual([0, 1, 0, 0])
  start({ ...stranger, logLevel: 'debug' })
  await peer.until(({ asked }) => (asked.filter(isCall).length === 4 ? true : undefined))
  peer.tell(log)
  expect(heard.map(({ length }) => length)).toEqual([0, 1, 0, 0])
  expect(atHost).toEqual([{ level: 'info', data: 'x' }])
})

test('the time a person takes to answer is not the server’s', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('http', inSession('s'))
  await using client = await connect(peer, {
    timeoutMs: 1_000,
    onElicit: () => new Promise(resolve => setTimeout(resolve, 50_000, { action: 'decline' })),
  })
  const result = client.callTool('t')
  const asked = await peer.request('tools/call')
  asked.tell(elicit)
  await vi.advanceTimersByTimeAsync(50_500)
  await peer.response('q2')
  asked.reply(toolResult)
  expect(await result).toEqual(toolResult)
})

test.each([
  [404, 'Session not found'],
  [400, 'Bad Request: No valid session ID provided'],
])(
  'a session lost with %i %s is opened anew once for all who find it lost, and what was not done is sent again',
  async (status, words) => {
    let session = 0
    const peer = new Scripted('http', asked => {
      if (asked.method === 'initialize') {
        session += 1
        return inSession(`s${session}`)(asked)
      }
      if (asked.method === 'server/discover') return inSession('')(asked)
      if (asked.headers['mcp-session-id'] === 's1') return asked.fail(-32001, words, undefined, status)
      asked.reply(asked.method === 'tools/call' ? toolResult : {})
    })
    await using client = await connect(peer)
    await Promise.all([client.callTool('a'), client.callTool('b'), client.callTool('c')])
    expect(session).toBe(2)
    const sessions = peer.asked.filter(isCall).map(({ headers }) => headers['mcp-session-id'])
    expect(sessions).toEqual(['s1', 's1', 's1', 's2', 's2', 's2'])
  },
)

test('a server that forgets every session is not asked for ever', async () => {
  const peer = new Scripted(
    'http',
    inSession('s', asked => asked.break(gone(404))),
  )
  await using client = await connect(peer)
  await expect(client.callTool('a')).rejects.toMatchObject({ code: 'http_status', status: 404 })
  expect(peer.asked.filter(isCall)).toHaveLength(2)
})

test('without a session a 404 is what it says', async () => {
  const peer = new Scripted(
    'http',
    legacyScript(asked => asked.fail(-32601, 'Method not found', undefined, 404)),
  )
  await using client = await connect(peer)
  await expect(client.callTool('a')).rejects.toBeInstanceOf(ProtocolError)
  expect(peer.asked.filter(isCall)).toHaveLength(1)
})

test('a session is ended at the server', async () => {
  const peer = new Scripted('http', inSession('s'))
  const client = await connect(peer)
  await client.close()
  expect(peer.isTerminated).toBe(true)
})

const updated = (uri: string): Notification => ({
  jsonrpc: '2.0',
  method: 'notifications/resources/updated',
  params: { uri },
})

test('resources are subscribed to once however many listen, and left when nobody does', async () => {
  const peer = new Scripted(
    'stdio',
    legacyScript(asked => asked.reply({})),
  )
  await using client = await connect(peer)
  const heard: string[] = []
  const one = await client.subscribe('a:b', () => heard.push('one'))
  const two = await client.subscribe('a:b', () => heard.push('two'))
  peer.tell(updated('a:b'))
  peer.tell(updated('a:c'))
  await one[Symbol.asyncDispose]()
  peer.tell(updated('a:b'))
  await two[Symbol.asyncDispose]()
  expect(heard).toEqual(['one', 'two', 'two'])
  const asked = peer.asked.slice(2).map(({ method, params }) => [method, params['uri']])
  expect(asked).toEqual([
    ['resources/subscribe', 'a:b'],
    ['resources/unsubscribe', 'a:b'],
  ])
})

test('a server that refuses a subscription makes it fail', async () => {
  const peer = new Scripted(
    'stdio',
    legacyScript(asked => asked.fail(-32601, 'Method not found')),
  )
  await using client = await connect(peer)
  await expect(client.subscribe('a:b', () => {})).rejects.toMatchObject({ code: -32601 })
})

test('changed lists are told of until the listener leaves', async () => {
  const peer = new Scripted('stdio', legacyScript())
  await using client = await connect(peer)
  const heard: unknown[] = []
  const listening = client.onChange(change => heard.push(change))
  peer.tell({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
  listening[Symbol.dispose]()
  peer.tell({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
  expect(heard).toEqual([{ kind: 'tools' }])
})

test('a new session hears of what the old one was subscribed to', async () => {
  let session = 0
  const peer = new Scripted('http', asked => {
    if (asked.method === 'initialize') session += 1
    if (asked.method === 'initialize' || asked.method === 'server/discover') return inSession(`s${session}`)(asked)
    const isOld = session > 0 && asked.headers['mcp-session-id'] === 's1' && asked.method === 'tools/call'
    if (isOld) return asked.fail(-32001, 'Session not found', undefined, 404)
    asked.reply(asked.method === 'tools/call' ? toolResult : {})
  })
  await using client = await connect(peer)
  const heard: string[] = []
  await using _ = await client.subscribe('a:b', uri => heard.push(uri))
  await client.callTool('t')
  const again = await peer.until(({ asked }) =>
    asked.find(({ method, headers }) => method === 'resources/subscribe' && headers['mcp-session-id'] === 's2'),
  )
  expect(again.params).toEqual({ uri: 'a:b' })
  await vi.waitFor(() => expect(heard).toEqual(['a:b'])) // something may have been missed meanwhile
})

test('one resource that a new session refuses is warned of and spoils no other', async () => {
  let session = 0
  const peer = new Scripted('http', asked => {
    if (asked.method === 'initialize') session += 1
    if (asked.method === 'initialize' || asked.method === 'server/discover') return inSession(`s${session}`)(asked)
    const isOld = asked.headers['mcp-session-id'] === 's1'
    if (isOld && asked.method === 'tools/call') return asked.fail(-32001, 'Session not found', undefined, 404)
    if (!isOld && asked.params['uri'] === 'a:gone') return asked.fail(-32002, 'No such resource')
    asked.reply(asked.method === 'tools/call' ? toolResult : {})
  })
  const warnings: string[] = []
  await using client = await connect(peer, { onWarning: warning => warnings.push(warning) })
  await using _ = await client.subscribe('a:gone', () => {})
  await using __ = await client.subscribe('a:b', () => {})
  await client.callTool('t')
  const inNew = (): unknown[] =>
    peer.asked.flatMap(({ method, params, headers }) =>
      method === 'resources/subscribe' && headers['mcp-session-id'] === 's2' ? [params['uri']] : [],
    )
  await vi.waitFor(() => expect(inNew()).toEqual(['a:gone', 'a:b']))
  await using ___ = await client.subscribe('a:c', () => {})
  expect(inNew()).toEqual(['a:gone', 'a:b', 'a:c'])
  expect(warnings).toEqual(['the server on http does not tell of changes to a:gone: No such resource'])
  await expect(client.subscribe('a:gone', () => {})).rejects.toThrow('No such resource')
})

test('the stream of unasked messages is opened after the handshake, again after a break, and not where there is none', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('http', inSession('s'))
  const opened: unknown[] = []
  let refusal: TransportError | undefined
  peer.listen = async ({ headers }) => {
    opened.push([headers, peer.sent.length])
    if (refusal !== undefined) throw refusal
  }
  await using _ = await connect(peer)
  const headers = { 'mcp-session-id': 's', 'mcp-protocol-version': newest?.version }
  expect(opened).toEqual([[headers, 1]])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(opened).toHaveLength(2)
  refusal = gone(405)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(opened).toHaveLength(3)
})
