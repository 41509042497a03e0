import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { legacy, metaKey, newest } from '@interlock/protocol'
import type { Protection } from '@interlock/transport'
import { listenHttp } from '@interlock/transport/node'
import { afterEach, expect, test, vi } from 'vitest'
import { type ServeOptions, serve, server, text, tool } from './index.ts'
import { events, post, session } from './testing/http.ts'
import { pipe } from './testing/pipe.ts'

const program = fileURLToPath(new URL('./testing/child.mjs', import.meta.url))
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A server process and its client's end. */
function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args])
  children.push(child)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += String(chunk)
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  return {
    child,
    exited,
    errors: () => errors,
    /** The next line that is written to standard error and contains a text. */
    said: (what: string) => vi.waitFor(() => expect(errors).toContain(what), { timeout: 10_000, interval: 5 }),
    send: (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    async next() {
      const { value, done } = await lines.next()
      return done === true ? undefined : (JSON.parse(String(value)) as Record<string, unknown>)
    },
  }
}

const call = (id: number, name: string) => ({
  id,
  method: 'tools/call',
  params: { name, _meta: { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: {} } },
})
const [session2025] = legacy as [(typeof legacy)[0]]
const hello = {
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: session2025.version,
    capabilities: { elicitation: {} },
    clientInfo: { name: 'p', version: '1' },
  },
}

test('at the end of its input a server lets calls finish, then ends', async () => {
  const server = run()
  server.send(call(1, 'slow'))
  await server.said('started')
  server.child.stdin.end()
  expect(await server.next()).toMatchObject({ id: 1, result: { content: [text('done')] } })
  expect(await server.exited).toBe(0)
})

test('serveStdio does the same, reads no words, and keeps the console away from the protocol', async () => {
  const server = run('--by-serve-stdio', '--http')
  server.send(call(1, 'noisy'))
  server.send(call(2, 'slow'))
  expect(await server.next()).toMatchObject({ id: 1, result: { content: [text('quiet')] } })
  await server.said('started')
  server.child.stdin.end()
  expect(await server.next()).toMatchObject({ id: 2, result: { content: [text('done')] } })
  expect(await server.exited).toBe(0)
  expect(server.errors()).toContain('log')
})

test('told to end, a server lets calls finish and hears the answers that they wait for', async () => {
  const server = run()
  server.send(hello)
  await server.next()
  server.send(call(1, 'slow'))
  server.send({ id: 2, method: 'tools/call', params: { name: 'ask' } })
  const question = await server.next()
  await server.said('started')
  server.child.kill('SIGTERM')
  expect(await server.next()).toMatchObject({ id: 1, result: { content: [text('done')] } })
  server.send(call(3, 'slow'))
  expect(await server.next()).toMatchObject({ id: 3, error: { message: expect.stringContaining('shutting down') } })
  server.send({ id: question?.['id'], result: { action: 'accept', content: { name: 'Ada' } } })
  expect(await server.next()).toMatchObject({ id: 2, result: { content: [text('Ada')] } })
  expect(await server.exited).toBe(0)
})

test('a question to a client that has closed its input is not waited for', async () => {
  const server = run()
  server.send(hello)
  await server.next()
  server.send({ id: 2, method: 'tools/call', params: { name: 'ask' } })
  expect(await server.next()).toMatchObject({ method: 'elicitation/create' })
  const before = performance.now()
  server.child.stdin.end()
  expect(await server.next()).toMatchObject({ id: 2, error: { message: expect.stringContaining('closed its end') } })
  expect(await server.exited).toBe(0)
  expect(performance.now() - before).toBeLessThan(2000)
})

test('what a tool prints does not get in the way of the protocol', async () => {
  const server = run()
  server.send(call(1, 'noisy'))
  expect(await server.next()).toMatchObject({ id: 1, result: { content: [text('quiet')] } })
  for (const printed of ['log', 'info', 'debug', 'dir: 1', 'table', 'group', 'count: 1']) await server.said(printed)
  server.child.stdin.end()
  expect(await server.next()).toBeUndefined()
  expect(await server.exited).toBe(0)
})

