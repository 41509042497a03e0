// Generated from 2024-11-05/schema.json. Do not edit.
import type { Compiled } from '../../definitions/definitions.ts'
import { isNumber, isObject } from '../../definitions/guards.ts'

export const serverReceives: Compiled = {
  TextContent: named => {
    const isRole = named('Role')
    function eachTextContent1(list: readonly unknown[]): boolean {
      for (const x of list) if (!(isRole(x))) return false
      return true
    }
    return v => isObject(v) &&
      (v.annotations === undefined || (isObject(v.annotations) && (v.annotations.audience === undefined || (Array.isArray(v.annotations.audience) && eachTextContent1(v.annotations.audience))) && (v.annotations.priority === undefined || (isNumber(v.annotations.priority) && v.annotations.priority >= 0 && v.annotations.priority <= 1)))) &&
      typeof v.text === 'string' &&
      v.type === 'text'
  },
}

export const clientReceives: Compiled = {
  CallToolResult: named => {
    const isTextContent = named('TextContent')
    const isImageContent = named('ImageContent')
    const isEmbeddedResource = named('EmbeddedResource')
    function oneOfCallToolResult1(x: unknown): boolean {
      if (!isObject(x)) return false
      switch (x.type) {
        case 'text': return isTextContent(x)
        case 'image': return isImageContent(x)
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
