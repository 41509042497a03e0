// Generated from 2025-11-25/schema.json. Do not edit.
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
    params: value => value === undefined || checks.isRequestParams(value),
    result: checks.isEmptyResult,
    names: { params: 'RequestParams', result: 'EmptyResult' },
  },
  'prompts/get': {
    from: 'client',
    params: checks.isGetPromptRequestParams,
    result: checks.isGetPromptResult,
    names: { params: 'GetPromptRequestParams', result: 'GetPromptResult' },
  },
  'prompts/list': {
    from: 'client',
    params: value => value === undefined || checks.isPaginatedRequestParams(value),
    result: checks.isListPromptsResult,
    names: { params: 'PaginatedRequestParams', result: 'ListPromptsResult' },
  },
  'resources/list': {
    from: 'client',
    params: value => value === undefined || checks.isPaginatedRequestParams(value),
    result: checks.isListResourcesResult,
    names: { params: 'PaginatedRequestParams', result: 'ListResourcesResult' },
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
    params: value => value === undefined || checks.isPaginatedRequestParams(value),
    result: checks.isListResourceTemplatesResult,
    names: { params: 'PaginatedRequestParams', result: 'ListResourceTemplatesResult' },
  },
  'resources/unsubscribe': {
    from: 'client',
    params: checks.isUnsubscribeRequestParams,
    result: checks.isEmptyResult,
    names: { params: 'UnsubscribeRequestParams', result: 'EmptyResult' },
  },
  'roots/list': {
    from: 'server',
    params: value => value === undefined || checks.isRequestParams(value),
    result: checks.isListRootsResult,
    names: { params: 'RequestParams', result: 'ListRootsResult' },
  },
  'sampling/createMessage': {
    from: 'server',
    params: checks.isCreateMessageRequestParams,
    result: checks.isCreateMessageResult,
    names: { params: 'CreateMessageRequestParams', result: 'CreateMessageResult' },
  },
  'tasks/cancel': {
    from: 'both',
    params: checks.isCancelTaskRequestParams,
    result: checks.isCancelTaskResult,
    names: { params: 'CancelTaskRequestParams', result: 'CancelTaskResult' },
  },
  'tasks/get': {
    from: 'both',
    params: checks.isGetTaskRequestParams,
    result: checks.isGetTaskResult,
    names: { params: 'GetTaskRequestParams', result: 'GetTaskResult' },
  },
  'tasks/list': {
    from: 'both',
    params: value => value === undefined || checks.isPaginatedRequestParams(value),
    result: checks.isListTasksResult,
    names: { params: 'PaginatedRequestParams', result: 'ListTasksResult' },
  },
  'tasks/result': {
    from: 'both',
    params: checks.isGetTaskPayloadRequestParams,
    result: checks.isGetTaskPayloadResult,
    names: { params: 'GetTaskPayloadRequestParams', result: 'GetTaskPayloadResult' },
  },
  'tools/call': {
    from: 'client',
    params: checks.isCallToolRequestParams,
    result: checks.isCallToolResult,
    names: { params: 'CallToolRequestParams', result: 'CallToolResult' },
  },
  'tools/list': {
    from: 'client',
    params: value => value === undefined || checks.isPaginatedRequestParams(value),
    result: checks.isListToolsResult,
    names: { params: 'PaginatedRequestParams', result: 'ListToolsResult' },
  },
})

export const notifications: Readonly<Record<string, NotificationChecks>> = table({
  'notifications/cancelled': { from: 'both', params: checks.isCancelledNotificationParams, name: 'CancelledNotificationParams' },
  'notifications/elicitation/complete': { from: 'server', params: checks.isElicitationCompleteNotificationParams, name: 'ElicitationCompleteNotificationParams' },
  'notifications/initialized': { from: 'client', params: value => value === undefined || checks.isNotificationParams(value), name: 'NotificationParams' },
  'notifications/message': { from: 'server', params: checks.isLoggingMessageNotificationParams, name: 'LoggingMessageNotificationParams' },
  'notifications/progress': { from: 'both', params: checks.isProgressNotificationParams, name: 'ProgressNotificationParams' },
  'notifications/prompts/list_changed': { from: 'server', params: value => value === undefined || checks.isNotificationParams(value), name: 'NotificationParams' },
  'notifications/resources/list_changed': { from: 'server', params: value => value === undefined || checks.isNotificationParams(value), name: 'NotificationParams' },
  'notifications/resources/updated': { from: 'server', params: checks.isResourceUpdatedNotificationParams, name: 'ResourceUpdatedNotificationParams' },
  'notifications/roots/list_changed': { from: 'client', params: value => value === undefined || checks.isNotificationParams(value), name: 'NotificationParams' },
  'notifications/tasks/status': { from: 'both', params: checks.isTaskStatusNotificationParams, name: 'TaskStatusNotificationParams' },
  'notifications/tools/list_changed': { from: 'server', params: value => value === undefined || checks.isNotificationParams(value), name: 'NotificationParams' },
})
