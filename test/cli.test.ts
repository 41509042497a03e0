import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connect } from '@interlock/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Ending, fixture, interlock, ownFilesystem, type Running, run, start } from './support/command.ts'
import { freePort } from './support/http.ts'
import { type Scratch, scratch } from './support/scratch.ts'

let folder: Scratch
let config: string

beforeAll(async () => {
  folder = await scratch()
  await folder.file('note.txt', 'all is well')
  config = await folder.config({ files: node(ownFilesystem, folder.path), ours: node(fixture('ours.mjs')) })
})

afterAll(() => folder[Symbol.asyncDispose]())

const started: Running[] = []

afterEach(async () => {
  for (const running of started.splice(0)) await running[Symbol.asyncDispose]()
})

const node = (...args: string[]): object => ({ command: process.execPath, args })

const cli = (...args: string[]): Promise<Ending> => run(interlock, args, { cwd: folder.path })
/** With the configuration of two servers that work. */
const configured = (command: string, ...args: string[]): Promise<Ending> => cli(command, '--config', config, ...args)

function begin(args: readonly string[], cwd = folder.path): Running {
  const running = start(interlock, args, { cwd })
  started.push(running)
  return running
}

describe('help and usage', () => {
  test('--help names every command, examples and exit codes', async () => {
    const { code, stdout } = await cli('--help')
    expect(code).toBe(0)
    for (const part of [
      'up',
      'run',
      'list',
      'tools',
      'call',
      'login',
      'accounts',
      'keys',
      'Examples:',
      'Exit codes: 0 done',
    ]) {
      expect(stdout).toContain(part)
    }
  })

  test.each(['up', 'run', 'list', 'tools', 'call', 'login', 'logout', 'whoami'])(
    '%s --help explains its options',
    async command => {
      const { code, stdout } = await cli(command, '--help')
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`^Usage: interlock ${command}`))
      expect(stdout).toMatch(/--config <file>\s+configuration \(default: the nearest \.mcp\.json,\s+here or\s+above\)/)
    },
  )

  test.each([
    [['lisst'], /unknown command 'lisst'\n\(Did you mean list\?\)/],
    [['up', '--prot', '1'], /unknown option '--prot'\n\(Did you mean --port\?\)/],
    [['up', '--port', '70000'], /A port is a number from 0 to 65535/],
    [['call', 'files'], /missing required argument 'tool'/],
    [['list', '--config', 'absent.json'], /absent\.json {2}there is no such file; create it or name another/],
    [['up', '--host', '0.0.0.0'], /anyone who reaches this machine could use your servers/],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await cli(...args)
    expect(stderr).toMatch(message)
    expect([code, stdout]).toEqual([2, ''])
  })
})

describe('list', () => {
  test('says what each server offers and in which revision', async () => {
    const { code, stdout } = await configured('list')
    expect(stdout).toMatch(/^✓ files {2}6 tools {2}2026-07-28$/m)
    expect(stdout).toMatch(/^✓ ours {3}\d+ tools, 1 resource, 1 template, 1 prompt {2}2026-07-28$/m)
    expect(code).toBe(0)
  })

  test('--json gives the same to programs', async () => {
    const { stdout } = await configured('list', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      config,
      servers: [
        { name: 'files', state: 'ready', tools: 6, revision: '2026-07-28', warnings: [] },
        { name: 'ours', state: 'ready', info: { name: 'ours', version: '1.0.0' }, prompts: 1 },
      ],
    })
  })

  test('says why a server is down, and exits with 1', async () => {
    const file = await folder.file(
      'down.json',
      JSON.stringify({
        mcpServers: {
          files: node(ownFilesystem, folder.path),
          crashing: node(fixture('bad/crashes-after-start.mjs')),
          absent: { command: 'no-such-command-of-mine' },
          off: { ...node('x'), disabled: true },
        },
      }),
    )
    const { code, stdout } = await cli('list', '--config', file)
    expect(stdout).toMatch(/^✓ files/m)
    expect(stdout).toMatch(/^✗ crashing .*ended with exit code 3.*\n(?: {4}.*\n)* {4}fatal: the licence has expired$/m)
    expect(stdout).toMatch(/^✗ absent .*"no-such-command-of-mine" was not found on PATH/m)
    expect(stdout).toMatch(/^- off +disabled$/m)
    expect(code).toBe(1)
  })

  test('a mistake in one server is told with its place and remedy; the others start; the exit code is 2', async () => {
    const text = `{
  // servers of mine
  "mcpServers": {
    "files": ${JSON.stringify(node(ownFilesystem, folder.path))},
    "typo": {
      "comand": "node",
    },
    "unset": { "command": "node", "env": { "TOKEN": "\${NO_SUCH_VARIABLE}" } },
  }
}`
    const file = await folder.file('typo.json', text)
    const { code, stdout, stderr } = await cli('list', '--config', file)
    expect(stderr).toMatch(/typo\.json:6:7 .*"typo".*"comand".* did you mean "command"\?/)
    expect(stderr).toMatch(/typo\.json:8:\d+ .*NO_SUCH_VARIABLE/)
    expect(stdout).toMatch(/^✓ files {2,}6 tools/m)
    expect(code).toBe(2)
  })

  test('a file that is not JSON is told with the line', async () => {
    const file = await folder.file('broken.json', '{\n  "mcpServers": {\n    "a" { }\n  }\n}')
    const { code, stderr } = await cli('list', '--config', file)
    expect(stderr).toMatch(/broken\.json:3:9 {2}the file is not valid JSON: a ":" is missing before this/)
    expect(code).toBe(2)
  })
})

