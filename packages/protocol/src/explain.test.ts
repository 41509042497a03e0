import { expect, test } from 'vitest'
import { explain } from './explain.ts'
import { legacy, newest, receivedByClients, revision } from './revisions/index.ts'

const current = receivedByClients(revision('2025-11-25') ?? newest)

test.each([
  ['CallToolRequestParams', { name: 'a', arguments: 'b' }, 'params.arguments must be an object, not a string'],
  ['CallToolRequestParams', {}, 'params.name is missing; it must be a string'],
  ['CallToolRequestParams', { name: null }, 'params.name must be a string, not null'],
  ['CallToolRequestParams', { name: 7 }, 'params.name must be a string, not 7'],
  ['CallToolRequestParams', undefined, 'params is missing; it must be an object'],
  [
    'GetPromptRequestParams',
    { name: 'a', arguments: { 'first name': true } },
    'params.arguments["first name"] must be a string, not true',
  ],
  [
    'SetLevelRequestParams',
    { level: 'loud' },
    'params.level must be "alert", "critical", "debug", "emergency", "error", "info", "notice" or "warning", not "loud"',
  ],
  ['CreateMessageRequestParams', { maxTokens: 1.5, messages: [] }, 'params.maxTokens must be an integer, not 1.5'],
  [
    'ProgressNotificationParams',
    { progress: 1, progressToken: true },
    'params.progressToken must be a string or an integer, not true',
  ],
])('%s: %j', async (definition, value, sentence) => {
  expect(await explain(current, definition, value)).toBe(sentence)
})

test.each([
  [[{ type: 'text' }], 'result.content[0].text is missing; it must be a string'],
  [
    [{ type: 'text', text: 'a' }, { type: 'video' }],
    'result.content[1].type must be "text", "image", "audio", "resource_link" or "resource", not "video"',
  ],
  [['text'], 'result.content[0] must be an object, not a string'],
  [
    [{ type: 'resource', resource: { uri: 'file:///a', blob: 7 } }],
    'result.content[0].resource.blob must be a string, not 7',
  ],
  [
    [{ type: 'text', text: 'a', annotations: { priority: 7 } }],
    'result.content[0].annotations.priority must be at most 1, not 7',
  ],
])('the branch of a union that was meant is explained: %j', async (content, sentence) => {
  expect(await explain(current, 'CallToolResult', { content }, 'result')).toBe(sentence)
})

test('a list that is too long is counted', async () => {
  const values = Array.from({ length: 101 }, () => 'a')
  const result = { completion: { values }, resultType: 'complete' }
  expect(receivedByClients(newest).requests['completion/complete']?.result(result)).toBe(false)
  expect(await explain(receivedByClients(newest), 'CompleteResult', result, 'result')).toBe(
    'result.completion.values must be an array of at most 100 items, not one of 101',
  )
})

test('values and names of a peer are quoted and clipped', async () => {
  const long = 'x'.repeat(500)
  expect(await explain(current, 'SetLevelRequestParams', { level: long })).toContain(`not "${'x'.repeat(60)}…"`)
  expect(await explain(current, 'GetPromptRequestParams', { name: 'a', arguments: { [long]: 1 } })).toBe(
    `params.arguments["${'x'.repeat(60)}…"] must be a string, not 1`,
  )
})

test('a value that nests without end is given up on, not followed', async () => {
  let deep: unknown = undefined
  for (let level = 0; level < 10_000; level += 1) deep = { deep }
  const params = { maxTokens: 1, messages: [], metadata: deep }
  expect(await explain(receivedByClients(newest), 'CreateMessageRequestParams', params)).toBe(
    'params is not a valid CreateMessageRequestParams',
  )
})

test.each([...legacy, newest])('$version: whatever its checks refuse can be explained', async revision => {
  const received = receivedByClients(revision)
  for (const [method, { params, names }] of Object.entries(received.requests)) {
    for (const value of [
      null,
      'text',
      [],
      { name: 7, uri: 7, level: 7, ref: 7, messages: 7, message: 7, taskId: 7, protocolVersion: 7, _meta: 7 },
    ]) {
      if (params(value)) continue
      expect(await explain(received, names.params, value), method).toMatch(
        /^params(\S*) (must be|is missing; it must be) /,
      )
    }
  }
})
