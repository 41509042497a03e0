// Generated from 2026-07-28/schema.json. Do not edit.
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
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    typeof v.data === 'string' &&
    typeof v.mimeType === 'string' &&
    v.type === 'audio'
}

export function isBlobResourceContents(v: unknown): v is t.BlobResourceContents {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
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
    isRequestMetaObject(v._meta) &&
    (v.arguments === undefined || isObject(v.arguments)) &&
    (v.inputResponses === undefined || isInputResponses(v.inputResponses)) &&
    typeof v.name === 'string' &&
    (v.requestState === undefined || typeof v.requestState === 'string')
}

function eachCallToolResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isContentBlock(x))) return false
  return true
}
export function isCallToolResult(v: unknown): v is t.CallToolResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    Array.isArray(v.content) && eachCallToolResult1(v.content) &&
    (v.isError === undefined || typeof v.isError === 'boolean') &&
    typeof v.resultType === 'string'
}

export function isCancelledNotificationParams(v: unknown): v is t.CancelledNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isNotificationMetaObject(v._meta)) &&
    (v.reason === undefined || typeof v.reason === 'string') &&
    isRequestId(v.requestId)
}

function everyClientCapabilities1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isJSONObject(x))) return false
  }
  return true
}
function everyClientCapabilities2(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isJSONObject(x))) return false
  }
  return true
}
export function isClientCapabilities(v: unknown): v is t.ClientCapabilities {
  return isObject(v) &&
    (v.elicitation === undefined || (isObject(v.elicitation) && (v.elicitation.form === undefined || isJSONObject(v.elicitation.form)) && (v.elicitation.url === undefined || isJSONObject(v.elicitation.url)))) &&
    (v.experimental === undefined || (isObject(v.experimental) && everyClientCapabilities1(v.experimental))) &&
    (v.extensions === undefined || (isObject(v.extensions) && everyClientCapabilities2(v.extensions))) &&
    (v.roots === undefined || isObject(v.roots)) &&
    (v.sampling === undefined || (isObject(v.sampling) && (v.sampling.context === undefined || isJSONObject(v.sampling.context)) && (v.sampling.tools === undefined || isJSONObject(v.sampling.tools))))
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
    isRequestMetaObject(v._meta) &&
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
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    isObject(v.completion) && (v.completion.hasMore === undefined || typeof v.completion.hasMore === 'boolean') && (v.completion.total === undefined || isInteger(v.completion.total)) && Array.isArray(v.completion.values) && v.completion.values.length <= 100 && eachCompleteResult1(v.completion.values) &&
    typeof v.resultType === 'string'
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

export function isCreateMessageRequest(v: unknown): v is t.CreateMessageRequest {
  return isObject(v) &&
    v.method === 'sampling/createMessage' &&
    isCreateMessageRequestParams(v.params)
}

function eachCreateMessageRequestParams1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isSamplingMessage(x))) return false
  return true
}
function eachCreateMessageRequestParams2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
function eachCreateMessageRequestParams3(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isTool(x))) return false
  return true
}
export function isCreateMessageRequestParams(v: unknown): v is t.CreateMessageRequestParams {
  return isObject(v) &&
    (v.includeContext === undefined || (v.includeContext === 'allServers' || v.includeContext === 'none' || v.includeContext === 'thisServer')) &&
    isInteger(v.maxTokens) &&
    Array.isArray(v.messages) && eachCreateMessageRequestParams1(v.messages) &&
    (v.metadata === undefined || isJSONObject(v.metadata)) &&
    (v.modelPreferences === undefined || isModelPreferences(v.modelPreferences)) &&
    (v.stopSequences === undefined || (Array.isArray(v.stopSequences) && eachCreateMessageRequestParams2(v.stopSequences))) &&
    (v.systemPrompt === undefined || typeof v.systemPrompt === 'string') &&
    (v.temperature === undefined || isNumber(v.temperature)) &&
    (v.toolChoice === undefined || isToolChoice(v.toolChoice)) &&
    (v.tools === undefined || (Array.isArray(v.tools) && eachCreateMessageRequestParams3(v.tools)))
}

function eachCreateMessageResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isSamplingMessageContentBlock(x))) return false
  return true
}
export function isCreateMessageResult(v: unknown): v is t.CreateMessageResult {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    ((isTextContent(v.content)) || (isImageContent(v.content)) || (isAudioContent(v.content)) || (isToolUseContent(v.content)) || (isToolResultContent(v.content)) || (Array.isArray(v.content) && eachCreateMessageResult1(v.content))) &&
    typeof v.model === 'string' &&
    isRole(v.role) &&
    (v.stopReason === undefined || typeof v.stopReason === 'string')
}

function eachDiscoverResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isDiscoverResult(v: unknown): v is t.DiscoverResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    (v.cacheScope === 'private' || v.cacheScope === 'public') &&
    isServerCapabilities(v.capabilities) &&
    (v.instructions === undefined || typeof v.instructions === 'string') &&
    typeof v.resultType === 'string' &&
    Array.isArray(v.supportedVersions) && eachDiscoverResult1(v.supportedVersions) &&
    isInteger(v.ttlMs) && v.ttlMs >= 0
}

export function isElicitRequest(v: unknown): v is t.ElicitRequest {
  return isObject(v) &&
    v.method === 'elicitation/create' &&
    isElicitRequestParams(v.params)
}

function everyElicitRequestFormParams1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isPrimitiveSchemaDefinition(x))) return false
  }
  return true
}
function eachElicitRequestFormParams2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isElicitRequestFormParams(v: unknown): v is t.ElicitRequestFormParams {
  return isObject(v) &&
    typeof v.message === 'string' &&
    (v.mode === undefined || v.mode === 'form') &&
    isObject(v.requestedSchema) && (v.requestedSchema.$schema === undefined || typeof v.requestedSchema.$schema === 'string') && isObject(v.requestedSchema.properties) && everyElicitRequestFormParams1(v.requestedSchema.properties) && (v.requestedSchema.required === undefined || (Array.isArray(v.requestedSchema.required) && eachElicitRequestFormParams2(v.requestedSchema.required))) && v.requestedSchema.type === 'object'
}

export function isElicitRequestParams(v: unknown): v is t.ElicitRequestParams {
  return ((isElicitRequestFormParams(v)) || (isElicitRequestURLParams(v)))
}

export function isElicitRequestURLParams(v: unknown): v is t.ElicitRequestURLParams {
  return isObject(v) &&
    typeof v.message === 'string' &&
    v.mode === 'url' &&
    typeof v.url === 'string'
}

function eachElicitResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
function everyElicitResult2(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(((Array.isArray(x) && eachElicitResult1(x)) || ((typeof x === 'string' || isNumber(x) || typeof x === 'boolean'))))) return false
  }
  return true
}
export function isElicitResult(v: unknown): v is t.ElicitResult {
  return isObject(v) &&
    (v.action === 'accept' || v.action === 'cancel' || v.action === 'decline') &&
    (v.content === undefined || (isObject(v.content) && everyElicitResult2(v.content)))
}

export function isEmbeddedResource(v: unknown): v is t.EmbeddedResource {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    ((isTextResourceContents(v.resource)) || (isBlobResourceContents(v.resource))) &&
    v.type === 'resource'
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
    isRequestMetaObject(v._meta) &&
    (v.arguments === undefined || (isObject(v.arguments) && everyGetPromptRequestParams1(v.arguments))) &&
    (v.inputResponses === undefined || isInputResponses(v.inputResponses)) &&
    typeof v.name === 'string' &&
    (v.requestState === undefined || typeof v.requestState === 'string')
}

function eachGetPromptResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isPromptMessage(x))) return false
  return true
}
export function isGetPromptResult(v: unknown): v is t.GetPromptResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    Array.isArray(v.messages) && eachGetPromptResult1(v.messages) &&
    typeof v.resultType === 'string'
}

function eachIcon1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isIcon(v: unknown): v is t.Icon {
  return isObject(v) &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    (v.sizes === undefined || (Array.isArray(v.sizes) && eachIcon1(v.sizes))) &&
    typeof v.src === 'string' &&
    (v.theme === undefined || (v.theme === 'dark' || v.theme === 'light'))
}

