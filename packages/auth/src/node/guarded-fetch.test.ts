import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { type FetchLimits, guardedFetch, type Resolve } from './guarded-fetch.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

const local = { allowLoopback: true }

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  endings.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

/** A resolver that answers each question with the next addresses, and keeps the names it was asked for. */
function resolving(...answers: readonly string[][]): Resolve & { readonly names: readonly string[] } {
  const names: string[] = []
  const resolve: Resolve = async name => {
    const addresses = answers[names.push(name) - 1] ?? []
    return addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return Object.assign(resolve, { names })
}

const refusal = async (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'fetched',
    (error: Error) => `${error.name}: ${error.message}`,
  )

test('sends what it is given and returns a standard response', async () => {
  const url = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const { method, url: path, headers } = request
      response.writeHead(201, { 'content-type': 'application/json', 'x-two': ['a', 'b'], 'set-cookie': 'a=b' })
      response.end(
        JSON.stringify({ method, path, type: headers['content-type'], body: Buffer.concat(chunks).toString() }),
      )
    })
  })
  const response = await guardedFetch(local)(`${url}/token?a=b`, {
    method: 'POST',
    body: new URLSearchParams({ code: 'x y' }),
  })
  expect(response).toBeInstanceOf(Response)
  expect(response.status).toBe(201)
  expect(Object.fromEntries(response.headers)).toMatchObject({ 'content-type': 'application/json', 'x-two': 'a, b' })
  expect(response.headers.get('set-cookie')).toBeNull()
  expect(await response.json()).toEqual({
    method: 'POST',
    path: '/token?a=b',
    type: 'application/x-www-form-urlencoded;charset=UTF-8',
    body: 'code=x+y',
  })
})

test('statuses without a body are passed on', async () => {
  const url = await serve((_, response) => response.writeHead(204).end())
  expect((await guardedFetch(local)(url)).status).toBe(204)
})

test('URLs outside the policy are refused before anything is resolved or sent', async () => {
  const resolve = resolving(['8.8.8.8'])
  const fetch = guardedFetch({}, {}, resolve)
  for (const url of ['http://a.example/', 'https://169.254.169.254/latest/meta-data/', 'https://localhost/']) {
    expect(await refusal(fetch(url))).toMatch(/^BlockedUrl: /)
  }
  expect(resolve.names).toEqual([])
})

test.each([
  [['10.0.0.1'], 'an address of a private network'],
  [['8.8.8.8', '169.254.169.254'], 'link-local'],
  [['::ffff:127.0.0.1'], 'an address of this machine'],
])('a public name that resolves to %s is refused', async (addresses, reason) => {
  const message = await refusal(guardedFetch(local, {}, resolving(addresses))('https://rebind.example/'))
  expect(message).toMatch(/^BlockedUrl: "rebind.example" leads to /)
  expect(message).toContain(reason)
})

test('a name is resolved once, and the connection goes to the address that was checked', async () => {
  const url = await serve((request, response) => response.end(request.headers.host))
  const resolve = resolving(['127.0.0.1'], ['10.0.0.1'])
  const { port } = new URL(url)
  const fetch = guardedFetch(local, {}, resolve)
  expect(await (await fetch(`http://app.localhost:${port}/`)).text()).toBe(`app.localhost:${port}`)
  expect(resolve.names).toEqual(['localhost'])
  expect(await refusal(fetch(`http://app.localhost:${port}/`))).toContain('leads to 10.0.0.1')
})

test('a name without an address, and a port where nobody listens, are told', async () => {
  expect(await refusal(guardedFetch({}, {}, resolving([]))('https://none.example/'))).toBe(
    'FetchFailed: "none.example" has no address',
  )
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  server.close()
  await once(server, 'close')
  expect(await refusal(guardedFetch(local)(`http://127.0.0.1:${port}/x?token=hush`))).toBe(
    `FetchFailed: http://127.0.0.1:${port}/x could not be fetched: nobody listens there (ECONNREFUSED)`,
  )
})

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'https://169.254.169.254/',
  'https://[::ffff:169.254.169.254]/',
  'http://example.com/',
  'https://10.0.0.1/',
  'file:///etc/passwd',
])('a redirect to %s is refused', async location => {
  const url = await serve((_, response) => response.writeHead(302, { location }).end())
  expect(await refusal(guardedFetch(local)(url))).toMatch(/^BlockedUrl: /)
})

test('a redirect of GET is followed, and its headers stay with their origin', async () => {
  const there = await serve((request, response) => response.end(JSON.stringify(request.headers)))
  const here = await serve((request, response) => {
    if (request.url === '/far') response.writeHead(307, { location: `${there}/` }).end()
    else if (request.url === '/near') response.writeHead(301, { location: '/end' }).end()
    else response.end(JSON.stringify(request.headers))
  })
  const init = { headers: { authorization: 'Bearer hush', dpop: 'proof', accept: 'application/json' } }
  const near: unknown = await (await guardedFetch(local)(`${here}/near`, init)).json()
  expect(near).toMatchObject({ authorization: 'Bearer hush', dpop: 'proof', accept: 'application/json' })
  const far: unknown = await (await guardedFetch(local)(`${here}/far`, init)).json()
  expect(far).toMatchObject({ accept: 'application/json' })
  expect(far).not.toMatchObject({ authorization: expect.anything() })
  expect(far).not.toMatchObject({ dpop: expect.anything() })
})

