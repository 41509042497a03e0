// Generated from 2024-11-05/schema.json. Do not edit.
import type * as t from './types.gen.ts'

type Members = Record<string, unknown>
const isObject = (v: unknown): v is Members => typeof v === 'object' && v !== null && !Array.isArray(v)
const isNumber = (v: unknown): v is number => Number.isFinite(v)
const isInteger = (v: unknown): v is number => Number.isInteger(v)

export function isBlobResourceContents(v: unknown): v is t.BlobResourceContents {
  return isObject(v) &&
    typeof v.blob === 'string' &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.uri === 'string'
}

export function isCallToolRequestParams(v: unknown): v is t.CallToolRequestParams {
  return isObject(v) &&
    (v.arguments === undefined || isObject(v.arguments)) &&
    typeof v.name === 'string'
}

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
export function isCallToolResult(v: unknown): v is t.CallToolResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    Array.isArray(v.content) && eachCallToolResult2(v.content) &&
    (v.isError === undefined || typeof v.isError === 'boolean')
}

export function isCancelledNotificationParams(v: unknown): v is t.CancelledNotificationParams {
  return isObject(v) &&
    (v.reason === undefined || typeof v.reason === 'string') &&
    isRequestId(v.requestId)
}

function everyClientCapabilities1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isObject(x))) return false
  }
  return true
}
export function isClientCapabilities(v: unknown): v is t.ClientCapabilities {
  return isObject(v) &&
    (v.experimental === undefined || (isObject(v.experimental) && everyClientCapabilities1(v.experimental))) &&
    (v.roots === undefined || (isObject(v.roots) && (v.roots.listChanged === undefined || typeof v.roots.listChanged === 'boolean'))) &&
    (v.sampling === undefined || isObject(v.sampling))
}

function oneOfCompleteRequestParams1(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.type) {
    case 'ref/prompt': return isPromptReference(x)
    case 'ref/resource': return isResourceReference(x)
    default: return false
  }
}
export function isCompleteRequestParams(v: unknown): v is t.CompleteRequestParams {
  return isObject(v) &&
    isObject(v.argument) && typeof v.argument.name === 'string' && typeof v.argument.value === 'string' &&
    oneOfCompleteRequestParams1(v.ref)
}

function eachCompleteResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isCompleteResult(v: unknown): v is t.CompleteResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    isObject(v.completion) && (v.completion.hasMore === undefined || typeof v.completion.hasMore === 'boolean') && (v.completion.total === undefined || isInteger(v.completion.total)) && Array.isArray(v.completion.values) && eachCompleteResult1(v.completion.values)
}

function oneOfContentBlock1(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.type) {
    case 'text': return isTextContent(x)
    case 'image': return isImageContent(x)
    case 'resource': return isEmbeddedResource(x)
    default: return false
  }
}
export function isContentBlock(v: unknown): v is t.ContentBlock {
  return oneOfContentBlock1(v)
}

function eachCreateMessageRequestParams1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isSamplingMessage(x))) return false
  return true
}
function eachCreateMessageRequestParams2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isCreateMessageRequestParams(v: unknown): v is t.CreateMessageRequestParams {
  return isObject(v) &&
    (v.includeContext === undefined || (v.includeContext === 'allServers' || v.includeContext === 'none' || v.includeContext === 'thisServer')) &&
    isInteger(v.maxTokens) &&
    Array.isArray(v.messages) && eachCreateMessageRequestParams1(v.messages) &&
    (v.metadata === undefined || isObject(v.metadata)) &&
    (v.modelPreferences === undefined || isModelPreferences(v.modelPreferences)) &&
    (v.stopSequences === undefined || (Array.isArray(v.stopSequences) && eachCreateMessageRequestParams2(v.stopSequences))) &&
    (v.systemPrompt === undefined || typeof v.systemPrompt === 'string') &&
    (v.temperature === undefined || isNumber(v.temperature))
}

function oneOfCreateMessageResult1(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.type) {
    case 'text': return isTextContent(x)
    case 'image': return isImageContent(x)
    default: return false
  }
}
export function isCreateMessageResult(v: unknown): v is t.CreateMessageResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    oneOfCreateMessageResult1(v.content) &&
    typeof v.model === 'string' &&
    isRole(v.role) &&
    (v.stopReason === undefined || typeof v.stopReason === 'string')
}

function eachEmbeddedResource1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isRole(x))) return false
  return true
}
export function isEmbeddedResource(v: unknown): v is t.EmbeddedResource {
  return isObject(v) &&
    (v.annotations === undefined || (isObject(v.annotations) && (v.annotations.audience === undefined || (Array.isArray(v.annotations.audience) && eachEmbeddedResource1(v.annotations.audience))) && (v.annotations.priority === undefined || (isNumber(v.annotations.priority) && v.annotations.priority >= 0 && v.annotations.priority <= 1)))) &&
    ((isTextResourceContents(v.resource)) || (isBlobResourceContents(v.resource))) &&
    v.type === 'resource'
}

