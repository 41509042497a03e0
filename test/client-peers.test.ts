import { type ChildProcess, spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Client, type ConnectOptions, connect } from '@interlock/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const program = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
)

const children: ChildProcess[] = []
let url = ''

beforeAll(async () => {
  const port = await freePort()
  const child = spawn(process.execPath, [program, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.push(child)
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', piece => {
      said += piece
      if (said.includes(String(port))) resolve()
    })
    child.once('exit', code => reject(new Error(`the server ended with ${code}: ${said}`)))
  })
  url = `http://127.0.0.1:${port}/mcp`
})

afterAll(() => {
  for (const child of children) child.kill()
})

/** A port that was free a moment ago: the peer cannot be told to choose its own. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

const textOf = (result: Awaited<ReturnType<Client['callTool']>>): string =>
  result.content.map(block => (block.type === 'text' ? block.text : `<${block.type}>`)).join('\n')

describe.each(['stdio', 'http'] as const)('the reference server over %s', kind => {
  const join = (options: ConnectOptions = {}): Promise<Client> =>
    connect(kind === 'http' ? url : { command: process.execPath, args: [program, 'stdio'] }, options)

  test('says who it is and lists what it has', async () => {
    const warnings: string[] = []
    await using client = await join({ onWarning: warning => warnings.push(warning) })
    expect(client.server.info?.name).toMatch(/everything/)
    expect((await client.listTools()).map(({ name }) => name)).toContain('echo')
    expect((await client.listPrompts()).length).toBeGreaterThan(0)
    expect((await client.listResources()).length).toBeGreaterThan(0)
    expect((await client.listResourceTemplates()).length).toBeGreaterThan(0)
    await client.ping()
    expect(warnings).toEqual([])
  })

  test('answers calls, reads and prompts', async () => {
    await using client = await join()
    expect(textOf(await client.callTool('echo', { message: 'hello' }))).toBe('Echo: hello')
    const [resource] = await client.listResources()
    expect((await client.readResource(resource?.uri ?? '')).contents[0]?.uri).toBe(resource?.uri)
    const prompt = (await client.listPrompts()).find(({ arguments: args = [] }) => args.length === 0)
    expect((await client.getPrompt(prompt?.name ?? '')).messages.length).toBeGreaterThan(0)
    const refused = await client.callTool('no-such-tool').catch((error: unknown) => error)
    expect(refused instanceof Error ? refused.message : JSON.stringify(refused)).toMatch(/no-such-tool/)
  })

  test('tells how far a long call has come, and stops when it is cancelled', async () => {
    await using client = await join()
    const steps: number[] = []
    const onProgress = ({ progress }: { progress: number }): void => void steps.push(progress)
    await client.callTool('trigger-long-running-operation', { duration: 0.4, steps: 2 }, { onProgress })
    expect(steps).toEqual([1, 2])
    const stop = new AbortController()
    const long = client.callTool(
      'trigger-long-running-operation',
      { duration: 60, steps: 120 },
      {
        signal: stop.signal,
        onProgress: () => stop.abort(new Error('enough')),
      },
    )
    await expect(long).rejects.toThrow('enough')
    expect(textOf(await client.callTool('echo', { message: 'still here' }))).toBe('Echo: still here')
  })

  test('asks its client in the middle of a call', async () => {
    await using client = await join({
      onElicit: () => ({ action: 'accept', content: { name: 'Ada' } }),
      onSample: () => ({ role: 'assistant', model: 'none', content: { type: 'text', text: 'four' } }),
      onRoots: () => [{ uri: 'file:///work', name: 'work' }],
    })
    expect(textOf(await client.callTool('trigger-elicitation-request'))).toMatch(/Ada/)
    expect(textOf(await client.callTool('trigger-sampling-request', { prompt: '2+2?', maxTokens: 9 }))).toMatch(/four/)
  })
})
