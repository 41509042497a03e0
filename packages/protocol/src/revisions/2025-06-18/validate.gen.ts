// Generated from 2025-06-18/schema.json. Do not edit.
import type * as t from './types.gen.ts'

type Members = Record<string, unknown>
const isObject = (v: unknown): v is Members => typeof v === 'object' && v !== null && !Array.isArray(v)
const isNumber = (v: unknown): v is number => Number.isFinite(v)
const isInteger = (v: unknown): v is number => Number.isInteger(v)

function eachAnnotations1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isRole(x))) return false
  return true
}
export function isAnnotations(v: unknown): v is t.Annotations {
  return isObject(v) &&
    (v.audience === undefined || (Array.isArray(v.audience) && eachAnnotations1(v.audience))) &&
    (v.lastModified === undefined || typeof v.lastModified === 'string') &&
    (v.priority === undefined || (isNumber(v.priority) && v.priority >= 0 && v.priority <= 1))
}

export function isAudioContent(v: unknown): v is t.AudioContent {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    typeof v.data === 'string' &&
    typeof v.mimeType === 'string' &&
    v.type === 'audio'
}

export function isBlobResourceContents(v: unknown): v is t.BlobResourceContents {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    typeof v.blob === 'string' &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.uri === 'string'
}

export function isBooleanSchema(v: unknown): v is t.BooleanSchema {
  return isObject(v) &&
    (v.default === undefined || typeof v.default === 'boolean') &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'boolean'
}

export function isCallToolRequestParams(v: unknown): v is t.CallToolRequestParams {
  return isObject(v) &&
    (v.arguments === undefined || isObject(v.arguments)) &&
    typeof v.name === 'string'
}

function eachCallToolResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isContentBlock(x))) return false
  return true
}
export function isCallToolResult(v: unknown): v is t.CallToolResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    Array.isArray(v.content) && eachCallToolResult1(v.content) &&
    (v.isError === undefined || typeof v.isError === 'boolean') &&
    (v.structuredContent === undefined || isObject(v.structuredContent))
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
    (v.elicitation === undefined || isObject(v.elicitation)) &&
    (v.experimental === undefined || (isObject(v.experimental) && everyClientCapabilities1(v.experimental))) &&
    (v.roots === undefined || (isObject(v.roots) && (v.roots.listChanged === undefined || typeof v.roots.listChanged === 'boolean'))) &&
    (v.sampling === undefined || isObject(v.sampling))
}

function everyCompleteRequestParams1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(typeof x === 'string')) return false
  }
  return true
}
function oneOfCompleteRequestParams2(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.type) {
    case 'ref/prompt': return isPromptReference(x)
    case 'ref/resource': return isResourceTemplateReference(x)
    default: return false
  }
}
export function isCompleteRequestParams(v: unknown): v is t.CompleteRequestParams {
  return isObject(v) &&
    isObject(v.argument) && typeof v.argument.name === 'string' && typeof v.argument.value === 'string' &&
    (v.context === undefined || (isObject(v.context) && (v.context.arguments === undefined || (isObject(v.context.arguments) && everyCompleteRequestParams1(v.context.arguments))))) &&
    oneOfCompleteRequestParams2(v.ref)
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
    case 'audio': return isAudioContent(x)
    case 'resource_link': return isResourceLink(x)
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
    case 'audio': return isAudioContent(x)
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

function everyElicitRequestParams1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isPrimitiveSchemaDefinition(x))) return false
  }
  return true
}
function eachElicitRequestParams2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isElicitRequestParams(v: unknown): v is t.ElicitRequestParams {
  return isObject(v) &&
    typeof v.message === 'string' &&
    isObject(v.requestedSchema) && isObject(v.requestedSchema.properties) && everyElicitRequestParams1(v.requestedSchema.properties) && (v.requestedSchema.required === undefined || (Array.isArray(v.requestedSchema.required) && eachElicitRequestParams2(v.requestedSchema.required))) && v.requestedSchema.type === 'object'
}

function everyElicitResult1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!((typeof x === 'string' || isNumber(x) || typeof x === 'boolean'))) return false
  }
  return true
}
export function isElicitResult(v: unknown): v is t.ElicitResult {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.action === 'accept' || v.action === 'cancel' || v.action === 'decline') &&
    (v.content === undefined || (isObject(v.content) && everyElicitResult1(v.content)))
}

export function isEmbeddedResource(v: unknown): v is t.EmbeddedResource {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    ((isTextResourceContents(v.resource)) || (isBlobResourceContents(v.resource))) &&
    v.type === 'resource'
}

export function isEmptyResult(v: unknown): v is t.EmptyResult {
  return isResult(v)
}

