import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { asking } from '../testing/ask.ts'
import { watchConsole } from '../testing/console.ts'
import { presence } from '../testing/presence.ts'
import { type Site, type SiteAnswer, type SiteRequest, startSite } from '../testing/site.ts'
import type { Fetch } from './contract.ts'
import { authorizationErrorIn, oauth } from './oauth.ts'

const secrets = {
  code: 'the-authorization-code',
  clientSecret: 'the-client-secret',
  accessToken: 'the-access-token',
  refreshToken: 'the-refresh-token',
}

type Page = SiteAnswer | ((request: SiteRequest) => SiteAnswer)

/** A server and its authorization server at one origin, good in all but what a test changes. */
async function startBoth(changes: (origin: string) => Readonly<Record<string, Page>>): Promise<Site> {
  const site = await startSite()
  const { origin, pages } = site
  pages['POST /mcp'] = { status: 401, headers: { 'www-authenticate': 'Bearer scope="a"' } }
  pages['GET /.well-known/oauth-protected-resource/mcp'] = {
    body: { resource: `${origin}/mcp`, authorization_servers: [origin] },
  }
  pages['GET /.well-known/oauth-authorization-server'] = { body: metadata(origin) }
  pages['POST /register'] = {
    status: 201,
    body: { client_id: 'c', client_secret: secrets.clientSecret, client_secret_expires_at: 0 },
  }
  pages['POST /token'] = { body: { access_token: secrets.accessToken, token_type: 'Bearer', expires_in: 60 } }
  Object.assign(pages, changes(origin))
  return site
}

const metadata = (origin: string): Record<string, unknown> => ({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  registration_endpoint: `${origin}/register`,
  code_challenge_methods_supported: ['S256'],
})

/** Logs in and gives the reason why it failed. Nothing that can be seen of it, or was told on the way, has a secret. */
async function failure(site: Site): Promise<string> {
  const own: string[] = []
  const told: string[] = []
  const person = presence(async url => {
    const back = new URL(url.searchParams.get('redirect_uri') ?? '')
    const state = url.searchParams.get('state') ?? ''
    own.push(state)
    back.search = `code=${secrets.code}&state=${state}`
    return back
  })
  const watched: Fetch = async (url, init) => {
    own.push(...new URLSearchParams(String(init?.body ?? '')).getAll('code_verifier'))
    return fetch(url, init)
  }
  using logs = watchConsole()
  const error: unknown = await asking(
    oauth({ presence: person, fetch: watched, onStep: (_step, what) => told.push(what) }),
    new URL(`${site.origin}/mcp`),
  )().catch((thrown: unknown) => thrown)
  const seen = inspect(error, { depth: 20, showHidden: true }) + told.join('\n') + logs.said()
  for (const secret of [...Object.values(secrets), ...own]) expect(seen).not.toContain(secret)
  return authorizationErrorIn(error)?.message ?? seen
}

const echo = ({ body, headers }: SiteRequest): string => `${body} ${headers.authorization}`

