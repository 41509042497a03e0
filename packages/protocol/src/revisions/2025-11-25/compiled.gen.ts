// Generated from 2025-11-25/schema.json. Do not edit.
import type { Compiled } from '../../definitions/definitions.ts'
import { isObject } from '../../definitions/guards.ts'

export const serverReceives: Compiled = {
  CallToolRequestParams: named => {
    const isProgressToken = named('ProgressToken')
    const isTaskMetadata = named('TaskMetadata')
    return v => isObject(v) &&
      (v._meta === undefined || (isObject(v._meta) && (v._meta.progressToken === undefined || isProgressToken(v._meta.progressToken)))) &&
      (v.arguments === undefined || isObject(v.arguments)) &&
      typeof v.name === 'string' &&
      (v.task === undefined || isTaskMetadata(v.task))
  },
  TextContent: named => {
    const isAnnotations = named('Annotations')
    return v => isObject(v) &&
      (v._meta === undefined || isObject(v._meta)) &&
      (v.annotations === undefined || isAnnotations(v.annotations)) &&
      typeof v.text === 'string' &&
      v.type === 'text'
  },
}

export const clientReceives: Compiled = {
  CallToolResult: named => {
    const isContentBlock = named('ContentBlock')
    function eachCallToolResult1(list: readonly unknown[]): boolean {
      for (const x of list) if (!(isContentBlock(x))) return false
      return true
    }
    return v => isObject(v) &&
      (v._meta === undefined || isObject(v._meta)) &&
      Array.isArray(v.content) && eachCallToolResult1(v.content) &&
      (v.isError === undefined || typeof v.isError === 'boolean') &&
      (v.structuredContent === undefined || isObject(v.structuredContent))
  },
}
