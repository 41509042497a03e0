import { type DetailedTask, type InputRequest, type Params, TransportError } from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from '../connect.ts'
import type { Asked, Scripted } from '../testing/scripted.ts'
import { toolResult } from '../testing/scripted.ts'
import {
  acknowledge,
  begun,
  completed,
  count,
  declaresTasks,
  sessionTasks,
  statelessTasks,
  told,
  working,
} from '../testing/task-peers.ts'
import { taskLimits } from './limits.ts'

afterEach(() => {
  vi.useRealTimers()
})

const day: InputRequest = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Which day?', requestedSchema: { type: 'object', properties: {} } },
}
const asking = (...keys: string[]): DetailedTask =>
  working({ status: 'input_required', inputRequests: Object.fromEntries(keys.map(key => [key, day])) })

/** Gives one answer after the other, and the last one for ever. */
function inTurn(...answers: readonly unknown[]): () => unknown {
  let turn = 0
  return () => answers[Math.min(turn++, answers.length - 1)]
}

const requests = (peer: Scripted, method: string): readonly Asked[] =>
  peer.asked.filter(asked => asked.method === method)

test('a call whose server makes a task of it gives the result of the task', async () => {
  const peer = statelessTasks({ 'tools/call': () => begun(), 'tasks/get': inTurn(working(), completed()) })
  await using client = await connect(peer)
  expect(await client.callTool('t')).toEqual(toolResult)
  expect(requests(peer, 'tasks/get').map(({ params }) => params['taskId'])).toEqual(['T1', 'T1'])
  expect(requests(peer, 'tasks/get')[0]?.headers).toMatchObject({ 'mcp-name': 'T1', 'mcp-method': 'tasks/get' })
})

test('every request says that tasks are taken, unless they are not', async () => {
  const peer = statelessTasks({ 'tools/call': () => toolResult })
  await using client = await connect(peer)
  await client.callTool('t')
  const quiet = statelessTasks({ 'tools/call': () => toolResult })
  await using other = await connect(quiet, { takesTasks: false })
  await other.callTool('t')
  expect(requests(peer, 'tools/call').map(declaresTasks)).toEqual([true])
  expect(requests(quiet, 'tools/call').map(declaresTasks)).toEqual([false])
})

test('each question is asked once, however often the server lists it, and its answer goes out alone', async () => {
  const asked = vi.fn()
  let looks = 0
  const peer = statelessTasks({
    'tools/call': () => begun(),
    'tasks/get': () => {
      looks += 1
      return looks < 4 ? asking('a', 'b') : completed()
    },
    'tasks/update': () => ({}),
  })
  const onElicit = () => {
    asked()
    return { action: 'decline' as const }
  }
  await using client = await connect(peer, { onElicit })
  expect(await client.callTool('t')).toEqual(toolResult)
  expect(asked).toHaveBeenCalledTimes(2)
  const sent = requests(peer, 'tasks/update').map(({ params }) => params['inputResponses'])
  expect(sent).toEqual([{ a: { action: 'decline' } }, { b: { action: 'decline' } }])
})

