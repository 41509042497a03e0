import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfigError, describe as describeError } from './error.ts'
import { type Config, configLimits, loadConfig, parseConfig } from './load.ts'

const env = { HOME: '/home/ann', TOKEN: 'secret-value', PATH: '' }
const parse = (text: string): Config => parseConfig(text, 'c.json', { env })

function failure(text: string): { code: string; text: string } {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof ConfigError) return { code: error.code, text: describeError(error) }
    throw error
  }
  return { code: 'none', text: 'it was read' }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileFailure(name: string, content?: string | Uint8Array): Promise<string> {
  const file = join(folder, name)
  if (content !== undefined) await writeFile(file, content)
  const error: unknown = await loadConfig(file, { env }).catch((error: unknown) => error)
  return error instanceof ConfigError ? `${error.code}: ${describeError(error).replace(folder, '')}` : 'it was read'
}

test('a program and an address, complete', () => {
  const config = parse(`{
    "mcpServers": {
      "files": {
        "type": "stdio", "command": "npx", "args": ["-y", "some-server", "\${HOME}/projects"],
        "env": { "LEVEL": "debug" }, "cwd": "work", "startupTimeoutMs": 60000, "timeoutMs": 1000
      },
      "remote": { "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer \${TOKEN}" }, "disabled": true }
    }
  }`)
  expect(config).toEqual({
    file: 'c.json',
    servers: [
      {
        name: 'files',
        disabled: false,
        kind: 'stdio',
        command: 'npx',
        args: ['-y', 'some-server', '/home/ann/projects'],
        env: { LEVEL: 'debug' },
        cwd: resolve('work'),
        startupTimeoutMs: 60000,
        timeoutMs: 1000,
      },
      {
        name: 'remote',
        disabled: true,
        kind: 'http',
        url: new URL('https://example.com/mcp'),
        headers: { Authorization: 'Bearer secret-value' },
      },
    ],
    problems: [],
    notices: [],
  })
})

test('a file is read, and a relative cwd starts from its folder', async () => {
  const file = join(folder, 'good.json')
  await writeFile(file, '\uFEFF{ "mcpServers": { "a": { "command": "x", "cwd": "sub/../b" }, } } // end')
  const config = await loadConfig(file, { env })
  expect(config).toEqual({
    file,
    servers: [{ name: 'a', disabled: false, kind: 'stdio', command: 'x', args: [], env: {}, cwd: join(folder, 'b') }],
    problems: [],
    notices: [],
  })
})

test('the mistake of one server leaves the others alone', () => {
  const config = parse(
    '{ "mcpServers": {\n "a": { "command": "x" },\n "b": {},\n "c": 7,\n "d": { "command": "y" } } }',
  )
  expect(config.servers.map(server => server.name)).toEqual(['a', 'd'])
  expect(config.problems.map(({ code, server, file, line, column }) => [code, server, file, line, column])).toEqual([
    ['launch_missing', 'b', 'c.json', 3, 7],
    ['server_invalid', 'c', 'c.json', 4, 7],
  ])
})

test('a server that is written twice is left out, wherever it stands', () => {
  const config = parse(
    '{ "mcpServers": {\n "a": { "command": "x" },\n "b": {},\n "c": { "command": "y" },\n "a": {} } }',
  )
  expect(config.servers.map(server => server.name)).toEqual(['c'])
  expect(config.problems.map(describeError)).toEqual([
    expect.stringContaining('server "b": has neither'),
    'c.json:5:2  server "a": is written 2 times, on lines 2 and 5; keep one of them',
  ])
})

test('a name that objects have by themselves is a name', () => {
  const { servers } = parse('{ "mcpServers": { "__proto__": { "command": "x", "env": { "__proto__": "y" } } } }')
  expect(servers.map(server => server.name)).toEqual(['__proto__'])
  expect(servers.flatMap(server => (server.kind === 'stdio' ? Object.entries(server.env) : []))).toEqual([
    ['__proto__', 'y'],
  ])
})

test("VS Code's key is read, and said to be", () => {
  const config = parse('{ "inputs": [], "servers": { "a": { "command": "x" } } }')
  expect(config.servers).toHaveLength(1)
  expect(config.notices).toEqual([
    'c.json:1:17  "servers" is what VS Code calls "mcpServers"; it is read in the same way',
  ])
})

test('with both keys ours wins', () => {
  const config = parse('{ "servers": { "a": {} }, "mcpServers": { "b": { "command": "x" } } }')
  expect(config.servers.map(server => server.name)).toEqual(['b'])
  expect(config.notices).toEqual(['c.json:1:3  "servers" is ignored, because there is "mcpServers" as well'])
})

