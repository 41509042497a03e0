import { type Caller, type InputRequest, legacy, type Notification, TransportError } from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from '../connect.ts'
import { type Asked, type Scripted, toolResult } from '../testing/scripted.ts'
import { completed, core, count, sessionTasks, working } from '../testing/task-peers.ts'
import { relatedTask } from './requests.ts'

afterEach(() => {
  vi.useRealTimers()
})

const tools = (taskSupport?: string) => () => ({
  tools: [{ name: 't', inputSchema: { type: 'object' }, ...(taskSupport ? { execution: { taskSupport } } : {}) }],
})
const begun = (taskId = 'T1') => ({ task: core(working({ taskId })) })
const withRelated = (result: object, taskId = 'T1') => ({ ...result, _meta: { [relatedTask]: { taskId } } })
const calls = (peer: Scripted): unknown[] =>
  peer.asked.filter(({ method }) => method === 'tools/call').map(({ params }) => params['task'])

/** A tool that runs as a task only: it refuses other calls. */
const required = (asked: Asked) => (asked.params['task'] === undefined ? asked.fail(-32601, 'a task only') : begun())

test('a tool that refuses to run otherwise is called again as a task, and gives the result of that', async () => {
  const peer = sessionTasks({ 'tools/call': required, 'tasks/result': () => withRelated(toolResult) })
  await using client = await connect(peer)
  expect(await client.callTool('t')).toEqual(toolResult)
  expect(calls(peer)).toEqual([undefined, {}])
})

test('a tool that is listed as a task only is called as one at once, one that cannot be one never', async () => {
  const peer = sessionTasks({
    'tools/list': tools('required'),
    'tools/call': required,
    'tasks/result': () => withRelated(toolResult),
  })
  await using client = await connect(peer)
  await client.listTools()
  expect(await client.callTool('t')).toEqual(toolResult)
  expect(calls(peer)).toEqual([{}])
  const plain = sessionTasks({ 'tools/list': tools(), 'tools/call': () => toolResult })
  await using other = await connect(plain)
  expect(await other.startTool('t', {}, { ttlMs: 5 })).toEqual({ kind: 'complete', result: toolResult })
  expect(calls(plain)).toEqual([undefined])
})

test('a refusal in the words of a tool is understood where the list bears it out', async () => {
  const words = { content: [{ type: 'text', text: 'MCP error -32601: t requires task augmentation' }], isError: true }
  const answers = {
    'tools/call': ({ params }: Asked) => (params['task'] === undefined ? words : begun()),
    'tasks/result': () => withRelated(toolResult),
  }
  await using client = await connect(sessionTasks({ ...answers, 'tools/list': tools('required') }))
  expect(await client.callTool('t')).toEqual(toolResult)
  await using other = await connect(sessionTasks({ ...answers, 'tools/list': tools('optional') }))
  expect(await other.callTool('t')).toEqual(words)
})

test('a tool that is refused either way is told as it was first; what became of a lost task is not known', async () => {
  const refusing = sessionTasks({ 'tools/call': asked => asked.fail(-32601, `${Object.keys(asked.params).length}`) })
  await using client = await connect(refusing)
  await expect(client.callTool('t')).rejects.toMatchObject({ code: -32601 })
  const breaking = sessionTasks({
    'tools/call': asked =>
      asked.params['task'] === undefined ? asked.fail(-32601, 'no') : asked.break(new TransportError('broken', 'gone')),
  })
  await using other = await connect(breaking)
  await expect(other.callTool('t')).rejects.toMatchObject({ code: 'broken' })
})

test('a handle asks for a task where there can be one, with the time that it is to be kept', async () => {
  const peer = sessionTasks({
    'tools/list': tools('optional'),
    'tools/call': ({ params }) => (params['task'] === undefined ? toolResult : begun()),
    'tasks/get': () => core(working()),
    'tasks/result': () => withRelated(toolResult),
  })
  await using client = await connect(peer)
  expect(await client.callTool('t')).toEqual(toolResult)
  const started = await client.startTool('t', {}, { ttlMs: 5_000 })
  if (started.kind !== 'task') throw new Error('not a task')
  expect(await started.look()).toEqual(working())
  expect(await started.result()).toEqual(toolResult)
  expect(calls(peer)).toEqual([undefined, { ttl: 5_000 }])
})

const elicit = (id: string, taskId: string) =>
  ({
    jsonrpc: '2.0',
    id,
    method: 'elicitation/create',
    params: {
      message: 'Day?',
      requestedSchema: { type: 'object', properties: {} },
      _meta: { [relatedTask]: { taskId }, 'com.example/own': 1 },
    },
  }) as const

function callerNamed(name: string, asked: [string, string, InputRequest][]): Caller {
  return {
    peer: { revision: legacy[0] as (typeof legacy)[number], capabilities: {} },
    signal: new AbortController().signal,
    input: {
      flow: '',
      isLive: true,
      async ask(key, request) {
        asked.push([name, key, request])
        return { action: 'accept', content: { name } }
      },
      step: async (_, run) => run(),
    },
    wantsProgress: false,
    logLevel: undefined,
    notify: () => {},
  }
}

