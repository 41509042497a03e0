import { readFile } from 'node:fs/promises'
import type { ServerStatus } from '@interlock/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture, type Running, start } from './support/command.ts'
import { type Scene, scene } from './support/gateway.ts'
import { answering, nobodyListens } from './support/http.ts'
import { canFindProcesses } from './support/processes.ts'
import { scratch } from './support/scratch.ts'

/** A misbehaving server that is given up soon: nothing here needs longer. */
const bad = (name: string, ...args: string[]): object => ({
  command: process.execPath,
  args: [fixture(`bad/${name}.mjs`), ...args],
  startupTimeoutMs: 5_000,
  timeoutMs: 1_500,
})

const isDown = (name: string) => (status: ServerStatus) => status.name === name && status.state === 'down'
const isReady = (name: string) => (status: ServerStatus) => status.name === name && status.state === 'ready'

describe('a server that does not come up is down with the reason, and the others answer', () => {
  let at: Scene
  const closing: AsyncDisposable[] = []

  beforeAll(async () => {
    const [unauthorized, missing, failing, page] = await Promise.all([
      answering(401, { 'www-authenticate': 'Bearer' }, ''),
      answering(404, {}, 'nothing here'),
      answering(500, { 'content-type': 'application/json' }, '{"oops":true}'),
      answering(200, { 'content-type': 'text/html' }, '<!doctype html><title>Welcome</title>'),
    ])
    closing.push(unauthorized, missing, failing, page)
    at = await scene({
      never_answers: { ...bad('never-answers'), startupTimeoutMs: 1_000 },
      crashes: bad('crashes-after-start'),
      exits: bad('exits'),
      needy: bad('needs-variable'),
      absent: { command: 'no-such-command-of-mine' },
      unauthorized: { url: unauthorized.url },
      missing: { url: missing.url },
      failing: { url: failing.url },
      page: { url: page.url },
      refusing: { url: await nobodyListens() },
      off: { ...bad('exits'), disabled: true },
    })
    closing.push(at)
  })

  afterAll(async () => {
    for (const one of closing.reverse()) await one[Symbol.asyncDispose]()
  })

  test.each([
    ['never_answers', /^did not answer within 1 s of being started$/],
    ['crashes', /ended with exit code 3; it wrote:\n {4}reading the licence\n {4}fatal: the licence has expired$/],
    ['exits', /ended with exit code 0$/],
    ['needy', /ended with exit code 1; it wrote:\n {4}SERVICE_TOKEN is not set$/],
    ['absent', /command "no-such-command-of-mine" was not found on PATH .*; install it or give the absolute path/],
    ['unauthorized', /answered HTTP 401.*; it needs authorization/],
    ['missing', /answered HTTP 404: "nothing here"; check the path of the URL/],
    ['failing', /answered HTTP 500.*; the server failed; its log may say why/],
    ['page', /a web page/],
    ['refusing', /refused|nothing listens|cannot be reached/],
  ])('%s', async (name, reason) => {
    const status = await at.states.first(isDown(name))
    expect(status.reason).toMatch(reason)
    expect(await at.readGood()).toContain('all is well')
    const tools = await at.client.listTools()
    expect(tools.filter(tool => tool.name.startsWith(`${name}__`))).toEqual([])
  })

  test('a command that cannot be run is not tried again, one that crashes is', async () => {
    const [absent, crashes] = [await at.states.first(isDown('absent')), await at.states.first(isDown('crashes'))]
    expect([absent.retryAt, typeof crashes.retryAt]).toEqual([undefined, 'string'])
    await at.states.first(({ name, state }) => name === 'crashes' && state === 'starting', crashes)
  })

  test('a disabled server is not started and says so', async () => {
    expect(at.status('off')).toMatchObject({ state: 'disabled', tools: 0 })
    expect(await at.call('off', 'ping')).toBe('server "off" is disabled')
  })

  test('a call of a server that is down is told why', async () => {
    expect(await at.call('crashes', 'ping')).toMatch(/^server "crashes" is down: its process ended with exit code 3$/)
  })
})