export function isImageContent(v: unknown): v is t.ImageContent {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    typeof v.data === 'string' &&
    typeof v.mimeType === 'string' &&
    v.type === 'image'
}

function eachImplementation1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isIcon(x))) return false
  return true
}
export function isImplementation(v: unknown): v is t.Implementation {
  return isObject(v) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.icons === undefined || (Array.isArray(v.icons) && eachImplementation1(v.icons))) &&
    typeof v.name === 'string' &&
    (v.title === undefined || typeof v.title === 'string') &&
    typeof v.version === 'string' &&
    (v.websiteUrl === undefined || typeof v.websiteUrl === 'string')
}

function oneOfInputRequest1(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.method) {
    case 'sampling/createMessage': return isCreateMessageRequest(x)
    case 'roots/list': return isListRootsRequest(x)
    case 'elicitation/create': return isElicitRequest(x)
    default: return false
  }
}
export function isInputRequest(v: unknown): v is t.InputRequest {
  return oneOfInputRequest1(v)
}

function everyInputRequests1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isInputRequest(x))) return false
  }
  return true
}
export function isInputRequests(v: unknown): v is t.InputRequests {
  return isObject(v) &&
    everyInputRequests1(v)
}

export function isInputRequiredResult(v: unknown): v is t.InputRequiredResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    (v.inputRequests === undefined || isInputRequests(v.inputRequests)) &&
    (v.requestState === undefined || typeof v.requestState === 'string') &&
    typeof v.resultType === 'string'
}

export function isInputResponse(v: unknown): v is t.InputResponse {
  return ((isCreateMessageResult(v)) || (isListRootsResult(v)) || (isElicitResult(v)))
}

function everyInputResponses1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isInputResponse(x))) return false
  }
  return true
}
export function isInputResponses(v: unknown): v is t.InputResponses {
  return isObject(v) &&
    everyInputResponses1(v)
}

function everyJSONObject1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isJSONValue(x))) return false
  }
  return true
}
export function isJSONObject(v: unknown): v is t.JSONObject {
  return isObject(v) &&
    everyJSONObject1(v)
}

function eachJSONValue1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isJSONValue(x))) return false
  return true
}
export function isJSONValue(v: unknown): v is t.JSONValue {
  return ((isJSONObject(v)) || (Array.isArray(v) && eachJSONValue1(v)) || ((typeof v === 'string' || isNumber(v) || typeof v === 'boolean' || v === null)))
}

function eachLegacyTitledEnumSchema1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
function eachLegacyTitledEnumSchema2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isLegacyTitledEnumSchema(v: unknown): v is t.LegacyTitledEnumSchema {
  return isObject(v) &&
    (v.default === undefined || typeof v.default === 'string') &&
    (v.description === undefined || typeof v.description === 'string') &&
    Array.isArray(v.enum) && eachLegacyTitledEnumSchema1(v.enum) &&
    (v.enumNames === undefined || (Array.isArray(v.enumNames) && eachLegacyTitledEnumSchema2(v.enumNames))) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'string'
}

function eachListPromptsResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isPrompt(x))) return false
  return true
}
export function isListPromptsResult(v: unknown): v is t.ListPromptsResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    (v.cacheScope === 'private' || v.cacheScope === 'public') &&
    (v.nextCursor === undefined || typeof v.nextCursor === 'string') &&
    Array.isArray(v.prompts) && eachListPromptsResult1(v.prompts) &&
    typeof v.resultType === 'string' &&
    isInteger(v.ttlMs) && v.ttlMs >= 0
}

function eachListResourceTemplatesResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isResourceTemplate(x))) return false
  return true
}
export function isListResourceTemplatesResult(v: unknown): v is t.ListResourceTemplatesResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    (v.cacheScope === 'private' || v.cacheScope === 'public') &&
    (v.nextCursor === undefined || typeof v.nextCursor === 'string') &&
    Array.isArray(v.resourceTemplates) && eachListResourceTemplatesResult1(v.resourceTemplates) &&
    typeof v.resultType === 'string' &&
    isInteger(v.ttlMs) && v.ttlMs >= 0
}

function eachListResourcesResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isResource(x))) return false
  return true
}
export function isListResourcesResult(v: unknown): v is t.ListResourcesResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    (v.cacheScope === 'private' || v.cacheScope === 'public') &&
    (v.nextCursor === undefined || typeof v.nextCursor === 'string') &&
    Array.isArray(v.resources) && eachListResourcesResult1(v.resources) &&
    typeof v.resultType === 'string' &&
    isInteger(v.ttlMs) && v.ttlMs >= 0
}

export function isListRootsRequest(v: unknown): v is t.ListRootsRequest {
  return isObject(v) &&
    v.method === 'roots/list' &&
    (v.params === undefined || isListRootsRequestParams(v.params))
}

export function isListRootsRequestParams(v: unknown): v is t.ListRootsRequestParams {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta))
}

function eachListRootsResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isRoot(x))) return false
  return true
}
export function isListRootsResult(v: unknown): v is t.ListRootsResult {
  return isObject(v) &&
    Array.isArray(v.roots) && eachListRootsResult1(v.roots)
}

function eachListToolsResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isTool(x))) return false
  return true
}
export function isListToolsResult(v: unknown): v is t.ListToolsResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    (v.cacheScope === 'private' || v.cacheScope === 'public') &&
    (v.nextCursor === undefined || typeof v.nextCursor === 'string') &&
    typeof v.resultType === 'string' &&
    Array.isArray(v.tools) && eachListToolsResult1(v.tools) &&
    isInteger(v.ttlMs) && v.ttlMs >= 0
}

export function isLoggingLevel(v: unknown): v is t.LoggingLevel {
  return (v === 'alert' || v === 'critical' || v === 'debug' || v === 'emergency' || v === 'error' || v === 'info' || v === 'notice' || v === 'warning')
}

export function isLoggingMessageNotificationParams(v: unknown): v is t.LoggingMessageNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isNotificationMetaObject(v._meta)) &&
    v.data !== undefined &&
    isLoggingLevel(v.level) &&
    (v.logger === undefined || typeof v.logger === 'string')
}

export function isMetaObject(v: unknown): v is t.MetaObject {
  return isObject(v)
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

export function isNotificationMetaObject(v: unknown): v is t.NotificationMetaObject {
  return isObject(v) &&
    (v['io.modelcontextprotocol/subscriptionId'] === undefined || isRequestId(v['io.modelcontextprotocol/subscriptionId']))
}

export function isNotificationParams(v: unknown): v is t.NotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isNotificationMetaObject(v._meta))
}

export function isNumberSchema(v: unknown): v is t.NumberSchema {
  return isObject(v) &&
    (v.default === undefined || isNumber(v.default)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.maximum === undefined || isNumber(v.maximum)) &&
    (v.minimum === undefined || isNumber(v.minimum)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    (v.type === 'integer' || v.type === 'number')
}

export function isPaginatedRequestParams(v: unknown): v is t.PaginatedRequestParams {
  return isObject(v) &&
    isRequestMetaObject(v._meta) &&
    (v.cursor === undefined || typeof v.cursor === 'string')
}

export function isPrimitiveSchemaDefinition(v: unknown): v is t.PrimitiveSchemaDefinition {
  return ((isStringSchema(v)) || (isNumberSchema(v)) || (isBooleanSchema(v)) || (isUntitledSingleSelectEnumSchema(v)) || (isTitledSingleSelectEnumSchema(v)) || (isUntitledMultiSelectEnumSchema(v)) || (isTitledMultiSelectEnumSchema(v)) || (isLegacyTitledEnumSchema(v)))
}

export function isProgressNotificationParams(v: unknown): v is t.ProgressNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isNotificationMetaObject(v._meta)) &&
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
function eachPrompt2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isIcon(x))) return false
  return true
}
export function isPrompt(v: unknown): v is t.Prompt {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.arguments === undefined || (Array.isArray(v.arguments) && eachPrompt1(v.arguments))) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.icons === undefined || (Array.isArray(v.icons) && eachPrompt2(v.icons))) &&
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
    isRequestMetaObject(v._meta) &&
    (v.inputResponses === undefined || isInputResponses(v.inputResponses)) &&
    (v.requestState === undefined || typeof v.requestState === 'string') &&
    typeof v.uri === 'string'
}

