import type {
  CallToolResult,
  CreateMessageRequestParams,
  GetPromptResult,
  Tool,
} from '../../packages/protocol/src/model/index.ts'

type Members = Record<string, unknown>

const icons = [{ src: 'https://example.com/icon.png', mimeType: 'image/png', sizes: ['48x48'] }]
const annotations = { audience: ['user' as const], priority: 0.5 }
const block = (content: Members): Members => ({ content: [content] })

/** Payloads of the newest revision that show one feature each. */
export const examples = {
  /** Of `tools/call`. */
  results: {
    text: block({ type: 'text', text: 'hello' }),
    annotations: block({ type: 'text', text: 'for you', annotations }),
    image: block({ type: 'image', data: 'AAAA', mimeType: 'image/png' }),
    audio: block({ type: 'audio', data: 'AAAA', mimeType: 'audio/wav' }),
    link: block({ type: 'resource_link', uri: 'file:///log', name: 'log', description: 'what happened' }),
    linkIcons: block({ type: 'resource_link', uri: 'file:///log', name: 'log', icons }),
    embedded: block({ type: 'resource', resource: { uri: 'file:///a', mimeType: 'text/plain', text: 'a' } }),
    blob: block({ type: 'resource', resource: { uri: 'file:///b', blob: 'AAAA' } }),
    structured: { content: [{ type: 'text', text: '{"total":3}' }], structuredContent: { total: 3 } },
    structuredOnly: { content: [], structuredContent: { total: 3 } },
    structuredList: { content: [{ type: 'text', text: '[1,2]' }], structuredContent: [1, 2] },
    meta: { content: [{ type: 'text', text: 'm', _meta: { 'example.com/b': 1 } }], _meta: { 'example.com/a': [1] } },
    unknown: { content: [{ type: 'text', text: 'u', 'x-b': 1 }], 'x-a': { deep: [1, null] } },
  } as Readonly<Record<string, Members>>,
  prompt: {
    messages: [
      { role: 'user', content: { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' } },
      { role: 'assistant', content: { type: 'resource_link', uri: 'file:///log', name: 'log' } },
    ],
  } as GetPromptResult,
  choices: {
    type: 'object',
    properties: {
      size: {
        type: 'string',
        oneOf: [
          { const: 's', title: 'Small' },
          { const: 'l', title: 'Large' },
        ],
      },
      colours: { type: 'array', items: { type: 'string', enum: ['red', 'blue'] } },
    },
    required: ['size', 'colours'],
  } as Readonly<Record<string, unknown>>,
  sampling: {
    messages: [{ role: 'user', content: { type: 'text', text: 'Say a word' } }],
    maxTokens: 10,
  } as CreateMessageRequestParams,
  samplingTools: {
    messages: [
      { role: 'user', content: { type: 'text', text: 'How warm is it in Oslo?' } },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'u1', name: 'warmth', input: { city: 'Oslo' } }] },
      { role: 'user', content: [{ type: 'tool_result', toolUseId: 'u1', content: [{ type: 'text', text: '7' }] }] },
    ],
    maxTokens: 10,
    tools: [{ name: 'warmth', inputSchema: { type: 'object' } }],
  } as CreateMessageRequestParams,
}

/** What is listed, with all that may be said of it. */
export const listed = {
  tool: {
    title: 'Listed',
    description: 'shows a list',
    icons,
    annotations: { readOnlyHint: true },
    _meta: { 'example.com/t': 1 },
  },
  resource: { name: 'visits', title: 'Visits', icons, annotations, size: 4, _meta: { 'example.com/r': 1 } },
  template: { name: 'colours', title: 'Colours', icons },
  prompt: { title: 'Paint', description: 'paints', icons },
} satisfies Record<string, Partial<Tool> | Members>

export type Example = CallToolResult
