// Generated from 2026-07-28/schema.json. Do not edit.
export interface Annotations {
  audience?: Role[]
  lastModified?: string
  priority?: number
}

export interface AudioContent {
  _meta?: MetaObject
  annotations?: Annotations
  data: string
  mimeType: string
  type: 'audio'
}

export interface BaseMetadata {
  name: string
  title?: string
}

export interface BlobResourceContents {
  _meta?: MetaObject
  blob: string
  mimeType?: string
  uri: string
}

export interface BooleanSchema {
  default?: boolean
  description?: string
  title?: string
  type: 'boolean'
}

export interface CacheableResult {
  _meta?: ResultMetaObject
  cacheScope: 'private' | 'public'
  resultType: string
  ttlMs: number
}

export interface CallToolRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'tools/call'
  params: CallToolRequestParams
}

export interface CallToolRequestParams {
  _meta: RequestMetaObject
  arguments?: {
    [key: string]: unknown
  }
  inputResponses?: InputResponses
  name: string
  requestState?: string
}

export interface CallToolResult {
  _meta?: ResultMetaObject
  content: ContentBlock[]
  isError?: boolean
  resultType: string
  structuredContent?: unknown
}

export interface CallToolResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: InputRequiredResult | CallToolResult
}

export interface CancelledNotification {
  jsonrpc: '2.0'
  method: 'notifications/cancelled'
  params: CancelledNotificationParams
}

export interface CancelledNotificationParams {
  _meta?: NotificationMetaObject
  reason?: string
  requestId: RequestId
}

export interface ClientCapabilities {
  elicitation?: {
    form?: JSONObject
    url?: JSONObject
  }
  experimental?: {
    [key: string]: JSONObject
  }
  extensions?: {
    [key: string]: JSONObject
  }
  roots?: {
    [key: string]: unknown
  }
  sampling?: {
    context?: JSONObject
    tools?: JSONObject
  }
}

export interface ClientNotification {
  jsonrpc: '2.0'
  method: 'notifications/cancelled'
  params: CancelledNotificationParams
}

export type ClientRequest = DiscoverRequest | ListResourcesRequest | ListResourceTemplatesRequest | ReadResourceRequest | SubscriptionsListenRequest | ListPromptsRequest | GetPromptRequest | ListToolsRequest | CallToolRequest | CompleteRequest

export type ClientResult = Result

export interface CompleteRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'completion/complete'
  params: CompleteRequestParams
}

export interface CompleteRequestParams {
  _meta: RequestMetaObject
  argument: {
    name: string
    value: string
  }
  context?: {
    arguments?: {
      [key: string]: string
    }
  }
  ref: PromptReference | ResourceTemplateReference
}

export interface CompleteResult {
  _meta?: ResultMetaObject
  completion: {
    hasMore?: boolean
    total?: number
    values: string[]
  }
  resultType: string
}

export interface CompleteResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: CompleteResult
}

export type ContentBlock = TextContent | ImageContent | AudioContent | ResourceLink | EmbeddedResource

export interface CreateMessageRequest {
  method: 'sampling/createMessage'
  params: CreateMessageRequestParams
}

export interface CreateMessageRequestParams {
  includeContext?: 'allServers' | 'none' | 'thisServer'
  maxTokens: number
  messages: SamplingMessage[]
  metadata?: JSONObject
  modelPreferences?: ModelPreferences
  stopSequences?: string[]
  systemPrompt?: string
  temperature?: number
  toolChoice?: ToolChoice
  tools?: Tool[]
}

export interface CreateMessageResult {
  _meta?: MetaObject
  content: TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent | SamplingMessageContentBlock[]
  model: string
  role: Role
  stopReason?: string
}

export type Cursor = string

export interface DiscoverRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'server/discover'
  params: RequestParams
}

export interface DiscoverResult {
  _meta?: ResultMetaObject
  cacheScope: 'private' | 'public'
  capabilities: ServerCapabilities
  instructions?: string
  resultType: string
  supportedVersions: string[]
  ttlMs: number
}

export interface DiscoverResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: DiscoverResult
}

export interface ElicitRequest {
  method: 'elicitation/create'
  params: ElicitRequestParams
}

