import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { seen } from '../events.ts'
import { type Face, type FaceKind, type Notice, type OnElicit, textOf, type Way } from './face.ts'

/** The official client of the second generation, which speaks the stateless revision only when it is asked to. */
export const v2Legacy: FaceKind = { name: 'official v2', era: 'legacy', open: (...args) => open('legacy', ...args) }
export const v2Modern: FaceKind = { name: 'official v2', era: 'modern', open: (...args) => open('modern', ...args) }

const logLevel = 'io.modelcontextprotocol/logLevel'

async function open(era: 'legacy' | 'modern', way: Way, onElicit?: OnElicit): Promise<Face> {
  const notices = seen<Notice>('notice')
  const isModern = era === 'modern'
  const client = new Client(
    { name: 'v2', version: '1.0.0' },
    {
      capabilities: onElicit === undefined ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: isModern ? { pin: '2026-07-28' } : 'legacy' },
    },
  )
  client.setNotificationHandler('notifications/tools/list_changed', () => notices.add({ kind: 'tools' }))
  client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
    notices.add({ kind: 'resource', uri: params.uri }),
  )
  client.setNotificationHandler('notifications/message', ({ params: { level, data } }) =>
    notices.add({ kind: 'log', level, data }),
  )
  if (onElicit !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => ({ ...onElicit(params.message) }))
  }
  const transport =
    way.kind === 'http'
      ? new StreamableHTTPClientTransport(way.url)
      : new StdioClientTransport({ command: way.command, args: [...way.args], env: { ...way.env }, stderr: 'ignore' })
  await client.connect(transport)
  if (!isModern && client.getServerCapabilities()?.logging !== undefined) await client.setLoggingLevel('info')
  return {
    revision: String(client.getNegotiatedProtocolVersion()),
    notices,
    listTools: async () => (await client.listTools()).tools,
    listPrompts: async () => (await client.listPrompts()).prompts,
    listResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    async callTool(name, args = {}, { onProgress, signal, meta } = {}) {
      const _meta = { ...meta, ...(isModern ? { [logLevel]: 'info' as const } : {}) }
      return await client.callTool(
        { name, arguments: { ...args }, _meta },
        {
          ...(onProgress === undefined ? {} : { onprogress: onProgress }),
          ...(signal === undefined ? {} : { signal }),
        },
      )
    },
    readResource: async uri => (await client.readResource({ uri })).contents.map(textOf),
    getPrompt: async (name, args) =>
      (await client.getPrompt({ name, arguments: { ...args } })).messages.map(({ content }) => textOf(content)),
    complete: async (ref, argument) => (await client.complete({ ref, argument })).completion.values,
    async listen(uri) {
      if (isModern) await client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] })
      else await client.subscribeResource({ uri })
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}
