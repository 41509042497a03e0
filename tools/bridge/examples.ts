import type {
  CallToolResult,
  CreateMessageRequestParams,
  GetPromptResult,
  Tool,
} from '../../packages/protocol/src/model/index.ts'

type Members = Record<string, unknown>

const icons = [{ src: 'https://example.com/icon.png', mimeType: 'image/png', sizes: ['48x48'] }]
const annotations = { audience: ['user' as const], priority: 0.5 }
const _meta = { 'example.com/b': { deep: [1, null] } }
/** A block with what any block may have besides. */
const marked = (content: Members): Members => ({ ...content, annotations, _meta })
const block = (content: Members): Members => ({ content: [content] })

/** Blocks of every kind. */
const blocks = {
  text: marked({ type: 'text', text: 'hello' }),
  image: marked({ type: 'image', data: 'AAAA', mimeType: 'image/png' }),
  audio: marked({ type: 'audio', data: 'AAAA', mimeType: 'audio/wav' }),
  link: marked({ type: 'resource_link', uri: 'file:///log', name: 'log', description: 'what happened' }),
  linkIcons: marked({ type: 'resource_link', uri: 'file:///log', name: 'log', title: 'The log', icons }),
  embedded: marked({ type: 'resource', resource: { uri: 'file:///a', mimeType: 'text/plain', text: 'a' } }),
  blob: marked({ type: 'resource', resource: { uri: 'file:///b', blob: 'AAAA' } }),
} satisfies Record<string, Members>

/** Payloads of the newest revision that show one feature each. */
export const examples = {
  /** Of `tools/call`. */
  results: {
    ...Object.fromEntries(Object.entries(blocks).map(([kind, content]) => [kind, block(content)])),
    annotations: block({ type: 'text', text: 'for you', annotations }),
    structured: { content: [{ type: 'text', text: '{"total":3}' }], structuredContent: { total: 3 } },
    structuredOnly: { content: [], structuredContent: { total: 3 } },
    structuredList: { content: [{ type: 'text', text: '[1,2]' }], structuredContent: [1, 2] },
    meta: { content: [{ type: 'text', text: 'm', _meta: { 'example.com/b': 1 } }], _meta: { 'example.com/a': [1] } },
    unknown: { content: [{ type: 'text', text: 'u', 'x-b': 1 }], 'x-a': { deep: [1, null] } },
  } as Readonly<Record<string, Members>>,
  prompt: {
    messages: Object.values(blocks).map(content => ({ role: 'user', content })),
  } as unknown as GetPromptResult, // of the kinds of content that there are
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
    systemPrompt: 'Be brief',
  } as CreateMessageRequestParams,
  samplingTools: {
    messages: [
      { role: 'user', content: { type: 'text', text: 'How warm is it in Oslo?' } },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'u1', name: 'warmth', input: { city: 'Oslo' } }] },
      { role: 'user', content: [{ type: 'tool_result', toolUseId: 'u1', content: [{ type: 'text', text: '7' }] }] },
    ],
    maxTokens: 10,
    tools: [{ name: 'warmth', inputSchema: { type: 'object' } }],
    toolChoice: { mode: 'auto' },
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
  resource: {
    name: 'visits',
    title: 'Visits',
    icons,
    annotations,
    description: 'how many',
    size: 4,
    _meta: { 'example.com/r': 1 },
  },
  template: { name: 'colours', title: 'Colours', description: 'one by name', icons, _meta: { 'example.com/u': 1 } },
  prompt: { title: 'Paint', description: 'paints', icons, _meta: { 'example.com/p': 1 } },
} satisfies Record<string, Partial<Tool> | Members>

export type Example = CallToolResult
