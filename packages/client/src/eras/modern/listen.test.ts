import { type Change, type Notification, type RequestId, TransportError } from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from '../../connect.ts'
import { clientLimits } from '../../limits.ts'
import { type Asked, modernScript, type Script, Scripted } from '../../testing/scripted.ts'

afterEach(() => {
  vi.useRealTimers()
})

const key = 'io.modelcontextprotocol/subscriptionId'

const note = (id: RequestId, method: string, params: object = {}): Notification => ({
  jsonrpc: '2.0',
  method: `notifications/${method}`,
  params: { ...params, _meta: { [key]: id } },
})

const acknowledge = (asked: Asked, notifications: unknown = asked.params['notifications']): void =>
  asked.tell(note(asked.id, 'subscriptions/acknowledged', { notifications }))

const acknowledging: Script = modernScript(asked => acknowledge(asked))

const listens = (peer: Scripted): Asked[] => peer.asked.filter(({ method }) => method === 'subscriptions/listen')
const filters = (peer: Scripted): unknown[] => listens(peer).map(({ params }) => params['notifications'])
const cancelled = (peer: Scripted): unknown[] =>
  peer.sent.flatMap(sent =>
    'method' in sent && sent.method === 'notifications/cancelled' ? [sent.params?.['requestId']] : [],
  )

test.each(['http', 'stdio'] as const)(
  'one stream asks for all that is wanted, and follows what is (%s)',
  async kind => {
    const peer = new Scripted(kind, acknowledging)
    await using client = await connect(peer)
    const heard: Change[] = []
    const lists = client.onChange(change => heard.push(change), { tools: true })
    await using resource = await client.subscribe('a:b', uri => heard.push({ kind: 'resource', uri }))
    expect(filters(peer)).toEqual([{ toolsListChanged: true, resourceSubscriptions: ['a:b'] }])
    const [first] = listens(peer)
    first?.tell(note(first.id, 'tools/list_changed'))
    first?.tell(note(first.id, 'resources/updated', { uri: 'a:b' }))
    first?.tell(note('stranger', 'resources/updated', { uri: 'a:b' }))
    expect(heard).toEqual([{ kind: 'tools' }, { kind: 'resource', uri: 'a:b' }])
    lists[Symbol.dispose]()
    await vi.waitFor(() => expect(filters(peer).at(-1)).toEqual({ resourceSubscriptions: ['a:b'] }))
    await vi.waitFor(() => expect(first?.signal?.aborted).toBe(true))
    expect(cancelled(peer)).toEqual(kind === 'stdio' ? [first?.id] : [])
    await resource[Symbol.asyncDispose]()
    expect(listens(peer)).toHaveLength(2)
    expect(listens(peer)[1]?.signal?.aborted).toBe(true)
  },
)

test('what stands right behind the acknowledgement is heard', async () => {
  const peer = new Scripted(
    'http',
    modernScript(asked => {
      acknowledge(asked)
      asked.tell(note(asked.id, 'resources/updated', { uri: 'a:b' }))
    }),
  )
  await using client = await connect(peer)
  const heard: string[] = []
  await using _ = await client.subscribe('a:b', uri => heard.push(uri))
  expect(heard).toEqual(['a:b'])
})

test.each([
  ['breaks', (asked: Asked) => asked.break(new TransportError('bad_reply', 'cut'))],
  ['is ended by the server', (asked: Asked) => asked.reply({ resultType: 'complete' })],
  [
    'is torn down by notification',
    (asked: Asked) =>
      asked.tell({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: asked.id } }),
  ],
])('a stream that %s is opened again, and everybody is told that something may have been missed', async (_, end) => {
  vi.useFakeTimers()
  const peer = new Scripted('http', acknowledging)
  await using client = await connect(peer)
  const heard: string[] = []
  await using __ = await client.subscribe('a:b', uri => heard.push(uri))
  end(listens(peer)[0] as Asked)
  await vi.advanceTimersByTimeAsync(clientLimits.reopenMs)
  expect(filters(peer)).toEqual([{ resourceSubscriptions: ['a:b'] }, { resourceSubscriptions: ['a:b'] }])
  expect(heard).toEqual(['a:b'])
})

