import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadPublished } from '../../../../tools/generate/load.ts'
import { ajvChecks } from '../../../../tools/generate/testing/ajv.ts'
import type { Lowering, Revision } from '../revision.ts'
import { legacy, newest, receivedByClients, revision } from './index.ts'
import { form, frozen, notifications, results, sampling, serverCapabilities, serverInfo } from './testing/newest.ts'

const published = loadPublished(fileURLToPath(new URL('../../../../../shared/spec', import.meta.url)))

/** True without the published schemas: then only our own checks judge. */
function ajvAccepts({ version }: Revision, definition: string, value: unknown): boolean {
  const source = published.find(one => one.version === version)
  return source === undefined || ajvChecks(source)(definition, value)
}

const apply = (lower: Lowering | undefined, value: Record<string, unknown>): Record<string, unknown> =>
  lower ? lower(value) : value

function lowered(
  version: string,
  kind: 'results' | 'requests' | 'notifications',
  method: string,
  value: Record<string, unknown>,
) {
  return apply(revision(version)?.lower[kind]?.[method], frozen(value))
}

describe.each(legacy)('$version', peer => {
  test.each(Object.entries(results))('a lowered result of %s is what the revision allows', (method, value) => {
    const checks = receivedByClients(peer).requests[method]
    const result = apply(peer.lower.results?.[method], frozen(value))
    expect(checks?.result(result)).toBe(true)
    expect(ajvAccepts(peer, checks?.names.result ?? '', result)).toBe(true)
  })

  test('a lowered sampling request is what the revision allows', () => {
    const checks = receivedByClients(peer).requests['sampling/createMessage']
    const params = apply(peer.lower.requests?.['sampling/createMessage'], frozen(sampling))
    expect(checks?.params(params)).toBe(true)
    expect(ajvAccepts(peer, checks?.names.params ?? '', params)).toBe(true)
  })

  test.each(Object.entries(notifications))('a lowered %s is what the revision allows', (method, value) => {
    const checks = receivedByClients(peer).notifications[method]
    const params = apply(peer.lower.notifications?.[method], frozen(value))
    expect(checks?.params(params)).toBe(true)
    expect(ajvAccepts(peer, checks?.name ?? '', params)).toBe(true)
  })

  test('a lowered introduction is what the revision allows', () => {
    const result = {
      protocolVersion: peer.version,
      capabilities: apply(peer.lower.capabilities, frozen(serverCapabilities)),
      serverInfo: apply(peer.lower.info, frozen(serverInfo)),
    }
    expect(receivedByClients(peer).requests['initialize']?.result(result)).toBe(true)
    expect(ajvAccepts(peer, 'InitializeResult', result)).toBe(true)
  })

  test('members nobody has heard of survive, and what needs no change is the same object', () => {
    const plain = frozen({ content: [{ type: 'text', text: 'hi', 'x-new': 1 }], 'x-new': { deep: true } })
    expect(apply(peer.lower.results?.['tools/call'], plain)).toBe(plain)
    const rich = apply(
      peer.lower.results?.['tools/call'],
      frozen({ ...results['tools/call'], 'x-new': { deep: true } }),
    )
    expect(rich['x-new']).toEqual({ deep: true })
    const [tool] =
      (apply(peer.lower.results?.['tools/list'], frozen(results['tools/list'] ?? {})).tools as unknown[]) ?? []
    expect(tool).toMatchObject({ name: 'weather', 'x-new': 'kept' })
  })
})

const asking = legacy.filter(({ features }) => features.elicitation !== 'none')

test.each(asking)('$version: a lowered form is what the revision allows', peer => {
  const checks = receivedByClients(peer).requests['elicitation/create']
  const params = apply(peer.lower.requests?.['elicitation/create'], frozen(form))
  expect(checks?.params(params)).toBe(true)
  expect(ajvAccepts(peer, checks?.names.params ?? '', params)).toBe(true)
})

test('the newest revision lowers nothing', () => {
  expect(newest.lower).toEqual({})
  expect(revision(newest.version)).toBe(newest)
})

