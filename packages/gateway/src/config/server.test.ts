import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { describe as describeError } from './error.ts'
import { parseConfig } from './load.ts'
import type { ServerSpec } from './server.ts'

const env = { HOME: '/home/ann', PATH: '' }
const read = (server: string): ReturnType<typeof parseConfig> =>
  parseConfig(`{ "mcpServers": { "a": ${server} } }`, 'c.json', { env })
const spec = (server: string): ServerSpec | undefined => read(server).servers[0]

/** The problems without the place and the server's name, and their hints. */
const told = (server: string): readonly string[] =>
  read(server).problems.map(
    problem => `${problem.code} ${describeError(problem).replace(/^c\.json:\d+:\d+ {2}server "a"(?:, |: )/, '')}`,
  )
const notices = (server: string): readonly string[] =>
  read(server).notices.map(notice => notice.replace(/^c\.json:\d+:\d+ {2}server "a", /, ''))

const neither =
  'launch_missing has neither "command" nor "url"; add "command" to start a program or "url" to reach a server over HTTP'
const whichTransport = '"stdio" or "http" is expected, or no such member: "command" and "url" tell them apart'
const ms = 'a number of milliseconds from 1 to 2147483647 is expected, without quotes; 30000 is half a minute'

test.each([
  ['null', 'server_invalid found null where an object with "command" or "url" is expected'],
  ['"npx"', 'server_invalid found a string where an object with "command" or "url" is expected'],
  ['{}', neither],
  ['{ "args": [] }', neither],
  ['{ "command": "x", "url": "https://x" }', 'launch_ambiguous has both "command" and "url"; remove one of them'],
  [
    '{ "type": "http", "command": "x", "url": "https://x" }',
    'launch_ambiguous has both "command" and "url"; remove one of them\n    "type" says "http": "command" is the one too many',
  ],
  [
    '{ "type": "http", "command": "x" }',
    'transport_mismatch "type": says "http", which needs "url"; change one of the two',
  ],
  [
    '{ "transport": "stdio", "url": "https://x" }',
    'transport_mismatch "transport": says "stdio", which needs "command"; change one of the two',
  ],
  [
    '{ "transport": "stdio", "type": "http", "url": "https://x" }',
    'transport_mismatch "transport": says "stdio" while "type" says "http"; keep one',
  ],
  [
    '{ "type": "streamable_http", "url": "https://x" }',
    `transport_unknown "type": "streamable_http" is not a transport; ${whichTransport}\n    did you mean "streamable-http"?`,
  ],
  [
    '{ "type": "websocket", "url": "https://x" }',
    `transport_unknown "type": "websocket" is not a transport; ${whichTransport}`,
  ],
  ['{ "type": 1, "url": "https://x" }', `transport_unknown "type": found a number; ${whichTransport}`],
  [
    '{ "type": "sse", "command": "x" }',
    'transport_mismatch "type": says "sse", which needs "url"; change one of the two',
  ],
  [
    '{ "command": "x", "disabled": "yes" }',
    'member_invalid "disabled": found a string where true or false is expected, without quotes',
  ],
  ['{ "command": "x", "timeoutMs": 0 }', `member_invalid "timeoutMs": ${ms}`],
  ['{ "command": "x", "timeoutMs": 2147483648 }', `member_invalid "timeoutMs": ${ms}`],
  ['{ "command": "x", "startupTimeoutMs": "30s" }', `member_invalid "startupTimeoutMs": ${ms}`],
  ['{ "command": "x", "command": "y" }', 'duplicate_key "command": is written 2 times, on line 1; keep one of them'],
  [
    '{ "command": "x", "env": { "A": "1",\n"B": "2",\n "A": "3",\n "A": "4" } }',
    'duplicate_key "env.A": is written 3 times, on lines 1, 3 and 4; keep one of them',
  ],
])('%s is one problem', (server, expected) => {
  expect(told(server)).toEqual([expected])
  expect(spec(server)).toBeUndefined()
})

