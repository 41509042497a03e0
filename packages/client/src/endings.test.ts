import { type InputRequest, type Revision, revisions, TransportError } from '@interlock/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { connect } from './connect.ts'
import { gone, legacyScript, modernScript, type Script, Scripted, toolResult } from './testing/scripted.ts'
import { count, statelessTasks, working } from './testing/task-peers.ts'

afterEach(() => {
  vi.useRealTimers()
})

// However a connection, a call or a session ends: whoever waits is told, and nothing stays behind.

const kinds = ['stdio', 'http'] as const
const bindings = revisions.flatMap(revision => kinds.map(kind => [revision.version, kind, revision] as const))
const question: InputRequest = { method: 'roots/list' }

/** A server that asks for the roots in the middle of every call. */
function asking({ version, features }: Revision, kind: Scripted['kind']): Scripted {
  const script: Script = asked => {
    if (features.era === 'modern') asked.reply({ resultType: 'input_required', inputRequests: { a: question } })
    else asked.tell({ jsonrpc: '2.0', id: 'q', ...question })
  }
  return new Scripted(kind, features.era === 'modern' ? modernScript(script) : legacyScript(script, version))
}

/** A host that thinks for ever, and the signal that tells it to stop. */
function thinking() {
  let ask: (signal: AbortSignal) => void = () => {}
  const asked = new Promise<AbortSignal>(resolve => {
    ask = resolve
  })
  const onRoots = (context: { signal: AbortSignal }): Promise<[]> => {
    ask(context.signal)
    return new Promise(() => {})
  }
  return { asked, onRoots }
}

test.each(bindings)(
  '%s over %s: closing ends a call that waits for an answer, and the question',
  async (_, kind, revision) => {
    const { asked, onRoots } = thinking()
    const client = await connect(asking(revision, kind), { onRoots })
    const outcome = expect(client.callTool('t')).rejects.toMatchObject({ code: 'closed' })
    const signal = await asked
    await client.close()
    await outcome
    expect(signal.aborted).toBe(true)
  },
)

test.each(bindings)('%s over %s: who does not want a call any more is not asked for it', async (_, kind, revision) => {
  const { asked, onRoots } = thinking()
  await using client = await connect(asking(revision, kind), { onRoots })
  const stop = new AbortController()
  const outcome = expect(client.callTool('t', {}, { signal: stop.signal })).rejects.toThrow('enough')
  const signal = await asked
  stop.abort(new Error('enough'))
  await outcome
  expect(signal.aborted).toBe(true)
})

test.each(revisions.map(revision => [revision.version, revision] as const))(
  '%s: a program that is gone does not wait for answers',
  async (_, revision) => {
    const { asked, onRoots } = thinking()
    const peer = asking(revision, 'stdio')
    const warnings: string[] = []
    await using client = await connect(peer, { onRoots, onWarning: warning => warnings.push(warning) })
    const outcome = expect(client.callTool('t')).rejects.toMatchObject({ code: 'exited' })
    const signal = await asked
    peer.exit(new TransportError('exited', 'the program ended'))
    await outcome
    expect(signal.aborted).toBe(true)
    expect(warnings).toEqual([])
  },
)

const withPages = revisions.filter(({ features }) => features.era === 'legacy' && features.elicitation === 'form+url')

test.each(withPages.map(({ version }) => version))('%s: closing ends a call whose user is at a page', async version => {
  vi.useFakeTimers()
  const elicitation = { mode: 'url', elicitationId: 'e', url: 'https://a.example/', message: 'Sign in' }
  const peer = new Scripted(
    'stdio',
    legacyScript(asked => asked.fail(-32042, 'first a page', { elicitations: [elicitation] }), version),
  )
  const isAt = vi.fn(() => ({ action: 'accept' as const }))
  const client = await connect(peer, { onElicit: isAt, elicitUrl: true })
  const outcome = expect(client.callTool('t')).rejects.toMatchObject({ code: 'closed' })
  await vi.waitFor(() => expect(isAt).toHaveBeenCalledOnce())
  await client.close()
  await outcome
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1) // the one that all calls share
})