test('among several tasks on one connection a question finds the caller of its own', async () => {
  const asked: [string, string, InputRequest][] = []
  let begunTasks = 0
  const peer = sessionTasks({
    'tools/list': tools('required'),
    'tools/call': () => {
      begunTasks += 1
      return begun(`T${begunTasks}`)
    },
  })
  await using client = await connect(peer)
  await client.listTools()
  const calling = ['ada', 'bob'].map(name =>
    client.handle({ method: 'tools/call', params: { name: 't' }, caller: callerNamed(name, asked) }),
  )
  const waits = await peer.until(({ asked: all }) => {
    const found = all.filter(({ method }) => method === 'tasks/result')
    return found.length === 2 ? found : undefined
  })
  peer.tell(elicit('q1', 'T2'))
  expect(await peer.response('q1')).toMatchObject({
    result: { action: 'accept', content: { name: 'bob' }, _meta: { [relatedTask]: { taskId: 'T2' } } },
  })
  peer.tell(elicit('q2', 'T1'))
  expect(await peer.response('q2')).toMatchObject({ result: { content: { name: 'ada' } } })
  expect(asked.map(([name]) => name)).toEqual(['bob', 'ada'])
  expect(asked[0]?.[2].params?._meta).toEqual({ 'com.example/own': 1 }) // the mark is of that hop
  for (const wait of waits) wait.reply(withRelated(toolResult, String(wait.params['taskId'])))
  expect(await Promise.all(calling)).toEqual([toolResult, toolResult].map(result => ({ kind: 'complete', result })))
})

test('a wait without a result is no end: the task is looked at, and waited for again', async () => {
  vi.useFakeTimers()
  const peer = sessionTasks({ 'tools/call': required, 'tasks/get': () => core(working()) })
  await using client = await connect(peer, { timeoutMs: 5_000, maxTotalMs: 60_000 })
  const result = client.callTool('t')
  await vi.advanceTimersByTimeAsync(12_000)
  expect(count(peer, 'tasks/result')).toBe(3)
  expect(count(peer, 'tasks/get')).toBe(2)
  expect(count(peer, 'tasks/cancel')).toBe(0)
  const cancelled = peer.sent.filter(
    (sent): sent is Notification => 'method' in sent && sent.method.endsWith('cancelled'),
  )
  expect(cancelled).toHaveLength(2) // of the waits, which the task survives
  peer.asked.at(-1)?.reply(withRelated(toolResult))
  expect(await result).toEqual(toolResult)
})

test('a wait that breaks is taken up again', async () => {
  let waits = 0
  const peer = sessionTasks({
    'tools/call': required,
    'tasks/get': () => core(working()),
    'tasks/result': asked => {
      waits += 1
      return waits === 1 ? asked.break(new TransportError('broken', 'gone')) : withRelated(toolResult)
    },
  })
  await using client = await connect(peer)
  expect(await client.callTool('t')).toEqual(toolResult)
})

test('the error of a task is told as it is, and that of an unknown task is none of its errors', async () => {
  const failing = {
    'tools/call': required,
    'tasks/result': (asked: Asked) => asked.fail(-32602, 'wrong day', { day: 1 }),
  }
  const known = sessionTasks({ ...failing, 'tasks/get': () => core(working({ status: 'failed' })) })
  await using client = await connect(known)
  await expect(client.callTool('t')).rejects.toMatchObject({ code: -32602, message: 'wrong day', data: { day: 1 } })
  const unknown = sessionTasks({ ...failing, 'tasks/get': asked => asked.fail(-32602, 'no such task') })
  await using other = await connect(unknown)
  await expect(other.callTool('t')).rejects.toMatchObject({
    code: 'broken',
    message: expect.stringMatching(/no such task.*whether the call took effect is unknown/),
  })
})

test('a task that somebody else cancelled says so', async () => {
  const peer = sessionTasks({
    'tools/call': required,
    'tasks/result': asked => asked.fail(-32603, 'has no result'),
    'tasks/get': () => core(working({ status: 'cancelled', statusMessage: 'by the operator' })),
  })
  await using client = await connect(peer)
  await expect(client.callTool('t')).rejects.toThrow(/was cancelled: by the operator/)
})

test('a task that has ended needs no cancelling', async () => {
  const peer = sessionTasks({
    'tasks/cancel': asked => asked.fail(-32602, 'it has ended'),
    'tasks/get': () => core(completed()),
  })
  await using client = await connect(peer)
  const handle = await client.task('T1')
  await handle.cancel()
  expect(count(peer, 'tasks/cancel')).toBe(1)
})

test('progress under the token of the call is told for as long as the task lives', async () => {
  const heard: unknown[] = []
  const peer = sessionTasks({ 'tools/call': required })
  await using client = await connect(peer)
  const result = client.callTool('t', {}, { onProgress: progress => heard.push(progress) })
  const wait = await peer.request('tasks/result')
  const call = peer.asked.findLast(({ method }) => method === 'tools/call')
  const { progressToken } = call?.params._meta ?? {}
  for (const progress of [1, 3, 2, 4]) {
    peer.tell({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress, total: 4 } })
  }
  peer.tell({
    jsonrpc: '2.0',
    method: 'notifications/tasks/status',
    params: { ...core(working({ statusMessage: 'nearly there' })) },
  })
  wait.reply(withRelated(toolResult))
  await result
  expect(heard).toEqual([
    { progress: 1, total: 4 },
    { progress: 3, total: 4 },
    { progress: 4, total: 4 },
  ])
})
