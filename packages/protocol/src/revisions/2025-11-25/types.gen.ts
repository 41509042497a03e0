// Generated from 2025-11-25/schema.json. Do not edit.
export interface Annotations {
  audience?: Role[]
  lastModified?: string
  priority?: number
}

export interface AudioContent {
  _meta?: {
    [key: string]: unknown
  }
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
  _meta?: {
    [key: string]: unknown
  }
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

export interface CallToolRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'tools/call'
  params: CallToolRequestParams
}

export interface CallToolRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  arguments?: {
    [key: string]: unknown
  }
  name: string
  task?: TaskMetadata
}

export interface CallToolResult {
  _meta?: {
    [key: string]: unknown
  }
  content: ContentBlock[]
  isError?: boolean
  structuredContent?: {
    [key: string]: unknown
  }
}

export interface CancelTaskRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'tasks/cancel'
  params: CancelTaskRequestParams
}

export interface CancelTaskRequestParams {
  taskId: string
}

export type CancelTaskResult = Result & Task

export interface CancelledNotification {
  jsonrpc: '2.0'
  method: 'notifications/cancelled'
  params: CancelledNotificationParams
}

export interface CancelledNotificationParams {
  _meta?: {
    [key: string]: unknown
  }
  reason?: string
  requestId?: RequestId
}

export interface ClientCapabilities {
  elicitation?: {
    form?: {
      [key: string]: unknown
    }
    url?: {
      [key: string]: unknown
    }
  }
  experimental?: {
    [key: string]: {
      [key: string]: unknown
    }
  }
  roots?: {
    listChanged?: boolean
  }
  sampling?: {
    context?: {
      [key: string]: unknown
    }
    tools?: {
      [key: string]: unknown
    }
  }
  tasks?: {
    cancel?: {
      [key: string]: unknown
    }
    list?: {
      [key: string]: unknown
    }
    requests?: {
      elicitation?: {
        create?: {
          [key: string]: unknown
        }
      }
      sampling?: {
        createMessage?: {
          [key: string]: unknown
        }
      }
    }
  }
}

export type ClientNotification = CancelledNotification | InitializedNotification | ProgressNotification | TaskStatusNotification | RootsListChangedNotification

export type ClientRequest = InitializeRequest | PingRequest | ListResourcesRequest | ListResourceTemplatesRequest | ReadResourceRequest | SubscribeRequest | UnsubscribeRequest | ListPromptsRequest | GetPromptRequest | ListToolsRequest | CallToolRequest | GetTaskRequest | GetTaskPayloadRequest | CancelTaskRequest | ListTasksRequest | SetLevelRequest | CompleteRequest

export type ClientResult = Result | GetTaskResult | GetTaskPayloadResult | CancelTaskResult | ListTasksResult | CreateMessageResult | ListRootsResult | ElicitResult

export interface CompleteRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'completion/complete'
  params: CompleteRequestParams
}

export interface CompleteRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
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
  _meta?: {
    [key: string]: unknown
  }
  completion: {
    hasMore?: boolean
    total?: number
    values: string[]
  }
}

export type ContentBlock = TextContent | ImageContent | AudioContent | ResourceLink | EmbeddedResource

export interface CreateMessageRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'sampling/createMessage'
  params: CreateMessageRequestParams
}

export interface CreateMessageRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  includeContext?: 'allServers' | 'none' | 'thisServer'
  maxTokens: number
  messages: SamplingMessage[]
  metadata?: {
    [key: string]: unknown
  }
  modelPreferences?: ModelPreferences
  stopSequences?: string[]
  systemPrompt?: string
  task?: TaskMetadata
  temperature?: number
  toolChoice?: ToolChoice
  tools?: Tool[]
}

export interface CreateMessageResult {
  _meta?: {
    [key: string]: unknown
  }
  content: TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent | SamplingMessageContentBlock[]
  model: string
  role: Role
  stopReason?: string
}

export interface CreateTaskResult {
  _meta?: {
    [key: string]: unknown
  }
  task: Task
}

export type Cursor = string

export interface ElicitRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'elicitation/create'
  params: ElicitRequestParams
}

export interface ElicitRequestFormParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
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
  task?: TaskMetadata
}

export type ElicitRequestParams = ElicitRequestURLParams | ElicitRequestFormParams

export interface ElicitRequestURLParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  elicitationId: string
  message: string
  mode: 'url'
  task?: TaskMetadata
  url: string
}