function eachReadResourceResult1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(((isTextResourceContents(x)) || (isBlobResourceContents(x))))) return false
  return true
}
export function isReadResourceResult(v: unknown): v is t.ReadResourceResult {
  return isObject(v) &&
    (v._meta === undefined || isResultMetaObject(v._meta)) &&
    (v.cacheScope === 'private' || v.cacheScope === 'public') &&
    Array.isArray(v.contents) && eachReadResourceResult1(v.contents) &&
    typeof v.resultType === 'string' &&
    isInteger(v.ttlMs) && v.ttlMs >= 0
}

export function isRequestId(v: unknown): v is t.RequestId {
  return (typeof v === 'string' || isInteger(v))
}

export function isRequestMetaObject(v: unknown): v is t.RequestMetaObject {
  return isObject(v) &&
    isClientCapabilities(v['io.modelcontextprotocol/clientCapabilities']) &&
    (v['io.modelcontextprotocol/clientInfo'] === undefined || isImplementation(v['io.modelcontextprotocol/clientInfo'])) &&
    (v['io.modelcontextprotocol/logLevel'] === undefined || isLoggingLevel(v['io.modelcontextprotocol/logLevel'])) &&
    typeof v['io.modelcontextprotocol/protocolVersion'] === 'string' &&
    (v.progressToken === undefined || isProgressToken(v.progressToken))
}

export function isRequestParams(v: unknown): v is t.RequestParams {
  return isObject(v) &&
    isRequestMetaObject(v._meta)
}

function eachResource1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isIcon(x))) return false
  return true
}
export function isResource(v: unknown): v is t.Resource {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.icons === undefined || (Array.isArray(v.icons) && eachResource1(v.icons))) &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.name === 'string' &&
    (v.size === undefined || isInteger(v.size)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    typeof v.uri === 'string'
}

function eachResourceLink1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isIcon(x))) return false
  return true
}
export function isResourceLink(v: unknown): v is t.ResourceLink {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.icons === undefined || (Array.isArray(v.icons) && eachResourceLink1(v.icons))) &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.name === 'string' &&
    (v.size === undefined || isInteger(v.size)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'resource_link' &&
    typeof v.uri === 'string'
}

function eachResourceTemplate1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isIcon(x))) return false
  return true
}
export function isResourceTemplate(v: unknown): v is t.ResourceTemplate {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.icons === undefined || (Array.isArray(v.icons) && eachResourceTemplate1(v.icons))) &&
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
    (v._meta === undefined || isNotificationMetaObject(v._meta)) &&
    typeof v.uri === 'string'
}

export function isResultMetaObject(v: unknown): v is t.ResultMetaObject {
  return isObject(v) &&
    (v['io.modelcontextprotocol/serverInfo'] === undefined || isImplementation(v['io.modelcontextprotocol/serverInfo']))
}

export function isRole(v: unknown): v is t.Role {
  return (v === 'assistant' || v === 'user')
}

export function isRoot(v: unknown): v is t.Root {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.name === undefined || typeof v.name === 'string') &&
    typeof v.uri === 'string'
}

function eachSamplingMessage1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isSamplingMessageContentBlock(x))) return false
  return true
}
export function isSamplingMessage(v: unknown): v is t.SamplingMessage {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    ((isTextContent(v.content)) || (isImageContent(v.content)) || (isAudioContent(v.content)) || (isToolUseContent(v.content)) || (isToolResultContent(v.content)) || (Array.isArray(v.content) && eachSamplingMessage1(v.content))) &&
    isRole(v.role)
}

function oneOfSamplingMessageContentBlock1(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.type) {
    case 'text': return isTextContent(x)
    case 'image': return isImageContent(x)
    case 'audio': return isAudioContent(x)
    case 'tool_use': return isToolUseContent(x)
    case 'tool_result': return isToolResultContent(x)
    default: return false
  }
}
export function isSamplingMessageContentBlock(v: unknown): v is t.SamplingMessageContentBlock {
  return oneOfSamplingMessageContentBlock1(v)
}