export interface ElicitRequestFormParams {
  message: string
  mode?: 'form'
  requestedSchema: {
    $schema?: string
    properties: {
      [key: string]: PrimitiveSchemaDefinition
    }
    required?: string[]
    type: 'object'
  }
}

export type ElicitRequestParams = ElicitRequestFormParams | ElicitRequestURLParams

export interface ElicitRequestURLParams {
  message: string
  mode: 'url'
  url: string
}

export interface ElicitResult {
  action: 'accept' | 'cancel' | 'decline'
  content?: {
    [key: string]: string[] | string | number | boolean
  }
}

export interface EmbeddedResource {
  _meta?: MetaObject
  annotations?: Annotations
  resource: TextResourceContents | BlobResourceContents
  type: 'resource'
}

export type EmptyResult = Result

export type EnumSchema = UntitledSingleSelectEnumSchema | TitledSingleSelectEnumSchema | UntitledMultiSelectEnumSchema | TitledMultiSelectEnumSchema | LegacyTitledEnumSchema

export interface Error {
  code: number
  data?: unknown
  message: string
}

export interface GetPromptRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'prompts/get'
  params: GetPromptRequestParams
}

export interface GetPromptRequestParams {
  _meta: RequestMetaObject
  arguments?: {
    [key: string]: string
  }
  inputResponses?: InputResponses
  name: string
  requestState?: string
}

export interface GetPromptResult {
  _meta?: ResultMetaObject
  description?: string
  messages: PromptMessage[]
  resultType: string
}

export interface GetPromptResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: InputRequiredResult | GetPromptResult
}

export interface HeaderMismatchError {
  error: Error & {
    code: -32020
  }
  id?: RequestId
  jsonrpc: '2.0'
}

export interface Icon {
  mimeType?: string
  sizes?: string[]
  src: string
  theme?: 'dark' | 'light'
}

export interface Icons {
  icons?: Icon[]
}

export interface ImageContent {
  _meta?: MetaObject
  annotations?: Annotations
  data: string
  mimeType: string
  type: 'image'
}

export interface Implementation {
  description?: string
  icons?: Icon[]
  name: string
  title?: string
  version: string
  websiteUrl?: string
}

export type InputRequest = CreateMessageRequest | ListRootsRequest | ElicitRequest

export interface InputRequests {
  [key: string]: InputRequest
}

export interface InputRequiredResult {
  _meta?: ResultMetaObject
  inputRequests?: InputRequests
  requestState?: string
  resultType: string
}

export type InputResponse = CreateMessageResult | ListRootsResult | ElicitResult

export interface InputResponseRequestParams {
  _meta: RequestMetaObject
  inputResponses?: InputResponses
  requestState?: string
}

export interface InputResponses {
  [key: string]: InputResponse
}

export interface InternalError {
  code: -32603
  data?: unknown
  message: string
}

export interface InvalidParamsError {
  code: -32602
  data?: unknown
  message: string
}

export interface InvalidRequestError {
  code: -32600
  data?: unknown
  message: string
}

export type JSONArray = JSONValue[]

export interface JSONObject {
  [key: string]: JSONValue
}

export interface JSONRPCErrorResponse {
  error: Error
  id?: RequestId
  jsonrpc: '2.0'
}

export type JSONRPCMessage = JSONRPCRequest | JSONRPCNotification | JSONRPCResultResponse | JSONRPCErrorResponse

export interface JSONRPCNotification {
  jsonrpc: '2.0'
  method: string
  params?: {
    [key: string]: unknown
  }
}

export interface JSONRPCRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: string
  params?: {
    [key: string]: unknown
  }
}

export type JSONRPCResponse = JSONRPCResultResponse | JSONRPCErrorResponse

export interface JSONRPCResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: Result
}

export type JSONValue = JSONObject | JSONValue[] | string | number | boolean | null

export interface LegacyTitledEnumSchema {
  default?: string
  description?: string
  enum: string[]
  enumNames?: string[]
  title?: string
  type: 'string'
}

export interface ListPromptsRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'prompts/list'
  params: PaginatedRequestParams
}

export interface ListPromptsResult {
  _meta?: ResultMetaObject
  cacheScope: 'private' | 'public'
  nextCursor?: string
  prompts: Prompt[]
  resultType: string
  ttlMs: number
}

