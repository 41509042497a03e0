// Generated from 2025-06-18/schema.json. Do not edit.
import type { NotificationChecks, RequestChecks } from '../../revision.ts'
import { table } from '../table.ts'
import * as checks from './validate.gen.ts'

export const requests: Readonly<Record<string, RequestChecks>> = table({
  'completion/complete': {
    from: 'client',
    params: checks.isCompleteRequestParams,
    result: checks.isCompleteResult,
    names: { params: 'CompleteRequestParams', result: 'CompleteResult' },
  },
  'elicitation/create': {
    from: 'server',
    params: checks.isElicitRequestParams,
    result: checks.isElicitResult,
    names: { params: 'ElicitRequestParams', result: 'ElicitResult' },
  },
  'initialize': {
    from: 'client',
    params: checks.isInitializeRequestParams,
    result: checks.isInitializeResult,
    names: { params: 'InitializeRequestParams', result: 'InitializeResult' },
  },
  'logging/setLevel': {
    from: 'client',
    params: checks.isSetLevelRequestParams,
    result: checks.isEmptyResult,
    names: { params: 'SetLevelRequestParams', result: 'EmptyResult' },
  },
  'ping': {
    from: 'both',
    params: value => value === undefined || checks.isPingRequestParams(value),
    result: checks.isEmptyResult,
    names: { params: 'PingRequestParams', result: 'EmptyResult' },
  },
  'prompts/get': {
    from: 'client',
    params: checks.isGetPromptRequestParams,
    result: checks.isGetPromptResult,
    names: { params: 'GetPromptRequestParams', result: 'GetPromptResult' },
  },
  'prompts/list': {
    from: 'client',
    params: value => value === undefined || checks.isListPromptsRequestParams(value),
    result: checks.isListPromptsResult,
    names: { params: 'ListPromptsRequestParams', result: 'ListPromptsResult' },
  },
  'resources/list': {
    from: 'client',
    params: value => value === undefined || checks.isListResourcesRequestParams(value),
    result: checks.isListResourcesResult,
    names: { params: 'ListResourcesRequestParams', result: 'ListResourcesResult' },
  },
  'resources/read': {
    from: 'client',
    params: checks.isReadResourceRequestParams,
    result: checks.isReadResourceResult,
    names: { params: 'ReadResourceRequestParams', result: 'ReadResourceResult' },
  },
  'resources/subscribe': {
    from: 'client',
    params: checks.isSubscribeRequestParams,
    result: checks.isEmptyResult,
    names: { params: 'SubscribeRequestParams', result: 'EmptyResult' },
  },
  'resources/templates/list': {
    from: 'client',
    params: value => value === undefined || checks.isListResourceTemplatesRequestParams(value),
    result: checks.isListResourceTemplatesResult,
    names: { params: 'ListResourceTemplatesRequestParams', result: 'ListResourceTemplatesResult' },
  },
  'resources/unsubscribe': {
    from: 'client',
    params: checks.isUnsubscribeRequestParams,
    result: checks.isEmptyResult,
    names: { params: 'UnsubscribeRequestParams', result: 'EmptyResult' },
  },
  'roots/list': {
    from: 'server',
    params: value => value === undefined || checks.isListRootsRequestParams(value),
    result: checks.isListRootsResult,
    names: { params: 'ListRootsRequestParams', result: 'ListRootsResult' },
  },
  'sampling/createMessage': {
    from: 'server',
    params: checks.isCreateMessageRequestParams,
    result: checks.isCreateMessageResult,
    names: { params: 'CreateMessageRequestParams', result: 'CreateMessageResult' },
  },
  'tools/call': {
    from: 'client',
    params: checks.isCallToolRequestParams,
    result: checks.isCallToolResult,
    names: { params: 'CallToolRequestParams', result: 'CallToolResult' },
  },
  'tools/list': {
    from: 'client',
    params: value => value === undefined || checks.isListToolsRequestParams(value),
    result: checks.isListToolsResult,
    names: { params: 'ListToolsRequestParams', result: 'ListToolsResult' },
  },
})

export const notifications: Readonly<Record<string, NotificationChecks>> = table({
  'notifications/cancelled': { from: 'both', params: checks.isCancelledNotificationParams, name: 'CancelledNotificationParams' },
  'notifications/initialized': { from: 'client', params: value => value === undefined || checks.isInitializedNotificationParams(value), name: 'InitializedNotificationParams' },
  'notifications/message': { from: 'server', params: checks.isLoggingMessageNotificationParams, name: 'LoggingMessageNotificationParams' },
  'notifications/progress': { from: 'both', params: checks.isProgressNotificationParams, name: 'ProgressNotificationParams' },
  'notifications/prompts/list_changed': { from: 'server', params: value => value === undefined || checks.isPromptListChangedNotificationParams(value), name: 'PromptListChangedNotificationParams' },
  'notifications/resources/list_changed': { from: 'server', params: value => value === undefined || checks.isResourceListChangedNotificationParams(value), name: 'ResourceListChangedNotificationParams' },
  'notifications/resources/updated': { from: 'server', params: checks.isResourceUpdatedNotificationParams, name: 'ResourceUpdatedNotificationParams' },
  'notifications/roots/list_changed': { from: 'client', params: value => value === undefined || checks.isRootsListChangedNotificationParams(value), name: 'RootsListChangedNotificationParams' },
  'notifications/tools/list_changed': { from: 'server', params: value => value === undefined || checks.isToolListChangedNotificationParams(value), name: 'ToolListChangedNotificationParams' },
})