describe('a server that misbehaves while it runs is kept, and what it does wrong is noted', () => {
  let at: Scene

  beforeAll(async () => {
    at = await scene({
      hangs_on_list: bad('hangs-on-list'),
      garbage: bad('garbage'),
      banner: bad('banner'),
      broken_tools: bad('broken-tools'),
      wrong_ids: bad('wrong-ids'),
      neither: bad('neither'),
      both: bad('both'),
      endless: bad('endless-pages'),
      repeated: bad('repeated-cursor'),
      floods: bad('floods'),
      huge: { ...bad('huge-line'), timeoutMs: 20_000 },
    })
  })

  afterAll(() => at[Symbol.asyncDispose]())

  const tools = async (server: string): Promise<string[]> =>
    (await at.client.listTools()).map(tool => tool.name).filter(name => name.startsWith(`${server}__`))
  const warnings = (server: string): string => at.status(server).warnings.join('\n')

  test('hanging on tools/list: no tools, and the list says so', async () => {
    const status = await at.states.first(isReady('hangs_on_list'))
    expect(status.tools).toBe(0)
    expect(warnings('hangs_on_list')).toMatch(/could not list its tools: tools\/list got no answer/)
    expect(await at.readGood()).toContain('all is well')
  })

  test('garbage between and within messages does not end it', async () => {
    expect(await at.call('garbage', 'ping')).toBe('pong')
    expect(warnings('garbage')).toMatch(/Loading model weights\.\.\. 42%/)
    expect(await at.call('garbage', 'ping')).toBe('pong')
    expect(await at.readGood()).toContain('all is well')
  })

  test('a banner on standard output is noted', async () => {
    expect(await at.call('banner', 'ping')).toBe('pong')
    expect(warnings('banner')).toMatch(/Super MCP Server v1\.2/)
  })

  test('broken tools are left out and named, the good ones remain as they are', async () => {
    expect(await tools('broken_tools')).toEqual(['broken_tools__ping', 'broken_tools__pong'])
    for (const named of [/"schemaless".*inputSchema/, /"worded".*inputSchema/, /without a name.*name/]) {
      expect(warnings('broken_tools')).toMatch(named)
    }
    const pong = (await at.client.listTools()).find(tool => tool.name === 'broken_tools__pong')
    expect(pong).toMatchObject({ 'x-vendor': { kept: true } })
    expect(await at.call('broken_tools', 'ping')).toBe('pong')
  })

  test('answers under wrong ids are no answers: the call ends in time, the next one works', async () => {
    expect(await at.call('wrong_ids', 'lost')).toMatch(
      /^server "wrong_ids": it did not answer in time; whether the call took effect is unknown$/,
    )
    expect(await at.call('wrong_ids', 'ping')).toBe('pong')
  })

  test.each(['neither', 'both'])('an answer with %s of result and error fails its call at once', async server => {
    const started = performance.now()
    const answer = await at.call(server, 'bad').catch(String)
    expect(answer).toMatch(/broken|breaks|neither|not a message|both|cannot be read/i)
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(await at.call(server, 'ping')).toBe('pong')
  })

  test('pages without an end, or with a cursor twice, end the list and are noted', async () => {
    expect((await tools('endless')).length).toBeGreaterThan(100)
    expect(warnings('endless')).toMatch(/more than \d+ pages of tools/)
    expect(await tools('repeated')).toEqual(['repeated__ping', 'repeated__second'])
    expect(warnings('repeated')).toMatch(/gives the cursor "the second page" twice/)
  })

  test('a flood of notifications and of standard error harms nobody', async () => {
    expect(await at.call('floods', 'ping')).toBe('pong')
    const started = performance.now()
    expect(await at.readGood()).toContain('all is well')
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('an answer of 20 MB fails its call at once and nothing else', async () => {
    const started = performance.now()
    const answer = await at.call('huge', 'huge').catch(String)
    expect(answer).toMatch(/its answer of 20\d{6} bytes is larger .*; whether the call took effect is unknown$/)
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(await at.call('huge', 'ping')).toBe('pong')
    expect(await at.readGood()).toContain('all is well')
  })
})

describe('a server that ends while it runs', () => {
  test('fails the call in flight with what is unknown, is started again after a while, and works', async () => {
    await using at = await scene({ crashing: bad('crashes-in-call') })
    const before = await at.call('crashing', 'ping')
    expect(await at.call('crashing', 'crash')).toMatch(
      /^server "crashing": its process ended with exit code 7; whether the call took effect is unknown$/,
    )
    const down = await at.states.first(isDown('crashing'))
    expect(down.reason).toMatch(/ended with exit code 7; it wrote:\n {4}segmentation fault, almost$/)
    await at.states.first(isReady('crashing'), down)
    const after = await at.call('crashing', 'ping')
    expect(after).toMatch(/^pong from \d+$/)
    expect(after).not.toBe(before)
    expect(await at.readGood()).toContain('all is well')
  })

  test('over HTTP, too, fails the call in flight, and works when it is back', async () => {
    await using folder = await scratch()
    const journal = await folder.file('journal.txt', '')
    const serve = (port: string): Running =>
      start(fixture('ours.mjs'), [journal, '--http', '--port', port], { cwd: folder.path })
    await using first = serve('0')
    const [, url = ''] = await first.err(/listening on (http\S+)/)
    await using at = await scene({ remote: { url } })
    const waiting = at.call('remote', 'wait')
    await expect.poll(() => readFile(journal, 'utf8'), { timeout: 5_000 }).toContain('waiting')
    first.child.kill('SIGKILL')
    expect(await waiting).toMatch(/"remote".*; whether the call took effect is unknown$/)
    // A kept connection may break once more before it is known that nobody listens.
    await expect
      .poll(() => at.call('remote', 'echo', { words: 'hello?' }), { timeout: 5_000 })
      .toMatch(/"remote".*(?:cannot be reached|is down)/)
    await using second = serve(new URL(url).port)
    await second.err(/listening on/)
    expect(await at.call('remote', 'echo', { words: 'hello!' })).toBe('hello!')
  })

  test('over HTTP, too, is used once it is up, though it was not at first', async () => {
    await using folder = await scratch()
    const url = await nobodyListens()
    await using at = await scene({ late: { url } })
    const down = await at.states.first(isDown('late'))
    await using late = start(fixture('ours.mjs'), ['', '--http', '--port', new URL(url).port], { cwd: folder.path })
    await late.err(/listening on/)
    await at.states.first(isReady('late'), down)
    expect(await at.call('late', 'echo', { words: 'hello' })).toBe('hello')
  })

  test('closing its output counts as its end, though it lives on', async () => {
    await using at = await scene({ mute: bad('closes-stdout') })
    expect(await at.call('mute', 'ping')).toMatch(/; whether the call took effect is unknown$/)
    const down = await at.states.first(isDown('mute'))
    expect(down.reason).toMatch(/closed its (standard )?output/)
    expect(await at.readGood()).toContain('all is well')
  })
})

test('a server that hangs at its start does not keep calls of the others waiting', async () => {
  await using at = await scene({ never_answers: bad('never-answers') }, { isAwaited: false })
  await at.states.first(isReady('good'))
  const started = performance.now()
  expect(await at.readGood()).toContain('all is well')
  expect(performance.now() - started).toBeLessThan(2_000)
  expect(at.status('never_answers').state).toBe('starting')
})

test('a server gets the variables that it is given, and nothing else of ours', async () => {
  process.env['INTERLOCK_TEST_SECRET'] = 'for nobody'
  await using at = await scene({ given: { ...bad('needs-variable'), env: { SERVICE_TOKEN: 'abc' } } })
  const environment: object = JSON.parse(await at.call('given', 'environment'))
  expect(environment).toMatchObject({ SERVICE_TOKEN: 'abc', PATH: process.env['PATH'] })
  const usual = /^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LC_ALL|TMPDIR|TZ|INTERLOCK_TREE|SERVICE_TOKEN)$/
  if (process.platform === 'linux') expect(Object.keys(environment).filter(name => !usual.test(name))).toEqual([])
})

test.runIf(canFindProcesses)('close() ends stubborn servers and all that servers have started', async () => {
  await using at = await scene({
    stubborn: bad('stubborn'),
    group: bad('grandchildren', 'group'),
    session: bad('grandchildren', 'session'),
    orphan: bad('grandchildren', 'orphan'),
    floods: bad('floods'),
  })
  await Promise.all(['stubborn', 'group', 'session', 'orphan', 'floods'].map(name => at.call(name, 'ping')))
  expect((await at.marker.several(9)).length).toBe(9)
  await at.client.close()
  await at.front.close()
  expect(await at.marker.left(0)).toEqual([])
})
