import {
  type ChangeBus,
  type InputRequest,
  isEnded,
  type Middleware,
  ProtocolError,
  type RequestId,
  revisions,
  tasksExtension,
} from '@interlock/protocol'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type ServerOptions, server, text, tool } from '../index.ts'
import { peer } from '../testing/peer.ts'
import { both, connected, core, extension, takesTasks } from '../testing/task-client.ts'

const without = revisions.filter(({ features }) => features.tasks === 'none').map(r => [r.version, r] as const)
const schema = { type: 'object', properties: { day: { type: 'string' } } }

/** A server whose tools wait until the test lets them go on. */
function worker(options: Partial<ServerOptions> = {}) {
  const gate = gates()
  const slow = tool('slow', { task: 'optional' }, async (_, ctx) => {
    ctx.progress(1, 2, 'half way')
    await gate.passed(ctx.signal)
    return 'done'
  })
  const only = tool('only', { task: 'required' }, () => 'done')
  const failing = tool('failing', { task: 'optional' }, () => ({ content: [text('no')], isError: true }))
  const broken = tool('broken', { task: 'optional' }, () => {
    throw new ProtocolError(-32000, 'out of order', { since: 'today' })
  })
  const asks = tool('asks', { task: 'optional' }, async (_, ctx) => {
    const [first, second] = await Promise.all([
      ctx.elicit('first', { message: 'first', schema }),
      ctx.elicit('second', { message: 'second', schema }),
    ])
    return `${first.action} ${second.action}`
  })
  const later = tool('later', { task: 'later' }, async (_, ctx) => {
    const answer = await ctx.elicit('day', { message: 'Which day?', schema })
    return ctx.task(async () => {
      await gate.passed(ctx.signal)
      return `on ${answer.action === 'accept' ? answer.content['day'] : 'no day'}`
    })
  })
  const plain = tool('plain', {}, () => 'done')
  const tools = [slow, only, failing, broken, asks, later, plain]
  return { gate, service: server({ name: 'worker', version: '1.0.0', tools, ...options }) }
}

/** Holds work up until `open`, or until the work is told to stop. */
function gates() {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  const stopped = vi.fn()
  const passed = (signal: AbortSignal) =>
    Promise.race([
      opened,
      new Promise<void>((_, reject) =>
        signal.addEventListener('abort', () => {
          stopped()
          reject(signal.reason)
        }),
      ),
    ])
  return { open: () => open(), passed, stopped }
}

afterEach(() => {
  vi.useRealTimers()
})

