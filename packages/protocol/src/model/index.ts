/**
 * The one model that every layer above the eras speaks: the newest revision's payloads without the members that belong
 * to its envelope. When a revision is added, the model moves to it.
 */
import type { Newest } from '../revisions/index.ts'

export type {
  Annotations,
  AudioContent,
  BlobResourceContents,
  ClientCapabilities,
  ContentBlock,
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestFormParams,
  ElicitRequestParams,
  ElicitRequestURLParams,
  ElicitResult,
  EmbeddedResource,
  Icon,
  ImageContent,
  Implementation,
  LoggingLevel,
  PrimitiveSchemaDefinition,
  ProgressToken,
  Prompt,
  PromptArgument,
  PromptMessage,
  Resource,
  ResourceLink,
  ResourceTemplate,
  Role,
  Root,
  SamplingMessage,
  SamplingMessageContentBlock,
  ServerCapabilities,
  TextContent,
  TextResourceContents,
  Tool,
  ToolAnnotations,
  ToolResultContent,
  ToolUseContent,
} from '../revisions/index.ts'

/** Members of results that belong to the wire: the eras add and remove them. */
type Wire = 'resultType' | 'ttlMs' | 'cacheScope'

export type CallToolResult = Omit<Newest.CallToolResult, Wire>
export type GetPromptResult = Omit<Newest.GetPromptResult, Wire>
export type ReadResourceResult = Omit<Newest.ReadResourceResult, Wire>
export type ListToolsResult = Omit<Newest.ListToolsResult, Wire>
export type ListPromptsResult = Omit<Newest.ListPromptsResult, Wire>
export type ListResourcesResult = Omit<Newest.ListResourcesResult, Wire>
export type ListResourceTemplatesResult = Omit<Newest.ListResourceTemplatesResult, Wire>
export type CompleteResult = Omit<Newest.CompleteResult, Wire>
export type ResourceContents = Newest.TextResourceContents | Newest.BlobResourceContents
export type CompletionReference = Newest.PromptReference | Newest.ResourceTemplateReference
