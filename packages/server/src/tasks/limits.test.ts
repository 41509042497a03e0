import { afterEach, expect, test, vi } from 'vitest'
import { memoryTaskStore, type ServerOptions, server, type TaskLimits, type TaskStore, text, tool } from '../index.ts'
import { both, connected, core } from '../testing/task-client.ts'

const ada = { principal: { subject: 'ada', scopes: [] } }

function service(limits: Partial<TaskLimits>, store?: TaskStore) {
  const quick = tool('quick', { task: 'optional' }, () => 'done')
  const long = tool('long', { task: 'optional' }, () => 'x'.repeat(200))
  const endless = tool('endless', { task: 'optional' }, () => new Promise(() => {}))
  const chatty = tool('chatty', { task: 'optional' }, (_, ctx) => {
    for (let step = 1; step <= 500; step += 1) ctx.progress(step, 500, `step ${step}`)
    return 'done'
  })
  const tasks: ServerOptions['tasks'] = store === undefined ? { limits } : { limits, store }
  return server({ name: 'bounded', version: '1.0.0', tools: [quick, long, endless, chatty], tasks })
}

afterEach(() => {
  vi.useRealTimers()
})

test.each(both)('%s: tasks that have ended count until their time is over', async (_, revision) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await using opened = await connected(service({ keptPerOwner: 2, ttlMs: 60_000 }), revision, ada)
  const start = () => opened.tasks.start('quick')
  for (const { taskId } of [await start(), await start()]) {
    expect(await opened.tasks.get(taskId)).toMatchObject({ status: 'completed' })
  }
  await expect(start()).rejects.toMatchObject({ code: -32603, message: /too many tasks are kept/ })
  await vi.advanceTimersByTimeAsync(60_001)
  expect(await start()).toMatchObject({ status: 'working' })
})

test.each(both)('%s: all clients together may have so many tasks', async (_, revision) => {
  const bounded = service({ kept: 2 })
  await using first = await connected(bounded, revision, ada)
  await using second = await connected(bounded, revision)
  await first.tasks.start('quick')
  await second.tasks.start('quick')
  await expect(second.tasks.start('quick')).rejects.toMatchObject({ code: -32603 })
})

test.each(both)('%s: a result that is too long to be kept is an error', async (_, revision) => {
  await using opened = await connected(service({ resultBytes: 100 }), revision)
  const short = await opened.tasks.start('quick')
  expect(await opened.tasks.result(short['taskId'])).toMatchObject({ content: [text('done')] })
  const { taskId } = await opened.tasks.start('long')
  await expect(opened.tasks.result(taskId)).rejects.toMatchObject({
    code: -32603,
    message: /more than the 100 that are kept/,
  })
})

test.each(both)('%s: a task may be kept for longer than timers can wait', async (_, revision) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const ttlMs = 60 * 24 * 60 * 60_000
  await using opened = await connected(service({ ttlMs }), revision)
  const { taskId } = await opened.tasks.start('endless')
  await vi.advanceTimersByTimeAsync(ttlMs - 1)
  expect(await opened.tasks.get(taskId)).toMatchObject({ status: 'working' })
  await vi.advanceTimersByTimeAsync(1)
  await expect(opened.tasks.get(taskId)).rejects.toMatchObject({ code: -32602 })
})

test.each(both)('%s: what a store has kept for too long is not there', async (_, revision) => {
  const store = memoryTaskStore()
  await using opened = await connected(service({}, store), revision, ada)
  const { taskId } = await opened.tasks.start('quick')
  const record = await store.get(String(taskId))
  if (record === undefined) throw new Error('the task is not in the store')
  await store.put({ ...record, task: { ...record.task, createdAt: new Date(0).toISOString() } })
  await expect(opened.tasks.get(taskId)).rejects.toMatchObject({ code: -32602 })
  if (opened.tasks.isCore) expect(await opened.client.once('tasks/list')).toEqual({ tasks: [] })
})

test.each(both)('%s: changes that come faster than the store takes them are written together', async (_, revision) => {
  const store = memoryTaskStore()
  const put = vi.spyOn(store, 'put')
  await using opened = await connected(service({}, store), revision)
  const { taskId } = await opened.tasks.start('chatty')
  await opened.tasks.result(taskId)
  expect(put.mock.calls.length).toBeLessThan(5)
})

test.each(
  core.flatMap(([version, revision]) =>
    [
      [-5, 1000],
      [0, 1000],
      [5000, 5000],
      [Number.MAX_SAFE_INTEGER, 24 * 60 * 60_000],
    ].map(([asked, kept]) => [version, asked, kept, revision] as const),
  ),
)('%s: a client that asks for %d ms gets a task of %d', async (_, ttl, kept, revision) => {
  await using opened = await connected(service({}), revision)
  const task = await opened.tasks.start('endless', { task: { ttl } })
  expect(task).toMatchObject({ ttl: kept })
  expect(await opened.tasks.get(task['taskId'])).toMatchObject({ ttl: kept })
})

test.each([0, -1, 1.5, Number.NaN])('a tool cannot keep its tasks for %d ms', ttlMs => {
  expect(() => tool('odd', { task: { support: 'optional', ttlMs } }, () => 'done')).toThrow(/ttlMs of tool "odd"/)
})
