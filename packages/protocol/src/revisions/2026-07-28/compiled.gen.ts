// Generated from 2026-07-28/schema.json. Do not edit.
import type { Compiled } from '../../definitions/definitions.ts'
import { isObject } from '../../definitions/guards.ts'

export const serverReceives: Compiled = {
  CallToolRequestParams: named => {
    const isRequestMetaObject = named('RequestMetaObject')
    const isInputResponses = named('InputResponses')
    return v => isObject(v) &&
      isRequestMetaObject(v._meta) &&
      (v.arguments === undefined || isObject(v.arguments)) &&
      (v.inputResponses === undefined || isInputResponses(v.inputResponses)) &&
      typeof v.name === 'string' &&
      (v.requestState === undefined || typeof v.requestState === 'string')
  },
  ClientCapabilities: named => {
    const isJSONObject = named('JSONObject')
    function everyClientCapabilities1(members: Record<string, unknown>): boolean {
      for (const key in members) {
        const x = members[key]
        if (!(isJSONObject(x))) return false
      }
      return true
    }
    function everyClientCapabilities2(members: Record<string, unknown>): boolean {
      for (const key in members) {
        const x = members[key]
        if (!(isJSONObject(x))) return false
      }
      return true
    }
    return v => isObject(v) &&
      (v.elicitation === undefined || (isObject(v.elicitation) && (v.elicitation.form === undefined || isJSONObject(v.elicitation.form)) && (v.elicitation.url === undefined || isJSONObject(v.elicitation.url)))) &&
      (v.experimental === undefined || (isObject(v.experimental) && everyClientCapabilities1(v.experimental))) &&
      (v.extensions === undefined || (isObject(v.extensions) && everyClientCapabilities2(v.extensions))) &&
      (v.roots === undefined || isObject(v.roots)) &&
      (v.sampling === undefined || (isObject(v.sampling) && (v.sampling.context === undefined || isJSONObject(v.sampling.context)) && (v.sampling.tools === undefined || isJSONObject(v.sampling.tools))))
  },
  ContentBlock: named => {
    const isTextContent = named('TextContent')
    const isImageContent = named('ImageContent')
    const isAudioContent = named('AudioContent')
    const isResourceLink = named('ResourceLink')
    const isEmbeddedResource = named('EmbeddedResource')
    function oneOfContentBlock1(x: unknown): boolean {
      if (!isObject(x)) return false
      switch (x.type) {
        case 'text': return isTextContent(x)
        case 'image': return isImageContent(x)
        case 'audio': return isAudioContent(x)
        case 'resource_link': return isResourceLink(x)
        case 'resource': return isEmbeddedResource(x)
        default: return false
      }
    }
    return v => oneOfContentBlock1(v)
  },
  Implementation: named => {
    const isIcon = named('Icon')
    function eachImplementation1(list: readonly unknown[]): boolean {
      for (const x of list) if (!(isIcon(x))) return false
      return true
    }
    return v => isObject(v) &&
      (v.description === undefined || typeof v.description === 'string') &&
      (v.icons === undefined || (Array.isArray(v.icons) && eachImplementation1(v.icons))) &&
      typeof v.name === 'string' &&
      (v.title === undefined || typeof v.title === 'string') &&
      typeof v.version === 'string' &&
      (v.websiteUrl === undefined || typeof v.websiteUrl === 'string')
  },
  RequestMetaObject: named => {
    const isClientCapabilities = named('ClientCapabilities')
    const isImplementation = named('Implementation')
    const isLoggingLevel = named('LoggingLevel')
    const isProgressToken = named('ProgressToken')
    return v => isObject(v) &&
      isClientCapabilities(v['io.modelcontextprotocol/clientCapabilities']) &&
      (v['io.modelcontextprotocol/clientInfo'] === undefined || isImplementation(v['io.modelcontextprotocol/clientInfo'])) &&
      (v['io.modelcontextprotocol/logLevel'] === undefined || isLoggingLevel(v['io.modelcontextprotocol/logLevel'])) &&
      typeof v['io.modelcontextprotocol/protocolVersion'] === 'string' &&
      (v.progressToken === undefined || isProgressToken(v.progressToken))
  },
  TextContent: named => {
    const isMetaObject = named('MetaObject')
    const isAnnotations = named('Annotations')
    return v => isObject(v) &&
      (v._meta === undefined || isMetaObject(v._meta)) &&
      (v.annotations === undefined || isAnnotations(v.annotations)) &&
      typeof v.text === 'string' &&
      v.type === 'text'
  },
}

export const clientReceives: Compiled = {
  CallToolResult: named => {
    const isResultMetaObject = named('ResultMetaObject')
    const isContentBlock = named('ContentBlock')
    function eachCallToolResult1(list: readonly unknown[]): boolean {
      for (const x of list) if (!(isContentBlock(x))) return false
      return true
    }
    return v => isObject(v) &&
      (v._meta === undefined || isResultMetaObject(v._meta)) &&
      Array.isArray(v.content) && eachCallToolResult1(v.content) &&
      (v.isError === undefined || typeof v.isError === 'boolean') &&
      typeof v.resultType === 'string'
  },
}
