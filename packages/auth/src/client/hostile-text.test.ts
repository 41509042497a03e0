import { expect, test } from 'vitest'
import { pages } from '../testing/pages.ts'
import { everythingIn, scriptedServer } from '../testing/scripted-authorization-server.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { registrationAt } from './grants/client-identity.ts'
import { discoverServer } from './server-metadata.ts'

const escape = '\u001b]0;owned\u0007'

test('an issuer that would write to the terminal is in no step and no message', async () => {
  const { flow } = pages({})
  const steps: string[] = []
  const told = { ...flow, onStep: (_step: string, what: string) => void steps.push(what) }
  const failure: unknown = await discoverServer(told, `https://as.example/${escape}`).catch((error: unknown) => error)
  expect(String(failure)).toContain('expected a URL of https')
  expect(`${steps.join()}${String(failure)}`).not.toContain('\u001b')
})

test('nobody is sent to an address that has another one as its user', async () => {
  const issuer = 'https://as.example'
  const endpoint = 'https://login.bank.example@as.example/authorize'
  const web = pages({
    [`${issuer}/.well-known/oauth-authorization-server`]: { issuer, authorization_endpoint: endpoint },
  })
  await expect(discoverServer(web.flow, issuer)).rejects.toThrow(
    'as "authorization_endpoint"; expected a URL without user',
  )
})

test('a secret that was sent as Basic and is quoted back is not repeated', async () => {
  const clientSecret = 'a-secret-of-its-own'
  await using server = await scriptedServer([
    { status: 401, body: { error: 'invalid_client', error_description: `"${clientSecret}" is no secret of ours` } },
  ])
  const failure: unknown = await clientCredentials({ clientId: 'a', clientSecret })
    .obtain(server.request())
    .catch((error: unknown) => error)
  expect(server.requests[0]?.headers['authorization']).toMatch(/^Basic /)
  expect(String(failure)).toContain('invalid_client')
  expect(everythingIn(failure)).not.toContain(clientSecret)
})

test('names of methods that would write to the terminal are cleaned', () => {
  const server = { issuer: 'https://as.example', token_endpoint_auth_methods_supported: [`none${escape}`] }
  expect(() => registrationAt(server, { clientId: 'a', clientSecret: 'b' })).toThrow('it offers none ]0;owned')
})
