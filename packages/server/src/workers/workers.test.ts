import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as openRequest } from 'node:http'
import { fileURLToPath } from 'node:url'
import { isObject, legacy, metaKey, newest, type Params } from '@interlock/protocol'
import { standardHeaders } from '@interlock/transport'
import { afterEach, expect, test, vi } from 'vitest'
import { events, modern } from '../testing/http.ts'

/** Servers of several processes, as they are run. */
const program = fileURLToPath(new URL('../testing/workers.mjs', import.meta.url))
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, '--http', '--port', '0', ...args])
  children.push(child)
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += String(chunk)
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const said = (what: string | RegExp) =>
    vi.waitFor(() => expect(errors).toMatch(what), { timeout: 20_000, interval: 10 })
  return { child, exited, said, errors: () => errors }
}

async function serving(...args: readonly string[]) {
  const running = await run(...args)
  await running.said(/listening on \S+ with \d+ workers?\n/)
  return { ...running, url: new URL(/listening on (\S+)/.exec(running.errors())?.[1] ?? '') }
}

interface Answer {
  readonly status: number
  readonly sessionId: string | undefined
  readonly result: Record<string, unknown>
  readonly error: Record<string, unknown> | undefined
}

/** Sends a message over a connection of its own, so that the next one comes to another worker. */
function sendOnce(
  url: URL,
  body: object,
  headers: Record<string, string | undefined>,
  method = 'POST',
): Promise<Answer> {
  const text = JSON.stringify({ jsonrpc: '2.0', ...body })
  return new Promise((resolve, reject) => {
    const sent = openRequest(url, {
      method,
      agent: false,
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
      },
    })
    sent.once('error', reject)
    sent.once('response', async answer => {
      let got = ''
      for await (const chunk of answer) got += String(chunk)
      const line = got.startsWith('{') ? got : (/^data: (\{.*"id".*)$/m.exec(got)?.[1] ?? '{}')
      const message: unknown = JSON.parse(line)
      const { result = {}, error } = message as { result?: Record<string, unknown>; error?: Record<string, unknown> }
      const sessionId = answer.headers['mcp-session-id']
      resolve({ status: answer.statusCode ?? 0, sessionId: sessionId && String(sessionId), result, error })
    })
    sent.end(text)
  })
}

const ask = (url: URL, method: string, params: Params = {}, capabilities: object = {}): Promise<Answer> => {
  const meta = { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: capabilities }
  return sendOnce(
    url,
    { id: 1, method, params: { ...params, _meta: meta } },
    standardHeaders(method, params, newest.version),
  )
}

const textOf = ({ result }: Answer): string => {
  const { content } = result
  const [first] = Array.isArray(content) ? content : []
  return isObject(first) ? String(first['text']) : ''
}

const who = async (url: URL): Promise<string> => textOf(await ask(url, 'tools/call', { name: 'who' }))

const [newestSession] = legacy as [(typeof legacy)[0]]

async function open(url: URL) {
  const params = { protocolVersion: newestSession.version, capabilities: {}, clientInfo: { name: 'p', version: '1' } }
  const { sessionId } = await sendOnce(url, { id: 0, method: 'initialize', params }, {})
  const own = { 'mcp-session-id': sessionId, 'mcp-protocol-version': newestSession.version }
  await sendOnce(url, { method: 'notifications/initialized' }, own)
  return own
}

const call = (name: string, id = 5) => ({ id, method: 'tools/call', params: { name } })

const alive = (pid: string): boolean => {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}

/** The workers that answer requests over new connections. */
async function pids(url: URL): Promise<string[]> {
  const found = new Set<string>()
  for (let at = 0; at < 4; at += 1) found.add(await who(url))
  return [...found]
}

test('all workers answer, and what one gives a client the others take back', async () => {
  const { url, child, exited } = await serving('--workers', '2')
  expect(await pids(url)).toHaveLength(2)

  // A call of several rounds, each over a connection of its own.
  const capabilities = { elicitation: {} }
  let answer = await ask(url, 'tools/call', { name: 'ask' }, capabilities)
  while (answer.result['resultType'] === 'input_required') {
    const { inputRequests, requestState } = answer.result as { inputRequests: object; requestState: string }
    const inputResponses = Object.fromEntries(
      Object.keys(inputRequests).map(key => [key, { action: 'accept', content: { word: 'yes' } }]),
    )
    answer = await ask(url, 'tools/call', { name: 'ask', inputResponses, requestState }, capabilities)
  }
  expect(new Set(textOf(answer).split(' ')).size).toBe(2)

  const { nextCursor } = (await ask(url, 'resources/list')).result
  for (let at = 0; at < 2; at += 1) {
    const page = await ask(url, 'resources/list', { cursor: String(nextCursor) })
    expect(page.result['resources']).toHaveLength(101)
  }
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
})

test('a session is served by the worker that holds it, whichever its requests come to', async () => {
  const { url } = await serving('--workers', '2')
  const sessions: Awaited<ReturnType<typeof open>>[] = []
  const holders = new Set<string>()
  while (holders.size < 2 && sessions.length < 20) {
    const own = await open(url)
    const answers = new Set<string>()
    for (let at = 0; at < 3; at += 1) answers.add(textOf(await sendOnce(url, call('who'), own)))
    expect([...answers]).toEqual([expect.stringMatching(/^\d+$/)])
    for (const holder of answers) holders.add(holder)
    sessions.push(own)
  }
  expect(holders.size).toBe(2)
  // The checks are those of the worker that holds it.
  const [own] = sessions
  for (let at = 0; at < 2; at += 1) {
    expect(await sendOnce(url, call('who'), { ...own, origin: 'https://evil.example' })).toMatchObject({ status: 403 })
    expect(await sendOnce(url, call('who'), { ...own, 'mcp-session-id': `${own?.['mcp-session-id']}x` })).toMatchObject(
      {
        status: 404,
      },
    )
    expect(await sendOnce(url, call('who'), { ...own, 'mcp-session-id': '99.x' })).toMatchObject({ status: 404 })
  }
  expect(await sendOnce(url, {}, own ?? {}, 'DELETE')).toMatchObject({ status: 204 })
  for (let at = 0; at < 2; at += 1) expect(await sendOnce(url, call('who'), own ?? {})).toMatchObject({ status: 404 })
})