export function isEmptyResult(v: unknown): v is t.EmptyResult {
  return isResult(v)
}

function everyGetPromptRequestParams1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(typeof x === 'string')) return false
  }
  return true
}
export function isGetPromptRequestParams(v: unknown): v is t.GetPromptRequestParams {
  return isObject(v) &&
    (v.arguments === undefined || (isObject(v.arguments) && everyGetPromptRequestParams1(v.arguments))) &&
    typeof v.name === 'string'
}

function eachGetPromptResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isPromptMessage(x))) return false
  return true
}
export function isGetPromptResult(v: unknown): v is t.GetPromptResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    Array.isArray(v.messages) && eachGetPromptResult1(v.messages)
}

function eachImageContent1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isRole(x))) return false
  return true
}
export function isImageContent(v: unknown): v is t.ImageContent {
  return isObject(v) &&
    (v.annotations === undefined || (isObject(v.annotations) && (v.annotations.audience === undefined || (Array.isArray(v.annotations.audience) && eachImageContent1(v.annotations.audience))) && (v.annotations.priority === undefined || (isNumber(v.annotations.priority) && v.annotations.priority >= 0 && v.annotations.priority <= 1)))) &&
    typeof v.data === 'string' &&
    typeof v.mimeType === 'string' &&
    v.type === 'image'
}

export function isImplementation(v: unknown): v is t.Implementation {
  return isObject(v) &&
    typeof v.name === 'string' &&
    typeof v.version === 'string'
}

export function isInitializeRequestParams(v: unknown): v is t.InitializeRequestParams {
  return isObject(v) &&
    isClientCapabilities(v.capabilities) &&
    isImplementation(v.clientInfo) &&
    typeof v.protocolVersion === 'string'
}

export function isInitializeResult(v: unknown): v is t.InitializeResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    isServerCapabilities(v.capabilities) &&
    (v.instructions === undefined || typeof v.instructions === 'string') &&
    typeof v.protocolVersion === 'string' &&
    isImplementation(v.serverInfo)
}

export function isInitializedNotificationParams(v: unknown): v is t.InitializedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

export function isListPromptsRequestParams(v: unknown): v is t.ListPromptsRequestParams {
  return isObject(v) &&
    (v.cursor === undefined || typeof v.cursor === 'string')
}

function eachListPromptsResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isPrompt(x))) return false
  return true
}
export function isListPromptsResult(v: unknown): v is t.ListPromptsResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.nextCursor === undefined || typeof v.nextCursor === 'string') &&
    Array.isArray(v.prompts) && eachListPromptsResult1(v.prompts)
}

export function isListResourceTemplatesRequestParams(v: unknown): v is t.ListResourceTemplatesRequestParams {
  return isObject(v) &&
    (v.cursor === undefined || typeof v.cursor === 'string')
}

function eachListResourceTemplatesResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isResourceTemplate(x))) return false
  return true
}
export function isListResourceTemplatesResult(v: unknown): v is t.ListResourceTemplatesResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.nextCursor === undefined || typeof v.nextCursor === 'string') &&
    Array.isArray(v.resourceTemplates) && eachListResourceTemplatesResult1(v.resourceTemplates)
}

export function isListResourcesRequestParams(v: unknown): v is t.ListResourcesRequestParams {
  return isObject(v) &&
    (v.cursor === undefined || typeof v.cursor === 'string')
}

function eachListResourcesResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isResource(x))) return false
  return true
}
export function isListResourcesResult(v: unknown): v is t.ListResourcesResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.nextCursor === undefined || typeof v.nextCursor === 'string') &&
    Array.isArray(v.resources) && eachListResourcesResult1(v.resources)
}

export function isListRootsRequestParams(v: unknown): v is t.ListRootsRequestParams {
  return isObject(v) &&
    (v._meta === undefined || (isObject(v._meta) && (v._meta.progressToken === undefined || isProgressToken(v._meta.progressToken))))
}

function eachListRootsResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isRoot(x))) return false
  return true
}
export function isListRootsResult(v: unknown): v is t.ListRootsResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    Array.isArray(v.roots) && eachListRootsResult1(v.roots)
}

export function isListToolsRequestParams(v: unknown): v is t.ListToolsRequestParams {
  return isObject(v) &&
    (v.cursor === undefined || typeof v.cursor === 'string')
}

function eachListToolsResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isTool(x))) return false
  return true
}
export function isListToolsResult(v: unknown): v is t.ListToolsResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.nextCursor === undefined || typeof v.nextCursor === 'string') &&
    Array.isArray(v.tools) && eachListToolsResult1(v.tools)
}

export function isLoggingLevel(v: unknown): v is t.LoggingLevel {
  return (v === 'alert' || v === 'critical' || v === 'debug' || v === 'emergency' || v === 'error' || v === 'info' || v === 'notice' || v === 'warning')
}

export function isLoggingMessageNotificationParams(v: unknown): v is t.LoggingMessageNotificationParams {
  return isObject(v) &&
    v.data !== undefined &&
    isLoggingLevel(v.level) &&
    (v.logger === undefined || typeof v.logger === 'string')
}

export function isModelHint(v: unknown): v is t.ModelHint {
  return isObject(v) &&
    (v.name === undefined || typeof v.name === 'string')
}

function eachModelPreferences1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isModelHint(x))) return false
  return true
}
export function isModelPreferences(v: unknown): v is t.ModelPreferences {
  return isObject(v) &&
    (v.costPriority === undefined || (isNumber(v.costPriority) && v.costPriority >= 0 && v.costPriority <= 1)) &&
    (v.hints === undefined || (Array.isArray(v.hints) && eachModelPreferences1(v.hints))) &&
    (v.intelligencePriority === undefined || (isNumber(v.intelligencePriority) && v.intelligencePriority >= 0 && v.intelligencePriority <= 1)) &&
    (v.speedPriority === undefined || (isNumber(v.speedPriority) && v.speedPriority >= 0 && v.speedPriority <= 1))
}

export function isPingRequestParams(v: unknown): v is t.PingRequestParams {
  return isObject(v) &&
    (v._meta === undefined || (isObject(v._meta) && (v._meta.progressToken === undefined || isProgressToken(v._meta.progressToken))))
}

export function isProgressNotificationParams(v: unknown): v is t.ProgressNotificationParams {
  return isObject(v) &&
    isNumber(v.progress) &&
    isProgressToken(v.progressToken) &&
    (v.total === undefined || isNumber(v.total))
}

export function isProgressToken(v: unknown): v is t.ProgressToken {
  return (typeof v === 'string' || isInteger(v))
}

function eachPrompt1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isPromptArgument(x))) return false
  return true
}
export function isPrompt(v: unknown): v is t.Prompt {
  return isObject(v) &&
    (v.arguments === undefined || (Array.isArray(v.arguments) && eachPrompt1(v.arguments))) &&
    (v.description === undefined || typeof v.description === 'string') &&
    typeof v.name === 'string'
}

export function isPromptArgument(v: unknown): v is t.PromptArgument {
  return isObject(v) &&
    (v.description === undefined || typeof v.description === 'string') &&
    typeof v.name === 'string' &&
    (v.required === undefined || typeof v.required === 'boolean')
}

export function isPromptListChangedNotificationParams(v: unknown): v is t.PromptListChangedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

function oneOfPromptMessage1(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.type) {
    case 'text': return isTextContent(x)
    case 'image': return isImageContent(x)
    case 'resource': return isEmbeddedResource(x)
    default: return false
  }
}
export function isPromptMessage(v: unknown): v is t.PromptMessage {
  return isObject(v) &&
    oneOfPromptMessage1(v.content) &&
    isRole(v.role)
}

export function isPromptReference(v: unknown): v is t.PromptReference {
  return isObject(v) &&
    typeof v.name === 'string' &&
    v.type === 'ref/prompt'
}

export function isReadResourceRequestParams(v: unknown): v is t.ReadResourceRequestParams {
  return isObject(v) &&
    typeof v.uri === 'string'
}

function eachReadResourceResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(((isTextResourceContents(x)) || (isBlobResourceContents(x))))) return false
  return true
}
export function isReadResourceResult(v: unknown): v is t.ReadResourceResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    Array.isArray(v.contents) && eachReadResourceResult1(v.contents)
}

export function isRequestId(v: unknown): v is t.RequestId {
  return (typeof v === 'string' || isInteger(v))
}

function eachResource1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isRole(x))) return false
  return true
}
export function isResource(v: unknown): v is t.Resource {
  return isObject(v) &&
    (v.annotations === undefined || (isObject(v.annotations) && (v.annotations.audience === undefined || (Array.isArray(v.annotations.audience) && eachResource1(v.annotations.audience))) && (v.annotations.priority === undefined || (isNumber(v.annotations.priority) && v.annotations.priority >= 0 && v.annotations.priority <= 1)))) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.name === 'string' &&
    (v.size === undefined || isInteger(v.size)) &&
    typeof v.uri === 'string'
}

