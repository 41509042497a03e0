// Generated from 2024-11-05/schema.json. Do not edit.
export interface Annotated {
  annotations?: {
    audience?: Role[]
    priority?: number
  }
}

export interface BlobResourceContents {
  blob: string
  mimeType?: string
  uri: string
}

export interface CallToolRequest {
  method: 'tools/call'
  params: CallToolRequestParams
}

export interface CallToolRequestParams {
  arguments?: {
    [key: string]: unknown
  }
  name: string
}

export interface CallToolResult {
  _meta?: {
    [key: string]: unknown
  }
  content: (TextContent | ImageContent | EmbeddedResource)[]
  isError?: boolean
}

export interface CancelledNotification {
  method: 'notifications/cancelled'
  params: CancelledNotificationParams
}

export interface CancelledNotificationParams {
  reason?: string
  requestId: RequestId
}

export interface ClientCapabilities {
  experimental?: {
    [key: string]: {
      [key: string]: unknown
    }
  }
  roots?: {
    listChanged?: boolean
  }
  sampling?: {
    [key: string]: unknown
  }
}

export type ClientNotification = CancelledNotification | InitializedNotification | ProgressNotification | RootsListChangedNotification

export type ClientRequest = InitializeRequest | PingRequest | ListResourcesRequest | ListResourceTemplatesRequest | ReadResourceRequest | SubscribeRequest | UnsubscribeRequest | ListPromptsRequest | GetPromptRequest | ListToolsRequest | CallToolRequest | SetLevelRequest | CompleteRequest

export type ClientResult = Result | CreateMessageResult | ListRootsResult

export interface CompleteRequest {
  method: 'completion/complete'
  params: CompleteRequestParams
}

export interface CompleteRequestParams {
  argument: {
    name: string
    value: string
  }
  ref: PromptReference | ResourceReference
}

export interface CompleteResult {
  _meta?: {
    [key: string]: unknown
  }
  completion: {
    hasMore?: boolean
    total?: number
    values: string[]
  }
}

export interface CreateMessageRequest {
  method: 'sampling/createMessage'
  params: CreateMessageRequestParams
}

export interface CreateMessageRequestParams {
  includeContext?: 'allServers' | 'none' | 'thisServer'
  maxTokens: number
  messages: SamplingMessage[]
  metadata?: {
    [key: string]: unknown
  }
  modelPreferences?: ModelPreferences
  stopSequences?: string[]
  systemPrompt?: string
  temperature?: number
}

export interface CreateMessageResult {
  _meta?: {
    [key: string]: unknown
  }
  content: TextContent | ImageContent
  model: string
  role: Role
  stopReason?: string
}

export type Cursor = string

export interface EmbeddedResource {
  annotations?: {
    audience?: Role[]
    priority?: number
  }
  resource: TextResourceContents | BlobResourceContents
  type: 'resource'
}

export type EmptyResult = Result

export interface GetPromptRequest {
  method: 'prompts/get'
  params: GetPromptRequestParams
}

export interface GetPromptRequestParams {
  arguments?: {
    [key: string]: string
  }
  name: string
}

export interface GetPromptResult {
  _meta?: {
    [key: string]: unknown
  }
  description?: string
  messages: PromptMessage[]
}

export interface ImageContent {
  annotations?: {
    audience?: Role[]
    priority?: number
  }
  data: string
  mimeType: string
  type: 'image'
}

export interface Implementation {
  name: string
  version: string
}

export interface InitializeRequest {
  method: 'initialize'
  params: InitializeRequestParams
}

export interface InitializeRequestParams {
  capabilities: ClientCapabilities
  clientInfo: Implementation
  protocolVersion: string
}

export interface InitializeResult {
  _meta?: {
    [key: string]: unknown
  }
  capabilities: ServerCapabilities
  instructions?: string
  protocolVersion: string
  serverInfo: Implementation
}

export interface InitializedNotification {
  method: 'notifications/initialized'
  params?: InitializedNotificationParams
}

