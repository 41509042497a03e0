import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Redirect } from '../client/contract.ts'
import { type LoopbackOptions, loopbackRedirect } from './loopback-redirect.ts'

const opened: Redirect[] = []
afterEach(async () => {
  for (const redirect of opened.splice(0)) await redirect.close()
})

async function listening(options?: LoopbackOptions): Promise<Redirect> {
  const redirect = await loopbackRedirect(options)
  opened.push(redirect)
  return redirect
}

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly port?: string
}

const ask = (url: string, { method = 'GET', headers = {} }: Asked = {}) =>
  new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const { port, pathname, search } = new URL(url)
    request({ host: '127.0.0.1', port, path: pathname + search, method, headers, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
    })
      .on('error', reject)
      .end()
  })

const patient = () => new AbortController().signal

test('hands out the URL that the browser was sent to, and shows the person a page', async () => {
  const redirect = await listening()
  expect(redirect.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)
  const answer = redirect.answer(patient())
  const page = await ask(`${redirect.redirectUri}?code=c%20d&state=s&iss=https%3A%2F%2Fas.example`)
  expect((await answer).href).toBe(`${redirect.redirectUri}?code=c%20d&state=s&iss=https%3A%2F%2Fas.example`)
  expect(page.status).toBe(200)
  expect(page.text).toContain('You can close this page')
})

test('the page has nothing of the request, runs nothing and is not kept', async () => {
  const redirect = await listening()
  const page = await ask(`${redirect.redirectUri}?error=<script>hush</script>&error_description=hush`)
  expect(page.status).toBe(200)
  expect(page.text).not.toContain('hush')
  expect(page.text).not.toContain('<script')
  expect(page.headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  )
  expect(page.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
})

test('what is not the answer gets 404 and does not use the answer up', async () => {
  const redirect = await listening()
  const answer = redirect.answer(patient())
  const { origin } = new URL(redirect.redirectUri)
  const good = `${redirect.redirectUri}?code=stolen`
  const others: readonly (readonly [string, Asked])[] = [
    [good, { method: 'POST' }],
    [good, { method: 'HEAD' }],
    [good, { method: 'OPTIONS' }],
    [good, { headers: { host: 'evil.example' } }],
    [good, { headers: { host: 'localhost' } }],
    [good, { headers: { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' } }],
    [good, { headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } }],
    [good, { headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' } }],
    [`${origin}/?code=stolen`, {}],
    [`${origin}/favicon.ico`, {}],
    [`${origin}/callback/?code=stolen`, {}],
    [`${origin}/Callback?code=stolen`, {}],
    [redirect.redirectUri, {}],
    [`${redirect.redirectUri}?state=s`, {}],
  ]
  for (const [url, how] of others) expect([url, how, (await ask(url, how)).status]).toEqual([url, how, 404])
  const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site' }
  expect((await ask(`${redirect.redirectUri}?code=mine`, { headers })).status).toBe(200)
  expect((await answer).searchParams.get('code')).toBe('mine')
})

test('exactly one answer is accepted', async () => {
  const redirect = await listening()
  const pages = await Promise.all(['a', 'b', 'c'].map(code => ask(`${redirect.redirectUri}?code=${code}`)))
  expect(pages.map(page => page.status).toSorted()).toEqual([200, 404, 404])
  const first = await redirect.answer(patient())
  expect((await ask(`${redirect.redirectUri}?code=late`)).status).toBe(404)
  expect(await redirect.answer(patient())).toBe(first)
})

test('an answer that came before it is waited for is not lost', async () => {
  const redirect = await listening()
  await ask(`${redirect.redirectUri}?error=access_denied`)
  expect((await redirect.answer(patient())).searchParams.get('error')).toBe('access_denied')
})

test('the wait ends with the signal, for its reason, or when it is closed', async () => {
  const redirect = await listening()
  const controller = new AbortController()
  const answer = redirect.answer(controller.signal)
  controller.abort(new Error('took too long'))
  await expect(answer).rejects.toThrow('took too long')
  await expect(redirect.answer(controller.signal)).rejects.toThrow('took too long')
  const waiting = redirect.answer(patient())
  await redirect.close()
  await expect(waiting).rejects.toThrow('the wait for the answer in the browser was ended')
})

test('closing ends connections that say nothing, and frees the port', async () => {
  const redirect = await loopbackRedirect()
  const port = Number(new URL(redirect.redirectUri).port)
  const silent = connect(port, '127.0.0.1')
  await new Promise(resolve => silent.once('connect', resolve))
  const ended = new Promise(resolve => silent.once('close', resolve))
  silent.on('error', () => undefined)
  await redirect.close()
  await redirect.close()
  await ended
  expect((await listening({ port })).redirectUri).toBe(redirect.redirectUri)
})

test('port, path and host are as configured, and a port in use is told', async () => {
  const first = await listening({ path: '/oauth/done', host: 'localhost' })
  const { port, hostname, pathname } = new URL(first.redirectUri)
  expect([hostname, pathname]).toEqual(['localhost', '/oauth/done'])
  expect((await ask(`${first.redirectUri}?code=a`, { headers: { host: `localhost:${port}` } })).status).toBe(200)
  await expect(loopbackRedirect({ port: Number(port) })).rejects.toThrow(
    `can't listen on port ${port} of 127.0.0.1 for the answer of the browser: it is in use; choose another one`,
  )
})
