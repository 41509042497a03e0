import { expect, test } from 'vitest'
import { issuerPlaces } from '../documents/well-known.ts'
import { pages } from '../testing/pages.ts'
import { discoverOrigin, discoverServer } from './server-metadata.ts'

const issuer = 'https://as.example/tenant1'
const oauth = 'https://as.example/.well-known/oauth-authorization-server/tenant1'
const openid = 'https://as.example/tenant1/.well-known/openid-configuration'
const good = { issuer, token_endpoint: 'https://as.example/token' }

test.each([
  [
    'https://as.example',
    [
      'https://as.example/.well-known/oauth-authorization-server',
      'https://as.example/.well-known/openid-configuration',
    ],
  ],
  [
    'https://as.example/',
    [
      'https://as.example/.well-known/oauth-authorization-server',
      'https://as.example/.well-known/openid-configuration',
    ],
  ],
  [
    'https://as.example/tenant1',
    [
      'https://as.example/.well-known/oauth-authorization-server/tenant1',
      'https://as.example/.well-known/openid-configuration/tenant1',
      'https://as.example/tenant1/.well-known/openid-configuration',
    ],
  ],
  [
    'https://as.example/a/b/',
    [
      'https://as.example/.well-known/oauth-authorization-server/a/b',
      'https://as.example/.well-known/openid-configuration/a/b',
      'https://as.example/a/b/.well-known/openid-configuration',
    ],
  ],
])('the metadata of %s is looked for in order', (url, places) => {
  expect(issuerPlaces(new URL(url)).map(String)).toEqual(places)
})

test('the first document with the right issuer counts', async () => {
  const web = pages({ [oauth]: { ...good, issuer: 'https://as.example' }, [openid]: good })
  expect(await discoverServer(web.flow, issuer)).toEqual(good)
  expect(web.asked).toHaveLength(3)
})

test.each([
  [
    'another issuer',
    { ...good, issuer: 'https://honest.example' },
    'is of issuer "https://honest.example"; expected exactly "https://as.example/tenant1"',
  ],
  ['the issuer with a slash', { ...good, issuer: `${issuer}/` }, 'expected exactly'],
  ['the issuer in another case', { ...good, issuer: 'https://AS.example/tenant1' }, 'expected exactly'],
  ['no issuer', { token_endpoint: good.token_endpoint }, 'is of issuer nothing'],
  ['a relative endpoint', { ...good, token_endpoint: '/token' }, 'has "/token" as "token_endpoint"; expected a URL'],
  ['an endpoint with a fragment', { ...good, token_endpoint: 'https://as.example/#a' }, 'expected a URL'],
  [
    'a script as endpoint',
    { ...good, authorization_endpoint: 'javascript:alert(1)' },
    'has "javascript:alert(1)" as "authorization_endpoint"',
  ],
  [
    'PKCE methods as text',
    { ...good, code_challenge_methods_supported: 'S256' },
    'as "code_challenge_methods_supported"; expected a list',
  ],
])('%s is refused', async (_what, document, why) => {
  const web = pages({ [oauth]: document })
  await expect(discoverServer(web.flow, issuer)).rejects.toMatchObject({
    step: 'authorization server metadata',
    message: expect.stringContaining(why),
  })
})

test.each(['ftp://as.example', 'as.example', 'https://as.example?x=1', 'https://as.example#x', 'javascript:alert(1)'])(
  'an issuer %s is refused before anything is fetched',
  async named => {
    const web = pages({})
    await expect(discoverServer(web.flow, named)).rejects.toThrow('expected a URL of https without query')
    expect(web.asked).toEqual([])
  },
)

test('an issuer without metadata is told', async () => {
  await expect(discoverServer(pages({}).flow, issuer)).rejects.toThrow(`${issuer} publishes no metadata`)
})

test('a server of 2025-03-26 has its metadata at its origin, with or without a slash in its issuer', async () => {
  const own = { issuer: 'https://mcp.example/', token_endpoint: 'https://mcp.example/t' }
  const web = pages({ 'https://mcp.example/.well-known/oauth-authorization-server': own })
  expect(await discoverOrigin(web.flow, 'https://mcp.example')).toEqual(own)
})

test('without metadata it has the endpoints of that revision', async () => {
  expect(await discoverOrigin(pages({}).flow, 'https://mcp.example')).toEqual({
    issuer: 'https://mcp.example',
    authorization_endpoint: 'https://mcp.example/authorize',
    token_endpoint: 'https://mcp.example/token',
    registration_endpoint: 'https://mcp.example/register',
    code_challenge_methods_supported: ['S256'],
  })
})

test('a foreign issuer at the origin is no reason to guess endpoints', async () => {
  const web = pages({ 'https://mcp.example/.well-known/oauth-authorization-server': good })
  await expect(discoverOrigin(web.flow, 'https://mcp.example')).rejects.toThrow(
    'expected exactly "https://mcp.example"',
  )
})
