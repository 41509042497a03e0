import { type Principal, revisions } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { prompt, type RateLimitOptions, rateLimit, rateLimits, server, text, tool } from '../index.ts'
import { peer } from '../testing/peer.ts'
import { connected, core } from '../testing/task-client.ts'

const all = revisions.map(revision => [revision.version, revision] as const)
const withSessions = all.filter(([, { features }]) => features.era === 'legacy')
const withoutSessions = all.filter(([, { features }]) => features.era === 'modern')
const schema = { type: 'object', properties: { day: { type: 'string' } } }

/** A server with a clock of its own. */
function limited(options: RateLimitOptions = {}) {
  const clock = { ms: 5000 }
  const greet = tool('greet', { task: 'optional' }, () => 'hello')
  const ask = tool('ask', {}, async (_, ctx) => (await ctx.elicit('day', { message: 'Which day?', schema })).action)
  const plan = prompt('plan', { complete: { city: () => ['Bern'] } }, () => 'a plan')
  const made = server({
    name: 'limited',
    version: '1.0.0',
    tools: [greet, ask],
    prompts: [plan],
    middleware: [rateLimit({ now: () => clock.ms, ...options })],
  })
  return { ...made, clock }
}

const done = { content: [text('hello')] }
const late = (waitMs: number) => ({
  isError: true,
  content: [text(`too many calls, at most 2 tools/call in 1000 ms: try again in ${waitMs} ms`)],
})

test.each(all)('%s: calls of tools that come too fast are refused, and told when to try again', async (_, revision) => {
  const made = limited({ calls: 2, perMs: 1000 })
  await using client = await peer(made, revision)
  for (let call = 1; call <= 2; call += 1) expect(await client.tool('greet')).toMatchObject(done)
  expect(await client.tool('greet')).toMatchObject(late(500))
  made.clock.ms += 499
  expect(await client.tool('greet')).toMatchObject(late(1))
  made.clock.ms += 1
  expect(await client.tool('greet')).toMatchObject(done)
  expect(await client.tool('greet')).toMatchObject(late(500))
  made.clock.ms += 1000
  for (let call = 1; call <= 2; call += 1) expect(await client.tool('greet')).toMatchObject(done)
})

test.each(all)('%s: completions are limited too, by themselves', async (_, revision) => {
  const made = limited({ calls: 1, perMs: 1000 })
  await using client = await peer(made, revision)
  const params = { ref: { type: 'ref/prompt', name: 'plan' }, argument: { name: 'city', value: 'B' } }
  expect(await client.tool('greet')).toMatchObject(done)
  expect(await client.once('completion/complete', params)).toMatchObject({ completion: { values: ['Bern'] } })
  await expect(client.once('completion/complete', params)).rejects.toMatchObject({
    code: -32603,
    message: 'too many calls, at most 1 completion/complete in 1000 ms: try again in 1000 ms',
    data: { retryAfterMs: 1000 },
  })
  expect(await client.once('prompts/get', { name: 'plan' })).toHaveProperty('messages')
})

const as = (subject: string): { principal: Principal } => ({ principal: { subject, scopes: [] } })

test.each(all)('%s: a principal has its own limit, over however many connections', async (_, revision) => {
  const made = limited({ calls: 1, perMs: 1000 })
  await using first = await peer(made, revision, as('ada'))
  await using second = await peer(made, revision, as('ada'))
  await using other = await peer(made, revision, as('bob'))
  expect(await first.tool('greet')).toMatchObject(done)
  expect(await second.tool('greet')).toMatchObject({ isError: true })
  expect(await other.tool('greet')).toMatchObject(done)
})

test.each(withSessions)('%s: who did not log in has the limit of its session', async (_, revision) => {
  const made = limited({ calls: 1, perMs: 1000 })
  await using first = await peer(made, revision)
  await using second = await peer(made, revision)
  expect(await first.tool('greet')).toMatchObject(done)
  expect(await second.tool('greet')).toMatchObject(done)
  expect(await first.tool('greet')).toMatchObject({ isError: true })
})

test.each(withoutSessions)('%s: those who cannot be told apart count together', async (_, revision) => {
  const made = limited({ calls: 1, perMs: 1000 })
  await using first = await peer(made, revision)
  await using second = await peer(made, revision)
  expect(await first.tool('greet')).toMatchObject(done)
  expect(await second.tool('greet')).toMatchObject({ isError: true })
})

test.each(withoutSessions)('%s: what is refused in its second round can be sent again', async (_, revision) => {
  const made = limited({ calls: 1, perMs: 1000 })
  await using client = await peer(made, revision, { onInput: () => ({ action: 'decline' }) })
  const params = { name: 'ask', arguments: {} }
  const retry = { ...params, ...(await client.answersTo(await client.once('tools/call', params))) }
  await expect(client.once('tools/call', retry)).rejects.toMatchObject({ code: -32603, data: { retryAfterMs: 1000 } })
  made.clock.ms += 1000
  expect(await client.once('tools/call', retry)).toMatchObject({ content: [text('decline')] })
})

test.each(core)('%s: a task that is demanded is refused with an error', async (_, revision) => {
  await using opened = await connected(limited({ calls: 1, perMs: 1000 }), revision)
  await opened.tasks.start('greet')
  await expect(opened.tasks.start('greet')).rejects.toMatchObject({ code: -32603, data: { retryAfterMs: 1000 } })
})

test('whoever called least lately is forgotten when there are too many', async () => {
  const [revision] = revisions
  const made = limited({ calls: 1, perMs: 1000, callers: 2 })
  const call = async (subject: string) => {
    await using client = await peer(made, revision, as(subject))
    return (await client.tool('greet'))['isError'] ?? false
  }
  const outcomes: unknown[] = []
  for (const subject of ['ada', 'bob', 'ada', 'cleo', 'ada', 'bob']) outcomes.push(await call(subject))
  expect(outcomes).toEqual([false, false, true, false, false, false])
})

test('without numbers a client has a hundred calls in ten seconds', async () => {
  const [revision] = revisions
  const made = limited()
  await using client = await peer(made, revision)
  const call = async () => (await client.tool('greet'))['isError'] ?? false
  for (let calls = 1; calls <= rateLimits.calls; calls += 1) expect(await call()).toBe(false)
  expect(await call()).toBe(true)
  made.clock.ms += rateLimits.perMs / rateLimits.calls
  expect(await call()).toBe(false)
})

test.each([{ calls: 0 }, { perMs: -1 }, { callers: Number.NaN }])('a limit of %o is none', options => {
  expect(() => rateLimit(options)).toThrow(/^rateLimit needs \w+ of at least 1, not/)
})
