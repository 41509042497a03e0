import type { CallToolResult, ContentBlock } from '@interlock/protocol'

/** What the server behind the gateway shows, in the newest revision's words. */

export const icons = [{ src: 'https://example.com/icon.png', mimeType: 'image/png', sizes: ['48x48'] }]

const annotations = { audience: ['user' as const], priority: 0.5 }
const _meta = { 'example.org/kept': { deep: [1, null] } }
const more = { annotations, _meta }

/** A block of every kind, each with what any block may have besides. */
export const blocks = {
  text: { type: 'text', text: 'words', ...more },
  image: { type: 'image', data: 'aW1hZ2U=', mimeType: 'image/png', ...more },
  audio: { type: 'audio', data: 'YXVkaW8=', mimeType: 'audio/wav', ...more },
  embeddedText: {
    type: 'resource',
    resource: { uri: 'behind://text', mimeType: 'text/plain', text: 'inside' },
    ...more,
  },
  embeddedBytes: { type: 'resource', resource: { uri: 'behind://bytes', blob: 'Ynl0ZXM=' }, ...more },
  link: { type: 'resource_link', uri: 'behind://link', name: 'link', title: 'A link', icons, ...more },
} satisfies Record<string, ContentBlock>

/** Results of the tool `show`, by its argument `kind`. */
export const results: Readonly<Record<string, CallToolResult>> = {
  ...Object.fromEntries(Object.entries(blocks).map(([kind, block]) => [kind, { content: [block] }])),
  object: { content: [{ type: 'text', text: 'three' }], structuredContent: { total: 3 } },
  list: { content: [{ type: 'text', text: 'two' }], structuredContent: [1, 2] },
  bare: { content: [], structuredContent: { total: 3 } },
  unknown: {
    content: [{ type: 'text', text: 'x', 'x-block': 1 } as ContentBlock],
    _meta,
    'x-extra': { kept: true },
  } as CallToolResult,
}

/** What tools, resources, templates and prompts say of themselves. */
export const described = { title: 'A title', description: 'what it is', icons, _meta }

/** Names enough for a second page: one has 1000 entries. */
export const longList: readonly string[] = Array.from({ length: 1001 }, (_, at) => `many-${at}`)
