import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describe as describeError } from './error.ts'
import { type Config, parseConfig } from './load.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stdio-'))
  await mkdir(join(folder, 'my bin'))
  await writeFile(join(folder, 'my bin', 'my server'), '')
})
afterAll(() => rm(folder, { recursive: true }))

function read(members: object, path = ''): Config {
  return parseConfig(JSON.stringify({ mcpServers: { a: members } }), 'c.json', {
    env: { HOME: '/home/ann', PATH: path },
  })
}
const told = (members: object): readonly string[] =>
  read(members).problems.map(problem => `${problem.code} ${describeError(problem).replace(/^\S+ {2}server "a", /, '')}`)

const commandLine =
  'command_line "command": holds spaces as a whole command line would, and no file has that name; put the program alone ' +
  'in "command" and each of its arguments as a string of its own in "args"'
const notText = 'where a string is expected'

test.each([
  [{ command: 'npx -y some-server' }, `${commandLine}\n    "command": "npx", "args": [ the other 2 words ]`],
  [{ command: 'node server.js' }, `${commandLine}\n    "command": "node", "args": [ the other word ]`],
  [{ command: 'KEY=x npx' }, `${commandLine}\n    variables in front of a program go into "env"`],
  [{ command: ' npx' }, `${commandLine}\n    remove the spaces around it`],
  [{ command: '"/my bin/x" --flag' }, commandLine],
  [{ command: `x ${'y'.repeat(10_000)}` }, `${commandLine}\n    "command": "x", "args": [ the other word ]`],
  [{ command: '' }, 'member_invalid "command": is empty; name the program to start'],
  [{ command: ['npx'] }, `member_invalid "command": found an array ${notText}; write a string`],
  [{ command: 7 }, `member_invalid "command": found a number ${notText}; put it in double quotes`],
  [{ command: 'x\0' }, 'member_invalid "command": holds a NUL character, which cannot be passed on; remove it'],
  [
    { command: 'x', args: '-y some-server' },
    'member_invalid "args": found a string where an array of strings is expected; write ["one", "two"], one string for each argument',
  ],
  [{ command: 'x', args: ['-y', ['z']] }, `member_invalid "args[1]": found an array ${notText}; write a string`],
  [{ command: 'x', args: [null] }, `member_invalid "args[0]": found null ${notText}; write a string`],
  [
    { command: 'x', args: ['${KEY}'] },
    'variable_unset "args[0]": variable KEY is not set; set it in the environment, or write ${KEY:-default}',
  ],
  [{ command: 'x', env: { A: {} } }, `member_invalid "env.A": found an object ${notText}; write a string`],
  [
    { command: 'x', env: ['A=1'] },
    'member_invalid "env": found an array where an object of strings is expected, { "NAME": "value" }',
  ],
  [{ command: 'x', env: { 'A=1': '' } }, 'member_invalid "env.A": is not a name of a variable; write "NAME": "value"'],
  [{ command: 'x', cwd: '' }, 'member_invalid "cwd": is empty; name a folder or remove the member'],
  [{ command: 'x', cwd: false }, `member_invalid "cwd": found a boolean ${notText}; put it in double quotes`],
])('%j is one problem', (members, expected) => {
  expect(told(members)).toEqual([expected])
  expect(read(members).servers).toEqual([])
})

test('every mistake of a server is told', () => {
  expect(told({ command: 'a b', args: 'c', env: { D: null } }).map(problem => problem.split(' ')[0])).toEqual([
    'command_line',
    'member_invalid',
    'member_invalid',
  ])
})

test('spaces in the path of a program are fine when the file is there', () => {
  expect(read({ command: join(folder, 'my bin', 'my server') }).problems).toEqual([])
  expect(read({ command: './my bin/my server', cwd: folder }).problems).toEqual([])
  expect(read({ command: 'my server' }, ['/nowhere', join(folder, 'my bin')].join(delimiter)).problems).toEqual([])
  expect(read({ command: join(folder, 'my bin', 'another server') }).problems).toHaveLength(1)
})

test('~ is the home folder in a command', () => {
  expect(read({ command: '~/bin/server' }).servers).toMatchObject([{ command: '/home/ann/bin/server' }])
})

test('numbers and booleans in args and env become strings, as they are written', () => {
  const text =
    '{ "mcpServers": { "a": { "command": "x", "args": [8080, 1.0, 12345678901234567890, true], "env": { "DEBUG": false } } } }'
  expect(parseConfig(text, 'c.json', { env: {} }).servers).toMatchObject([
    { args: ['8080', '1.0', '12345678901234567890', 'true'], env: { DEBUG: 'false' } },
  ])
})