function everyServerCapabilities1(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isJSONObject(x))) return false
  }
  return true
}
function everyServerCapabilities2(members: Members): boolean {
  for (const key in members) {
    const x = members[key]
    if (!(isJSONObject(x))) return false
  }
  return true
}
export function isServerCapabilities(v: unknown): v is t.ServerCapabilities {
  return isObject(v) &&
    (v.completions === undefined || isJSONObject(v.completions)) &&
    (v.experimental === undefined || (isObject(v.experimental) && everyServerCapabilities1(v.experimental))) &&
    (v.extensions === undefined || (isObject(v.extensions) && everyServerCapabilities2(v.extensions))) &&
    (v.logging === undefined || isJSONObject(v.logging)) &&
    (v.prompts === undefined || (isObject(v.prompts) && (v.prompts.listChanged === undefined || typeof v.prompts.listChanged === 'boolean'))) &&
    (v.resources === undefined || (isObject(v.resources) && (v.resources.listChanged === undefined || typeof v.resources.listChanged === 'boolean') && (v.resources.subscribe === undefined || typeof v.resources.subscribe === 'boolean'))) &&
    (v.tools === undefined || (isObject(v.tools) && (v.tools.listChanged === undefined || typeof v.tools.listChanged === 'boolean')))
}

export function isStringSchema(v: unknown): v is t.StringSchema {
  return isObject(v) &&
    (v.default === undefined || typeof v.default === 'string') &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.format === undefined || (v.format === 'date' || v.format === 'date-time' || v.format === 'email' || v.format === 'uri')) &&
    (v.maxLength === undefined || isInteger(v.maxLength)) &&
    (v.minLength === undefined || isInteger(v.minLength)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'string'
}

function eachSubscriptionFilter1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isSubscriptionFilter(v: unknown): v is t.SubscriptionFilter {
  return isObject(v) &&
    (v.promptsListChanged === undefined || typeof v.promptsListChanged === 'boolean') &&
    (v.resourceSubscriptions === undefined || (Array.isArray(v.resourceSubscriptions) && eachSubscriptionFilter1(v.resourceSubscriptions))) &&
    (v.resourcesListChanged === undefined || typeof v.resourcesListChanged === 'boolean') &&
    (v.toolsListChanged === undefined || typeof v.toolsListChanged === 'boolean')
}

export function isSubscriptionsAcknowledgedNotificationParams(v: unknown): v is t.SubscriptionsAcknowledgedNotificationParams {
  return isObject(v) &&
    (v._meta === undefined || isNotificationMetaObject(v._meta)) &&
    isSubscriptionFilter(v.notifications)
}

export function isSubscriptionsListenRequestParams(v: unknown): v is t.SubscriptionsListenRequestParams {
  return isObject(v) &&
    isRequestMetaObject(v._meta) &&
    isSubscriptionFilter(v.notifications)
}

export function isSubscriptionsListenResult(v: unknown): v is t.SubscriptionsListenResult {
  return isObject(v) &&
    isSubscriptionsListenResultMetaObject(v._meta) &&
    typeof v.resultType === 'string'
}

export function isSubscriptionsListenResultMetaObject(v: unknown): v is t.SubscriptionsListenResultMetaObject {
  return isObject(v) &&
    (v['io.modelcontextprotocol/serverInfo'] === undefined || isImplementation(v['io.modelcontextprotocol/serverInfo'])) &&
    isRequestId(v['io.modelcontextprotocol/subscriptionId'])
}

export function isTextContent(v: unknown): v is t.TextContent {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.annotations === undefined || isAnnotations(v.annotations)) &&
    typeof v.text === 'string' &&
    v.type === 'text'
}

export function isTextResourceContents(v: unknown): v is t.TextResourceContents {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.mimeType === undefined || typeof v.mimeType === 'string') &&
    typeof v.text === 'string' &&
    typeof v.uri === 'string'
}