export interface ElicitResult {
  _meta?: {
    [key: string]: unknown
  }
  action: 'accept' | 'cancel' | 'decline'
  content?: {
    [key: string]: string[] | string | number | boolean
  }
}

export interface ElicitationCompleteNotification {
  jsonrpc: '2.0'
  method: 'notifications/elicitation/complete'
  params: ElicitationCompleteNotificationParams
}

export interface ElicitationCompleteNotificationParams {
  elicitationId: string
}

export interface EmbeddedResource {
  _meta?: {
    [key: string]: unknown
  }
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
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
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

export interface GetTaskPayloadRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'tasks/result'
  params: GetTaskPayloadRequestParams
}

export interface GetTaskPayloadRequestParams {
  taskId: string
}

export interface GetTaskPayloadResult {
  _meta?: {
    [key: string]: unknown
  }
  [key: string]: unknown
}

export interface GetTaskRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'tasks/get'
  params: GetTaskRequestParams
}

export interface GetTaskRequestParams {
  taskId: string
}

export type GetTaskResult = Result & Task

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
  _meta?: {
    [key: string]: unknown
  }
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

export interface InitializeRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'initialize'
  params: InitializeRequestParams
}

export interface InitializeRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
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
  jsonrpc: '2.0'
  method: 'notifications/initialized'
  params?: NotificationParams
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
  params?: PaginatedRequestParams
}

export interface ListPromptsResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
  prompts: Prompt[]
}

export interface ListResourceTemplatesRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'resources/templates/list'
  params?: PaginatedRequestParams
}

export interface ListResourceTemplatesResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
  resourceTemplates: ResourceTemplate[]
}

export interface ListResourcesRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'resources/list'
  params?: PaginatedRequestParams
}

export interface ListResourcesResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
  resources: Resource[]
}

export interface ListRootsRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'roots/list'
  params?: RequestParams
}

export interface ListRootsResult {
  _meta?: {
    [key: string]: unknown
  }
  roots: Root[]
}

export interface ListTasksRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'tasks/list'
  params?: PaginatedRequestParams
}

export interface ListTasksResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
  tasks: Task[]
}

export interface ListToolsRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'tools/list'
  params?: PaginatedRequestParams
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
  jsonrpc: '2.0'
  method: 'notifications/message'
  params: LoggingMessageNotificationParams
}

export interface LoggingMessageNotificationParams {
  _meta?: {
    [key: string]: unknown
  }
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

export type MultiSelectEnumSchema = UntitledMultiSelectEnumSchema | TitledMultiSelectEnumSchema

export interface Notification {
  method: string
  params?: {
    [key: string]: unknown
  }
}

export interface NotificationParams {
  _meta?: {
    [key: string]: unknown
  }
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
  params?: PaginatedRequestParams
}

export interface PaginatedRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  cursor?: string
}

export interface PaginatedResult {
  _meta?: {
    [key: string]: unknown
  }
  nextCursor?: string
}

export interface PingRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'ping'
  params?: RequestParams
}

export type PrimitiveSchemaDefinition = StringSchema | NumberSchema | BooleanSchema | UntitledSingleSelectEnumSchema | TitledSingleSelectEnumSchema | UntitledMultiSelectEnumSchema | TitledMultiSelectEnumSchema | LegacyTitledEnumSchema

export interface ProgressNotification {
  jsonrpc: '2.0'
  method: 'notifications/progress'
  params: ProgressNotificationParams
}

export interface ProgressNotificationParams {
  _meta?: {
    [key: string]: unknown
  }
  message?: string
  progress: number
  progressToken: ProgressToken
  total?: number
}

export type ProgressToken = string | number

export interface Prompt {
  _meta?: {
    [key: string]: unknown
  }
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
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  uri: string
}

export interface ReadResourceResult {
  _meta?: {
    [key: string]: unknown
  }
  contents: (TextResourceContents | BlobResourceContents)[]
}

export interface RelatedTaskMetadata {
  taskId: string
}

export interface Request {
  method: string
  params?: {
    [key: string]: unknown
  }
}

export type RequestId = string | number

export interface RequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
}

export interface Resource {
  _meta?: {
    [key: string]: unknown
  }
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
  _meta?: {
    [key: string]: unknown
  }
  mimeType?: string
  uri: string
}

export interface ResourceLink {
  _meta?: {
    [key: string]: unknown
  }
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
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  uri: string
}

export interface ResourceTemplate {
  _meta?: {
    [key: string]: unknown
  }
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
  _meta?: {
    [key: string]: unknown
  }
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
  _meta?: {
    [key: string]: unknown
  }
  name?: string
  uri: string
}

