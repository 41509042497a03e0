import { expect, test, vi } from 'vitest'
import { connect } from './connect.ts'
import { clientLimits } from './limits.ts'
import { taskLimits } from './tasks/limits.ts'
import { legacyScript, modernScript, Scripted, toolResult } from './testing/scripted.ts'
import { begun, count, statelessTasks, working } from './testing/task-peers.ts'

// More than anybody needs, from a server that means no good.

const many = (size: number, from = 0) =>
  Object.fromEntries(Array.from({ length: size }, (_, at) => [`q${from + at}`, { method: 'roots/list' as const }]))

test('more questions at once than anybody answers are not asked', async () => {
  const onRoots = vi.fn(() => [])
  const ask = (size: number): Scripted =>
    new Scripted(
      'http',
      modernScript(asked => {
        if (asked.params['inputResponses'] !== undefined) asked.reply({ resultType: 'complete', ...toolResult })
        else asked.reply({ resultType: 'input_required', inputRequests: many(size) })
      }),
    )
  await using fair = await connect(ask(clientLimits.openQuestions), { onRoots })
  expect(await fair.callTool('t')).toEqual(toolResult)
  expect(onRoots).toHaveBeenCalledTimes(clientLimits.openQuestions)
  await using greedy = await connect(ask(clientLimits.openQuestions + 1), { onRoots })
  await expect(greedy.callTool('t')).rejects.toThrow('answered tools/call with more than 100 questions at once')
  expect(onRoots).toHaveBeenCalledTimes(clientLimits.openQuestions)
})

test.each([
  ['at once', clientLimits.openQuestions + 1, clientLimits.openQuestions],
  ['one after the other', 50, taskLimits.questions],
])('a task that asks without end %s is cancelled', async (_, atOnce, asked) => {
  const onRoots = vi.fn(() => [])
  let from = 0
  const peer = statelessTasks({
    'tools/call': () => begun(),
    'tasks/get': () => {
      from += atOnce
      return working({ status: 'input_required', inputRequests: many(atOnce, from) })
    },
    'tasks/update': () => ({}),
  })
  await using client = await connect(peer, { onRoots })
  await expect(client.callTool('t')).rejects.toThrow(/asks more than 100 questions at once or 1000 in all/)
  expect(onRoots.mock.calls.length).toBeLessThanOrEqual(asked)
  await peer.request('tasks/cancel')
  expect(count(peer, 'tools/call')).toBe(1)
})

const huge = 'x'.repeat(1_000_000)

test.each([
  [
    'the versions that it names',
    new Scripted('http', asked => asked.fail(-32022, 'no', { supported: [huge, { toString: 1 }, [[huge]]] }, 400)),
  ],
  ['the version that it wants', new Scripted('http', legacyScript(undefined, huge))],
])('a server that is long in %s is told of in short', async (_, peer) => {
  const error: unknown = await connect(peer).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'ConnectError', message: expect.stringMatching(/^cannot connect to .{0,1000}$/) })
})

test('a server that is long in other words is told of in short', async () => {
  const warnings: string[] = []
  const peer = new Scripted(
    'stdio',
    modernScript(asked => asked.reply({ resultType: huge })),
  )
  await using client = await connect(peer, { onWarning: warning => warnings.push(warning) })
  await expect(client.callTool('t')).rejects.toMatchObject({ message: expect.stringMatching(/^.{0,1000}$/) })
  peer.tell({ jsonrpc: '2.0', id: 1, method: huge })
  expect(warnings).toEqual([expect.stringMatching(/^.{0,1000}$/)])
})

test.each([
  ['modern', modernScript],
  ['legacy', legacyScript],
] as const)('cursors that are huge are not collected without end (%s)', async (_, opening) => {
  const size = 4_000_000
  let page = 0
  const peer = new Scripted(
    'http',
    opening(asked => {
      page += 1
      const list = { tools: [], nextCursor: String(page).padStart(size, '0') }
      asked.reply({ resultType: 'complete', ttlMs: 0, cacheScope: 'private', ...list })
    }),
  )
  const warnings: string[] = []
  await using client = await connect(peer, { cache: false, onWarning: warning => warnings.push(warning) })
  expect(await client.listTools()).toEqual([])
  expect(count(peer, 'tools/list')).toBe(clientLimits.listCharacters / size)
  expect(warnings).toEqual([expect.stringContaining('the rest is not read')])
})
