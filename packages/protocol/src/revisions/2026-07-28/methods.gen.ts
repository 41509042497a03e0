// Generated from 2026-07-28/schema.json. Do not edit.
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
  'prompts/get': {
    from: 'client',
    params: checks.isGetPromptRequestParams,
    result: checks.isGetPromptResult,
    names: { params: 'GetPromptRequestParams', result: 'GetPromptResult' },
  },
  'prompts/list': {
    from: 'client',
    params: checks.isPaginatedRequestParams,
    result: checks.isListPromptsResult,
    names: { params: 'PaginatedRequestParams', result: 'ListPromptsResult' },
  },
  'resources/list': {
    from: 'client',
    params: checks.isPaginatedRequestParams,
    result: checks.isListResourcesResult,
    names: { params: 'PaginatedRequestParams', result: 'ListResourcesResult' },
  },
  'resources/read': {
    from: 'client',
    params: checks.isReadResourceRequestParams,
    result: checks.isReadResourceResult,
    names: { params: 'ReadResourceRequestParams', result: 'ReadResourceResult' },
  },
  'resources/templates/list': {
    from: 'client',
    params: checks.isPaginatedRequestParams,
    result: checks.isListResourceTemplatesResult,
    names: { params: 'PaginatedRequestParams', result: 'ListResourceTemplatesResult' },
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
  'server/discover': {
    from: 'client',
    params: checks.isRequestParams,
    result: checks.isDiscoverResult,
    names: { params: 'RequestParams', result: 'DiscoverResult' },
  },
  'subscriptions/listen': {
    from: 'client',
    params: checks.isSubscriptionsListenRequestParams,
    result: checks.isSubscriptionsListenResult,
    names: { params: 'SubscriptionsListenRequestParams', result: 'SubscriptionsListenResult' },
  },
  'tools/call': {
    from: 'client',
    params: checks.isCallToolRequestParams,
    result: checks.isCallToolResult,
    names: { params: 'CallToolRequestParams', result: 'CallToolResult' },
  },
  'tools/list': {
    from: 'client',
    params: checks.isPaginatedRequestParams,
    result: checks.isListToolsResult,
    names: { params: 'PaginatedRequestParams', result: 'ListToolsResult' },
  },
})

export const notifications: Readonly<Record<string, NotificationChecks>> = table({
  'notifications/cancelled': { from: 'both', params: checks.isCancelledNotificationParams, name: 'CancelledNotificationParams' },
  'notifications/message': { from: 'server', params: checks.isLoggingMessageNotificationParams, name: 'LoggingMessageNotificationParams' },
  'notifications/progress': { from: 'server', params: checks.isProgressNotificationParams, name: 'ProgressNotificationParams' },
  'notifications/prompts/list_changed': { from: 'server', params: value => value === undefined || checks.isNotificationParams(value), name: 'NotificationParams' },
  'notifications/resources/list_changed': { from: 'server', params: value => value === undefined || checks.isNotificationParams(value), name: 'NotificationParams' },
  'notifications/resources/updated': { from: 'server', params: checks.isResourceUpdatedNotificationParams, name: 'ResourceUpdatedNotificationParams' },
  'notifications/subscriptions/acknowledged': { from: 'server', params: checks.isSubscriptionsAcknowledgedNotificationParams, name: 'SubscriptionsAcknowledgedNotificationParams' },
  'notifications/tools/list_changed': { from: 'server', params: value => value === undefined || checks.isNotificationParams(value), name: 'NotificationParams' },
})