export interface ListPromptsResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: ListPromptsResult
}

export interface ListResourceTemplatesRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'resources/templates/list'
  params: PaginatedRequestParams
}

export interface ListResourceTemplatesResult {
  _meta?: ResultMetaObject
  cacheScope: 'private' | 'public'
  nextCursor?: string
  resourceTemplates: ResourceTemplate[]
  resultType: string
  ttlMs: number
}

export interface ListResourceTemplatesResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: ListResourceTemplatesResult
}

export interface ListResourcesRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'resources/list'
  params: PaginatedRequestParams
}

export interface ListResourcesResult {
  _meta?: ResultMetaObject
  cacheScope: 'private' | 'public'
  nextCursor?: string
  resources: Resource[]
  resultType: string
  ttlMs: number
}

export interface ListResourcesResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: ListResourcesResult
}

export interface ListRootsRequest {
  method: 'roots/list'
  params?: ListRootsRequestParams
}

export interface ListRootsRequestParams {
  _meta?: MetaObject
}

export interface ListRootsResult {
  roots: Root[]
}

export interface ListToolsRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'tools/list'
  params: PaginatedRequestParams
}

export interface ListToolsResult {
  _meta?: ResultMetaObject
  cacheScope: 'private' | 'public'
  nextCursor?: string
  resultType: string
  tools: Tool[]
  ttlMs: number
}

export interface ListToolsResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: ListToolsResult
}

export type LoggingLevel = 'alert' | 'critical' | 'debug' | 'emergency' | 'error' | 'info' | 'notice' | 'warning'

export interface LoggingMessageNotification {
  jsonrpc: '2.0'
  method: 'notifications/message'
  params: LoggingMessageNotificationParams
}

export interface LoggingMessageNotificationParams {
  _meta?: NotificationMetaObject
  data: unknown
  level: LoggingLevel
  logger?: string
}

export interface MetaObject {
  [key: string]: unknown
}

export interface MethodNotFoundError {
  code: -32601
  data?: unknown
  message: string
}

export interface MissingRequiredClientCapabilityError {
  error: Error & ({
    code: -32021
    data: {
      requiredCapabilities: ClientCapabilities
    }
  })
  id?: RequestId
  jsonrpc: '2.0'
}

export interface ModelHint {
  name?: string
}

export interface ModelPreferences {
  costPriority?: number
  hints?: ModelHint[]
  intelligencePriority?: number
  speedPriority?: number
}

export type MultiSelectEnumSchema = UntitledMultiSelectEnumSchema | TitledMultiSelectEnumSchema

export interface Notification {
  method: string
  params?: {
    [key: string]: unknown
  }
}

export interface NotificationMetaObject {
  'io.modelcontextprotocol/subscriptionId'?: RequestId
  [key: string]: unknown
}

export interface NotificationParams {
  _meta?: NotificationMetaObject
}

export interface NumberSchema {
  default?: number
  description?: string
  maximum?: number
  minimum?: number
  title?: string
  type: 'integer' | 'number'
}

export interface PaginatedRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: string
  params: PaginatedRequestParams
}

export interface PaginatedRequestParams {
  _meta: RequestMetaObject
  cursor?: string
}

export interface PaginatedResult {
  _meta?: ResultMetaObject
  nextCursor?: string
  resultType: string
}

export interface ParseError {
  code: -32700
  data?: unknown
  message: string
}

export type PrimitiveSchemaDefinition = StringSchema | NumberSchema | BooleanSchema | UntitledSingleSelectEnumSchema | TitledSingleSelectEnumSchema | UntitledMultiSelectEnumSchema | TitledMultiSelectEnumSchema | LegacyTitledEnumSchema

export interface ProgressNotification {
  jsonrpc: '2.0'
  method: 'notifications/progress'
  params: ProgressNotificationParams
}

export interface ProgressNotificationParams {
  _meta?: NotificationMetaObject
  message?: string
  progress: number
  progressToken: ProgressToken
  total?: number
}

export type ProgressToken = string | number

export interface Prompt {
  _meta?: MetaObject
  arguments?: PromptArgument[]
  description?: string
  icons?: Icon[]
  name: string
  title?: string
}

