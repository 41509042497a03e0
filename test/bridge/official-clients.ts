import type { Progress } from '@interlock/client'
import { isObject, metaKey, type Params, ProtocolError } from '@interlock/protocol'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CallToolResultSchema,
  CompleteResultSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  GetPromptResultSchema,
  ListPromptsResultSchema,
  ListResourcesResultSchema,
  ListResourceTemplatesResultSchema,
  ListRootsRequestSchema,
  ListToolsResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { declared, HostSide, type Opening, type RequestOptions, type Speak } from './client-end.ts'

const info = { name: 'official', version: '1.0.0' }

type Result = Readonly<Record<string, unknown>>

/** What the first generation checks results with. */
const results = {
  'tools/list': ListToolsResultSchema,
  'tools/call': CallToolResultSchema,
  'prompts/list': ListPromptsResultSchema,
  'prompts/get': GetPromptResultSchema,
  'resources/list': ListResourcesResultSchema,
  'resources/templates/list': ListResourceTemplatesResultSchema,
  'resources/read': ReadResourceResultSchema,
  'completion/complete': CompleteResultSchema,
} as const

const isKnown = (method: string): method is keyof typeof results => Object.hasOwn(results, method)

const anything = z.looseObject({})

/** The official client of the first generation. The doors see to it that only one revision is spoken. */
export const v1: Speak = async ({ kind, binding, doors: { url, launch } }) => {
  const host = new HostSide()
  const client = new ClientV1(info, { capabilities: without(declared[kind]) })
  if (kind !== 'mute')
    client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) => foreign(host.elicit(params, signal)))
  if (kind === 'full') {
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }, { signal }) =>
      foreign(host.sample(params, signal)),
    )
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: host.roots() }))
  }
  client.fallbackNotificationHandler = async notification => told(host, notification)
  const transport =
    binding === 'http' ? new HttpV1(url) : new StdioV1({ command: launch.command, args: [...launch.args] })
  // The transport's `sessionId` is optional in another sense than this project's compiler takes it.
  await client.connect(transport as Parameters<ClientV1['connect']>[0])
  return {
    host,
    capabilities: { ...client.getServerCapabilities() } as never, // another library's type
    request: (method, params = {}, options = {}) =>
      translated(host, async () => {
        const schema = isKnown(method) ? results[method] : anything
        return (await client.request({ method, params } as never, schema, optionsOf(options))) as Result // an object
      }),
    async subscribe(uri) {
      await client.subscribeResource({ uri })
      return { [Symbol.asyncDispose]: async () => void (await client.unsubscribeResource({ uri })) }
    },
    setLogLevel: async level => void (await client.setLoggingLevel(level)),
    close: () => client.close(),
  }
}

/** The official client of the second generation, in the stateless revision or in sessions of one revision. */
export const v2: Speak = async opening => {
  const host = new HostSide()
  const client = await connected(opening, host)
  const isStateless = opening.revision.features.era === 'modern'
  let level: string | undefined
  if (isStateless) await client.listen({ toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true })
  return {
    host,
    capabilities: { ...client.getServerCapabilities() } as never, // another library's type
    request: (method, params = {}, options = {}) =>
      translated(host, async () => {
        const wanted = isStateless && level !== undefined
        const asked = wanted ? { ...params, _meta: { ...params._meta, [metaKey.logLevel]: level } } : params
        const request = { method, params: { ...asked } }
        const result = isKnown(method)
          ? await client.request({ ...request, method } as { method: keyof typeof results }, optionsOf(options))
          : await client.request(request, anything, optionsOf(options))
        return { ...result }
      }),
    async subscribe(uri) {
      if (isStateless) {
        const subscription = await client.listen({ resourceSubscriptions: [uri] })
        return { [Symbol.asyncDispose]: () => subscription.close() }
      }
      await client.subscribeResource({ uri })
      return { [Symbol.asyncDispose]: async () => void (await client.unsubscribeResource({ uri })) }
    },
    async setLogLevel(wanted) {
      level = wanted
      if (!isStateless) await client.setLoggingLevel(wanted)
    },
    close: () => client.close(),
  }
}

async function connected(
  { revision, kind, binding, doors: { url, launch } }: Opening,
  host: HostSide,
): Promise<ClientV2> {
  const isStateless = revision.features.era === 'modern'
  const client = new ClientV2(info, {
    capabilities: { ...declared[kind] } as never, // another library's type
    supportedProtocolVersions: [revision.version],
    versionNegotiation: { mode: isStateless ? { pin: revision.version } : 'legacy' },
  })
  if (kind !== 'mute') {
    client.setRequestHandler('elicitation/create', ({ params }, { mcpReq }) =>
      foreign(host.elicit(params, mcpReq.signal)),
    )
  }
  if (kind === 'full') {
    client.setRequestHandler('sampling/createMessage', ({ params }, { mcpReq }) =>
      foreign(host.sample(params, mcpReq.signal)),
    )
    client.setRequestHandler('roots/list', () => ({ roots: host.roots() }))
  }
  client.fallbackNotificationHandler = async notification => told(host, notification)
  await client.connect(
    binding === 'http' ? new HttpV2(url) : new StdioV2({ command: launch.command, args: [...launch.args] }),
  )
  return client
}

/** An answer, as another library's type. */
const foreign = async (answer: unknown): Promise<never> => ({ ...(await (answer as Promise<object>)) }) as never

/** The first generation has no extensions. */
const without = (capabilities: (typeof declared)['full']): object =>
  Object.fromEntries(Object.entries(capabilities).filter(([name]) => name !== 'extensions'))

const optionsOf = ({ signal, onProgress }: RequestOptions) => ({
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined ? {} : { onprogress: (step: object) => onProgress(step as Progress) }),
})

/** Notes codes, and makes every library's error ours. */
async function translated(host: HostSide, request: () => Promise<Result>): Promise<Result> {
  try {
    return await request()
  } catch (error) {
    if (!isObject(error) || typeof error['code'] !== 'number') throw error
    host.codes.push(error['code'])
    const message = String(error['message']).replace(/^MCP error -?\d+: /, '')
    throw new ProtocolError(error['code'], message, error['data'])
  }
}

const kinds = {
  'notifications/tools/list_changed': 'tools',
  'notifications/prompts/list_changed': 'prompts',
  'notifications/resources/list_changed': 'resources',
} as const

function told(host: HostSide, { method, params = {} }: { method: string; params?: Params | object | undefined }): void {
  const members: Params = { ...params }
  if (Object.hasOwn(kinds, method)) host.changes.add({ kind: kinds[method as keyof typeof kinds] })
  if (method === 'notifications/resources/updated') host.changes.add({ kind: 'resource', uri: String(members['uri']) })
  if (method === 'notifications/elicitation/complete') host.pagesDone.add(String(members['elicitationId']))
  if (method === 'notifications/message') {
    const { level, data, logger } = members
    host.logs.add({ level: String(level), data, ...(logger === undefined ? {} : { logger: String(logger) }) })
  }
}