export function isResourceListChangedNotificationParams(v: unknown): v is t.ResourceListChangedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

export function isResourceReference(v: unknown): v is t.ResourceReference {
  return isObject(v) &&
    v.type === 'ref/resource' &&
    typeof v.uri === 'string'
}

function eachResourceTemplate1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isRole(x))) return false
  return true
}
export function isResourceTemplate(v: unknown): v is t.ResourceTemplate {
  return isObject(v) &&
    (v.annotations === undefined || (isObject(v.annotations) && (v.annotations.audience === undefined || (Array.isArray(v.annotations.audience) && eachResourceTemplate1(v.annotations.audience))) && (v.annotations.priority === undefined || (isNumber(v.annotations.priority) && v.annotations.priority >= 0 && v.annotations.priority <= 1)))) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.name === 'string' &&
    typeof v.uriTemplate === 'string'
}

export function isResourceUpdatedNotificationParams(v: unknown): v is t.ResourceUpdatedNotificationParams {
  return isObject(v) &&
    typeof v.uri === 'string'
}

export function isResult(v: unknown): v is t.Result {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

export function isRole(v: unknown): v is t.Role {
  return (v === 'assistant' || v === 'user')
}

export function isRoot(v: unknown): v is t.Root {
  return isObject(v) &&
    (v.name === undefined || typeof v.name === 'string') &&
    typeof v.uri === 'string'
}

export function isRootsListChangedNotificationParams(v: unknown): v is t.RootsListChangedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

function oneOfSamplingMessage1(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.type) {
    case 'text': return isTextContent(x)
    case 'image': return isImageContent(x)
    default: return false
  }
}
export function isSamplingMessage(v: unknown): v is t.SamplingMessage {
  return isObject(v) &&
    oneOfSamplingMessage1(v.content) &&
    isRole(v.role)
}

function everyServerCapabilities1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isObject(x))) return false
  }
  return true
}
export function isServerCapabilities(v: unknown): v is t.ServerCapabilities {
  return isObject(v) &&
    (v.experimental === undefined || (isObject(v.experimental) && everyServerCapabilities1(v.experimental))) &&
    (v.logging === undefined || isObject(v.logging)) &&
    (v.prompts === undefined || (isObject(v.prompts) && (v.prompts.listChanged === undefined || typeof v.prompts.listChanged === 'boolean'))) &&
    (v.resources === undefined || (isObject(v.resources) && (v.resources.listChanged === undefined || typeof v.resources.listChanged === 'boolean') && (v.resources.subscribe === undefined || typeof v.resources.subscribe === 'boolean'))) &&
    (v.tools === undefined || (isObject(v.tools) && (v.tools.listChanged === undefined || typeof v.tools.listChanged === 'boolean')))
}

export function isSetLevelRequestParams(v: unknown): v is t.SetLevelRequestParams {
  return isObject(v) &&
    isLoggingLevel(v.level)
}

export function isSubscribeRequestParams(v: unknown): v is t.SubscribeRequestParams {
  return isObject(v) &&
    typeof v.uri === 'string'
}

function eachTextContent1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isRole(x))) return false
  return true
}
export function isTextContent(v: unknown): v is t.TextContent {
  return isObject(v) &&
    (v.annotations === undefined || (isObject(v.annotations) && (v.annotations.audience === undefined || (Array.isArray(v.annotations.audience) && eachTextContent1(v.annotations.audience))) && (v.annotations.priority === undefined || (isNumber(v.annotations.priority) && v.annotations.priority >= 0 && v.annotations.priority <= 1)))) &&
    typeof v.text === 'string' &&
    v.type === 'text'
}

export function isTextResourceContents(v: unknown): v is t.TextResourceContents {
  return isObject(v) &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.text === 'string' &&
    typeof v.uri === 'string'
}

function everyTool1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isObject(x))) return false
  }
  return true
}
function eachTool2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isTool(v: unknown): v is t.Tool {
  return isObject(v) &&
    (v.description === undefined || typeof v.description === 'string') &&
    isObject(v.inputSchema) && (v.inputSchema.properties === undefined || (isObject(v.inputSchema.properties) && everyTool1(v.inputSchema.properties))) && (v.inputSchema.required === undefined || (Array.isArray(v.inputSchema.required) && eachTool2(v.inputSchema.required))) && v.inputSchema.type === 'object' &&
    typeof v.name === 'string'
}

export function isToolListChangedNotificationParams(v: unknown): v is t.ToolListChangedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

export function isUnsubscribeRequestParams(v: unknown): v is t.UnsubscribeRequestParams {
  return isObject(v) &&
    typeof v.uri === 'string'
}