test('a disabled server may lack its variables', () => {
  const config = parse('{ "mcpServers": { "a": { "disabled": true, "command": "x", "args": ["${KEY}"] } } }')
  expect(config).toMatchObject({ servers: [], problems: [] })
  expect(config.notices).toEqual([
    'c.json:1:19  server "a": is disabled and left out, because a variable it needs is not set',
  ])
})

test('a disabled server with another mistake is a problem', () => {
  const { problems } = parse('{ "mcpServers": { "a": { "disabled": true, "command": "${KEY}", "args": 1 } } }')
  expect(problems.map(problem => problem.code)).toEqual(['variable_unset', 'member_invalid'])
})

const missing = 'there is no "mcpServers"; put the servers into { "mcpServers": { "<name>": { "command": … } } }'
const nearly = (key: string): string => `${missing}\n    "${key}" is written here; did you mean "mcpServers"?`

test.each([
  ['{}', 'servers_missing', `c.json:1:1  ${missing}`],
  ['[]', 'servers_missing', 'c.json:1:1  found an array where an object with "mcpServers" is expected'],
  ['{\n "mcpServer": {} }', 'servers_missing', `c.json:2:2  ${nearly('mcpServer')}`],
  ['{ "mcp_servers": {} }', 'servers_missing', `c.json:1:3  ${nearly('mcp_servers')}`],
  ['{ "McpServers": {} }', 'servers_missing', `c.json:1:3  ${nearly('McpServers')}`],
  ['{ "server": {} }', 'servers_missing', `c.json:1:3  ${nearly('server')}`],
  [
    '{ "git": { "command": "x" } }',
    'servers_missing',
    `c.json:1:1  ${missing}\n    "git" looks like a server; put "mcpServers": { … } around the servers`,
  ],
  [
    '{ "mcp": { "servers": {} } }',
    'servers_missing',
    `c.json:1:1  ${missing}\n    the servers are inside "mcp", as in the settings of an editor; move them up by one level`,
  ],
  [
    '{ "mcpServers": [] }',
    'servers_invalid',
    'c.json:1:17  "mcpServers" is an array where an object is expected, { "<name>": { "command": … } }',
  ],
  [
    '{ "mcpServers": {},\n "mcpServers": {} }',
    'duplicate_key',
    'c.json:2:2  "mcpServers" is written 2 times, on lines 1 and 2; keep one of them',
  ],
])('as a whole, %j is refused', (text, code, expected) => {
  expect(failure(text)).toEqual({ code, text: expected })
})

test.each([
  ['absent.json', undefined, 'file_unreadable: /absent.json  there is no such file; create it or name another'],
  ['', undefined, 'file_unreadable:   this is a folder; name the file in it'],
  [
    'utf16.json',
    Buffer.from('\uFEFF{ "mcpServers": {} }', 'utf16le'),
    'file_unreadable: /utf16.json  the file is not text in UTF-8; save it in that encoding',
  ],
  [
    'large.json',
    ' '.repeat(configLimits.fileBytes + 1),
    'file_too_large: /large.json  the file has 1048577 bytes, more than the 1048576 a configuration may have; check the path',
  ],
])('file "%s" is refused', async (name, content, expected) => {
  expect(await fileFailure(name, content)).toBe(expected)
})

test('no message shows a value', () => {
  const value = 'hunter2'
  const texts = [
    `{ "mcpServers": { "a": { "command": "npx --key ${value}" } } }`,
    `{ "mcpServers": { "a": { "command": "KEY=${value} npx" } } }`,
    `{ "mcpServers": { "a": { "command": "x", "args": ["\${KEY-${value}}", "\${KEY:${value}}", "\${KEY:-\${${value}}}"] } } }`,
    `{ "mcpServers": { "a": { "command": "x", "env": { "KEY": ["${value}"], "OTHER=${value}": "" } } } }`,
    `{ "mcpServers": { "a": { "url": "https://ann:${value}@example.com" } } }`,
    `{ "mcpServers": { "a": { "url": "${value}" } } }`,
    `{ "mcpServers": { "a": { "url": "http://example.com/?key=${value}" } } }`,
    `{ "mcpServers": { "a": { "url": "https://x", "headers": { "A": "${value}\\nB: c" } } } }`,
    `{ "mcpServers": { "a": { "url": "https://x", "disabled": "${value}", "timeoutMs": "${value}" } } }`,
    `{ "mcpServers": { "a": { "url": "https://x", "other": "${value}", "autoApprove": "${value}" } } }`,
    `{ "mcpServers": "${value}" }`,
  ]
  for (const text of texts) {
    const told =
      failure(text).code === 'none'
        ? [...parse(text).problems.map(describeError), ...parse(text).notices]
        : [failure(text).text]
    expect(told).not.toEqual([])
    expect(told.join('\n')).not.toContain(value)
  }
})