test.each(both)(
  '%s: long work becomes a task, which can be looked at at once, and has its result in the end',
  async (_, revision) => {
    const { service, gate } = worker()
    await using opened = await connected(service, revision)
    const { tasks } = opened
    const task = await tasks.start('slow')
    expect(task).toMatchObject({ status: 'working', taskId: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(task[tasks.isCore ? 'ttl' : 'ttlMs']).toBe(3_600_000)
    expect(task[tasks.isCore ? 'pollInterval' : 'pollIntervalMs']).toBe(1000)
    for (const date of ['createdAt', 'lastUpdatedAt']) expect(Date.parse(String(task[date]))).not.toBeNaN()
    expect(await tasks.get(task['taskId'])).toMatchObject({ status: 'working', statusMessage: 'half way' })
    gate.open()
    expect(await tasks.result(task['taskId'])).toMatchObject({ content: [text('done')] })
    const ended = await tasks.get(task['taskId'])
    expect(ended).toMatchObject({ status: 'completed' })
    expect(ended).not.toHaveProperty('statusMessage')
  },
)

test.each(both)('%s: an error of the protocol is the task failing, and told as it is', async (_, revision) => {
  await using opened = await connected(worker().service, revision)
  const { taskId } = await opened.tasks.start('broken')
  expect(await opened.tasks.until(taskId, 'failed')).toMatchObject({ statusMessage: 'out of order' })
  await expect(opened.tasks.result(taskId)).rejects.toMatchObject({
    code: -32000,
    message: 'out of order',
    data: { since: 'today' },
  })
})

test.each(both)('%s: a tool that fails has a result; in the core form its task has failed', async (_, revision) => {
  await using opened = await connected(worker().service, revision)
  const { taskId } = await opened.tasks.start('failing')
  expect(await opened.tasks.result(taskId)).toMatchObject({ content: [text('no')], isError: true })
  expect(await opened.tasks.get(taskId)).toMatchObject({ status: opened.tasks.isCore ? 'failed' : 'completed' })
})

test.each(both)('%s: cancelling stops the work, and the task stays cancelled', async (_, revision) => {
  const { service, gate } = worker()
  await using opened = await connected(service, revision)
  const { taskId } = await opened.tasks.start('slow')
  const told = await opened.tasks.cancel(taskId)
  if (opened.tasks.isCore) expect(told).toMatchObject({ taskId, status: 'cancelled' })
  else expect(told).toEqual({ resultType: 'complete', _meta: expect.anything() })
  gate.open()
  expect(gate.stopped).toHaveBeenCalledOnce()
  expect(await opened.tasks.get(taskId)).toMatchObject({ status: 'cancelled' })
  const again = opened.tasks.cancel(taskId)
  if (opened.tasks.isCore) await expect(again).rejects.toMatchObject({ code: -32602 })
  else expect(await again).toMatchObject({ resultType: 'complete' })
})

test.each(both)('%s: nobody else finds a task', async (_, revision) => {
  const { service } = worker()
  const ada = { principal: { subject: 'ada', scopes: [] } }
  await using owner = await connected(service, revision, ada)
  await using other = await connected(service, revision, { principal: { subject: 'eve', scopes: [] } })
  await using again = await connected(service, revision, ada)
  const { taskId } = await owner.tasks.start('slow')
  for (const attempt of [other.tasks.get(taskId), other.tasks.cancel(taskId), owner.tasks.get('0'.repeat(64))]) {
    await expect(attempt).rejects.toMatchObject({ code: -32602, message: expect.stringContaining('not found') })
  }
  expect(await again.tasks.get(taskId)).toMatchObject({ taskId, status: 'working' })
})

test.each(both)('%s: a task ends, and is forgotten, when its time is over', async (_, revision) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { service, gate } = worker({ tasks: { limits: { ttlMs: 60_000 } } })
  await using opened = await connected(service, revision)
  const { taskId } = await opened.tasks.start('slow')
  await vi.advanceTimersByTimeAsync(60_001)
  expect(gate.stopped).toHaveBeenCalledOnce()
  await expect(opened.tasks.get(taskId)).rejects.toMatchObject({ code: -32602 })
})

test.each(both)('%s: more tasks than one client may have are refused', async (_, revision) => {
  const { service, gate } = worker({ tasks: { limits: { runningPerOwner: 2 } } })
  await using opened = await connected(service, revision, { principal: { subject: 'ada', scopes: [] } })
  const first = await opened.tasks.start('slow')
  await opened.tasks.start('slow')
  await expect(opened.tasks.start('slow')).rejects.toMatchObject({ code: -32603, message: /too many tasks/ })
  gate.open()
  await opened.tasks.result(first['taskId'])
  await vi.waitFor(() => opened.tasks.start('slow'))
})

test.each(both)('%s: a server that closes says of its tasks that they failed', async (_, revision) => {
  const { service, gate } = worker()
  await using opened = await connected(service, revision)
  const { taskId } = await opened.tasks.start('slow')
  await service.receiver.close(0)
  expect(gate.stopped).toHaveBeenCalledOnce()
  const store = await service.tasks
    ?.get(String(taskId), { revision, capabilities: {} })
    .catch((error: unknown) => error)
  expect(store).toMatchObject(revision.features.tasks === 'core' ? { code: -32602 } : { status: 'failed' })
})

test.each(both)('%s: a tool without tasks answers at once', async (_, revision) => {
  await using opened = await connected(worker().service, revision)
  const attempt = opened.tasks.start('plain')
  if (opened.tasks.isCore) await expect(attempt).rejects.toMatchObject({ code: -32601 })
  else expect(await attempt).toMatchObject({ resultType: 'complete', content: [text('done')] })
})

test.each(both)('%s: what is asked before the task begins is answered first', async (_, revision) => {
  const { service, gate } = worker()
  const asked: string[] = []
  const onInput = (question: InputRequest) => {
    asked.push(question.method)
    return { action: 'accept', content: { day: 'Monday' } }
  }
  await using opened = await connected(service, revision, { onInput })
  const { tasks, client } = opened
  gate.open()
  if (tasks.isCore) {
    // The whole handler is the task; its question comes with the request for the result.
    const { taskId } = await tasks.start('later')
    await tasks.until(taskId, 'input_required')
    expect(await tasks.result(taskId)).toMatchObject({ content: [text('on Monday')] })
  } else {
    const first = await tasks.start('later')
    expect(first).toMatchObject({ resultType: 'input_required' })
    expect(first).not.toHaveProperty('taskId')
    const second = await tasks.start('later', await client.answersTo(first))
    expect(second).toMatchObject({ resultType: 'task', status: 'working' })
    expect(second).not.toHaveProperty('requestState')
    expect(await tasks.result(second['taskId'])).toMatchObject({ content: [text('on Monday')] })
  }
  expect(asked).toEqual(['elicitation/create'])
})

test.each(revisions.map(r => [r.version, r] as const))(
  '%s: clients without tasks wait, and are refused what is a task only',
  async (_, revision) => {
    const { service, gate } = worker()
    gate.open()
    await using client = await peer(service, revision, { capabilities: {} })
    expect((await client.tool('slow'))['content']).toEqual([text('done')])
    const code = revision.features.tasks === 'extension' ? -32021 : -32601
    await expect(client.tool('only')).rejects.toMatchObject({ code })
  },
)

test.each([...extension, ...without])('%s: tools say nothing of what it has no word for', async (_, revision) => {
  await using client = await peer(worker().service, revision, { capabilities: takesTasks })
  const { tools } = (await client.once('tools/list')) as { tools?: object[] }
  expect(tools).toHaveLength(7)
  for (const listed of tools ?? []) expect(listed).not.toHaveProperty('execution')
})

test.each(without)('%s has no tasks at all', async (_, revision) => {
  await using client = await peer(worker().service, revision, { capabilities: takesTasks })
  await expect(client.once('tasks/get', { taskId: 'x' })).rejects.toMatchObject({ code: -32601 })
})

describe('the extension', () => {
  const [[, revision] = []] = extension
  if (revision === undefined) throw new Error('no revision has it')

  test('is offered by servers whose tools have tasks', async () => {
    await using client = await peer(worker().service, revision)
    expect(await client.once('server/discover')).toMatchObject({
      capabilities: { extensions: { [tasksExtension]: {} } },
    })
    const bare = server({ name: 'bare', version: '1.0.0', tools: [tool('plain', {}, () => 'done')] })
    await using other = await peer(bare, revision, { capabilities: takesTasks })
    expect((await other.once('server/discover'))['capabilities']).not.toHaveProperty('extensions')
    await expect(other.once('tasks/get', { taskId: 'x' })).rejects.toMatchObject({ code: -32601 })
  })

  test.each(['tasks/get', 'tasks/update', 'tasks/cancel', 'subscriptions/listen'])(
    '%s is for clients that declare it',
    async method => {
      await using client = await peer(worker().service, revision, { capabilities: {} })
      const params =
        method === 'subscriptions/listen' ? { notifications: { taskIds: ['x'] } } : { taskId: 'x', inputResponses: {} }
      await expect(client.once(method, params)).rejects.toMatchObject({
        code: -32021,
        data: { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
      })
    },
  )

  test('questions wait in the task until they are answered, one by one', async () => {
    await using opened = await connected(worker().service, revision)
    const { taskId } = await opened.tasks.start('asks')
    const asking = await opened.tasks.until(taskId, 'input_required')
    expect(asking['inputRequests']).toMatchObject({
      first: { method: 'elicitation/create', params: { message: 'first' } },
      second: { method: 'elicitation/create', params: { message: 'second' } },
    })
    const update = (inputResponses: object) => opened.client.once('tasks/update', { taskId, inputResponses })
    const ack = await update({ first: { action: 'decline' }, unknown: { action: 'accept' } })
    expect(ack).toEqual({ resultType: 'complete', _meta: expect.anything() })
    await vi.waitFor(async () =>
      expect(Object.keys((await opened.tasks.get(taskId))['inputRequests'] ?? {})).toEqual(['second']),
    )
    await update({ first: { action: 'accept' } })
    await update({ second: { action: 'cancel' } })
    expect(await opened.tasks.result(taskId)).toMatchObject({ content: [text('decline cancel')] })
    await update({ second: { action: 'accept' } })
  })

  test('who listens is told of every change, with all there is to know', async () => {
    const { service, gate } = worker()
    await using opened = await connected(service, revision)
    const { taskId } = await opened.tasks.start('slow')
    const id: RequestId = 'listening'
    opened.client.begin('subscriptions/listen', { notifications: { taskIds: [taskId] } }, id)
    const acknowledged = await opened.client.next('notifications/subscriptions/acknowledged')
    expect(acknowledged.params).toMatchObject({ notifications: { taskIds: [taskId] } })
    const first = await opened.client.next('notifications/tasks')
    expect(first.params).toMatchObject({ taskId, status: 'working', statusMessage: 'half way' })
    gate.open()
    const told = await opened.client.next('notifications/tasks')
    expect(told.params).toMatchObject({ taskId, status: 'completed', result: { content: [text('done')] } })
    expect(told.params?._meta).toMatchObject({ 'io.modelcontextprotocol/subscriptionId': id })
  })

  test('who listens when a task has ended already is told so', async () => {
    await using opened = await connected(worker().service, revision)
    const { taskId } = await opened.tasks.start('failing')
    await opened.tasks.result(taskId)
    opened.client.begin('subscriptions/listen', { notifications: { taskIds: [taskId] } })
    const told = await opened.client.next('notifications/tasks')
    expect(told.params).toMatchObject({ taskId, status: 'completed', result: { isError: true } })
  })

  test('nobody is told of a task of somebody else, or of one that is not there', async () => {
    const { service, gate } = worker()
    await using owner = await connected(service, revision, { principal: { subject: 'ada', scopes: [] } })
    await using other = await connected(service, revision, { principal: { subject: 'eve', scopes: [] } })
    const { taskId } = await owner.tasks.start('slow')
    const own = await other.tasks.start('slow')
    const taskIds = [taskId, own['taskId'], '0'.repeat(64), 7]
    other.client.begin('subscriptions/listen', { notifications: { taskIds } })
    const acknowledged = await other.client.next('notifications/subscriptions/acknowledged')
    expect(acknowledged.params).toMatchObject({ notifications: { taskIds: [own['taskId']] } })
    gate.open()
    await owner.tasks.result(taskId)
    await other.tasks.result(own['taskId'])
    await vi.waitFor(() =>
      expect(other.client.all('notifications/tasks').at(-1)).toMatchObject({ status: 'completed' }),
    )
    for (const told of other.client.all('notifications/tasks')) expect(told?.['taskId']).toBe(own['taskId'])
  })

  test.each(['tasks/result', 'tasks/list'])('%s is not part of it', async method => {
    await using opened = await connected(worker().service, revision)
    await expect(opened.client.once(method, { taskId: 'x' })).rejects.toMatchObject({ code: -32601 })
  })
})

describe('the core form', () => {
  const [[, revision] = []] = core
  if (revision === undefined) throw new Error('no revision has it')
  const related = 'io.modelcontextprotocol/related-task'

  test('tools say whether they run as tasks, and the server that it has them', async () => {
    await using client = await peer(worker().service, revision)
    const { tools } = (await client.once('tools/list')) as unknown as { tools: { name: string; execution?: object }[] }
    expect(Object.fromEntries(tools.map(({ name, execution }) => [name, execution]))).toMatchObject({
      slow: { taskSupport: 'optional' },
      only: { taskSupport: 'required' },
      later: { taskSupport: 'optional' },
      plain: undefined,
    })
  })

  test('that a task is asked for is ignored by a server without tasks', async () => {
    const bare = server({ name: 'bare', version: '1.0.0', tools: [tool('plain', {}, () => 'done')] })
    await using client = await peer(bare, revision)
    expect(await client.once('tools/call', { name: 'plain', task: {} })).toEqual({ content: [text('done')] })
  })

  test('the request for the result waits, carries the questions, and says whose they are', async () => {
    const questions: InputRequest[] = []
    const onInput = (question: InputRequest) => {
      questions.push(question)
      return { action: 'decline' }
    }
    await using opened = await connected(worker().service, revision, { onInput })
    const { taskId } = await opened.tasks.start('asks')
    expect(await opened.tasks.result(taskId)).toEqual({
      content: [text('decline decline')],
      _meta: { [related]: { taskId } },
    })
    expect(questions).toHaveLength(2)
    for (const { params } of questions) expect(params?._meta).toEqual({ [related]: { taskId } })
  })

  test('a question that the client refuses is an error of the handler', async () => {
    await using opened = await connected(worker().service, revision, {
      onInput: () => {
        throw new Error('nobody is there')
      },
    })
    const { taskId } = await opened.tasks.start('asks')
    await expect(opened.tasks.result(taskId)).rejects.toMatchObject({ code: expect.any(Number) })
  })

  test('all tasks of a client can be listed, page by page', async () => {
    await using opened = await connected(worker({ tasks: { limits: { runningPerOwner: 1000 } } }).service, revision)
    const started = await Promise.all(Array.from({ length: 101 }, () => opened.tasks.start('slow')))
    const first = (await opened.client.once('tasks/list')) as { tasks: { taskId: string }[]; nextCursor?: string }
    expect(first.tasks).toHaveLength(100)
    const second = (await opened.client.once('tasks/list', { cursor: first.nextCursor })) as typeof first
    expect(second.nextCursor).toBeUndefined()
    const listed = [...first.tasks, ...second.tasks].map(({ taskId }) => taskId)
    expect(new Set(listed)).toEqual(new Set(started.map(({ taskId }) => taskId)))
    await expect(opened.client.once('tasks/list', { cursor: 'forged' })).rejects.toMatchObject({ code: -32602 })
  })

  test('the client is told of changes, and of progress while the task lives', async () => {
    const { service, gate } = worker()
    await using opened = await connected(service, revision)
    const { taskId } = await opened.tasks.start('slow', { _meta: { progressToken: 't' } })
    const progress = await opened.client.next('notifications/progress')
    expect(progress.params).toMatchObject({
      progressToken: 't',
      progress: 1,
      total: 2,
      _meta: { [related]: { taskId } },
    })
    gate.open()
    await vi.waitFor(() =>
      expect(opened.client.all('notifications/tasks/status').at(-1)).toMatchObject({ taskId, status: 'completed' }),
    )
  })

  test('a task that ends before its client is told of it is heard of too, and nobody listens on', async () => {
    const { service, gate } = worker({
      middleware: [
        next => async call => {
          const outcome = await next(call)
          if (outcome.kind === 'task') await until(service.changes, outcome.task.taskId)
          return outcome
        },
      ],
    })
    const until = (changes: ChangeBus, taskId: string) =>
      new Promise<void>(resolve => {
        const heard = changes.subscribe({ tasks: [taskId] }, change => {
          if (change.kind !== 'task' || !isEnded(change.task)) return
          heard[Symbol.dispose]()
          resolve()
        })
        gate.open()
      })
    await using opened = await connected(service, revision)
    const { taskId } = await opened.tasks.start('slow')
    const told = await opened.client.next('notifications/tasks/status')
    expect(told.params).toMatchObject({ taskId, status: 'completed' })
  })

  test('log messages of a task are those of the level that the client wants', async () => {
    const talks = tool('talks', { task: 'optional' }, (_, ctx) => {
      ctx.log('debug', 'too much')
      ctx.log('error', 'enough')
      return 'done'
    })
    // What passes messages on does not look at their level first.
    const relay: Middleware = next => async call => {
      const { task } = call.caller
      task?.notify?.({ kind: 'log', level: 'debug', data: 'too much, passed on' }, 'elsewhere')
      return next(call)
    }
    const service = server({ name: 'talker', version: '1.0.0', tools: [talks], middleware: [relay] })
    await using opened = await connected(service, revision)
    await opened.client.once('logging/setLevel', { level: 'warning' })
    const { taskId } = await opened.tasks.start('talks')
    await opened.tasks.result(taskId)
    expect(opened.client.all('notifications/message')).toEqual([
      { level: 'error', data: 'enough', _meta: { [related]: { taskId } } },
    ])
  })
})

test('a tool that goes on as a task must say that it can', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const confused = tool('confused', {}, (_, ctx) => ctx.task(() => 'done'))
  await using client = await peer(server({ name: 'confused', version: '1.0.0', tools: [confused] }), revisions[0])
  expect(await client.tool('confused')).toMatchObject({ isError: true })
  expect(String(log.mock.calls[0]?.[1])).toContain('needs the option "task"')
  log.mockRestore()
})
