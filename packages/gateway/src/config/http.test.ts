import { expect, test } from 'vitest'
import { describe as describeError } from './error.ts'
import { type Config, parseConfig } from './load.ts'

const read = (members: object): Config =>
  parseConfig(JSON.stringify({ mcpServers: { a: members } }), 'c.json', {
    env: { HOST: 'example.com', LINE: 'Bearer x\n' },
  })
const told = (members: object): readonly string[] =>
  read(members).problems.map(problem => `${problem.code} ${describeError(problem).replace(/^\S+ {2}server "a", /, '')}`)

const url = 'https://example.com/mcp'

test.each([
  [{ url: 'localhost:3000/mcp' }, 'url_invalid "url": is not a whole address; write it with https:// in front'],
  [{ url: 'example.com/mcp' }, 'url_invalid "url": is not a whole address; write it with https:// in front'],
  [{ url: '' }, 'url_invalid "url": is not a whole address; write it with https:// in front'],
  [{ url: 'https://' }, 'url_invalid "url": is not a valid address; write it as https://host/path'],
  [
    { url: 'ws://example.com' },
    'url_invalid "url": begins with "ws:", which no transport here speaks; "https:" or "http:" is expected',
  ],
  [
    { url: 'https://ann:secret@example.com' },
    'url_invalid "url": holds a user name or password, which HTTP clients refuse to send; put an "Authorization" into "headers"',
  ],
  [{ url: 3000 }, 'member_invalid "url": found a number where a string is expected; put it in double quotes'],
  [
    { url, headers: { 'X Y': 'z' } },
    'member_invalid "headers.X Y": is not a name of a header; use letters, digits and "-"',
  ],
  [
    { url, headers: { A: 'b\nc' } },
    'member_invalid "headers.A": has a line break or another character in its value that a header cannot carry; remove it',
  ],
  [
    { url, headers: { Accept: 'b', accept: 'c' } },
    'duplicate_key "headers.accept": is written 2 times, on line 1; keep one of them (letter case does not count)',
  ],
  [
    { url, headers: 'A: b' },
    'member_invalid "headers": found a string where an object of strings is expected, { "NAME": "value" }',
  ],
])('%j is one problem', (members, expected) => {
  expect(told(members)).toEqual([expected])
  expect(read(members).servers).toEqual([])
})

test('variables stand in addresses and headers, and white space around a value is dropped', () => {
  expect(read({ url: 'https://${HOST}/mcp', headers: { Authorization: '${LINE}', 'X-Count': 3 } }).servers).toEqual([
    {
      name: 'a',
      disabled: false,
      kind: 'http',
      url: new URL(url),
      headers: { Authorization: 'Bearer x', 'X-Count': '3' },
    },
  ])
})

test.each([
  'http://localhost:3000',
  'http://api.localhost',
  'http://127.0.0.1/mcp',
  'http://127.9.9.9',
  'http://[::1]:80',
  url,
])('%s needs no warning', address => {
  expect(read({ url: address })).toMatchObject({ problems: [], notices: [], servers: [{ kind: 'http' }] })
})

test.each([
  ['http://example.com/mcp', 'example.com'],
  ['http://127.0.0.1.example.com', '127.0.0.1.example.com'],
  ['http://192.168.0.7', '192.168.0.7'],
  ['http://notlocalhost', 'notlocalhost'],
])('%s is warned about and loads', (address, host) => {
  const config = read({ url: address })
  expect(config.servers).toHaveLength(1)
  expect(config.notices.map(notice => notice.replace(/^\S+ {2}/, ''))).toEqual([
    `server "a", "url": everything sent to ${host} can be read on the way; write https:// if the server has it`,
  ])
})

test('members of a program have no effect on an address', () => {
  const { notices, problems } = read({ url, args: [], env: {}, cwd: 'x' })
  expect(problems).toEqual([])
  expect(notices.map(notice => /"(\w+)": has no effect/.exec(notice)?.[1])).toEqual(['args', 'env', 'cwd'])
})