test.each([
  ['commnd', 'command'],
  ['Command', 'command'],
  ['cmd', 'command'],
  ['arg', 'args'],
  ['argss', 'args'],
  ['arguments', 'args'],
  ['envs', 'env'],
  ['enviroment', 'env'],
  ['environment', 'env'],
  ['working_directory', 'cwd'],
  ['workingdirectory', 'cwd'],
  ['urll', 'url'],
  ['serverUrl', 'url'],
  ['httpUrl', 'url'],
  ['header', 'headers'],
  ['disable', 'disabled'],
  ['timeoutMS', 'timeoutMs'],
])('"%s" is a problem: it may have been meant for "%s"', (key, right) => {
  expect(told(`{ "command": "x", "${key}": "y" }`)).toEqual([
    `member_misspelt "${key}": is not a member of a server; did you mean "${right}"?`,
  ])
})

test('a misspelt command is one problem, not two', () => {
  expect(told('{ "commnd": "x" }')).toEqual([
    'member_misspelt "commnd": is not a member of a server; did you mean "command"?',
  ])
})

test.each([
  ['"speed": 1', '"speed": is not known here and is ignored'],
  [
    '"timeout": 60',
    '"timeout": is not known here and is ignored; other programs count it in differing units; write "timeoutMs" in milliseconds',
  ],
  [
    '"enabled": false',
    '"enabled": is not known here and is ignored; write "disabled": true to keep a server from starting',
  ],
  [
    '"envFile": ".env"',
    '"envFile": is not known here and is ignored; put the variables in "env", where ${NAME} takes one from the environment',
  ],
  ['"headers": {}', '"headers": has no effect beside "command" and is ignored'],
  ['"args": ["~/x"]', '"args[0]": begins with "~", which only a shell replaces; write ${HOME} to name the home folder'],
])('%s is a notice and the server loads', (member, expected) => {
  expect(notices(`{ "command": "x", ${member} }`)).toEqual([expected])
  expect(spec(`{ "command": "x", ${member} }`)).toBeDefined()
})

test('members that other programs read are kept without a word', () => {
  const server = '{ "command": "x", "autoApprove": ["read"], "alwaysAllow": [], "description": "d", "_note": 1 }'
  expect(read(server)).toMatchObject({ problems: [], notices: [] })
  expect(spec(server)?.other).toEqual({ autoApprove: ['read'], alwaysAllow: [], description: 'd', _note: 1 })
})

test('"sse" is HTTP+SSE, spoken without finding out', () => {
  expect(spec('{ "type": "sse", "url": "https://x/sse" }')).toMatchObject({
    kind: 'sse',
    url: new URL('https://x/sse'),
  })
})

test.each(['http', 'streamable-http', 'streamableHttp'])('"%s" is Streamable HTTP', word => {
  expect(spec(`{ "type": "${word}", "url": "https://x" }`)).toMatchObject({ kind: 'http' })
  expect(spec(`{ "transport": "${word}", "type": "http", "url": "https://x" }`)).toMatchObject({ kind: 'http' })
})

test.each([
  ['~', '/home/ann'],
  ['~/work', '/home/ann/work'],
  ['${HOME}/work', '/home/ann/work'],
  ['work', resolve('work')],
  ['~bob', resolve('~bob')],
])('cwd "%s" is %s', (cwd, expected) => {
  expect(spec(`{ "command": "x", "cwd": "${cwd}" }`)).toMatchObject({ cwd: expected })
})

test('extensions that clients know are named with their settings', () => {
  const clientExtensions = { 'com.example/rooms': { sizes: ['s', 'm'] }, 'com.example/halls': {} }
  expect(spec(JSON.stringify({ command: 'x', clientExtensions }))).toMatchObject({ clientExtensions })
})

test.each([
  [
    '["com.example/rooms"]',
    '"clientExtensions": found an array where an object is expected, such as { "com.example/rooms": {} }',
  ],
  [
    '{ "rooms": {} }',
    '"clientExtensions.rooms": is not a name of an extension; those have a prefix, such as com.example/rooms',
  ],
  [
    '{ "a.b/c": true }',
    `"clientExtensions.a.b/c": found a boolean where the extension's settings are expected; write {} where it has none`,
  ],
  [
    '{ "io.modelcontextprotocol/tasks": {} }',
    '"clientExtensions.io.modelcontextprotocol/tasks": is looked after by the gateway for every client; remove it',
  ],
])('extensions of clients that are written as %s are a mistake', (written, message) => {
  expect(told(`{ "command": "x", "clientExtensions": ${written} }`)).toEqual([`member_invalid ${message}`])
})
