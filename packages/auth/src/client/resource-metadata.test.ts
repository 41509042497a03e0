import { expect, test } from 'vitest'
import { pages } from '../testing/pages.ts'
import { canonical, discoverResource, isFor } from './resource-metadata.ts'

const server = new URL('https://mcp.example/v1/mcp')
const place = 'https://mcp.example/.well-known/oauth-protected-resource/v1/mcp'
const root = 'https://mcp.example/.well-known/oauth-protected-resource'
const good = { resource: 'https://mcp.example/v1/mcp', authorization_servers: ['https://as.example'] }

test.each([
  ['https://mcp.example/v1/mcp', true],
  ['https://MCP.example:443/v1/mcp', true],
  ['https://mcp.example/v1', true],
  ['https://mcp.example/v1/', true],
  ['https://mcp.example', true],
  ['https://mcp.example/', true],
  ['https://mcp.example/v1/mcp/', true],
  ['https://mcp.example/v1/mc', false],
  ['https://mcp.example/v1/mcp/other', false],
  ['https://mcp.example/v2', false],
  ['https://mcp.example:8443/v1/mcp', false],
  ['http://mcp.example/v1/mcp', false],
  ['https://evil.example/v1/mcp', false],
  ['https://mcp.example.evil.example/v1/mcp', false],
  ['https://user@mcp.example/v1/mcp', false],
  ['https://mcp.example/v1/mcp#part', false],
  ['https://mcp.example/v1/mcp?tenant=1', false],
  ['/v1/mcp', false],
  ['urn:mcp', false],
])('%s is for https://mcp.example/v1/mcp: %s', (resource, is) => {
  expect(isFor(resource, server)).toBe(is)
})

test.each([
  ['https://MCP.example', 'https://mcp.example'],
  ['https://mcp.example/', 'https://mcp.example'],
  ['https://mcp.example/mcp#x', 'https://mcp.example/mcp'],
  ['https://mcp.example/mcp?a=1', 'https://mcp.example/mcp?a=1'],
])('%s without metadata is %s', (url, identifier) => {
  expect(canonical(new URL(url))).toBe(identifier)
})

test.each([
  [
    'the place that the challenge names',
    { 'https://other.example/m': good },
    'https://other.example/m',
    ['https://other.example/m'],
  ],
  ['the well-known place with the path', { [place]: good, [root]: {} }, undefined, [place]],
  ['the one at the root', { [root]: good }, undefined, [place, root]],
])('is found at %s', async (_what, documents, named, asked) => {
  const web = pages(documents)
  expect(await discoverResource(web.flow, server, named)).toEqual({
    resource: good.resource,
    authorizationServers: good.authorization_servers,
    requiresDpop: false,
  })
  expect(web.asked).toEqual(asked)
})

test('a server at the root is asked once', async () => {
  const web = pages({})
  expect(await discoverResource(web.flow, new URL('https://mcp.example/'), undefined)).toBeUndefined()
  expect(web.asked).toEqual([root])
})

test('a page for people is no metadata', async () => {
  const web = pages({ [place]: () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }) })
  expect(await discoverResource(web.flow, server, undefined)).toBeUndefined()
})

test.each([
  [
    'a foreign resource',
    { ...good, resource: 'https://evil.example/mcp' },
    'is for the resource "https://evil.example/mcp"; expected "https://mcp.example/v1/mcp" or a path above it',
  ],
  ['no resource', { authorization_servers: ['https://as.example'] }, 'is for the resource nothing'],
  ['a list as resource', { ...good, resource: [good.resource] }, 'is for the resource "["https'],
  ['no authorization servers', { resource: good.resource }, 'names nothing as "authorization_servers"'],
  ['an empty list of them', { ...good, authorization_servers: [] }, 'expected a list of one or more issuers'],
  ['numbers for them', { ...good, authorization_servers: [1] }, 'names "[1]" as "authorization_servers"'],
  [
    'more of them than anybody has',
    { ...good, authorization_servers: Array(17).fill('https://as.example') },
    'expected a list of one or more',
  ],
  ['scopes as text', { ...good, scopes_supported: 'a b' }, 'has "a b" as "scopes_supported"; expected a list'],
  ['a list as the document', [good], 'is not a JSON object'],
  ['no JSON', () => new Response('{', { headers: { 'content-type': 'application/json' } }), 'is not a JSON object'],
  ['an error of the server', () => new Response('', { status: 503 }), 'answered HTTP 503'],
  ['a redirect that is not followed', () => new Response('', { status: 302 }), 'answered HTTP 302'],
  [
    'a document without end',
    () => new Response(endless(), { headers: { 'content-type': 'application/json' } }),
    'more than 262144 bytes',
  ],
  [
    'no connection',
    () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })),
    "can't be fetched: connect ECONNREFUSED",
  ],
])('%s is refused', async (_what, document, why) => {
  const web = pages({ [place]: document })
  await expect(discoverResource(web.flow, server, undefined)).rejects.toMatchObject({
    name: 'AuthorizationError',
    step: 'resource metadata',
    message: expect.stringContaining(why),
  })
})

test.each([
  ['/relative', 'names "/relative" as the place of its metadata'],
  ['file:///etc/passwd', 'expected a URL of https'],
  ['javascript:alert(1)', 'expected a URL of https'],
  ['https://mcp.example/missing', 'and there is none'],
])('a challenge that names %s is refused, and nothing else is tried', async (named, why) => {
  const web = pages({ [place]: good })
  await expect(discoverResource(web.flow, server, named)).rejects.toThrow(why)
  expect(web.asked).not.toContain(place)
})

test.each([
  ['https://mcp.example/v1/mcp', true],
  ['https://mcp.example/v1', false],
  ['https://mcp.example', false],
])('where the exact resource is wanted, %s: %s', async (resource, isTaken) => {
  const web = pages({ [place]: { ...good, resource } })
  const found = discoverResource(web.flow, server, undefined, { isExact: true })
  if (isTaken) expect(await found).toMatchObject({ resource })
  else await expect(found).rejects.toThrow(`"${resource}"; expected "https://mcp.example/v1/mcp", so it is refused`)
  expect(await discoverResource(web.flow, server, undefined)).toMatchObject({ resource })
})

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: controller => controller.enqueue(new Uint8Array(64 * 1024).fill(32)) })
}
