export { MissingCapability } from '@interlock/protocol'
export {
  type AppDefinition,
  type AppOptions,
  type AppOrigins,
  app,
  appMimeType,
  appsExtension,
  showsApps,
} from './app.ts'
export type { Completer, Completers } from './completion.ts'
export { audio, embed, failure, image, link, text } from './content.ts'
export type { Context, InteractiveContext, SampleRequest, ToolContext } from './context.ts'
export type { Consent, Elicitation, Elicited, Otherwise, UrlElicitation } from './elicitation.ts'
export { ToolError } from './errors.ts'
export {
  type EventStore,
  type EventStoreLimits,
  eventStoreLimits,
  memoryEventStore,
  type StoredEvent,
} from './event-store.ts'
export type { Extension } from './extension.ts'
export { formIssues } from './form.ts'
export { type RateLimitOptions, rateLimit, rateLimits } from './middleware/rate-limit.ts'
export { type PromptDefinition, type PromptOptions, type PromptReturn, prompt } from './prompt.ts'
export { type ReceiveOptions, receive, type ServerLimits, serverLimits } from './receive.ts'
export type { Primitive } from './registry.ts'
export {
  type ResourceDefinition,
  type ResourceOptions,
  type ResourceReturn,
  resource,
  type TemplateDefinition,
  type TemplateOptions,
  template,
} from './resource.ts'
export type { SchemaIssue, StandardSchema, Validated } from './schema.ts'
export { demandScopes, type ScopesByKind } from './scopes.ts'
export { type ServeOptions, serve } from './serve.ts'
export { type Server, type ServerOptions, server } from './server.ts'
export { type TaskLimits, taskLimits } from './tasks/limits.ts'
export { memoryTaskStore, type TaskRecord, type TaskStore } from './tasks/store.ts'
export type { TaskWork } from './tasks/task-work.ts'
export { type TaskOptions, Tasks } from './tasks/tasks.ts'
export { type TaskSupport, type ToolDefinition, type ToolOptions, type ToolReturn, tool } from './tool.ts'
export { type WorkerLimits, workerLimits } from './workers/limits.ts'