test('a large message and a stream come through from worker to worker', async () => {
  const { url } = await serving('--workers', '2')
  const own = await open(url)
  for (let at = 0; at < 2; at += 1) {
    const body = { id: 7, method: 'tools/call', params: { name: 'who', arguments: { long: 'ä'.repeat(2_000_000) } } }
    expect(await sendOnce(url, body, own)).toMatchObject({ status: 200 })
    const tooLarge = { ...body, params: { long: 'x'.repeat(17 * 1024 * 1024) } }
    expect(await sendOnce(url, tooLarge, own).catch(() => ({ status: 413 }))).toMatchObject({ status: 413 })
    expect(textOf(await sendOnce(url, call('slow'), own))).toBe('done')
  }
})

test('subscribers hear of a changed resource, whichever worker it changed in', async () => {
  const { url } = await serving('--workers', '2')
  const { body, headers } = modern('subscriptions/listen', {
    notifications: { resourceSubscriptions: ['file://touched'] },
  })
  const stream = await events(url, body, headers)
  expect(await stream.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' })
  for (let at = 0; at < 2; at += 1) {
    await ask(url, 'tools/call', { name: 'touch' })
    expect(await stream.next()).toMatchObject({
      method: 'notifications/resources/updated',
      params: { uri: 'file://touched' },
    })
  }
  stream.close()
})

test('a worker that is killed is started again; its sessions are over', async () => {
  const { url, said } = await serving('--workers', '2')
  const own = await open(url)
  const pid = textOf(await sendOnce(url, call('who'), own))
  process.kill(Number(pid), 'SIGKILL')
  await said(`(process ${pid}) ended by SIGKILL; it is started again`)
  await vi.waitFor(async () => expect(await pids(url)).toHaveLength(2), { timeout: 20_000 })
  expect(await pids(url)).not.toContain(pid)
  for (let at = 0; at < 2; at += 1) expect(await sendOnce(url, call('who'), own)).toMatchObject({ status: 404 })
})

test('workers that end over and over are given up', async () => {
  const { url, exited, errors } = await serving('--workers', '1')
  let killed = 0
  const killer = (async () => {
    for (; killed < 11; killed += 1) {
      const pid = await vi.waitFor(() => who(url), { timeout: 20_000, interval: 20 })
      process.kill(Number(pid), 'SIGKILL')
      await vi.waitFor(() => expect(errors().split('ended by').length).toBe(killed + 2), { timeout: 20_000 })
    }
  })()
  expect(await exited).toBe(1)
  await killer
  expect(errors()).toMatch(/ended by SIGKILL, after 10 others in a minute/)
})

test('calls in flight end before the workers do, also those that come by way of another', async () => {
  const { url, child, exited, said } = await serving('--workers', '2')
  const own = await open(url)
  const workers = await pids(url)
  const stream = await events(url, undefined, { ...own, accept: 'text/event-stream' })
  const calls = [own, own, {}, {}].map((headers, at) =>
    at < 2 ? sendOnce(url, call('slow', at), headers) : ask(url, 'tools/call', { name: 'slow' }),
  )
  await said(/(started\n[^]*){4}/)
  child.kill('SIGTERM')
  for (const answer of await Promise.all(calls)) expect(textOf(answer)).toBe('done')
  expect(await stream.next()).toBeUndefined()
  expect(await exited).toBe(0)
  expect(workers.filter(alive)).toEqual([])
})

test('no worker outlives the process that started it', async () => {
  const { url, child } = await serving('--workers', '2')
  const workers = await pids(url)
  expect(workers.filter(alive)).toHaveLength(2)
  child.kill('SIGKILL')
  await vi.waitFor(() => expect(workers.filter(alive)).toEqual([]), { timeout: 10_000 })
})

test('a program that ends before it serves is not started again', async () => {
  const { exited, errors } = await run('--workers', '2', '--broken')
  expect(await exited).toBe(1)
  expect(errors()).toMatch(/^worker \d \(process \d+\) ended with 7 before all workers served; /m)
})

test.each([
  [['--workers', '0'], '--workers must be a number from 1 to 1024, or auto, not "0"'],
  [['--workers', 'x'], '--workers must be a number from 1 to 1024, or auto, not "x"'],
  [['--workers', '2000'], '--workers must be a number from 1 to 1024, or auto, not "2000"'],
  [['--workers'], '--workers must be a number from 1 to 1024, or auto'],
  [['--workers', '2', '--sse'], '--sse serves from one process only; leave out --workers, or --sse'],
  [
    ['--workers', '2', '--tasks'],
    'tools that run as tasks are served from one process only, since a task lives in it; leave out --workers, or "task"',
  ],
])('%j is refused in one line', async (args, line) => {
  const { exited, errors } = await run(...args)
  expect(await exited).toBe(2)
  expect(errors()).toBe(`${line}\n`)
})

test('a port that is taken is told once', async () => {
  const { url } = await serving('--workers', 'auto')
  const { exited, errors } = await run('--workers', '2', '--port', url.port)
  expect(await exited).toBe(1)
  expect(errors()).toBe(
    `port ${url.port} of 127.0.0.1 is taken; stop what listens there, or use another --port (0 for any free one)\n`,
  )
})