test('redirects are counted, not followed for POST, and handed out on request', async () => {
  let count = 0
  const url = await serve((_, response) => response.writeHead(302, { location: `/${count++}` }).end())
  const fetch = guardedFetch(local, { redirects: 2 })
  expect(await refusal(fetch(url))).toBe(`FetchFailed: ${url}/ redirects more than 2 times, which is not followed`)
  expect(count).toBe(3)
  expect(await refusal(fetch(url, { method: 'POST', body: 'code=hush' }))).toBe(
    `FetchFailed: ${url}/ redirects a POST, which is not followed`,
  )
  expect(count).toBe(4)
  const manual = await fetch(url, { method: 'POST', body: 'code', redirect: 'manual' })
  expect([manual.status, manual.headers.get('location')]).toEqual([302, '/4'])
})

const withLimits = (limits: Partial<FetchLimits>) => guardedFetch(local, limits)

test('a body past the limit is refused, with or without a length, and the connection is closed', async () => {
  let closed: Promise<unknown> | undefined
  const url = await serve((request, response) => {
    closed = once(response, 'close')
    if (request.url === '/told') response.writeHead(200, { 'content-length': '3000' })
    const pour = () => {
      while (!response.destroyed && response.write(Buffer.alloc(1000)));
      response.once('drain', pour)
    }
    if (request.url === '/told') response.end(Buffer.alloc(3000))
    else pour()
  })
  for (const path of ['/told', '/endless']) {
    expect(await refusal(withLimits({ bodyBytes: 2000 })(url + path))).toBe(
      `FetchFailed: ${url}${path} answered with more than 2000 bytes`,
    )
    await closed
  }
})

test('compressed bodies are read, and limited by what comes out of them', async () => {
  const bodies: Record<string, [string, Buffer]> = {
    '/gzip': ['gzip', gzipSync('hello')],
    '/br': ['br', brotliCompressSync('hello')],
    '/bomb': ['gzip', gzipSync(Buffer.alloc(5_000_000))],
    '/damaged': ['gzip', Buffer.from('not gzip at all')],
    '/odd': ['zstd', Buffer.from('?')],
  }
  const url = await serve((request, response) => {
    const [encoding, body] = bodies[request.url ?? ''] ?? ['', Buffer.alloc(0)]
    response.writeHead(200, { 'content-encoding': encoding }).end(body)
  })
  const fetch = withLimits({})
  for (const path of ['/gzip', '/br']) {
    const response = await fetch(url + path)
    expect([await response.text(), response.headers.get('content-encoding')]).toEqual(['hello', null])
  }
  expect(await refusal(fetch(`${url}/bomb`))).toBe(`FetchFailed: ${url}/bomb answered with more than 1048576 bytes`)
  expect(await refusal(fetch(`${url}/damaged`))).toBe(`FetchFailed: ${url}/damaged could not be fetched: Z_DATA_ERROR`)
  expect(await refusal(fetch(`${url}/odd`))).toBe(
    `FetchFailed: ${url}/odd is compressed in a way that is not understood: zstd`,
  )
})

test('a slow head, a slow body and slow redirects run out of the same time', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/head') return
    if (request.url === '/body') response.write('{')
    else setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 20)
  })
  for (const path of ['/head', '/body', '/again']) {
    expect(await refusal(withLimits({ timeMs: 80, redirects: 1000 })(`${url}${path}?token=hush`))).toBe(
      `FetchFailed: ${url}${path} did not answer within 0.08 s`,
    )
  }
})

test("the caller's signal ends it with the caller's reason", async () => {
  const controller = new AbortController()
  const url = await serve(() => controller.abort(new Error('enough')))
  expect(await refusal(guardedFetch(local)(url, { signal: controller.signal }))).toBe('Error: enough')
  expect(await refusal(guardedFetch(local)(url, { signal: controller.signal }))).toBe('Error: enough')
})

test('an answer that is not HTTP is refused, and its bytes are not in the error', async () => {
  const server = createTcpServer((socket: Socket) => {
    socket.once('data', () => socket.end('access_token=hush and no HTTP'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  endings.push(() => server.close())
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const error: unknown = await guardedFetch(local)(`http://127.0.0.1:${port}/`).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'FetchFailed' })
  const everything = JSON.stringify(error, Object.getOwnPropertyNames(error))
  expect(everything).toContain('HPE_INVALID_CONSTANT')
  expect(everything).not.toContain('hush')
})