test('an answer that is to be brought again is not, once the client is closed', async () => {
  vi.useFakeTimers()
  const task = working({ status: 'input_required', inputRequests: { a: question }, pollIntervalMs: 60_000 })
  const peer = statelessTasks({
    'tools/call': () => ({ ...working({ pollIntervalMs: 60_000 }), resultType: 'task' }),
    'tasks/get': () => task,
    'tasks/update': asked => asked.break(new TransportError('broken', 'gone')),
  })
  const client = await connect(peer, { onRoots: () => [] })
  client.callTool('t').catch(() => {})
  await vi.advanceTimersByTimeAsync(61_000)
  expect(count(peer, 'tasks/update')).toBe(1)
  await client.close()
  await vi.advanceTimersByTimeAsync(1)
  const before = vi.getTimerCount()
  await vi.advanceTimersByTimeAsync(120_000)
  expect(count(peer, 'tasks/update')).toBe(1)
  expect(before).toBeLessThanOrEqual(2) // one that all calls share, and one that all tasks do
})

test('a handle of a client that is closed does not wait', async () => {
  const peer = statelessTasks({ 'tools/call': () => ({ ...working({ pollIntervalMs: 60_000 }), resultType: 'task' }) })
  const client = await connect(peer)
  const started = await client.startTool('t')
  if (started.kind !== 'task') throw new Error('not a task')
  await client.close()
  await expect(started.result()).rejects.toMatchObject({ code: 'closed' })
})

const lost = gone(404)
const sessions = revisions.filter(({ features }) => features.era === 'legacy').map(({ version }) => version)

/** A server over HTTP whose first session is lost at once; later handshakes are left to `again`. */
function forgetful(version: string, again: Script): Scripted {
  let sessions = 0
  return new Scripted('http', asked => {
    if (asked.method === 'initialize') {
      sessions += 1
      return sessions === 1 ? legacyScript(undefined, version, 's1')(asked) : again(asked)
    }
    if (asked.headers['mcp-session-id'] === 's1') return asked.break(lost)
    legacyScript(call => call.reply(toolResult))(asked)
  })
}

test.each(sessions)('%s: a call may be given up while a new session is opened', async version => {
  const peer = forgetful(version, () => {})
  await using client = await connect(peer)
  const stop = new AbortController()
  const outcome = expect(client.callTool('t', {}, { signal: stop.signal })).rejects.toThrow('enough')
  await peer.until(({ asked }) => asked.filter(({ method }) => method === 'initialize')[1])
  stop.abort(new Error('enough'))
  await outcome
})

test.each(sessions)('%s: changes are heard again though the first new session fails', async version => {
  vi.useFakeTimers()
  let attempts = 0
  const peer = forgetful(version, asked => {
    attempts += 1
    if (attempts === 1) return asked.break(gone(503))
    legacyScript(undefined, version, 's2')(asked)
  })
  const streams: unknown[] = []
  let isLost = false
  peer.listen = ({ headers, signal }) => {
    streams.push(headers?.['mcp-session-id'])
    if (!isLost)
      return new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
        setTimeout(resolve, 5_000)
      })
    if (headers?.['mcp-session-id'] === 's1') return Promise.reject(lost)
    return new Promise(() => {})
  }
  await using client = await connect(peer)
  isLost = true
  await expect(client.callTool('t')).rejects.toThrow('503')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(streams.at(-1)).toBe('s2')
})

test.each(sessions)('%s: a session that is opened while the client closes is ended at the server', async version => {
  const peer = forgetful(version, legacyScript(undefined, version, 's2'))
  const ended: unknown[] = []
  peer.terminate = async (options?: { headers?: Readonly<Record<string, string>> }) => {
    ended.push(options?.headers?.['mcp-session-id'])
  }
  const client = await connect(peer)
  const { send } = peer
  let take = (): void => {}
  const told = new Promise<void>(resolve => {
    peer.send = async (message, options) => {
      resolve()
      await new Promise<void>(go => {
        take = go
      })
      await send.call(peer, message, options)
    }
  })
  const outcome = expect(client.callTool('t')).rejects.toMatchObject({ code: 'closed' })
  await told
  await client.close()
  take()
  await outcome
  await vi.waitFor(() => expect(ended).toEqual(['s1', 's2']))
})