describe('tools', () => {
  test('lists the tools of one server with their arguments', async () => {
    const { code, stdout } = await configured('tools', 'files')
    expect(stdout).toMatch(/^files read_file path/m)
    expect(stdout).not.toMatch(/^ours /m)
    expect(code).toBe(0)
  })

  test('--json gives whole definitions', async () => {
    const { stdout } = await configured('tools', '--json')
    const lists: { server: string; tools: { name: string; inputSchema: object }[] }[] = JSON.parse(stdout)
    expect(lists.map(({ server }) => server)).toEqual(['files', 'ours'])
    const echo = lists[1]?.tools.find(({ name }) => name === 'echo')
    expect(echo?.inputSchema).toMatchObject({ type: 'object', required: ['words'] })
  })

  test('an unknown server is answered with the likely one', async () => {
    const { code, stderr } = await configured('tools', 'filse')
    expect(stderr).toMatch(/the configuration has no server "filse"; did you mean "files"\?/)
    expect(code).toBe(2)
  })
})

describe('call', () => {
  test('reads key=value as the schema says and prints the text', async () => {
    const { code, stdout } = await configured('call', 'ours', 'echo', 'words=12')
    expect([code, stdout]).toEqual([0, '12\n'])
  })

  test("--json '{…}' gives the arguments and prints the whole result", async () => {
    const { code, stdout } = await configured('call', 'ours', 'echo', '--json', '{"words":"hello"}')
    expect(JSON.parse(stdout)).toMatchObject({ content: [{ type: 'text', text: 'hello' }], 'x-extra': 'kept' })
    expect(code).toBe(0)
  })

  test.each([
    [['files', 'raed_file', 'path=x'], 2, /server "files" has no tool "raed_file"; did you mean "read_file"\?/],
    [['files', 'read_file', 'pth=x'], 2, /tool "read_file" has no argument "pth"; did you mean "path"\?/],
    [['files', 'read_file', 'path'], 2, /"path" is not of the form key=value/],
    [['ours', 'count', 'to=many'], 2, /to is not valid JSON|argument "to" must be integer/],
    [['ours', 'echo', '--json', '{words'], 2, /--json is not valid JSON/],
    [['files', 'read_file', 'path=absent.txt'], 1, /absent\.txt/],
    [['ours', 'book', 'hotel=Ritz'], 0, /Which day at Ritz\? \(declined: there is nobody to ask here\)/],
  ])('%j exits with %d and says why', async (args, expected, message) => {
    const { code, stderr } = await configured('call', ...args)
    expect(stderr).toMatch(message)
    expect(code).toBe(expected)
  })

  test('a server that is down fails with the reason', async () => {
    const file = await folder.file(
      'crash.json',
      JSON.stringify({ mcpServers: { exits: node(fixture('bad/exits.mjs')) } }),
    )
    const { code, stderr } = await cli('call', 'exits', 'ping', '--config', file)
    expect(stderr).toMatch(/server "exits" is down: .*ended with exit code 0/)
    expect(code).toBe(1)
  })

  test('Ctrl-C ends it with 130 and leaves nothing behind', async () => {
    const journal = await folder.file('journal.txt', '')
    const file = await folder.file(
      'wait.json',
      JSON.stringify({ mcpServers: { ours: node(fixture('ours.mjs'), journal) } }),
    )
    const running = begin(['call', 'ours', 'wait', '--config', file])
    await expect.poll(() => readFile(journal, 'utf8'), { timeout: 10_000 }).toContain('waiting')
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    expect(running.marker.running()).toEqual([])
    expect(await readFile(journal, 'utf8')).toContain('cancelled')
  })
})

