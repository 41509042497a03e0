import { expect, test } from 'vitest'
import { isPublicAddress } from './address.ts'
import { BlockedUrl, checkAddress, checkRedirect, checkUrl, type UrlPolicy } from './url-policy.ts'

const refusal = (check: () => unknown): string => {
  try {
    check()
  } catch (error) {
    if (error instanceof BlockedUrl) return error.message
    throw error
  }
  return 'allowed'
}

test.each([
  'https://auth.example.com/.well-known/openid-configuration',
  'https://auth.example.com:8443/',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://[::ffff:8.8.8.8]/',
  'https://[64:ff9b::8.8.8.8]/',
])('%s may be fetched', url => {
  expect(checkUrl(url).href).toBe(new URL(url).href)
})

test.each([
  ['http://auth.example.com/', 'http://auth.example.com/ is not https; only https is fetched'],
  ['ftp://auth.example.com/', 'ftp://auth.example.com/ is not https; only https is fetched'],
  ['file:///etc/passwd', 'file:///etc/passwd is not https; only https is fetched'],
  ['/relative', 'what should be a URL is none; give an absolute one'],
  [
    'https://me:hush@auth.example.com/a?token=hush',
    'https://auth.example.com/a carries a user name or password; a URL from a server must not',
  ],
  ['https://localhost/', 'https://localhost/ leads to this machine; allow loopback if that is meant'],
  [`https://a.example/${'x'.repeat(9000)}`, 'a URL of 9018 characters; at most 8192 are taken'],
])('%.40s is refused with a reason', (url, reason) => {
  expect(refusal(() => checkUrl(url))).toBe(reason)
})

test.each([
  'localhost',
  'LOCALHOST.',
  'a.localhost',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '127.0.0.1.',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::127.0.0.1]',
  '0',
  '0.0.0.0',
  '[::]',
  '[::127.0.0.1]',
  '10.0.0.1',
  '012.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '[2002:a9fe:a9fe::]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::808:808]',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[fe80::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[100::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[4000::1]',
  '１２７.0.0.1',
  'metadata.google.internal',
  'metadata',
  'printer.local',
  'router.home.arpa.',
])('https://%s/ is refused', host => {
  expect(() => checkUrl(`https://${host}/`)).toThrow(BlockedUrl)
})

test.each(['172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1', '169.253.0.1', '223.255.255.255', '2001:200::1'])(
  '%s, beside a block, is public',
  ip => {
    expect(isPublicAddress(ip)).toBe(true)
  },
)

test.each(['', 'example.com', '1.2.3.4.5', 'fe80::1%eth0', '8.8.8.8/24', '8.8.8.8:80', '::g'])(
  '"%s" is no public address',
  text => {
    expect(isPublicAddress(text)).toBe(false)
  },
)

test('loopback is allowed when asked for, over http too, and nothing else with it', () => {
  const policy: UrlPolicy = { allowLoopback: true }
  for (const url of ['http://localhost:1/', 'http://127.0.0.1:1/', 'http://[::1]:1/', 'https://a.localhost/']) {
    expect(checkUrl(url, policy).href).toBe(url)
  }
  expect(refusal(() => checkUrl('ftp://localhost/', policy))).toContain('only https is fetched, or http on loopback')
  for (const url of ['http://example.com/', 'https://0.0.0.0/', 'https://10.0.0.1/', 'https://169.254.169.254/']) {
    expect(() => checkUrl(url, policy)).toThrow(BlockedUrl)
  }
})

test('a host of the own network is allowed by its exact name, over https, and never leads to metadata', () => {
  const policy: UrlPolicy = { allowPrivate: ['login.corp', '10.1.2.3', '[fd12::1]', '169.254.169.254'] }
  for (const url of ['https://login.corp/', 'https://10.1.2.3/', 'https://[fd12::1]/']) {
    expect(checkUrl(url, policy).href).toBe(url)
  }
  for (const url of ['http://login.corp/', 'https://x.login.corp/', 'https://10.1.2.4/', 'https://169.254.169.254/']) {
    expect(() => checkUrl(url, policy)).toThrow(BlockedUrl)
  }
  expect(refusal(() => checkAddress('LOGIN.corp.', '10.9.9.9', policy))).toBe('allowed')
  expect(refusal(() => checkAddress('login.corp', '169.254.169.254', policy))).toContain('link-local')
  expect(refusal(() => checkAddress('login.corp', '127.0.0.1', policy))).toContain('an address of this machine')
})

test('a public name must not lead to a private address, nor a name of this machine to another one', () => {
  expect(refusal(() => checkAddress('evil.example', '8.8.8.8'))).toBe('allowed')
  expect(refusal(() => checkAddress('evil.example', '10.0.0.1'))).toBe(
    '"evil.example" leads to 10.0.0.1, an address of a private network; list the host as an allowed one if it is yours',
  )
  expect(refusal(() => checkAddress('evil.example', '127.0.0.1', { allowLoopback: true }))).toBe(
    '"evil.example" leads to 127.0.0.1, an address of this machine',
  )
  expect(refusal(() => checkAddress('localhost', '8.8.8.8', { allowLoopback: true }))).toBe(
    '"localhost" leads to 8.8.8.8, a public address where loopback was expected',
  )
  expect(refusal(() => checkAddress('localhost', '::1', { allowLoopback: true }))).toBe('allowed')
})

test.each([
  ['https://as.example/a', '/b', 'https://as.example/b'],
  ['https://as.example', 'https://other.example/', 'https://other.example/'],
  ['http://127.0.0.1:1', 'http://localhost:2/', 'http://localhost:2/'],
  ['https://as.example', 'http://127.0.0.1/', 'to this machine'],
  ['https://as.example', 'http://[::1]/', 'to this machine'],
  ['https://as.example', 'http://app.localhost/', 'to this machine'],
  ['https://as.example', 'https://10.0.0.1/', 'private network'],
  ['https://as.example', 'http://other.example/', 'not https'],
  ['https://as.example', 'https://:x/', 'not a URL'],
])('a redirect from %s to %s: %s', (from, location, outcome) => {
  const follow = (): string => checkRedirect(new URL(from), location, { allowLoopback: true }).href
  if (outcome.includes('://')) expect(follow()).toBe(outcome)
  else expect(follow).toThrow(outcome)
})