describe('2025-11-25', () => {
  test('a list as structured content travels as the member "result" of an object, and the schema says so', () => {
    expect(lowered('2025-11-25', 'results', 'tools/call', { content: [], structuredContent: [1, 2] })).toEqual({
      content: [],
      structuredContent: { result: [1, 2] },
    })
    const tools = [
      {
        name: 'primes',
        inputSchema: { type: 'object' },
        outputSchema: { type: 'array', items: { $ref: '#/$defs/prime' }, $defs: { prime: { type: 'integer' } } },
      },
    ]
    expect(lowered('2025-11-25', 'results', 'tools/list', { tools }).tools).toEqual([
      {
        name: 'primes',
        inputSchema: { type: 'object' },
        outputSchema: {
          type: 'object',
          properties: {
            result: {
              type: 'array',
              items: { $ref: '#/properties/result/$defs/prime' },
              $defs: { prime: { type: 'integer' } },
            },
          },
          required: ['result'],
        },
      },
    ])
  })

  test('a schema that an object may meet accepts the object as it is and other values wrapped', () => {
    const tools = [
      {
        name: 'any',
        inputSchema: { type: 'object' },
        outputSchema: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          type: ['object', 'null'],
          $ref: '#/$defs/a',
        },
      },
    ]
    expect(lowered('2025-11-25', 'results', 'tools/list', { tools }).tools).toMatchObject([
      {
        outputSchema: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          type: 'object',
          anyOf: [
            {
              type: 'object',
              properties: { result: { type: ['object', 'null'], $ref: '#/anyOf/0/properties/result/$defs/a' } },
              required: ['result'],
            },
            { $ref: '#/anyOf/0/properties/result' },
          ],
        },
      },
    ])
  })

  test('a boolean schema of a property is written as an object', () => {
    const tools = [{ name: 'loose', inputSchema: { type: 'object', properties: { any: true, none: false } } }]
    expect(lowered('2025-11-25', 'results', 'tools/list', { tools }).tools).toEqual([
      { name: 'loose', inputSchema: { type: 'object', properties: { any: {}, none: { not: {} } } } },
    ])
  })

  test('asking for a URL gets an id of its own', () => {
    const ask = { mode: 'url', message: 'sign in', url: 'https://example.com/in' }
    const first = lowered('2025-11-25', 'requests', 'elicitation/create', ask)
    expect(first).toEqual({ ...ask, elicitationId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(lowered('2025-11-25', 'requests', 'elicitation/create', ask).elicitationId).not.toBe(first.elicitationId)
    expect(receivedByClients({ version: '2025-11-25' }).requests['elicitation/create']?.params(first)).toBe(true)
  })

  test('the tasks extension is not announced, other extensions are', () => {
    const lower = revision('2025-11-25')?.lower.capabilities
    expect(
      apply(lower, { extensions: { 'io.modelcontextprotocol/tasks': {}, 'io.modelcontextprotocol/ui': {} } }),
    ).toEqual({
      extensions: { 'io.modelcontextprotocol/ui': {} },
    })
    expect(apply(lower, { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } })).toEqual({ tools: {} })
  })
})