test.each<[string, (origin: string) => Readonly<Record<string, Page>>, string]>([
  [
    'an error that quotes the request',
    () => ({
      'POST /token': request => ({
        status: 400,
        body: { error: 'invalid_grant', error_description: decodeURIComponent(echo(request)) },
      }),
    }),
    'refused authorization_code: invalid_grant',
  ],
  [
    'an error code that quotes the code',
    () => ({ 'POST /token': { status: 400, body: { error: secrets.code } } }),
    'refused authorization_code: an unknown error',
  ],
  [
    'a page that quotes the request',
    () => ({ 'POST /token': request => ({ status: 500, body: echo(request) }) }),
    'where a JSON object was expected',
  ],
  [
    'a redirect of the token request',
    origin => ({
      'POST /token': { status: 307, headers: { location: `${origin}/elsewhere` } },
      'POST /elsewhere': { body: { access_token: 'x', token_type: 'Bearer' } },
    }),
    'with a redirect, which is not followed',
  ],
  [
    'tokens without type',
    () => ({ 'POST /token': { body: { access_token: secrets.accessToken, refresh_token: secrets.refreshToken } } }),
    'gave no usable token',
  ],
  [
    'tokens of an unknown type',
    () => ({ 'POST /token': { body: { access_token: secrets.accessToken, token_type: 'mac' } } }),
    'gave no usable token',
  ],
  [
    'a token with a line break',
    () => ({ 'POST /token': { body: { access_token: `${secrets.accessToken}\r\nx: y`, token_type: 'Bearer' } } }),
    'characters that no token has',
  ],
  [
    'a bound token that nobody asked for',
    () => ({ 'POST /token': { body: { access_token: secrets.accessToken, token_type: 'DPoP' } } }),
    'gave a DPoP token although no key was shown',
  ],
  ['a token that its own server refuses', () => ({}), 'takes no token, not even one'],
  [
    'a registration without id',
    () => ({ 'POST /register': { status: 201, body: { client_secret: secrets.clientSecret } } }),
    'it gave no client_id',
  ],
  [
    'metadata of another issuer',
    origin => ({
      'GET /.well-known/oauth-authorization-server': {
        body: { ...metadata(origin), issuer: 'https://honest.example' },
      },
    }),
    'is of issuer "https://honest.example"; expected exactly',
  ],
  [
    'metadata without PKCE',
    origin => ({
      'GET /.well-known/oauth-authorization-server': {
        body: { ...metadata(origin), code_challenge_methods_supported: undefined },
      },
    }),
    'no PKCE method',
  ],
  [
    'OpenID metadata without PKCE',
    origin => ({
      'GET /.well-known/oauth-authorization-server': { status: 404 },
      'GET /.well-known/openid-configuration': {
        body: { ...metadata(origin), code_challenge_methods_supported: undefined },
      },
    }),
    'no PKCE method',
  ],
  [
    'a resource that is another server',
    origin => ({
      'GET /.well-known/oauth-protected-resource/mcp': {
        body: { resource: 'https://bank.example', authorization_servers: [origin] },
      },
    }),
    'is for the resource "https://bank.example"',
  ],
])('%s', async (_what, changes, why) => {
  await using site = await startBoth(changes)
  expect(await failure(site)).toContain(why)
  expect(site.requests).not.toContain('POST /elsewhere')
})

test.each([
  ['http://169.254.169.254/latest/meta-data', 'is not https'],
  ['https://169.254.169.254/latest/meta-data', 'a cloud’s metadata'],
  ['https://10.0.0.7/m', 'an address of a private network'],
  ['https://[::ffff:10.0.0.7]/m', 'an address of a private network'],
  ['https://metadata.google.internal/m', 'a name of a private network'],
  ['https://user:pw@as.example/m', 'carries a user name or password'],
  ['http://as.example/m', 'is not https'],
])('a challenge that leads to %s is not followed', async (url, why) => {
  await using site = await startBoth(() => ({
    'POST /mcp': { status: 401, headers: { 'www-authenticate': `Bearer resource_metadata="${url}"` } },
  }))
  await expect(asking(oauth({ presence: presence(async u => u) }), new URL(`${site.origin}/mcp`))()).rejects.toThrow(
    why,
  )
  expect(site.requests).toEqual(['POST /mcp'])
})

const inside = '"10.0.0.7" is an address of a private network'

test.each([
  ['authorization server', { authorization_servers: ['https://10.0.0.7'] }, {}, inside],
  ['token endpoint', {}, { token_endpoint: 'https://10.0.0.7/token' }, inside],
  ['registration endpoint', {}, { registration_endpoint: 'https://10.0.0.7/register' }, inside],
  ['authorization server in clear text', { authorization_servers: ['http://as.example'] }, {}, 'is not https'],
  ['authorization endpoint in clear text', {}, { authorization_endpoint: 'http://as.example/a' }, 'is not https'],
  ['token endpoint in clear text', {}, { token_endpoint: 'http://as.example/token' }, 'is not https'],
  ['registration endpoint in clear text', {}, { registration_endpoint: 'http://as.example/r' }, 'is not https'],
])('a hostile %s is not reached', async (_what, resource, server, why) => {
  await using site = await startBoth(origin => ({
    'GET /.well-known/oauth-protected-resource/mcp': {
      body: { resource: `${origin}/mcp`, authorization_servers: [origin], ...resource },
    },
    'GET /.well-known/oauth-authorization-server': { body: { ...metadata(origin), ...server } },
  }))
  const person = presence(async url => {
    const back = new URL(url.searchParams.get('redirect_uri') ?? '')
    back.search = `code=${secrets.code}&state=${url.searchParams.get('state')}`
    return back
  })
  await expect(asking(oauth({ presence: person }), new URL(`${site.origin}/mcp`))()).rejects.toThrow(why)
})
