type Members = Record<string, unknown>

const icons = [{ src: 'https://example.com/icon.png', mimeType: 'image/png', sizes: ['48x48'], theme: 'dark' }]
const annotations = { audience: ['user'], priority: 0.5, lastModified: '2026-01-01T00:00:00Z' }

const blocks: readonly Members[] = [
  { type: 'text', text: 'hello', annotations },
  { type: 'image', data: 'AAAA', mimeType: 'image/png' },
  { type: 'audio', data: 'AAAA', mimeType: 'audio/wav', annotations },
  { type: 'resource_link', name: 'log', title: 'Log', uri: 'file:///log', icons, size: 12, annotations },
  { type: 'resource', resource: { uri: 'file:///a', text: 'a', mimeType: 'text/plain' } },
  { type: 'resource', resource: { uri: 'file:///b', blob: 'AAAA' } },
]

/** A result of each method that uses everything the newest model has. */
export const results: Readonly<Record<string, Members>> = {
  'tools/list': {
    tools: [
      {
        name: 'weather',
        title: 'Weather',
        description: 'tells the weather',
        icons,
        inputSchema: {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          type: 'object',
          properties: { city: { type: 'string' }, rest: true },
          required: ['city'],
          anyOf: [{}],
        },
        outputSchema: { type: 'array', items: { type: 'number' } },
        annotations: { readOnlyHint: true },
        execution: { taskSupport: 'optional' },
        _meta: { 'example.com/a': 1 },
        'x-new': 'kept',
      },
      { name: 'any', inputSchema: { type: 'object' }, outputSchema: { oneOf: [{ type: 'object' }, { type: 'null' }] } },
    ],
    nextCursor: 'more',
  },
  'tools/call': { content: blocks, structuredContent: [1, { a: null }], isError: false, _meta: { 'example.com/a': 1 } },
  'prompts/get': { description: 'd', messages: blocks.map(content => ({ role: 'user', content })) },
  'prompts/list': {
    prompts: [{ name: 'p', title: 'P', icons, arguments: [{ name: 'a', title: 'A', required: true }] }],
  },
  'resources/list': {
    resources: [{ uri: 'file:///a', name: 'a', title: 'A', icons, size: 1, mimeType: 'text/plain', annotations }],
  },
  'resources/templates/list': {
    resourceTemplates: [{ uriTemplate: 'file:///{a}', name: 'a', title: 'A', icons, annotations }],
  },
  'resources/read': {
    contents: [
      { uri: 'file:///a', text: 'a' },
      { uri: 'file:///b', blob: 'AAAA', _meta: {} },
    ],
  },
  'completion/complete': { completion: { values: ['a'], total: 1, hasMore: false } },
  'sampling/createMessage': {
    role: 'assistant',
    model: 'm',
    stopReason: 'toolUse',
    content: [{ type: 'audio', data: 'AAAA', mimeType: 'audio/wav' }],
  },
  'roots/list': { roots: [{ uri: 'file:///a', name: 'a' }] },
}

export const form: Members = {
  mode: 'form',
  message: 'Which day?',
  requestedSchema: {
    type: 'object',
    properties: {
      day: {
        type: 'string',
        title: 'Day',
        oneOf: [
          { const: 'mo', title: 'Monday' },
          { const: 'tu', title: 'Tuesday' },
        ],
      },
      size: { type: 'string', enum: ['s', 'm'] },
      extras: {
        type: 'array',
        title: 'Extras',
        description: 'With it?',
        items: {
          anyOf: [
            { const: 'tea', title: 'Tea' },
            { const: 'milk', title: 'Milk' },
          ],
        },
        minItems: 1,
        maxItems: 2,
        default: ['tea', 'milk'],
      },
      count: { type: 'integer', minimum: 1 },
    },
    required: ['day'],
  },
}

export const sampling: Members = {
  maxTokens: 10,
  tools: [{ name: 'weather', inputSchema: { type: 'object' }, outputSchema: { type: 'string' }, icons }],
  toolChoice: { mode: 'auto' },
  messages: [
    { role: 'user', content: { type: 'text', text: 'weather?' } },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'let me look' },
        { type: 'tool_use', id: '1', name: 'weather', input: { city: 'Rome' } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          toolUseId: '1',
          content: [
            { type: 'text', text: 'sunny' },
            { type: 'resource_link', name: 'forecast', uri: 'https://example.com/rome' },
          ],
        },
        { type: 'tool_result', toolUseId: '2', content: [], structuredContent: [3], isError: true },
      ],
    },
    { role: 'user', content: { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' } },
  ],
}

export const notifications: Readonly<Record<string, Members>> = {
  'notifications/progress': { progressToken: 't', progress: 0.5, total: 1.5, message: 'half' },
  'notifications/message': { level: 'info', logger: 'l', data: { a: 1 } },
  'notifications/resources/updated': { uri: 'file:///a' },
  'notifications/cancelled': { requestId: 1, reason: 'r' },
}

export const serverInfo: Members = {
  name: 'sky',
  version: '1.0.0',
  title: 'Sky',
  icons,
  description: 'd',
  websiteUrl: 'https://example.com',
}

export const serverCapabilities: Members = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  prompts: {},
  logging: {},
  completions: {},
  experimental: { a: {} },
  extensions: { 'io.modelcontextprotocol/tasks': {}, 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html'] } },
}

/** A copy that throws when somebody writes to it. */
export function frozen<Value>(value: Value): Value {
  const copy = structuredClone(value)
  freeze(copy)
  return copy
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  Object.values(value).forEach(freeze)
}