export interface PromptArgument {
  description?: string
  name: string
  required?: boolean
  title?: string
}

export interface PromptListChangedNotification {
  jsonrpc: '2.0'
  method: 'notifications/prompts/list_changed'
  params?: NotificationParams
}

export interface PromptMessage {
  content: ContentBlock
  role: Role
}

export interface PromptReference {
  name: string
  title?: string
  type: 'ref/prompt'
}

export interface ReadResourceRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'resources/read'
  params: ReadResourceRequestParams
}

export interface ReadResourceRequestParams {
  _meta: RequestMetaObject
  inputResponses?: InputResponses
  requestState?: string
  uri: string
}

export interface ReadResourceResult {
  _meta?: ResultMetaObject
  cacheScope: 'private' | 'public'
  contents: (TextResourceContents | BlobResourceContents)[]
  resultType: string
  ttlMs: number
}

export interface ReadResourceResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: InputRequiredResult | ReadResourceResult
}

export interface Request {
  method: string
  params?: {
    [key: string]: unknown
  }
}

export type RequestId = string | number

export interface RequestMetaObject {
  'io.modelcontextprotocol/clientCapabilities': ClientCapabilities
  'io.modelcontextprotocol/clientInfo'?: Implementation
  'io.modelcontextprotocol/logLevel'?: LoggingLevel
  'io.modelcontextprotocol/protocolVersion': string
  progressToken?: ProgressToken
  [key: string]: unknown
}

export interface RequestParams {
  _meta: RequestMetaObject
}

export interface Resource {
  _meta?: MetaObject
  annotations?: Annotations
  description?: string
  icons?: Icon[]
  mimeType?: string
  name: string
  size?: number
  title?: string
  uri: string
}

export interface ResourceContents {
  _meta?: MetaObject
  mimeType?: string
  uri: string
}

export interface ResourceLink {
  _meta?: MetaObject
  annotations?: Annotations
  description?: string
  icons?: Icon[]
  mimeType?: string
  name: string
  size?: number
  title?: string
  type: 'resource_link'
  uri: string
}

export interface ResourceListChangedNotification {
  jsonrpc: '2.0'
  method: 'notifications/resources/list_changed'
  params?: NotificationParams
}

export interface ResourceRequestParams {
  _meta: RequestMetaObject
  uri: string
}

export interface ResourceTemplate {
  _meta?: MetaObject
  annotations?: Annotations
  description?: string
  icons?: Icon[]
  mimeType?: string
  name: string
  title?: string
  uriTemplate: string
}

export interface ResourceTemplateReference {
  type: 'ref/resource'
  uri: string
}

export interface ResourceUpdatedNotification {
  jsonrpc: '2.0'
  method: 'notifications/resources/updated'
  params: ResourceUpdatedNotificationParams
}

export interface ResourceUpdatedNotificationParams {
  _meta?: NotificationMetaObject
  uri: string
}

export interface Result {
  _meta?: ResultMetaObject
  resultType: string
  [key: string]: unknown
}

export interface ResultMetaObject {
  'io.modelcontextprotocol/serverInfo'?: Implementation
  [key: string]: unknown
}

export type ResultType = string

export type Role = 'assistant' | 'user'

export interface Root {
  _meta?: MetaObject
  name?: string
  uri: string
}

export interface SamplingMessage {
  _meta?: MetaObject
  content: TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent | SamplingMessageContentBlock[]
  role: Role
}

export type SamplingMessageContentBlock = TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent

export interface ServerCapabilities {
  completions?: JSONObject
  experimental?: {
    [key: string]: JSONObject
  }
  extensions?: {
    [key: string]: JSONObject
  }
  logging?: JSONObject
  prompts?: {
    listChanged?: boolean
  }
  resources?: {
    listChanged?: boolean
    subscribe?: boolean
  }
  tools?: {
    listChanged?: boolean
  }
}

export type ServerNotification = CancelledNotification | ProgressNotification | ResourceListChangedNotification | SubscriptionsAcknowledgedNotification | ResourceUpdatedNotification | PromptListChangedNotification | ToolListChangedNotification | LoggingMessageNotification