function eachTitledMultiSelectEnumSchema1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
function eachTitledMultiSelectEnumSchema2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isObject(x) && typeof x.const === 'string' && typeof x.title === 'string')) return false
  return true
}
export function isTitledMultiSelectEnumSchema(v: unknown): v is t.TitledMultiSelectEnumSchema {
  return isObject(v) &&
    (v.default === undefined || (Array.isArray(v.default) && eachTitledMultiSelectEnumSchema1(v.default))) &&
    (v.description === undefined || typeof v.description === 'string') &&
    isObject(v.items) && Array.isArray(v.items.anyOf) && eachTitledMultiSelectEnumSchema2(v.items.anyOf) &&
    (v.maxItems === undefined || isInteger(v.maxItems)) &&
    (v.minItems === undefined || isInteger(v.minItems)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'array'
}

function eachTitledSingleSelectEnumSchema1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isObject(x) && typeof x.const === 'string' && typeof x.title === 'string')) return false
  return true
}
export function isTitledSingleSelectEnumSchema(v: unknown): v is t.TitledSingleSelectEnumSchema {
  return isObject(v) &&
    (v.default === undefined || typeof v.default === 'string') &&
    (v.description === undefined || typeof v.description === 'string') &&
    Array.isArray(v.oneOf) && eachTitledSingleSelectEnumSchema1(v.oneOf) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'string'
}

function eachTool1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isIcon(x))) return false
  return true
}
export function isTool(v: unknown): v is t.Tool {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    (v.annotations === undefined || isToolAnnotations(v.annotations)) &&
    (v.description === undefined || typeof v.description === 'string') &&
    (v.icons === undefined || (Array.isArray(v.icons) && eachTool1(v.icons))) &&
    isObject(v.inputSchema) && (v.inputSchema.$schema === undefined || typeof v.inputSchema.$schema === 'string') && v.inputSchema.type === 'object' &&
    typeof v.name === 'string' &&
    (v.outputSchema === undefined || (isObject(v.outputSchema) && (v.outputSchema.$schema === undefined || typeof v.outputSchema.$schema === 'string'))) &&
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

export function isToolChoice(v: unknown): v is t.ToolChoice {
  return isObject(v) &&
    (v.mode === undefined || (v.mode === 'auto' || v.mode === 'none' || v.mode === 'required'))
}

function eachToolResultContent1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(isContentBlock(x))) return false
  return true
}
export function isToolResultContent(v: unknown): v is t.ToolResultContent {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    Array.isArray(v.content) && eachToolResultContent1(v.content) &&
    (v.isError === undefined || typeof v.isError === 'boolean') &&
    typeof v.toolUseId === 'string' &&
    v.type === 'tool_result'
}

export function isToolUseContent(v: unknown): v is t.ToolUseContent {
  return isObject(v) &&
    (v._meta === undefined || isMetaObject(v._meta)) &&
    typeof v.id === 'string' &&
    isObject(v.input) &&
    typeof v.name === 'string' &&
    v.type === 'tool_use'
}

function eachUntitledMultiSelectEnumSchema1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
function eachUntitledMultiSelectEnumSchema2(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isUntitledMultiSelectEnumSchema(v: unknown): v is t.UntitledMultiSelectEnumSchema {
  return isObject(v) &&
    (v.default === undefined || (Array.isArray(v.default) && eachUntitledMultiSelectEnumSchema1(v.default))) &&
    (v.description === undefined || typeof v.description === 'string') &&
    isObject(v.items) && Array.isArray(v.items.enum) && eachUntitledMultiSelectEnumSchema2(v.items.enum) && v.items.type === 'string' &&
    (v.maxItems === undefined || isInteger(v.maxItems)) &&
    (v.minItems === undefined || isInteger(v.minItems)) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'array'
}

function eachUntitledSingleSelectEnumSchema1(list: readonly unknown[]): boolean {
  for (const x of list) if (!(typeof x === 'string')) return false
  return true
}
export function isUntitledSingleSelectEnumSchema(v: unknown): v is t.UntitledSingleSelectEnumSchema {
  return isObject(v) &&
    (v.default === undefined || typeof v.default === 'string') &&
    (v.description === undefined || typeof v.description === 'string') &&
    Array.isArray(v.enum) && eachUntitledSingleSelectEnumSchema1(v.enum) &&
    (v.title === undefined || typeof v.title === 'string') &&
    v.type === 'string'
}
