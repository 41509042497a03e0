import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CallToolResultSchema,
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { seen } from '../events.ts'
import { type Face, type FaceKind, type Notice, type OnElicit, textOf, type Way } from './face.ts'

/** The official client of the first generation. */
export const v1: FaceKind = { name: 'official v1', era: 'legacy', open }

async function open(way: Way, onElicit?: OnElicit): Promise<Face> {
  const notices = seen<Notice>('notice')
  const info = { name: 'v1', version: '1.0.0' }
  const client = new Client(info, { capabilities: onElicit === undefined ? {} : { elicitation: {} } })
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => notices.add({ kind: 'tools' }))
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
    notices.add({ kind: 'resource', uri: params.uri }),
  )
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params: { level, data } }) =>
    notices.add({ kind: 'log', level, data }),
  )
  if (onElicit !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({ ...onElicit(params.message) }))
  }
  const transport =
    way.kind === 'http'
      ? new StreamableHTTPClientTransport(way.url)
      : new StdioClientTransport({ command: way.command, args: [...way.args], env: { ...way.env }, stderr: 'ignore' })
  // The transport's `sessionId` is optional in another sense than this project's compiler takes it.
  await client.connect(transport as Parameters<Client['connect']>[0])
  if (client.getServerCapabilities()?.logging !== undefined) await client.setLoggingLevel('info')
  return {
    revision: String(transport instanceof StreamableHTTPClientTransport ? transport.protocolVersion : 'unknown'),
    notices,
    listTools: async () => (await client.listTools()).tools,
    listPrompts: async () => (await client.listPrompts()).prompts,
    listResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    async callTool(name, args = {}, { onProgress, signal, meta } = {}) {
      const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: { ...meta } }) }
      const options = {
        ...(onProgress === undefined ? {} : { onprogress: onProgress }),
        ...(signal === undefined ? {} : { signal }),
      }
      return CallToolResultSchema.parse(await client.callTool(params, CallToolResultSchema, options))
    },
    readResource: async uri => (await client.readResource({ uri })).contents.map(textOf),
    getPrompt: async (name, args) =>
      (await client.getPrompt({ name, arguments: { ...args } })).messages.map(({ content }) => textOf(content)),
    complete: async (ref, argument) => (await client.complete({ ref, argument })).completion.values,
    async listen(uri) {
      await client.subscribeResource({ uri })
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}