test('a server whose client reads no more ends', async () => {
  const server = run()
  server.send(hello)
  await server.next()
  server.child.stdout.destroy()
  server.send(call(1, 'noisy'))
  expect(await server.exited).toBe(0)
})

test('a server serves HTTP until it is told to end', async () => {
  const server = run('--http', '--port', '0')
  await server.said('listening on ')
  const url = new URL(/listening on (\S+)/.exec(server.errors())?.[1] ?? '')
  const own = await session(url, session2025)
  expect(await post(url, { jsonrpc: '2.0', id: 1, method: 'ping' }, own)).toMatchObject({ status: 200 })
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
})

/** Serves in this process with what it says and how it ends seen from outside. */
const start = (...argv: readonly string[]) => startWith({ argv })

async function startWith(options: ServeOptions) {
  let said = ''
  const hear = (text: unknown, done?: unknown): boolean => {
    said += String(text)
    if (typeof done === 'function') done()
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(hear)
  vi.spyOn(process.stderr, 'write').mockImplementation(hear)
  vi.spyOn(console, 'error').mockImplementation(line => void hear(`${String(line)}\n`))
  vi.spyOn(process, 'exit').mockImplementation(code => {
    throw new Error(`exit ${code ?? 0}`)
  })
  const told = vi.spyOn(process, 'once')
  const ended = serve(server({ name: 'child', version: '1.2.3' }), options).catch((error: Error) => error.message)
  return {
    ended,
    said: () => said,
    /** Does what a signal does, once somebody listens for it. */
    terminate: () =>
      vi.waitFor(() => {
        const listener = told.mock.calls.find(([name]) => name === 'SIGTERM')?.[1]
        if (listener === undefined) throw new Error('nobody listens for SIGTERM yet')
        listener()
      }),
  }
}
afterEach(() => {
  vi.restoreAllMocks()
})

test.each(['', 'abc', '65536', '-1', '1.5', '0x10'])('port "%s" is refused', async port => {
  const { ended, said } = await start('--http', `--port=${port}`)
  expect(await ended).toBe('exit 2')
  expect(said()).toBe(`--port must be a number from 0 to 65535, not "${port}"\n`)
})

test.each([
  [['--http', '--port'], '--port must be a number from 0 to 65535\n'],
  [['--http', '--host'], '--host must be an address of this machine; leave it out for 127.0.0.1\n'],
  [['--http', '--host='], '--host must be an address of this machine; leave it out for 127.0.0.1\n'],
  [['--port', '0'], '--port is for HTTP; add --http, or leave out --port for stdio\n'],
  [['--host', 'localhost'], '--host is for HTTP; add --http, or leave out --host for stdio\n'],
  [['--workers', '2'], '--workers is for HTTP; add --http, or leave out --workers for stdio\n'],
  [['--sse'], '--sse is for HTTP; add --http, or leave out --sse for stdio\n'],
])('%j is refused in one line', async (argv, line) => {
  const { ended, said } = await start(...argv)
  expect(await ended).toBe('exit 2')
  expect(said()).toBe(line)
})

test('a port that is taken is told in one line', async () => {
  const other = await listenHttp(server({ name: 's', version: '1' }).receiver)
  const { ended, said } = await start('--http', '--port', other.url.port)
  expect(await ended).toBe('exit 1')
  expect(said()).toBe(
    `port ${other.url.port} of 127.0.0.1 is taken; stop what listens there, or use another --port (0 for any free one)\n`,
  )
  await other.close()
})

test('--help tells what there is, whatever else is said', async () => {
  const { ended, said } = await start('--help', '--port', 'abc', '--own')
  expect(await ended).toBe('exit 0')
  expect(said()).toMatch(/^child 1\.2\.3\n/)
  for (const flag of ['--http', '--port <n>', '--host <name>', '--sse', '--workers <n>', '--help'])
    expect(said()).toContain(`  ${flag} `)
})

test('who may use a server is one option; then nobody is warned of open doors', async () => {
  const refusing: Protection = { authenticate: async () => ({ status: 401, headers: {} }), documents: { '/who': {} } }
  let endpoint: URL | undefined
  const auth = (url: URL): Protection => {
    endpoint = url
    return refusing
  }
  const argv = ['--http', '--port', '0', '--host', '0.0.0.0']
  const { ended, said, terminate } = await startWith({ argv, auth })
  await vi.waitUntil(() => said().includes('listening'))
  const url = new URL(`http://127.0.0.1:${endpoint?.port}/mcp`)
  expect(await post(url, { jsonrpc: '2.0', id: 1, method: 'ping' })).toMatchObject({ status: 401 })
  expect(await (await fetch(new URL('/who', url))).json()).toEqual({})
  await terminate()
  expect(await ended).toBe('exit 0')
  expect(said()).not.toContain('warning')
})

test('--sse serves HTTP+SSE besides, and says that it is deprecated', async () => {
  const { ended, said, terminate } = await start('--http', '--port', '0', '--sse')
  const found = await vi.waitUntil(() =>
    /^and on (\S+\/sse) for clients of HTTP\+SSE, which is deprecated$/m.exec(said()),
  )
  const stream = await events(new URL(found[1] ?? ''))
  expect(await stream.event()).toMatchObject({ type: 'endpoint' })
  stream.close()
  await terminate()
  expect(await ended).toBe('exit 0')
})

test.each([
  ['127.0.0.1', false],
  ['0.0.0.0', true],
])('on %s it is said whether others can get in: %s', async (host, isOpen) => {
  const { ended, said, terminate } = await start('--http', '--port', '0', '--host', host, '--own')
  await terminate()
  expect(await ended).toBe('exit 0')
  const warning = `warning: anyone who reaches this machine on ${host} can use the server, since nobody has to log in\n`
  expect(said().replace(/^listening on .*\n/, '')).toBe(isOpen ? warning : '')
})

const form = { type: 'object', properties: { name: { type: 'string' } } }
const ask = tool('ask', {}, async (_, ctx) => {
  const answers = []
  for (const key of ['one', 'two']) {
    const answer = await ctx.elicit(key, { message: key, schema: form }).catch((error: Error) => error.message)
    answers.push(typeof answer === 'string' ? answer : answer.action)
  }
  return answers.join('; ')
})

test('neither are questions asked after the input has ended', async () => {
  const client = pipe(server({ name: 's', version: '1', tools: [ask] }).receiver)
  client.write(`${JSON.stringify({ jsonrpc: '2.0', ...hello })}\n`)
  client.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ask' } })}\n`)
  expect(await client.next()).toMatchObject({ id: 0 })
  expect(await client.next()).toMatchObject({ method: 'elicitation/create' })
  client.end()
  const both = 'the client closed its end before it answered; the client closed its end before it answered'
  expect(await client.next()).toMatchObject({ id: 1, result: { content: [text(both)] } })
  await client.listener.close()
})

test('a client that reads nothing does not keep a server from ending', async () => {
  const big = tool('big', {}, () => 'x'.repeat(1_000_000))
  const client = pipe(server({ name: 's', version: '1', tools: [big] }).receiver)
  client.output.pause()
  client.output.removeAllListeners('readable')
  client.write(`${JSON.stringify({ jsonrpc: '2.0', ...call(1, 'big') })}\n`)
  client.end()
  await client.listener.closed
  await client.listener.close()
})

test('an HTTP server that closes hears the answers that calls wait for', async () => {
  const { receiver } = server({ name: 's', version: '1', tools: [ask] })
  const listener = await listenHttp(receiver)
  const { url } = listener
  const own = await session(url, session2025, { elicitation: {} })
  const stream = await events(url, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ask' } }, own)
  const first = await stream.next()
  const closed = listener.close()
  const answer = (question: typeof first) =>
    post(url, { jsonrpc: '2.0', id: question?.['id'], result: { action: 'decline' } }, own)
  expect(await post(url, { jsonrpc: '2.0', id: 2, method: 'ping' }, own)).toMatchObject({ status: 503 })
  await answer(first)
  await answer(await stream.next())
  expect(await stream.next()).toMatchObject({ id: 1, result: { content: [text('decline; decline')] } })
  await closed
  await listener.close()
  await expect(fetch(url)).rejects.toThrow()
})