test('a server that is down is asked less and less often', async () => {
  vi.useFakeTimers()
  let isUp = true
  const peer = new Scripted(
    'http',
    modernScript(asked => (isUp ? acknowledge(asked) : asked.break(new TransportError('unreachable', 'down')))),
  )
  await using client = await connect(peer)
  await using _ = await client.subscribe('a:b', () => {})
  isUp = false
  listens(peer)[0]?.break(new TransportError('bad_reply', 'cut'))
  await vi.advanceTimersByTimeAsync(120_000)
  expect(listens(peer).length).toBeGreaterThan(5)
  expect(listens(peer).length).toBeLessThan(12)
  isUp = true
  await vi.advanceTimersByTimeAsync(clientLimits.longestReopenMs)
  const attempts = listens(peer).length
  await vi.advanceTimersByTimeAsync(clientLimits.longestReopenMs)
  expect(listens(peer)).toHaveLength(attempts)
})

test('a server that is shutting down or full is asked again, and what its successor tells is heard', async () => {
  vi.useFakeTimers()
  let isUp = true
  const peer = new Scripted(
    'http',
    modernScript(asked =>
      isUp ? acknowledge(asked) : asked.fail(-32603, 'the server is shutting down', undefined, 503),
    ),
  )
  await using client = await connect(peer)
  const heard: string[] = []
  await using _ = await client.subscribe('a:b', uri => heard.push(uri))
  isUp = false
  listens(peer)[0]?.reply({ resultType: 'complete' })
  await vi.advanceTimersByTimeAsync(clientLimits.reopenMs)
  expect(listens(peer).length).toBeGreaterThan(1)
  isUp = true
  await vi.advanceTimersByTimeAsync(clientLimits.longestReopenMs)
  const latest = listens(peer).at(-1)
  latest?.tell(note(latest.id, 'resources/updated', { uri: 'a:b' }))
  expect(heard).toEqual(['a:b', 'a:b'])
})

test('a server without subscriptions makes them fail, or says so once', async () => {
  const warnings: string[] = []
  const peer = new Scripted(
    'http',
    modernScript(asked => asked.fail(-32601, 'Method not found', undefined, 404)),
  )
  await using client = await connect(peer, { onWarning: warning => warnings.push(warning) })
  await expect(client.subscribe('a:b', () => {})).rejects.toMatchObject({ code: -32601 })
  using _ = client.onChange(() => {})
  await vi.waitFor(() =>
    expect(warnings).toEqual([expect.stringMatching(/changes of the server on http cannot be heard/)]),
  )
})

test('a subscription that is not acknowledged in time fails', async () => {
  vi.useFakeTimers()
  const peer = new Scripted('http', modernScript())
  await using client = await connect(peer)
  const outcome = expect(client.subscribe('a:b', () => {})).rejects.toMatchObject({ code: 'timeout' })
  await vi.advanceTimersByTimeAsync(clientLimits.acknowledgeMs + 1_000)
  await outcome
})

test('what the server does not agree to tell is warned of', async () => {
  const warnings: string[] = []
  const peer = new Scripted(
    'http',
    modernScript(asked => acknowledge(asked, { toolsListChanged: true })),
  )
  await using client = await connect(peer, { onWarning: warning => warnings.push(warning) })
  using _ = client.onChange(() => {}, { tools: true, prompts: true, uris: ['a:b'] })
  await vi.waitFor(() => expect(warnings).toEqual(['the server on http does not tell of changes to a:b']))
})

test('lists that the server does not tell of are not asked for', async () => {
  const peer = new Scripted('http', acknowledging)
  await using client = await connect(peer)
  using _ = client.onChange(() => {})
  await vi.waitFor(() => expect(filters(peer)).toEqual([{ toolsListChanged: true, resourcesListChanged: true }]))
  using __ = client.onChange(() => {}, { prompts: true })
  await client.ping()
  expect(filters(peer)).toHaveLength(1)
})

test('requests of a stateless server are ignored with a warning', async () => {
  const warnings: string[] = []
  const peer = new Scripted('stdio', modernScript())
  await using _ = await connect(peer, { onWarning: warning => warnings.push(warning), onRoots: () => [] })
  peer.tell({ jsonrpc: '2.0', id: 1, method: 'roots/list' })
  expect(peer.sent).toEqual([])
  expect(warnings).toEqual([
    'the server on stdio sent the request roots/list, which its revision does not allow; it was ignored',
  ])
})
