import type {
  AudioContent,
  CallToolResult,
  ContentBlock,
  EmbeddedResource,
  ImageContent,
  ResourceLink,
  TextContent,
  Tool,
} from '@interlock/protocol'
import { isObject, newest } from '@interlock/protocol'

export const text = (value: string): TextContent => ({ type: 'text', text: value })

/** `data`: bytes, or base64. */
export const image = (data: Uint8Array | string, mimeType: string): ImageContent => ({
  type: 'image',
  data: base64(data),
  mimeType,
})

/** `data`: bytes, or base64. */
export const audio = (data: Uint8Array | string, mimeType: string): AudioContent => ({
  type: 'audio',
  data: base64(data),
  mimeType,
})

/** A resource that the client may read if it wants to. */
export const link = (uri: string, name: string, more: { title?: string; mimeType?: string } = {}): ResourceLink => ({
  type: 'resource_link',
  uri,
  name,
  ...more,
})

/** A resource with its contents. */
export const embed = (uri: string, contents: string | Uint8Array, mimeType?: string): EmbeddedResource => ({
  type: 'resource',
  resource: {
    uri,
    ...(mimeType === undefined ? {} : { mimeType }),
    ...(typeof contents === 'string' ? { text: contents } : { blob: base64(contents) }),
  },
})

/** A result for the model that says the call failed. */
export const failure = (message: string): CallToolResult => ({ content: [text(message)], isError: true })

/**
 * What a tool returned as a tool result: text for strings and numbers, content blocks as they are, any other value as
 * `structuredContent` with its JSON as text for clients that do not read it. A whole result passes as it is.
 */
export function toToolResult(value: unknown, tool: Pick<Tool, 'outputSchema'>): CallToolResult {
  if (tool.outputSchema !== undefined) return isStructuredResult(value) ? value : structured(value)
  if (typeof value === 'string') return { content: [text(value)] }
  if (value === undefined || value === null) return { content: [] }
  if (isWholeResult(value)) return value
  if (isContentBlock(value)) return { content: [value] }
  if (Array.isArray(value) && value.length > 0 && value.every(isContentBlock)) return { content: value }
  if (typeof value === 'object') return structured(value)
  return { content: [text(String(value))] }
}

export function structured(value: unknown): CallToolResult {
  return { content: [text(JSON.stringify(value) ?? 'null')], structuredContent: value ?? null }
}

function isWholeResult(value: unknown): value is CallToolResult {
  return isObject(value) && Array.isArray(value['content']) && value['content'].every(isContentBlock)
}

/** A tool with an output may have an output that looks like a result: only one that says it is structured is one. */
const isStructuredResult = (value: unknown): value is CallToolResult =>
  isWholeResult(value) && ('structuredContent' in value || value.isError === true)

export const isContentBlock = (value: unknown): value is ContentBlock =>
  isObject(value) && newest.entries.ContentBlock(value)

/** Bytes turned to base64 in pieces, so that no call gets more arguments than the engine allows. */
const piece = 0x8000

export function base64(data: Uint8Array | string): string {
  if (typeof data === 'string') return data
  let binary = ''
  for (let at = 0; at < data.length; at += piece) binary += String.fromCharCode(...data.subarray(at, at + piece))
  return btoa(binary)
}
