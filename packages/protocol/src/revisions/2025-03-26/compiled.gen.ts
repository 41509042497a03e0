// Generated from 2025-03-26/schema.json. Do not edit.
import type { Compiled } from '../../definitions/definitions.ts'
import { isObject } from '../../definitions/guards.ts'

export const serverReceives: Compiled = {
  TextContent: named => {
    const isAnnotations = named('Annotations')
    return v => isObject(v) &&
      (v.annotations === undefined || isAnnotations(v.annotations)) &&
      typeof v.text === 'string' &&
      v.type === 'text'
  },
}

export const clientReceives: Compiled = {
  CallToolResult: named => {
    const isTextContent = named('TextContent')
    const isImageContent = named('ImageContent')
    const isAudioContent = named('AudioContent')
    const isEmbeddedResource = named('EmbeddedResource')
    function oneOfCallToolResult1(x: unknown): boolean {
      if (!isObject(x)) return false
      switch (x.type) {
        case 'text': return isTextContent(x)
        case 'image': return isImageContent(x)
        case 'audio': return isAudioContent(x)
        case 'resource': return isEmbeddedResource(x)
        default: return false
      }
    }
    function eachCallToolResult2(list: readonly unknown[]): boolean {
      for (const x of list) if (!(oneOfCallToolResult1(x))) return false
      return true
    }
    return v => isObject(v) &&
      (v._meta === undefined || isObject(v._meta)) &&
      Array.isArray(v.content) && eachCallToolResult2(v.content) &&
      (v.isError === undefined || typeof v.isError === 'boolean')
  },
}