export interface RootsListChangedNotification {
  jsonrpc: '2.0'
  method: 'notifications/roots/list_changed'
  params?: NotificationParams
}

export interface SamplingMessage {
  _meta?: {
    [key: string]: unknown
  }
  content: TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent | SamplingMessageContentBlock[]
  role: Role
}

export type SamplingMessageContentBlock = TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent

export interface ServerCapabilities {
  completions?: {
    [key: string]: unknown
  }
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
  tasks?: {
    cancel?: {
      [key: string]: unknown
    }
    list?: {
      [key: string]: unknown
    }
    requests?: {
      tools?: {
        call?: {
          [key: string]: unknown
        }
      }
    }
  }
  tools?: {
    listChanged?: boolean
  }
}

export type ServerNotification = CancelledNotification | ProgressNotification | ResourceListChangedNotification | ResourceUpdatedNotification | PromptListChangedNotification | ToolListChangedNotification | TaskStatusNotification | LoggingMessageNotification | ElicitationCompleteNotification

export type ServerRequest = PingRequest | GetTaskRequest | GetTaskPayloadRequest | CancelTaskRequest | ListTasksRequest | CreateMessageRequest | ListRootsRequest | ElicitRequest

export type ServerResult = Result | InitializeResult | ListResourcesResult | ListResourceTemplatesResult | ReadResourceResult | ListPromptsResult | GetPromptResult | ListToolsResult | CallToolResult | GetTaskResult | GetTaskPayloadResult | CancelTaskResult | ListTasksResult | CompleteResult

export interface SetLevelRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'logging/setLevel'
  params: SetLevelRequestParams
}

export interface SetLevelRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  level: LoggingLevel
}

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

export interface SubscribeRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'resources/subscribe'
  params: SubscribeRequestParams
}

export interface SubscribeRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  uri: string
}

export interface Task {
  createdAt: string
  lastUpdatedAt: string
  pollInterval?: number
  status: TaskStatus
  statusMessage?: string
  taskId: string
  ttl: number | null
}

export interface TaskAugmentedRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  task?: TaskMetadata
}

export interface TaskMetadata {
  ttl?: number
}

export type TaskStatus = 'cancelled' | 'completed' | 'failed' | 'input_required' | 'working'

export interface TaskStatusNotification {
  jsonrpc: '2.0'
  method: 'notifications/tasks/status'
  params: TaskStatusNotificationParams
}

export type TaskStatusNotificationParams = NotificationParams & Task

export interface TextContent {
  _meta?: {
    [key: string]: unknown
  }
  annotations?: Annotations
  text: string
  type: 'text'
}

export interface TextResourceContents {
  _meta?: {
    [key: string]: unknown
  }
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
  _meta?: {
    [key: string]: unknown
  }
  annotations?: ToolAnnotations
  description?: string
  execution?: ToolExecution
  icons?: Icon[]
  inputSchema: {
    $schema?: string
    properties?: {
      [key: string]: {
        [key: string]: unknown
      }
    }
    required?: string[]
    type: 'object'
  }
  name: string
  outputSchema?: {
    $schema?: string
    properties?: {
      [key: string]: {
        [key: string]: unknown
      }
    }
    required?: string[]
    type: 'object'
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

export interface ToolExecution {
  taskSupport?: 'forbidden' | 'optional' | 'required'
}

export interface ToolListChangedNotification {
  jsonrpc: '2.0'
  method: 'notifications/tools/list_changed'
  params?: NotificationParams
}

export interface ToolResultContent {
  _meta?: {
    [key: string]: unknown
  }
  content: ContentBlock[]
  isError?: boolean
  structuredContent?: {
    [key: string]: unknown
  }
  toolUseId: string
  type: 'tool_result'
}

export interface ToolUseContent {
  _meta?: {
    [key: string]: unknown
  }
  id: string
  input: {
    [key: string]: unknown
  }
  name: string
  type: 'tool_use'
}

export interface URLElicitationRequiredError {
  error: Error & ({
    code: -32042
    data: {
      elicitations: ElicitRequestURLParams[]
      [key: string]: unknown
    }
  })
  id?: RequestId
  jsonrpc: '2.0'
}

export interface UnsubscribeRequest {
  id: RequestId
  jsonrpc: '2.0'
  method: 'resources/unsubscribe'
  params: UnsubscribeRequestParams
}

export interface UnsubscribeRequestParams {
  _meta?: {
    progressToken?: ProgressToken
    [key: string]: unknown
  }
  uri: string
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
