import { expect, test } from 'vitest'
import { mint } from '../testing/forge.ts'
import { protectedServer } from '../testing/protected.ts'
import { startProvider } from '../testing/provider.ts'
import { protect } from './protect.ts'

const resource = 'https://mcp.example/mcp'
const introspection = { clientId: 'server', clientSecret: 'secret-of-this-server' }

test('the keys of one issuer sign for no other', async () => {
  await using one = await startProvider()
  await using other = await startProvider()
  const jwksUri = `${one.issuer}/jwks`
  await using server = await protectedServer({ issuer: one.issuer, jwksUri, issuers: [{ issuer: other.issuer }] })
  expect((await server.bearer(await mint(one, server.url))).status).toBe(200)
  expect((await server.bearer(await mint(other, server.url))).status).toBe(200)
  const forged = await mint(one, server.url, { claims: { iss: other.issuer } })
  expect((await server.bearer(forged)).status).toBe(401)
})

test('credentials for one issuer are shown to no other', async () => {
  const asked: string[] = []
  const metadata = (issuer: string) => ({
    issuer,
    introspection_endpoint: `${issuer}/introspect`,
    jwks_uri: `${issuer}/k`,
    keys: [],
  })
  const fetch = async (url: string): Promise<Response> => {
    asked.push(url)
    return Response.json(metadata(new URL(url).origin))
  }
  await using server = await protectedServer({
    issuer: 'https://one.example',
    introspection,
    issuers: [{ issuer: 'https://other.example' }],
    fetch,
  })
  await server.bearer('an-opaque-token')
  expect(asked).toContain('https://one.example/introspect')
  expect(asked.filter(url => url.startsWith('https://other.example'))).toEqual([])
})

test.each([
  ['keys', { jwksUri: 'https://login.example/keys' }],
  ['introspection', { introspection }],
])('%s of nobody in particular are refused', (_what, option) => {
  const issuers = [{ issuer: 'https://one.example' }, { issuer: 'https://other.example' }]
  expect(() => protect({ resource, issuers, ...option })).toThrow('belong to one issuer')
})

test('users whom an introspection names without a sub are told apart', async () => {
  const issuer = 'https://login.example'
  let audience = ''
  const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    if (url.includes('.well-known')) return Response.json({ issuer, introspection_endpoint: `${issuer}/introspect` })
    const username = new URLSearchParams(String(init?.body)).get('token')
    return Response.json({ active: true, aud: audience, client_id: 'app', username })
  }
  await using server = await protectedServer({ issuer, introspection, fetch })
  audience = server.url.href
  const subjects = ['alice', 'bob'].map(
    async name => JSON.parse(JSON.parse((await server.bearer(name)).text).result.content[0].text).subject,
  )
  expect(await Promise.all(subjects)).toEqual([`username ${issuer} alice`, `username ${issuer} bob`])
})

test('a page for people where one form of the metadata would be leads to the other form', async () => {
  await using provider = await startProvider()
  const fetch = async (url: string, init?: RequestInit): Promise<Response> =>
    url.endsWith('/oauth-authorization-server')
      ? new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })
      : globalThis.fetch(url, init)
  await using server = await protectedServer({ issuer: provider.issuer, fetch })
  expect((await server.bearer(await mint(provider, server.url))).status).toBe(200)
})

test('keys may be at a URL with a query, as Entra has them', async () => {
  await using provider = await startProvider()
  await using server = await protectedServer({ issuer: provider.issuer, jwksUri: `${provider.issuer}/jwks?appid=1` })
  expect((await server.bearer(await mint(provider, server.url))).status).toBe(200)
})

test('an introspection endpoint that is not safe is told to the operator', async () => {
  const issuer = 'https://login.example'
  const fetch = async (): Promise<Response> =>
    Response.json({ issuer, introspection_endpoint: 'http://login.example/i' })
  await using server = await protectedServer({ issuer, introspection, fetch })
  expect((await server.bearer('an-opaque-token')).status).toBe(503)
  expect(server.reports.join()).toContain('introspection_endpoint "http://login.example/i" must be an https URL')
})
