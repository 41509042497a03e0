import { type InputRequest, revisions } from '@interlock/protocol'
import { server, text, tool } from '@interlock/server'
import { expect, test, vi } from 'vitest'
import { connect } from '../index.ts'

// What callers see is the same for the extension and for the core tasks of 2025-11-25; what is peculiar to the messages of
// one form has its own file beside this one.

const eras = ['modern', 'legacy'] as const
const schema = { type: 'object', properties: { day: { type: 'string' } } } as const

/** A server whose tools run as tasks; short pauses, so that nobody waits. */
function worker() {
  const seen = { runs: vi.fn(), stopped: vi.fn() }
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  const task = (support: 'optional' | 'required') => ({ support, pollIntervalMs: 50 })
  const tools = [
    tool('slow', { task: task('optional') }, async (_, ctx) => {
      seen.runs()
      ctx.signal.addEventListener('abort', seen.stopped)
      ctx.progress(1, 2, 'half way')
      await Promise.race([opened, new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', reject))])
      return 'done'
    }),
    tool('only', { task: task('required') }, () => {
      seen.runs()
      return 'as a task'
    }),
    tool('asks', { task: task('required') }, async (_, ctx) => {
      seen.runs()
      const [first, second] = await Promise.all([
        ctx.elicit('first', { message: 'first', schema }),
        ctx.elicit('second', { message: 'second', schema }),
      ])
      return `${first.action} ${second.action}`
    }),
    tool('broken', { task: task('required') }, () => ({ content: [text('no')], isError: true })),
    tool('plain', {}, () => 'at once'),
  ]
  return { seen, open: () => open(), service: server({ name: 'worker', version: '1.0.0', tools }) }
}

test.each(eras)('%s: a tool that runs as a task only is a call like others', async era => {
  const { service, seen } = worker()
  await using client = await connect(service, { era })
  expect(await client.callTool('only')).toMatchObject({ content: [text('as a task')] })
  expect(await client.callTool('broken')).toMatchObject({ content: [text('no')], isError: true })
  expect(seen.runs).toHaveBeenCalledOnce()
  await expect(client.callTool('nobody')).rejects.toMatchObject({ code: -32602 })
})

test.each(eras)('%s: what a task asks, the host answers, each question once', async era => {
  const { service, seen } = worker()
  const asked: string[] = []
  const onElicit = ({ message }: { message: string }) => {
    asked.push(message)
    return { action: 'decline' as const }
  }
  await using client = await connect(service, { era, onElicit })
  expect(await client.callTool('asks')).toMatchObject({ content: [text('decline decline')] })
  expect(asked.toSorted()).toEqual(['first', 'second'])
  expect(seen.runs).toHaveBeenCalledOnce()
})

test.each(eras)('%s: a question that the host cannot answer ends the call', async era => {
  const onElicit = () => {
    throw new Error('nobody is there')
  }
  await using client = await connect(worker().service, { era, onElicit })
  await expect(client.callTool('asks')).rejects.toThrow()
})

test.each(eras)('%s: who does not wait any longer cancels the task', async era => {
  const { service, seen } = worker()
  await using client = await connect(service, { era })
  const stop = new AbortController()
  const started = await client.startTool('slow')
  if (started.kind !== 'task') throw new Error('not a task')
  const result = started.result({ signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(result).rejects.toThrow('enough')
  await vi.waitFor(() => expect(seen.stopped).toHaveBeenCalledOnce())
})

test.each(eras)('%s: a handle may be looked at, kept, taken up again and waited for', async era => {
  const { service, open } = worker()
  await using client = await connect(service, { era })
  const started = await client.startTool('slow', {}, { ttlMs: 60_000 })
  if (started.kind !== 'task') throw new Error('not a task')
  expect(await started.look()).toMatchObject({ status: 'working', statusMessage: 'half way' })
  const again = await client.task(started.task.taskId)
  open()
  expect(await again.result()).toMatchObject({ content: [text('done')] })
  expect(await again.look()).toMatchObject({ status: 'completed' })
})

test.each(eras)('%s: a handle may cancel', async era => {
  const { service, seen } = worker()
  await using client = await connect(service, { era })
  const started = await client.startTool('slow')
  if (started.kind !== 'task') throw new Error('not a task')
  await started.cancel()
  expect(seen.stopped).toHaveBeenCalledOnce()
  await expect(started.result()).rejects.toThrow(/cancel/)
})

test.each(eras)('%s: a tool without tasks answers at once', async era => {
  await using client = await connect(worker().service, { era })
  expect(await client.startTool('plain')).toMatchObject({ kind: 'complete', result: { content: [text('at once')] } })
})

test.each(eras)('%s: of a task that nobody knows the outcome is unknown', async era => {
  await using client = await connect(worker().service, { era })
  await expect(client.task('0'.repeat(64))).rejects.toMatchObject({
    name: 'TransportError',
    message: expect.stringContaining('unknown'),
  })
})

test('a client that takes no tasks gets none', async () => {
  const { service, open } = worker()
  open()
  await using client = await connect(service, { takesTasks: false })
  expect(await client.callTool('slow')).toMatchObject({ content: [text('done')] })
  await expect(client.callTool('only')).rejects.toMatchObject({ code: -32021 })
})

test.each(eras)('%s: questions go to whoever made the call', async era => {
  const { service } = worker()
  await using client = await connect(service, { era, capabilities: { elicitation: {} } })
  const asked: InputRequest[] = []
  const [newest] = revisions
  const outcome = await client.handle({
    method: 'tools/call',
    params: { name: 'asks' },
    caller: {
      peer: { revision: newest as (typeof revisions)[number], capabilities: { elicitation: {} } },
      signal: new AbortController().signal,
      wantsProgress: false,
      logLevel: undefined,
      notify: () => {},
      input: {
        flow: 'f',
        isLive: true,
        step: async (_, run) => run(),
        ask: async (_, request) => {
          asked.push(request)
          return { action: 'cancel' }
        },
      },
    },
  })
  expect(outcome).toMatchObject({ kind: 'complete', result: { content: [text('cancel cancel')] } })
  expect(asked).toHaveLength(2)
})