export type ServerResult = Result | InputRequiredResult | DiscoverResult | ListResourcesResult | ListResourceTemplatesResult | ReadResourceResult | SubscriptionsListenResult | ListPromptsResult | GetPromptResult | ListToolsResult | CallToolResult | CompleteResult

export type SingleSelectEnumSchema = UntitledSingleSelectEnumSchema | TitledSingleSelectEnumSchema

export interface StringSchema {
  default?: string
  description?: string
  format?: 'date' | 'date-time' | 'email' | 'uri'
  maxLength?: number
  minLength?: number
  title?: string
  type: 'string'
}

export interface SubscriptionFilter {
  promptsListChanged?: boolean
  resourceSubscriptions?: string[]
  resourcesListChanged?: boolean
  toolsListChanged?: boolean
}

export interface SubscriptionsAcknowledgedNotification {
  jsonrpc: '2.0'
  method: 'notifications/subscriptions/acknowledged'
  params: SubscriptionsAcknowledgedNotificationParams
}

export interface SubscriptionsAcknowledgedNotificationParams {
  _meta?: NotificationMetaObject
  notifications: SubscriptionFilter
}

export interface SubscriptionsListenRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'subscriptions/listen'
  params: SubscriptionsListenRequestParams
}

export interface SubscriptionsListenRequestParams {
  _meta: RequestMetaObject
  notifications: SubscriptionFilter
}

export interface SubscriptionsListenResult {
  _meta: SubscriptionsListenResultMetaObject
  resultType: string
}

export interface SubscriptionsListenResultMetaObject {
  'io.modelcontextprotocol/serverInfo'?: Implementation
  'io.modelcontextprotocol/subscriptionId': RequestId
  [key: string]: unknown
}

export interface SubscriptionsListenResultResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: SubscriptionsListenResult
}

export interface TextContent {
  _meta?: MetaObject
  annotations?: Annotations
  text: string
  type: 'text'
}

export interface TextResourceContents {
  _meta?: MetaObject
  mimeType?: string
  text: string
  uri: string
}

export interface TitledMultiSelectEnumSchema {
  default?: string[]
  description?: string
  items: {
    anyOf: {
      const: string
      title: string
    }[]
  }
  maxItems?: number
  minItems?: number
  title?: string
  type: 'array'
}

export interface TitledSingleSelectEnumSchema {
  default?: string
  description?: string
  oneOf: {
    const: string
    title: string
  }[]
  title?: string
  type: 'string'
}

export interface Tool {
  _meta?: MetaObject
  annotations?: ToolAnnotations
  description?: string
  icons?: Icon[]
  inputSchema: {
    $schema?: string
    type: 'object'
    [key: string]: unknown
  }
  name: string
  outputSchema?: {
    $schema?: string
    [key: string]: unknown
  }
  title?: string
}

export interface ToolAnnotations {
  destructiveHint?: boolean
  idempotentHint?: boolean
  openWorldHint?: boolean
  readOnlyHint?: boolean
  title?: string
}

export interface ToolChoice {
  mode?: 'auto' | 'none' | 'required'
}

export interface ToolListChangedNotification {
  jsonrpc: '2.0'
  method: 'notifications/tools/list_changed'
  params?: NotificationParams
}

export interface ToolResultContent {
  _meta?: MetaObject
  content: ContentBlock[]
  isError?: boolean
  structuredContent?: unknown
  toolUseId: string
  type: 'tool_result'
}

export interface ToolUseContent {
  _meta?: MetaObject
  id: string
  input: {
    [key: string]: unknown
  }
  name: string
  type: 'tool_use'
}

export interface UnsupportedProtocolVersionError {
  error: Error & ({
    code: -32022
    data: {
      requested: string
      supported: string[]
    }
  })
  id?: RequestId
  jsonrpc: '2.0'
}

export interface UntitledMultiSelectEnumSchema {
  default?: string[]
  description?: string
  items: {
    enum: string[]
    type: 'string'
  }
  maxItems?: number
  minItems?: number
  title?: string
  type: 'array'
}

export interface UntitledSingleSelectEnumSchema {
  default?: string
  description?: string
  enum: string[]
  title?: string
  type: 'string'
}