function eachEnumSchema1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
function eachEnumSchema2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isEnumSchema(v: unknown): v is t.EnumSchema {
  return isObject(v) &&
    (v.description === undefined || typeof v.description === 'string') &&
    Array.isArray(v.enum) && eachEnumSchema1(v.enum) &&
    (v.enumNames === undefined || (Array.isArray(v.enumNames) && eachEnumSchema2(v.enumNames))) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'string'
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

export function isImageContent(v: unknown): v is t.ImageContent {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    typeof v.data === 'string' &&
    typeof v.mimeType === 'string' &&
    v.type === 'image'
}

export function isImplementation(v: unknown): v is t.Implementation {
  return isObject(v) &&
    typeof v.name === 'string' &&
    (v.title === undefined || typeof v.title === 'string') &&
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

export function isNumberSchema(v: unknown): v is t.NumberSchema {
  return isObject(v) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.maximum === undefined || isNumber(v.maximum)) &&
    (v.minimum === undefined || isNumber(v.minimum)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    (v.type === 'integer' || v.type === 'number')
}

export function isPingRequestParams(v: unknown): v is t.PingRequestParams {
  return isObject(v) &&
    (v._meta === undefined || (isObject(v._meta) && (v._meta.progressToken === undefined || isProgressToken(v._meta.progressToken))))
}

export function isPrimitiveSchemaDefinition(v: unknown): v is t.PrimitiveSchemaDefinition {
  return ((isStringSchema(v)) || (isNumberSchema(v)) || (isBooleanSchema(v)) || (isEnumSchema(v)))
}

export function isProgressNotificationParams(v: unknown): v is t.ProgressNotificationParams {
  return isObject(v) &&
    (v.message === undefined || typeof v.message === 'string') &&
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
    (v._meta === undefined || isObject(v._meta)) &&
    (v.arguments === undefined || (Array.isArray(v.arguments) && eachPrompt1(v.arguments))) &&
    (v.description === undefined || typeof v.description === 'string') &&
    typeof v.name === 'string' &&
    (v.title === undefined || typeof v.title === 'string')
}

export function isPromptArgument(v: unknown): v is t.PromptArgument {
  return isObject(v) &&
    (v.description === undefined || typeof v.description === 'string') &&
    typeof v.name === 'string' &&
    (v.required === undefined || typeof v.required === 'boolean') &&
    (v.title === undefined || typeof v.title === 'string')
}

export function isPromptListChangedNotificationParams(v: unknown): v is t.PromptListChangedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

export function isPromptMessage(v: unknown): v is t.PromptMessage {
  return isObject(v) &&
    isContentBlock(v.content) &&
    isRole(v.role)
}

export function isPromptReference(v: unknown): v is t.PromptReference {
  return isObject(v) &&
    typeof v.name === 'string' &&
    (v.title === undefined || typeof v.title === 'string') &&
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

export function isResource(v: unknown): v is t.Resource {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.name === 'string' &&
    (v.size === undefined || isInteger(v.size)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    typeof v.uri === 'string'
}

export function isResourceLink(v: unknown): v is t.ResourceLink {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.name === 'string' &&
    (v.size === undefined || isInteger(v.size)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'resource_link' &&
    typeof v.uri === 'string'
}

export function isResourceListChangedNotificationParams(v: unknown): v is t.ResourceListChangedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

export function isResourceTemplate(v: unknown): v is t.ResourceTemplate {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.name === 'string' &&
    (v.title === undefined || typeof v.title === 'string') &&
    typeof v.uriTemplate === 'string'
}

export function isResourceTemplateReference(v: unknown): v is t.ResourceTemplateReference {
  return isObject(v) &&
    v.type === 'ref/resource' &&
    typeof v.uri === 'string'
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
    (v._meta === undefined || isObject(v._meta)) &&
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
    case 'audio': return isAudioContent(x)
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
    (v.completions === undefined || isObject(v.completions)) &&
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

export function isStringSchema(v: unknown): v is t.StringSchema {
  return isObject(v) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.format === undefined || (v.format === 'date' || v.format === 'date-time' || v.format === 'email' || v.format === 'uri')) &&
    (v.maxLength === undefined || isInteger(v.maxLength)) &&
    (v.minLength === undefined || isInteger(v.minLength)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'string'
}

export function isSubscribeRequestParams(v: unknown): v is t.SubscribeRequestParams {
  return isObject(v) &&
    typeof v.uri === 'string'
}

export function isTextContent(v: unknown): v is t.TextContent {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    typeof v.text === 'string' &&
    v.type === 'text'
}

export function isTextResourceContents(v: unknown): v is t.TextResourceContents {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
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
function everyTool3(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isObject(x))) return false
  }
  return true
}
function eachTool4(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isTool(v: unknown): v is t.Tool {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta)) &&
    (v.annotations === undefined || isToolAnnotations(v.annotations)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    isObject(v.inputSchema) && (v.inputSchema.properties === undefined || (isObject(v.inputSchema.properties) && everyTool1(v.inputSchema.properties))) && (v.inputSchema.required === undefined || (Array.isArray(v.inputSchema.required) && eachTool2(v.inputSchema.required))) && v.inputSchema.type === 'object' &&
    typeof v.name === 'string' &&
    (v.outputSchema === undefined || (isObject(v.outputSchema) && (v.outputSchema.properties === undefined || (isObject(v.outputSchema.properties) && everyTool3(v.outputSchema.properties))) && (v.outputSchema.required === undefined || (Array.isArray(v.outputSchema.required) && eachTool4(v.outputSchema.required))) && v.outputSchema.type === 'object')) &&
    (v.title === undefined || typeof v.title === 'string')
}

export function isToolAnnotations(v: unknown): v is t.ToolAnnotations {
  return isObject(v) &&
    (v.destructiveHint === undefined || typeof v.destructiveHint === 'boolean') &&
    (v.idempotentHint === undefined || typeof v.idempotentHint === 'boolean') &&
    (v.openWorldHint === undefined || typeof v.openWorldHint === 'boolean') &&
    (v.readOnlyHint === undefined || typeof v.readOnlyHint === 'boolean') &&
    (v.title === undefined || typeof v.title === 'string')
}

export function isToolListChangedNotificationParams(v: unknown): v is t.ToolListChangedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isObject(v._meta))
}

export function isUnsubscribeRequestParams(v: unknown): v is t.UnsubscribeRequestParams {
  return isObject(v) &&
    typeof v.uri === 'string'
}
