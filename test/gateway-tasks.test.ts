import { type ConnectOptions, connect } from '@interlock/client'
import { gateway } from '@interlock/gateway'
import { revisions } from '@interlock/protocol'
import { server, text, tool } from '@interlock/server'
import { listenHttp } from '@interlock/transport/node'
import { describe, expect, test, vi } from 'vitest'
import { speaking } from './support/revision-proxy.ts'

const versions = revisions.map(({ version }) => version)
const withTasks = revisions.filter(({ features }) => features.tasks !== 'none').map(({ version }) => version)
const asking = revisions.filter(({ features }) => features.elicitation !== 'none').map(({ version }) => version)
const schema = { type: 'object', properties: { day: { type: 'string' } } } as const

/** A server with long work behind a gateway, each hop in a revision of its own. */
async function studio(client: string, upstream: string) {
  const seen = { runs: vi.fn(), stopped: vi.fn() }
  const support = { support: 'optional', pollIntervalMs: 50 } as const
  const never = (signal: AbortSignal) =>
    new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => {
        seen.stopped()
        reject(signal.reason)
      }),
    )
  const made = server({
    name: 'studio',
    version: '1.0.0',
    tools: [
      tool('render', { task: support }, () => {
        seen.runs()
        return 'rendered'
      }),
      tool('forever', { task: support }, (_, ctx) => never(ctx.signal)),
      tool('asks', { task: support }, async (_, ctx) => {
        seen.runs()
        const answer = await ctx.elicit({ message: 'Which day?', schema })
        return answer.action === 'accept' ? String(answer.content['day']) : answer.action
      }),
      tool('plain', {}, async (_, ctx) => {
        seen.runs()
        const answer = await ctx.elicit({ message: 'Which day?', schema })
        return answer.action === 'accept' ? String(answer.content['day']) : answer.action
      }),
    ],
  })
  const behind = await listenHttp(made.receiver)
  const inner = await speaking(upstream, behind.url)
  const between = gateway({
    info: { name: 'between', version: '1.0.0' },
    servers: [{ name: 'studio', disabled: false, kind: 'http', url: inner.url, headers: {} }],
  })
  await between.started
  const listener = await listenHttp(between.receiver)
  const outer = await speaking(client, listener.url)
  return {
    seen,
    url: String(outer.url),
    async [Symbol.asyncDispose]() {
      await outer[Symbol.asyncDispose]()
      await listener.close(0)
      await between.close()
      await inner[Symbol.asyncDispose]()
      await behind.close(0)
    },
  }
}

const monday: ConnectOptions = { onElicit: () => ({ action: 'accept', content: { day: 'Monday' } }) }

describe.each(versions)('a client of %s', client => {
  test.each(versions)('before a server of %s: long work gives its result, once', async upstream => {
    await using between = await studio(client, upstream)
    await using connected = await connect(between.url)
    expect(await connected.callTool('studio__render')).toMatchObject({ content: [text('rendered')] })
    expect(between.seen.runs).toHaveBeenCalledOnce()
  })
})

describe.each(withTasks)('a client of %s that takes tasks', client => {
  test.each(withTasks)('before a server of %s: a task can be looked at, waited for and cancelled', async upstream => {
    await using between = await studio(client, upstream)
    await using connected = await connect(between.url)
    const done = await connected.startTool('studio__render')
    if (done.kind !== 'task') throw new Error('not a task')
    expect(await done.result()).toMatchObject({ content: [text('rendered')] })
    expect(between.seen.runs).toHaveBeenCalledOnce()
    const started = await connected.startTool('studio__forever')
    if (started.kind !== 'task') throw new Error('not a task')
    expect(await started.look()).toMatchObject({ status: 'working' })
    await started.cancel()
    await vi.waitFor(() => expect(between.seen.stopped).toHaveBeenCalledOnce())
    expect(await started.look()).toMatchObject({ status: 'cancelled' })
  })

  test.each(asking)('before a server of %s: what long work asks reaches the user, and it runs once', async upstream => {
    await using between = await studio(client, upstream)
    await using connected = await connect(between.url, monday)
    const started = await connected.startTool('studio__asks')
    const result = started.kind === 'task' ? await started.result() : started.result
    expect(result).toMatchObject({ content: [text('Monday')] })
    expect(between.seen.runs).toHaveBeenCalledOnce()
  })
})

const stateless = revisions.filter(({ features }) => features.era === 'modern').map(({ version }) => version)
const sessions = asking.filter(version => !stateless.includes(version))

describe.each(stateless)('a client of %s', client => {
  test.each(sessions)('before a server of %s: a call that asks is parked as a task', async upstream => {
    await using between = await studio(client, upstream)
    await using connected = await connect(between.url, monday)
    const started = await connected.startTool('studio__plain')
    if (started.kind !== 'task') throw new Error('not a task')
    expect(await started.result()).toMatchObject({ content: [text('Monday')] })
    expect(between.seen.runs).toHaveBeenCalledOnce()
  })

  test.each(sessions)('that takes no tasks, before a server of %s: it is asked in the result', async upstream => {
    await using between = await studio(client, upstream)
    await using connected = await connect(between.url, { ...monday, takesTasks: false })
    expect(await connected.callTool('studio__plain')).toMatchObject({ content: [text('Monday')] })
    expect(between.seen.runs).toHaveBeenCalledOnce()
  })

  test.each(withTasks)(
    'that takes no tasks, before a task of a server of %s: it is asked in the result',
    async upstream => {
      await using between = await studio(client, upstream)
      await using connected = await connect(between.url, { ...monday, takesTasks: false })
      expect(await connected.callTool('studio__asks')).toMatchObject({ content: [text('Monday')] })
      expect(between.seen.runs).toHaveBeenCalledOnce()
    },
  )
})