describe('2025-06-18', () => {
  test('titled choices become names beside values; several choices become a line of text', () => {
    expect(lowered('2025-06-18', 'requests', 'elicitation/create', form)).toEqual({
      message: 'Which day?',
      requestedSchema: {
        type: 'object',
        properties: {
          day: { type: 'string', title: 'Day', enum: ['mo', 'tu'], enumNames: ['Monday', 'Tuesday'] },
          size: { type: 'string', enum: ['s', 'm'] },
          extras: {
            type: 'string',
            title: 'Extras',
            description:
              'With it? Separate several with commas; at least 1 and at most 2. Choices: tea (Tea), milk (Milk)',
            default: 'tea, milk',
          },
          count: { type: 'integer', minimum: 1 },
        },
        required: ['day'],
      },
    })
  })

  test.each([
    ['tea', ['tea']],
    ['Tea, milk', ['tea', 'milk']],
    ['tea (Tea) , sugar,', ['tea', 'sugar']],
  ])('the line %j answers a choice of several with %j', (line, list) => {
    const answer = frozen({ action: 'accept', content: { day: 'mo', extras: line } })
    expect(revision('2025-06-18')?.lift['elicitation/create']?.(answer, form)).toEqual({
      action: 'accept',
      content: { day: 'mo', extras: list },
    })
  })

  test('an answer that needs no lifting is the same object', () => {
    const refusal = { action: 'decline' }
    expect(revision('2025-06-18')?.lift['elicitation/create']?.(refusal, form)).toBe(refusal)
  })

  test('a conversation with tools is told as text, one block a message', () => {
    const { messages, tools, toolChoice } = lowered('2025-06-18', 'requests', 'sampling/createMessage', sampling)
    expect({ tools, toolChoice }).toEqual({})
    expect(messages).toEqual([
      { role: 'user', content: { type: 'text', text: 'weather?' } },
      { role: 'assistant', content: { type: 'text', text: 'let me look' } },
      { role: 'assistant', content: { type: 'text', text: 'called the tool weather with {"city":"Rome"}' } },
      { role: 'user', content: { type: 'text', text: 'sunny' } },
      { role: 'user', content: { type: 'text', text: 'forecast: https://example.com/rome' } },
      { role: 'user', content: { type: 'text', text: 'the tool failed' } },
      { role: 'user', content: { type: 'text', text: '{"result":[3]}' } },
      { role: 'user', content: { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' } },
    ])
  })

  test('what a client generated in several blocks is joined', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]
    const result = { role: 'assistant', model: 'm', content }
    expect(lowered('2025-06-18', 'results', 'sampling/createMessage', result).content).toEqual({
      type: 'text',
      text: 'a\nb',
    })
  })
})

describe('2025-03-26', () => {
  test('a link becomes text, and structure that no text tells becomes text', () => {
    const link = {
      type: 'resource_link',
      name: 'log',
      title: 'The log',
      uri: 'file:///log',
      description: 'of today',
      annotations: { audience: ['user'] },
    }
    expect(lowered('2025-03-26', 'results', 'tools/call', { content: [link], structuredContent: { a: 1 } })).toEqual({
      content: [{ type: 'text', text: 'The log: file:///log\nof today', annotations: { audience: ['user'] } }],
    })
    expect(lowered('2025-03-26', 'results', 'tools/call', { content: [], structuredContent: { a: 1 } })).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
    })
  })

  test('the title of a tool moves to its annotations', () => {
    const tools = [
      {
        name: 'rm',
        title: 'Remove',
        inputSchema: { type: 'object' },
        annotations: { destructiveHint: true },
        icons: [],
      },
    ]
    expect(lowered('2025-03-26', 'results', 'tools/list', { tools }).tools).toEqual([
      { name: 'rm', inputSchema: { type: 'object' }, annotations: { title: 'Remove', destructiveHint: true } },
    ])
  })
})

describe('2024-11-05', () => {
  test('audio becomes a note', () => {
    const audio = { type: 'audio', data: 'AAAA', mimeType: 'audio/wav', annotations: { priority: 1 } }
    const note = {
      type: 'text',
      text: 'audio of type audio/wav was left out: this connection carries text and images only',
      annotations: { priority: 1 },
    }
    expect(lowered('2024-11-05', 'results', 'tools/call', { content: [audio] })).toEqual({ content: [note] })
    expect(lowered('2024-11-05', 'results', 'prompts/get', { messages: [{ role: 'user', content: audio }] })).toEqual({
      messages: [{ role: 'user', content: note }],
    })
  })

  test('progress has no message, and completion is not announced', () => {
    const progress = { progressToken: 1, progress: 0.5, message: 'half' }
    expect(lowered('2024-11-05', 'notifications', 'notifications/progress', progress)).toEqual({
      progressToken: 1,
      progress: 0.5,
    })
    expect(apply(revision('2024-11-05')?.lower.capabilities, { completions: {}, tools: {} })).toEqual({ tools: {} })
  })

  test('implementations keep their name and version', () => {
    expect(apply(revision('2024-11-05')?.lower.info, frozen(serverInfo))).toEqual({ name: 'sky', version: '1.0.0' })
  })
})