export interface InitializedNotificationParams {
  _meta?: {
    [key: string]: unknown
  }
  [key: string]: unknown
}

export interface JSONRPCError {
  error: {
    code: number
    data?: unknown
    message: string
  }
  id: RequestId
  jsonrpc: '2.0'
}

export type JSONRPCMessage = JSONRPCRequest | JSONRPCNotification | JSONRPCResponse | JSONRPCError

export interface JSONRPCNotification {
  jsonrpc: '2.0'
  method: string
  params?: {
    _meta?: {
      [key: string]: unknown
    }
    [key: string]: unknown
  }
}

export interface JSONRPCRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: string
  params?: {
    _meta?: {
      progressToken?: ProgressToken
    }
    [key: string]: unknown
  }
}

export interface JSONRPCResponse {
  id: RequestId
  jsonrpc: '2.0'
  result: Result
}

export interface ListPromptsRequest {
  method: 'prompts/list'
  params?: ListPromptsRequestParams
}

export interface ListPromptsRequestParams {
  cursor?: string
}

export interface ListPromptsResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
  prompts: Prompt[]
}

export interface ListResourceTemplatesRequest {
  method: 'resources/templates/list'
  params?: ListResourceTemplatesRequestParams
}

export interface ListResourceTemplatesRequestParams {
  cursor?: string
}

export interface ListResourceTemplatesResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
  resourceTemplates: ResourceTemplate[]
}

export interface ListResourcesRequest {
  method: 'resources/list'
  params?: ListResourcesRequestParams
}

export interface ListResourcesRequestParams {
  cursor?: string
}

export interface ListResourcesResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
  resources: Resource[]
}

export interface ListRootsRequest {
  method: 'roots/list'
  params?: ListRootsRequestParams
}

export interface ListRootsRequestParams {
  _meta?: {
    progressToken?: ProgressToken
  }
  [key: string]: unknown
}

export interface ListRootsResult {
  _meta?: {
    [key: string]: unknown
  }
  roots: Root[]
}

export interface ListToolsRequest {
  method: 'tools/list'
  params?: ListToolsRequestParams
}

export interface ListToolsRequestParams {
  cursor?: string
}

export interface ListToolsResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
  tools: Tool[]
}

export type LoggingLevel = 'alert' | 'critical' | 'debug' | 'emergency' | 'error' | 'info' | 'notice' | 'warning'

export interface LoggingMessageNotification {
  method: 'notifications/message'
  params: LoggingMessageNotificationParams
}

export interface LoggingMessageNotificationParams {
  data: unknown
  level: LoggingLevel
  logger?: string
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

export interface Notification {
  method: string
  params?: {
    _meta?: {
      [key: string]: unknown
    }
    [key: string]: unknown
  }
}

export interface PaginatedRequest {
  method: string
  params?: {
    cursor?: string
  }
}

export interface PaginatedResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
}

export interface PingRequest {
  method: 'ping'
  params?: PingRequestParams
}

export interface PingRequestParams {
  _meta?: {
    progressToken?: ProgressToken
  }
  [key: string]: unknown
}

export interface ProgressNotification {
  method: 'notifications/progress'
  params: ProgressNotificationParams
}

export interface ProgressNotificationParams {
  progress: number
  progressToken: ProgressToken
  total?: number
}

export type ProgressToken = string | number

export interface Prompt {
  arguments?: PromptArgument[]
  description?: string
  name: string
}

export interface PromptArgument {
  description?: string
  name: string
  required?: boolean
}

export interface PromptListChangedNotification {
  method: 'notifications/prompts/list_changed'
  params?: PromptListChangedNotificationParams
}

export interface PromptListChangedNotificationParams {
  _meta?: {
    [key: string]: unknown
  }
  [key: string]: unknown
}

export interface PromptMessage {
  content: TextContent | ImageContent | EmbeddedResource
  role: Role
}

export interface PromptReference {
  name: string
  type: 'ref/prompt'
}