test('a question that the server does not ask any more is taken back', async () => {
  let taken = false
  const onElicit = (_: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<{ action: 'cancel' }>(resolve =>
      signal.addEventListener('abort', () => {
        taken = true
        resolve({ action: 'cancel' })
      }),
    )
  const peer = statelessTasks({
    'tools/call': () => begun(),
    'tasks/get': inTurn(asking('a'), working(), completed()),
  })
  await using client = await connect(peer, { onElicit })
  expect(await client.callTool('t')).toEqual(toolResult)
  expect(taken).toBe(true)
  expect(count(peer, 'tasks/update')).toBe(0)
  expect(count(peer, 'tasks/cancel')).toBe(0)
})

test('a question that cannot be answered ends the call, and cancels the task', async () => {
  const peer = statelessTasks({ 'tools/call': () => begun(), 'tasks/get': () => asking('a') })
  await using client = await connect(peer)
  await expect(client.callTool('t')).rejects.toMatchObject({ code: -32021 })
  expect((await peer.request('tasks/cancel')).params['taskId']).toBe('T1')
})

test('an answer that the connection lost is brought again', async () => {
  let attempts = 0
  const peer = statelessTasks({
    'tools/call': () => begun(),
    'tasks/get': () => (attempts < 2 ? asking('a') : completed()),
    'tasks/update': asked => {
      attempts += 1
      if (attempts === 1) return asked.break(new TransportError('broken', 'gone'))
      return {}
    },
  })
  await using client = await connect(peer, { onElicit: () => ({ action: 'decline' }) })
  expect(await client.callTool('t')).toEqual(toolResult)
  expect(count(peer, 'tasks/update')).toBe(2)
})

test('who gives up cancels the task, not the request that began it', async () => {
  const peer = statelessTasks({ 'tools/call': () => begun(), 'tasks/get': () => working() }, 'stdio')
  await using client = await connect(peer)
  const stop = new AbortController()
  const result = client.callTool('t', {}, { signal: stop.signal })
  await peer.request('tasks/get')
  stop.abort(new Error('enough'))
  await expect(result).rejects.toThrow('enough')
  await peer.request('tasks/cancel')
  const call = await peer.request('tools/call')
  expect(peer.sent).not.toContainEqual(
    expect.objectContaining({ params: expect.objectContaining({ requestId: call.id }) }),
  )
})

test('when the time is over the task is cancelled, and the time that a person takes does not count', async () => {
  vi.useFakeTimers()
  const peer = statelessTasks({
    'tools/call': () => begun(),
    'tasks/get': () => asking('a'),
    'tasks/update': () => ({}),
  })
  const onElicit = () =>
    new Promise<{ action: 'decline' }>(resolve => setTimeout(resolve, 50_000, { action: 'decline' }))
  await using client = await connect(peer, { onElicit, maxTotalMs: 10_000 })
  const result = client.callTool('t')
  const outcome = expect(result).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringMatching(/within 10 s/),
  })
  await vi.advanceTimersByTimeAsync(50_100)
  expect(count(peer, 'tasks/update')).toBe(1)
  expect(count(peer, 'tasks/cancel')).toBe(0)
  await vi.advanceTimersByTimeAsync(11_000)
  await outcome
  expect(count(peer, 'tasks/cancel')).toBe(1)
})

test('a task that works for long is waited for: that the server answers is a sign of life', async () => {
  vi.useFakeTimers()
  let isDone = false
  const peer = statelessTasks({
    'tools/call': () => begun({ ttlMs: null, pollIntervalMs: 5_000 }),
    'tasks/get': () => (isDone ? completed() : working({ ttlMs: null, pollIntervalMs: 5_000 })),
  })
  await using client = await connect(peer, { timeoutMs: 1_000, maxTotalMs: 3_600_000 })
  const result = client.callTool('t')
  await vi.advanceTimersByTimeAsync(600_000)
  isDone = true
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await result).toEqual(toolResult)
  expect(count(peer, 'tasks/get')).toBe(121)
})

test.each([
  ['as often as it likes', 0, taskLimits.leastPollMs],
  ['as seldom as it likes', 86_400_000, taskLimits.mostPollMs],
])('a server does not have itself asked %s', async (_, pollIntervalMs, everyMs) => {
  vi.useFakeTimers()
  const task = working({ pollIntervalMs, ttlMs: null })
  const peer = statelessTasks({ 'tools/call': () => ({ ...task, resultType: 'task' }), 'tasks/get': () => task })
  await using client = await connect(peer)
  client.callTool('t').catch(() => {})
  await vi.advanceTimersByTimeAsync(10 * everyMs + everyMs / 2)
  expect(count(peer, 'tasks/get')).toBe(10)
})

test('a task that the server does not know any more has an unknown outcome, and is not run again', async () => {
  const peer = statelessTasks({
    'tools/call': () => begun(),
    'tasks/get': asked => asked.fail(-32602, 'Task has expired'),
  })
  await using client = await connect(peer)
  await expect(client.callTool('t')).rejects.toMatchObject({
    code: 'broken',
    message: expect.stringMatching(/Task has expired.*whether the call took effect is unknown/),
  })
  expect(count(peer, 'tools/call')).toBe(1)
})

test('a task whose time is over long since is given up, though the server says that it works', async () => {
  vi.useFakeTimers()
  const task = working({ ttlMs: 1_000, pollIntervalMs: 10_000 })
  const peer = statelessTasks({ 'tools/call': () => ({ ...task, resultType: 'task' }), 'tasks/get': () => task })
  await using client = await connect(peer)
  const outcome = expect(client.callTool('t')).rejects.toThrow(/its time is over.*unknown/)
  await vi.advanceTimersByTimeAsync(80_000)
  await outcome
})

