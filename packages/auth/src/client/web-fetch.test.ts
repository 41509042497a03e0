import { expect, test } from 'vitest'
import { startSite } from '../testing/site.ts'
import { webFetch } from './web-fetch.ts'

const policy = { allowLoopback: true }

test.each([
  'http://as.example',
  'https://10.0.0.1/',
  'https://169.254.169.254/latest',
  'https://localhost/',
  'file:///etc/passwd',
])('%s is not fetched by default', async url => {
  await expect(webFetch()(url)).rejects.toMatchObject({ name: 'BlockedUrl' })
})

test('redirects of documents are followed as far as they are allowed', async () => {
  await using site = await startSite({
    'GET /a': { status: 302, headers: { location: '/b' } },
    'GET /b': { body: { ok: true } },
    'GET /out': { status: 302, headers: { location: 'https://169.254.169.254/latest/meta-data' } },
    'GET /round': { status: 302, headers: { location: '/round' } },
  })
  const fetch = webFetch(policy)
  expect(await (await fetch(`${site.origin}/a`)).json()).toEqual({ ok: true })
  await expect(fetch(`${site.origin}/out`)).rejects.toMatchObject({ name: 'BlockedUrl' })
  expect((await fetch(`${site.origin}/round`)).status).toBe(302)
  expect(site.requests.filter(request => request === 'GET /round')).toHaveLength(4)
})

test('a request with a body goes where it was sent and nowhere else', async () => {
  await using site = await startSite({ 'POST /token': { status: 307, headers: { location: '/elsewhere' } } })
  const response = await webFetch(policy)(`${site.origin}/token`, { method: 'POST', body: 'secret=1' })
  expect(response.status).toBe(307)
  expect(site.requests).toEqual(['POST /token'])
})
