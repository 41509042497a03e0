import { expect, test } from 'vitest'
import { connect } from '../../connect.ts'
import { relatedTask } from '../../tasks/requests.ts'
import { legacyScript, type Scripted, Scripted as Server } from '../../testing/scripted.ts'

const form = { message: 'Day?', requestedSchema: { type: 'object', properties: {} } }
type Told = Record<string, unknown>

/** Asks the client, and gives its result or its error. */
async function asks(peer: Scripted, id: string, method: string, params: object): Promise<Told> {
  peer.tell({ jsonrpc: '2.0', id, method, params: { ...params } })
  const response = await peer.response(id)
  return ('result' in response ? response.result : response.error) as Told
}

/** A host that answers when the test says so, and takes questions as tasks. */
function host() {
  const seen = { stopped: false }
  let answer = (): void => {}
  const answered = new Promise<void>(resolve => {
    answer = resolve
  })
  const onElicit = async (request: object, { signal }: { signal: AbortSignal }) => {
    expect(request).not.toHaveProperty('task')
    signal.addEventListener('abort', () => {
      seen.stopped = true
    })
    await answered
    return { action: 'accept', content: { day: 'Monday' } } as const
  }
  return { seen, answer: () => answer(), options: { onElicit, questionTasks: true } }
}

test('a question may become a task of the client, whose answer the server fetches later', async () => {
  const peer = new Server('stdio', legacyScript())
  const { options, answer } = host()
  await using _ = await connect(peer, options)
  const initialize = await peer.request('initialize')
  expect(initialize.params['capabilities']).toMatchObject({
    tasks: { list: {}, cancel: {}, requests: { elicitation: { create: {} } } },
  })
  const { task } = (await asks(peer, 'q1', 'elicitation/create', { ...form, task: { ttl: 5_000 } })) as { task: Told }
  expect(task).toMatchObject({ status: 'working', ttl: 5_000, pollInterval: expect.any(Number) })
  const { taskId } = task
  expect(await asks(peer, 'q2', 'tasks/get', { taskId })).toMatchObject({ taskId, status: 'working' })
  expect(await asks(peer, 'q3', 'tasks/list', {})).toMatchObject({ tasks: [{ taskId }] })
  const result = asks(peer, 'q4', 'tasks/result', { taskId })
  answer()
  expect(await result).toEqual({
    action: 'accept',
    content: { day: 'Monday' },
    _meta: { [relatedTask]: { taskId } },
  })
  expect(await asks(peer, 'q5', 'tasks/get', { taskId })).toMatchObject({ status: 'completed' })
  expect(await asks(peer, 'q6', 'tasks/cancel', { taskId })).toMatchObject({ code: -32602 })
})

test('a question that is a task can be cancelled', async () => {
  const peer = new Server('stdio', legacyScript())
  const { options, seen } = host()
  await using _ = await connect(peer, options)
  const { task } = (await asks(peer, 'q1', 'elicitation/create', { ...form, task: {} })) as { task: Told }
  const { taskId } = task
  expect(await asks(peer, 'q2', 'tasks/cancel', { taskId })).toMatchObject({ taskId, status: 'cancelled' })
  expect(seen.stopped).toBe(true)
  expect(await asks(peer, 'q3', 'tasks/result', { taskId })).toMatchObject({ code: expect.any(Number) })
  expect(await asks(peer, 'q4', 'tasks/get', { taskId: 'none' })).toMatchObject({ code: -32602 })
})

test('a host that does not want that answers as usual, and has no tasks', async () => {
  const peer = new Server('stdio', legacyScript())
  await using _ = await connect(peer, { onElicit: () => ({ action: 'decline' }) })
  const initialize = await peer.request('initialize')
  expect(initialize.params['capabilities']).not.toHaveProperty('tasks')
  expect(await asks(peer, 'q1', 'elicitation/create', { ...form, task: {} })).toEqual({ action: 'decline' })
  expect(await asks(peer, 'q2', 'tasks/list', {})).toMatchObject({ code: -32601 })
})