test('a connection that fails while a task is looked at is tried again; one that is gone for good is told', async () => {
  const broken = new TransportError('unreachable', 'nobody is there')
  let looks = 0
  const peer = statelessTasks({
    'tools/call': () => begun(),
    'tasks/get': asked => {
      looks += 1
      return looks === 2 ? asked.break(broken) : looks > 2 ? completed() : working()
    },
  })
  await using client = await connect(peer)
  expect(await client.callTool('t')).toEqual(toolResult)
  const gone = statelessTasks({ 'tools/call': () => begun(), 'tasks/get': asked => asked.break(broken) })
  await using other = await connect(gone, { timeoutMs: 200 })
  await expect(other.callTool('t')).rejects.toMatchObject({
    code: 'broken', // the call has taken effect, or not: that is not what "unreachable" says
    message: expect.stringMatching(/nobody is there; whether the call took effect is unknown/),
  })
})

test('what the server tells by itself needs no looking', async () => {
  const streams: Asked[] = []
  const peer = statelessTasks({
    'tools/call': () => begun({ pollIntervalMs: 60_000 }),
    'tasks/get': () => working({ pollIntervalMs: 60_000 }),
    'subscriptions/listen': asked => {
      streams.push(asked)
      acknowledge(asked)
      return undefined
    },
  })
  await using client = await connect(peer)
  const result = client.callTool('t')
  const looked = await peer.request('tasks/get')
  expect(looked.params['taskId']).toBe('T1')
  const [stream] = streams
  expect(stream?.params['notifications']).toEqual({ taskIds: ['T1'] })
  if (stream !== undefined) told(stream, completed())
  expect(await result).toEqual(toolResult)
  expect(count(peer, 'tasks/get')).toBe(1)
})

test('a server that does not tell is asked to once, and looked at', async () => {
  const warnings: string[] = []
  const peer = statelessTasks({ 'tools/call': () => begun(), 'tasks/get': inTurn(working(), completed()) })
  await using client = await connect(peer, { onWarning: warning => warnings.push(warning) })
  await client.callTool('t')
  await client.callTool('t')
  expect(count(peer, 'subscriptions/listen')).toBe(1)
  expect(warnings).toEqual([])
})

test('who closes the client does not wait for tasks', async () => {
  const peer = statelessTasks({ 'tools/call': () => begun({ pollIntervalMs: 60_000 }) })
  const client = await connect(peer)
  const result = client.callTool('t')
  const outcome = expect(result).rejects.toMatchObject({ code: 'closed' })
  await peer.request('subscriptions/listen')
  await client.close()
  await outcome
})

test.each([
  ['no result', completed({ result: undefined as never }), /is "completed" and has no result/],
  ['a result that is none', completed({ result: { nonsense: 1 } }), /breaks the specification/],
  ['its failure', working({ status: 'failed', error: { code: -32000, message: 'no luck', data: 1 } }), /^no luck$/],
  ['its cancellation', working({ status: 'cancelled', statusMessage: 'too old' }), /was cancelled: too old/],
  ['another task', completed({ taskId: 'T2' }), /breaks the specification/],
  ['a question that is none', working({ status: 'input_required', inputRequests: { a: 1 as never } }), /breaks/],
])('a task that ends with %s is an error', async (_, task, says) => {
  const peer = statelessTasks({ 'tools/call': () => begun(), 'tasks/get': () => task })
  await using client = await connect(peer)
  await expect(client.callTool('t')).rejects.toThrow(says)
})

test('only a call of a tool may become a task', async () => {
  const peer = statelessTasks({ 'prompts/get': () => begun() })
  await using client = await connect(peer)
  await expect(client.getPrompt('p')).rejects.toThrow(/resultType "task"/)
})

test('what a task says of itself is progress, told when it changes', async () => {
  const heard: unknown[] = []
  const says = (statusMessage: string) => working({ statusMessage })
  const peer = statelessTasks({
    'tools/call': () => begun({ statusMessage: 'begun' }),
    'tasks/get': inTurn(says('begun'), says('half way'), says('half way'), completed()),
  })
  await using client = await connect(peer)
  await client.callTool('t', {}, { onProgress: progress => heard.push(progress) })
  expect(heard).toEqual([
    { progress: 1, message: 'begun' },
    { progress: 2, message: 'half way' },
  ])
})

test('what another hop says about tasks is not passed on', async () => {
  const peer = statelessTasks({ 'tools/call': () => toolResult })
  await using client = await connect(peer)
  await client.request('tools/call', { name: 't', task: { ttl: 1 } } as Params)
  expect(requests(peer, 'tools/call')[0]?.params).not.toHaveProperty('task')
  const plain = sessionTasks({ 'tools/call': () => toolResult, 'tools/list': () => ({ tools: [] }) })
  await using other = await connect(plain)
  await other.request('tools/call', { name: 't', task: { ttl: 1 } } as Params)
  expect(requests(plain, 'tools/call')[0]?.params).not.toHaveProperty('task')
})