describe('up', () => {
  test('prints the endpoint, what is behind it and the lines for AI clients; Ctrl-C ends it with 0', async () => {
    const running = begin(['up', '--port', '0', '--config', config])
    const [, url = ''] = await running.out(/endpoint {2}(http:\/\/127\.0\.0\.1:\d+\/mcp)/)
    await running.out(/✓ files {2}6 tools/)
    expect(running.stdout).toContain(config)
    expect(running.stdout).toContain('Ctrl-C stops')
    expect(running.stdout).toContain(`claude mcp add --transport http interlock ${url}`)
    await using client = await connect(url)
    expect((await client.callTool('ours__echo', { words: 'hello' })).content).toEqual([{ type: 'text', text: 'hello' }])
    await client.close()
    running.child.kill('SIGINT')
    const { code, stdout, stderr } = await running.ended
    expect(stdout).toMatch(/stopping/)
    expect([code, stderr]).toEqual([0, ''])
    expect(running.marker.running()).toEqual([])
  })

  test('tells what becomes of its servers while it runs', async () => {
    const frail = await folder.config({ frail: node(fixture('bad/crashes-in-call.mjs')) })
    const running = begin(['up', '--port', '0', '--config', frail])
    const [, url = ''] = await running.out(/endpoint {2}(http\S+)/)
    await running.out(/✓ frail/)
    await using client = await connect(url)
    const { isError } = await client.callTool('frail__crash')
    expect(isError).toBe(true)
    await running.out(/✗ frail {2}.*exit code 7[^]*✓ frail/)
  })

  test('--sse serves clients that have nothing else than HTTP+SSE', async () => {
    const servers = await folder.config({ ours: node(fixture('ours.mjs')) })
    const running = begin(['up', '--port', '0', '--sse', '--config', servers])
    const [, url = ''] = await running.out(/HTTP\+SSE {2}(http:\/\/127\.0\.0\.1:\d+\/sse)/)
    await running.out(/✓ ours/)
    const client = new OldClient({ name: 'old', version: '1.0.0' })
    await client.connect(new SSEClientTransport(new URL(url)))
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('ours__echo')
    expect(await client.callTool({ name: 'ours__echo', arguments: { words: 'hello' } })).toMatchObject({
      content: [{ type: 'text', text: 'hello' }],
    })
    await client.close()
  })

  test('--json tells where old clients go, and without --sse there is no such place', async () => {
    const running = begin(['up', '--port', '0', '--sse', '--json', '--config', config])
    const [, sse = ''] = await running.out(/"sseUrl": "([^"]+)"/)
    expect(sse).toMatch(/\/sse$/)
    const plain = begin(['up', '--port', '0', '--json', '--config', config])
    const [, url = ''] = await plain.out(/"url": "([^"]+)"/)
    expect(plain.stdout).not.toContain('sseUrl')
    expect((await fetch(new URL('/sse', url))).status).toBe(404)
  })

  test.each(['mcp', 'sse'])('leaves itself out of its own servers (%s)', async path => {
    const port = await freePort()
    const type = path === 'sse' ? { type: 'sse' } : {}
    const itself = await folder.config({ loop: { ...type, url: `http://127.0.0.1:${port}/${path}` } })
    const running = begin(['up', '--port', String(port), '--config', itself])
    await running.out(/no servers: name some/)
    expect(running.stderr).toContain('note: server "loop" is this gateway itself and was left out')
  })

  test('a port that is taken is told with what to do', async () => {
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const { code, stderr } = await configured('up', '--port', String(port))
    await new Promise(resolve => taken.close(resolve))
    expect(stderr).toMatch(new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken.*use --port 0`))
    expect(code).toBe(1)
  })

  test('without a configuration it serves a scratch folder in the home', async () => {
    await using home = await scratch()
    const running = begin(['up', '--port', '0', '--json'], home.path)
    const [, url = ''] = await running.out(/"url": "([^"]+)"/)
    await using client = await connect(url)
    const args = { path: 'hello.txt', content: 'written by a client' }
    expect((await client.callTool('filesystem__write_file', args)).isError).not.toBe(true)
    expect(await readFile(`${home.path}/.interlock/scratch/hello.txt`, 'utf8')).toBe(args.content)
  })

  test('finds .mcp.json in a folder above', async () => {
    await using project = await scratch()
    await project.file('.mcp.json', JSON.stringify({ mcpServers: { ours: node(fixture('ours.mjs')) } }))
    const inner = join(project.path, 'src', 'deep')
    await mkdir(inner, { recursive: true })
    const { stdout } = await run(interlock, ['list', '--json'], { cwd: inner, home: project.path })
    expect(JSON.parse(stdout)).toMatchObject({ config: `${project.path}/.mcp.json`, servers: [{ name: 'ours' }] })
  })
})