export interface ReadResourceRequest {
  method: 'resources/read'
  params: ReadResourceRequestParams
}

export interface ReadResourceRequestParams {
  uri: string
}

export interface ReadResourceResult {
  _meta?: {
    [key: string]: unknown
  }
  contents: (TextResourceContents | BlobResourceContents)[]
}

export interface Request {
  method: string
  params?: {
    _meta?: {
      progressToken?: ProgressToken
    }
    [key: string]: unknown
  }
}

export type RequestId = string | number

export interface Resource {
  annotations?: {
    audience?: Role[]
    priority?: number
  }
  description?: string
  mimeType?: string
  name: string
  size?: number
  uri: string
}

export interface ResourceContents {
  mimeType?: string
  uri: string
}

export interface ResourceListChangedNotification {
  method: 'notifications/resources/list_changed'
  params?: ResourceListChangedNotificationParams
}

export interface ResourceListChangedNotificationParams {
  _meta?: {
    [key: string]: unknown
  }
  [key: string]: unknown
}

export interface ResourceReference {
  type: 'ref/resource'
  uri: string
}

export interface ResourceTemplate {
  annotations?: {
    audience?: Role[]
    priority?: number
  }
  description?: string
  mimeType?: string
  name: string
  uriTemplate: string
}

export interface ResourceUpdatedNotification {
  method: 'notifications/resources/updated'
  params: ResourceUpdatedNotificationParams
}

export interface ResourceUpdatedNotificationParams {
  uri: string
}

export interface Result {
  _meta?: {
    [key: string]: unknown
  }
  [key: string]: unknown
}

export type Role = 'assistant' | 'user'

export interface Root {
  name?: string
  uri: string
}

export interface RootsListChangedNotification {
  method: 'notifications/roots/list_changed'
  params?: RootsListChangedNotificationParams
}

export interface RootsListChangedNotificationParams {
  _meta?: {
    [key: string]: unknown
  }
  [key: string]: unknown
}

export interface SamplingMessage {
  content: TextContent | ImageContent
  role: Role
}

export interface ServerCapabilities {
  experimental?: {
    [key: string]: {
      [key: string]: unknown
    }
  }
  logging?: {
    [key: string]: unknown
  }
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

export type ServerNotification = CancelledNotification | ProgressNotification | ResourceListChangedNotification | ResourceUpdatedNotification | PromptListChangedNotification | ToolListChangedNotification | LoggingMessageNotification

export type ServerRequest = PingRequest | CreateMessageRequest | ListRootsRequest

export type ServerResult = Result | InitializeResult | ListResourcesResult | ListResourceTemplatesResult | ReadResourceResult | ListPromptsResult | GetPromptResult | ListToolsResult | CallToolResult | CompleteResult

export interface SetLevelRequest {
  method: 'logging/setLevel'
  params: SetLevelRequestParams
}

export interface SetLevelRequestParams {
  level: LoggingLevel
}

export interface SubscribeRequest {
  method: 'resources/subscribe'
  params: SubscribeRequestParams
}

export interface SubscribeRequestParams {
  uri: string
}

export interface TextContent {
  annotations?: {
    audience?: Role[]
    priority?: number
  }
  text: string
  type: 'text'
}

export interface TextResourceContents {
  mimeType?: string
  text: string
  uri: string
}

export interface Tool {
  description?: string
  inputSchema: {
    properties?: {
      [key: string]: {
        [key: string]: unknown
      }
    }
    required?: string[]
    type: 'object'
  }
  name: string
}

export interface ToolListChangedNotification {
  method: 'notifications/tools/list_changed'
  params?: ToolListChangedNotificationParams
}

export interface ToolListChangedNotificationParams {
  _meta?: {
    [key: string]: unknown
  }
  [key: string]: unknown
}

export interface UnsubscribeRequest {
  method: 'resources/unsubscribe'
  params: UnsubscribeRequestParams
}

export interface UnsubscribeRequestParams {
  uri: string
}

export type ContentBlock = TextContent | ImageContent | EmbeddedResource
