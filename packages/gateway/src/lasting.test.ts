import {
  type Call,
  type Caller,
  type DetailedTask,
  isEnded,
  newest,
  type Outcome,
  type Params,
  type Resume,
  TransportError,
} from '@interlock/protocol'
import { type TaskLimits, Tasks } from '@interlock/server'
import { expect, test } from 'vitest'
import { Offering } from './offering.ts'
import { router } from './router.ts'
import { type Answer, callOf, gate, ScriptedServer } from './testing/scripted.ts'
import { Parking } from './upstreams/parked.ts'

const tools = [{ name: 'work', inputSchema: { type: 'object' } }]
const working = {
  taskId: 'T1',
  status: 'working',
  createdAt: '2026-01-01T00:00:00Z',
  lastUpdatedAt: '2026-01-01T00:00:00Z',
  ttlMs: 60_000,
  pollIntervalMs: 50,
}

/** A stateless server that makes a task of every call. */
const stateless = (answers: Record<string, Answer>): ScriptedServer =>
  new ScriptedServer('studio', {
    'server/discover': () => ({
      resultType: 'complete',
      supportedVersions: [newest.version],
      capabilities: { tools: {}, resources: {} },
      ttlMs: 0,
      cacheScope: 'private',
    }),
    'tools/list': () => ({ resultType: 'complete', tools, ttlMs: 0, cacheScope: 'private' }),
    'tools/call': () => ({ ...working, resultType: 'task' }),
    'tasks/cancel': () => ({ resultType: 'complete' }),
    ...answers,
  })

/** A gateway before a server, which comes after others. */
async function front(server: ScriptedServer, limits: Partial<TaskLimits> = {}, ...others: ScriptedServer[]) {
  const servers = [...others, server]
  const parking = new Parking()
  const offering = new Offering({
    servers: servers.map(({ spec }) => spec),
    info: { name: 'gateway', version: '1' },
    parking,
    open: spec => (servers.find(({ name }) => name === spec.name) ?? server).open(),
  })
  offering.start()
  await offering.settled(5_000)
  const tasks = new Tasks(offering.changes, undefined, limits)
  const handle = router(offering.catalog, { tasks, parking }, () => undefined)
  return {
    /** A call of a client that takes a task. */
    call: (caller: Partial<Caller> = {}, resume?: Resume): Promise<Outcome> =>
      handle(resume === undefined ? taking(caller) : { ...taking(caller), resume }),
    /** How a task ended. */
    async end(outcome: Outcome): Promise<DetailedTask> {
      if (outcome.kind !== 'task') throw new Error('not a task')
      const { taskId } = outcome.task
      for (;;) {
        const changed = gate()
        using _ = offering.changes.subscribe({ tasks: [taskId] }, () => changed.open())
        const task = await tasks.get(taskId, taking({}).caller.peer)
        if (isEnded(task)) return task
        await changed.promise
      }
    },
    async [Symbol.asyncDispose]() {
      parking.close()
      await tasks.close()
      await offering.close()
    },
  }
}

function taking(caller: Partial<Caller>): Call {
  const call = callOf('tools/call', { name: 'studio__work' } as Params)
  const peer = { revision: newest, capabilities: { elicitation: {} } }
  return { ...call, caller: { ...call.caller, peer, task: {}, ...caller } }
}

test('a server that is gone before its task has ended leaves the outcome unknown, and the client is told', async () => {
  const server = stateless({
    'tasks/get': () => {
      throw new TransportError('exited', 'the process ended')
    },
  })
  await using gateway = await front(server)
  const { status, result } = await gateway.end(await gateway.call())
  expect(status).toBe('completed')
  expect(result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/^server "studio": .*whether the call took effect is unknown$/) }],
  })
  expect(server.count('tools/call')).toBe(1)
})

test('a task that cannot be kept is cancelled at its server', async () => {
  const server = stateless({ 'tasks/get': () => ({ ...working, resultType: 'complete' }) })
  await using gateway = await front(server, { running: 0 })
  await expect(gateway.call()).rejects.toThrow(/too many tasks/)
  await expect.poll(() => server.count('tasks/cancel')).toBe(1)
})

test('a link in the result of a task leads where the client knows it', async () => {
  const uri = 'file:///note.txt'
  const note = { name: 'note', uri }
  const list = () => ({ resultType: 'complete', resources: [note], ttlMs: 0, cacheScope: 'private' })
  const result = { content: [{ type: 'resource_link', ...note }] }
  const server = stateless({
    'tasks/get': () => ({ ...working, status: 'completed', result, resultType: 'complete' }),
    'resources/list': list,
  })
  const other = new ScriptedServer('archive', { 'resources/list': list })
  await using gateway = await front(server, {}, other)
  expect((await gateway.end(await gateway.call())).result).toEqual({
    content: [{ type: 'resource_link', name: 'note', uri: `interlock://studio/${uri}` }],
  })
})

test('a call that asks, where no task can be kept, is asked in the result', async () => {
  const server = new ScriptedServer('studio', { 'tools/list': () => ({ tools }) })
  server.kind = 'stdio'
  await using gateway = await front(server, { running: 0 })
  server.answers['tools/call'] = () => {
    server.now.ask('q1', 'elicitation/create', { message: 'Day?', requestedSchema: { type: 'object', properties: {} } })
    return new Promise(() => {})
  }
  const { input } = taking({}).caller
  expect(await gateway.call({ input: { ...input, isLive: false } })).toMatchObject({
    kind: 'input_required',
    requests: { 'elicitation/create#1': { method: 'elicitation/create' } },
  })
})

test('a client that comes back to another gateway is told that the outcome is unknown, and nothing runs again', async () => {
  const inputRequests = {
    day: {
      method: 'elicitation/create',
      params: { message: 'Day?', requestedSchema: { type: 'object', properties: {} } },
    },
  }
  const asking = { ...working, status: 'input_required', inputRequests, resultType: 'complete' }
  const server = stateless({ 'tasks/get': () => asking })
  const { input } = taking({}).caller
  const waiting: Partial<Caller> = { input: { ...input, isLive: false }, task: undefined }
  await using first = await front(server)
  const outcome = await first.call(waiting)
  if (outcome.kind !== 'input_required' || outcome.state === undefined) throw new Error('not asked')
  await using second = await front(server)
  const resume = { state: outcome.state, responses: { day: { action: 'decline' } } }
  await expect(second.call(waiting, resume)).rejects.toThrow(/whether it took effect is unknown/)
  expect(server.count('tools/call')).toBe(1)
})
