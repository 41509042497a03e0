import { expect, test } from 'vitest'
import type { AuthSettings } from './auth.ts'
import { describe as describeError } from './error.ts'
import { type Config, parseConfig } from './load.ts'

const read = (auth: unknown, others: object = {}): Config =>
  parseConfig(
    JSON.stringify({ mcpServers: { a: { url: 'https://example.com/mcp', auth, ...others } } }),
    '/etc/c.json',
    {
      env: { SECRET: 'hidden', HOME: '/home/ann' },
    },
  )
const settings = (auth: unknown): AuthSettings | false | undefined => {
  const [server] = read(auth).servers
  return server?.kind === 'http' ? server.auth : undefined
}
const told = (auth: unknown, others: object = {}): readonly string[] =>
  read(auth, others).problems.map(
    problem => `${problem.code} ${describeError(problem).replace(/^\S+ {2}server "a", /, '')}`,
  )

test('all members, with variables and files put in', () => {
  expect(
    settings({
      account: 'work',
      clientId: 'gateway',
      clientSecret: '${SECRET}',
      issuer: 'https://login.example.com',
      scopes: ['files:read', 'files:write'],
      grant: 'client_credentials',
      shared: true,
    }),
  ).toEqual({
    account: 'work',
    clientId: 'gateway',
    clientSecret: 'hidden',
    issuer: 'https://login.example.com',
    scopes: ['files:read', 'files:write'],
    grant: 'client_credentials',
    shared: true,
  })
  expect(settings({ clientId: 'x', privateKeyFile: '~/key.pem' })).toMatchObject({
    privateKeyFile: '/home/ann/key.pem',
  })
  expect(settings({ grant: 'jwt_bearer', assertionFile: 'token' })).toMatchObject({ assertionFile: '/etc/token' })
  expect(settings({ perUser: true, grant: 'device_code' })).toEqual({ perUser: true, grant: 'device_code' })
  expect(settings({ perUser: false, account: 'work' })).toEqual({ perUser: false, account: 'work' })
  expect(settings(false)).toBe(false)
  expect(settings({})).toEqual({})
})

test.each(['hidden', '${SECRET:-hidden}', 'x${SECRET}', ''])('a client secret in the file is refused: %j', secret => {
  expect(told({ clientId: 'x', clientSecret: secret })).toEqual([
    'member_invalid "auth.clientSecret": is a secret, which has no place in a file; put it into an environment variable and write "${NAME}"',
  ])
})

test.each([
  [
    true,
    'member_invalid "auth": found a boolean where an object is expected, such as { "account": "work" }, or false for no login',
  ],
  [{ acount: 'x' }, 'member_misspelt "auth.acount": is not a member of "auth"; did you mean "account"?'],
  [{ account: ' ' }, 'member_invalid "auth.account": is empty; give it a value or remove it'],
  [
    { grant: 'device' },
    'member_invalid "auth.grant": says "device", which is no way to log in that is known here; it is one of authorization_code, device_code, client_credentials, jwt_bearer',
  ],
  [
    { clientId: 'x', issuer: 'http://login.example.com' },
    'member_invalid "auth.issuer": is not an https address; write the whole of it, https://…',
  ],
  [
    { scopes: 'files:read' },
    'member_invalid "auth.scopes": found a string where an array of strings is expected, ["files:read"]',
  ],
  [
    { scopes: ['a', 'b c'] },
    'member_invalid "auth.scopes[1]": is not one scope: it has a space, a quote or another character that scopes do not have',
  ],
  [{ shared: 'yes' }, 'member_invalid "auth.shared": found a string where true or false is expected, without quotes'],
  [{ perUser: 1 }, 'member_invalid "auth.perUser": found a number where true or false is expected, without quotes'],
  [
    { perUser: true, shared: true },
    'member_invalid "auth.shared": contradicts "perUser": one login serves all, or each has their own; remove one',
  ],
  [
    { perUser: true, account: 'work' },
    'member_invalid "auth.account": contradicts "perUser", where each user has an account; remove one',
  ],
  [
    { perUser: true, grant: 'jwt_bearer', assertionFile: 'x' },
    'member_invalid "auth.perUser": is for logins of people, and nobody takes part in jwt_bearer; remove one',
  ],
  [{ clientSecret: '${SECRET}' }, 'member_invalid "auth.clientSecret": belongs to a client; add its "clientId"'],
  [
    { grant: 'client_credentials', clientId: 'x' },
    'member_invalid "auth.grant": needs "clientId", and "clientSecret" or "privateKeyFile"',
  ],
  [
    { grant: 'jwt_bearer' },
    'member_invalid "auth.grant": needs "assertionFile", the file with the token of the platform',
  ],
  [{ assertionFile: 'x' }, 'member_invalid "auth.assertionFile": needs "grant": "jwt_bearer" beside it'],
])('%j is one problem', (auth, expected) => {
  expect(told(auth)).toEqual([expected])
  expect(read(auth).servers).toEqual([])
})

test('a server has a login or a header of its own, not both', () => {
  expect(told({ account: 'work' }, { headers: { authorization: 'Bearer x' } })).toEqual([
    'member_invalid "auth": has no effect, since "headers" has an "Authorization"; remove one of the two',
  ])
  expect(told(false, { headers: { authorization: 'Bearer x' } })).toEqual([])
})
