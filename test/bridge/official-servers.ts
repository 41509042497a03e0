import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  type Change,
  type Interest,
  isObject,
  metaKey,
  methodNotFound,
  type Params,
  type Revision,
  type Service,
} from '@interlock/protocol'
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport as HttpV1 } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import {
  createMcpHandler,
  WebStandardStreamableHTTPServerTransport as HttpV2,
  inputRequired,
  Server as ServerV2,
} from '@modelcontextprotocol/server'
import { StdioServerTransport as StdioV2, serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'
import type { Serving } from './doors.ts'
import { answer, type Known } from './service-calls.ts'
import { pages } from './upstream.ts'

/**
 * The official libraries as servers: they hold the conversation and write and read what is on the wire; what they offer
 * is our fixture's, in the words of the revision that is spoken.
 */

const anything = z.looseObject({})

/** Methods that the fixture answers; the libraries answer the others. */
const methods: ReadonlySet<string> = new Set([
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
  'rooms/open',
])

/** Those that are noted, and answered with nothing. */
const controls: ReadonlySet<string> = new Set(['logging/setLevel', 'resources/subscribe', 'resources/unsubscribe'])

const capabilitiesOf = (service: Service, revision: Revision): Record<string, unknown> => {
  const { extensions, ...offered } = service.capabilities()
  const own = Object.entries(extensions ?? {}).filter(([id]) => id.startsWith('com.example/'))
  const all = { ...offered, logging: {}, completions: {}, extensions: Object.fromEntries(own) }
  return revision.lower.capabilities?.(all) ?? all
}

/** One server of the first generation, for one session. */
function v1Server(service: Service, revision: Revision): ServerV1 {
  const made = new ServerV1(
    { name: service.info.name, version: service.info.version },
    { capabilities: capabilitiesOf(service, revision) },
  )
  let logLevel: Known['logLevel'] = 'info'
  const watched = new Set<string>()
  made.removeRequestHandler('logging/setLevel')
  made.fallbackRequestHandler = async ({ method, params = {} }, { signal, sendNotification, sendRequest }) => {
    const members = { ...params } as Params // another library's type
    if (method === 'logging/setLevel') logLevel = members['level'] as Known['logLevel']
    if (method === 'resources/subscribe') watched.add(String(members['uri']))
    if (method === 'resources/unsubscribe') watched.delete(String(members['uri']))
    if (controls.has(method)) return {}
    if (!methods.has(method)) throw methodNotFound(method)
    const answered = await answer(service, method, members, {
      revision,
      capabilities: { ...made.getClientCapabilities() } as never, // another library's type
      signal,
      logLevel,
      notify: (name, told) => sendNotification({ method: name, params: told } as never), // another library's type
      ask: (question, wanted) => sendRequest(question as never, anything, { signal: wanted }), // another library's type
    })
    return 'result' in answered ? answered.result : {}
  }
  tellChanges(service, made, watched, (method, params) => made.notification({ method, params } as never))
  return made
}

/** One server of the second generation, for one session, or for one request where there are none. */
function v2Server(service: Service, revision: Revision): ServerV2 {
  const { version, features } = revision
  const isStateless = features.era === 'modern'
  const made = new ServerV2(
    { name: service.info.name, version: service.info.version },
    { capabilities: capabilitiesOf(service, revision), supportedProtocolVersions: [version] },
  )
  let logLevel: Known['logLevel'] = isStateless ? undefined : 'info'
  const watched = new Set<string>()
  made.removeRequestHandler('logging/setLevel')
  made.fallbackRequestHandler = async ({ method, params = {} }, { mcpReq }) => {
    const members: Params = { ...params, _meta: { ...mcpReq.envelope, ...mcpReq._meta } }
    if (method === 'logging/setLevel') logLevel = members['level'] as Known['logLevel']
    if (method === 'resources/subscribe') watched.add(String(members['uri']))
    if (method === 'resources/unsubscribe') watched.delete(String(members['uri']))
    if (controls.has(method)) return {}
    if (!methods.has(method)) throw methodNotFound(method)
    const state: unknown = isStateless ? mcpReq.requestState() : undefined
    const earlier: unknown = typeof state === 'string' ? JSON.parse(state) : {}
    const answers = { ...(isObject(earlier) ? earlier : {}), ...mcpReq.inputResponses }
    const answered = await answer(service, method, members, {
      revision,
      capabilities: {
        ...((isStateless ? members._meta?.[metaKey.clientCapabilities] : made.getClientCapabilities()) as object),
      } as never, // another library's type
      signal: mcpReq.signal,
      logLevel: isStateless ? (members._meta?.[metaKey.logLevel] as Known['logLevel']) : logLevel,
      notify: (name, told) => mcpReq.notify({ method: name, params: { ...told } }),
      answers,
      ...(isStateless
        ? {}
        : { ask: (question, wanted) => mcpReq.send(question as never, anything, { signal: wanted }) }),
    })
    if ('result' in answered) return answered.result
    return inputRequired({ inputRequests: answered.questions as never, requestState: JSON.stringify(answers) })
  }
  if (!isStateless) tellChanges(service, made, watched, (method, params) => made.notification({ method, params }))
  return made
}

/** All of the fixture that changes. */
const interestIn = ({ info }: Service): Interest => ({
  tools: true,
  prompts: true,
  resources: true,
  uris: [`${info.name}://visits`],
  pages,
})

/** Passes on what changes, for as long as the connection lives. */
function tellChanges(
  service: Service,
  made: { onclose?: (() => void) | undefined },
  watched: Pick<ReadonlySet<string>, 'has'>,
  notify: (method: string, params: Record<string, unknown>) => Promise<void>,
): void {
  const subscription = service.changes.subscribe(interestIn(service), change => {
    if (change.kind === 'resource' && !watched.has(change.uri)) return
    const told = messageOf(change)
    if (told !== undefined) notify(...told).catch(() => {})
  })
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the library's own
  made.onclose = () => subscription[Symbol.dispose]()
}

function messageOf(change: Change): [method: string, params: Record<string, unknown>] | undefined {
  switch (change.kind) {
    case 'tools':
    case 'prompts':
    case 'resources':
      return [`notifications/${change.kind}/list_changed`, {}]
    case 'resource':
      return ['notifications/resources/updated', { uri: change.uri }]
    case 'page':
      return ['notifications/elicitation/complete', { elicitationId: change.elicitationId }]
    default:
      return undefined
  }
}

/** How a server of the first generation serves `service`. It speaks what its client asks for: the doors see to that. */
export const v1Serving = (service: Service, revision: Revision): Serving => ({
  async http() {
    const sessions = new Map<string, HttpV1>()
    return listening(async (request, response) => {
      const id = String(request.headers['mcp-session-id'])
      let transport = sessions.get(id)
      if (transport === undefined) {
        const opened = new HttpV1({
          sessionIdGenerator: randomUUID,
          onsessioninitialized: session => void sessions.set(session, opened),
        })
        await v1Server(service, revision).connect(opened as Parameters<ServerV1['connect']>[0])
        transport = opened
      }
      await transport.handleRequest(request, response)
    })
  },
  stdio(socket) {
    const made = v1Server(service, revision)
    void made.connect(new StdioV1(socket, socket))
    return { close: () => ended(socket, made.close()) }
  },
})

export const v2Serving = (service: Service, revision: Revision): Serving =>
  revision.features.era === 'modern' ? stateless(service, revision) : inSessions(service, revision)

function stateless(service: Service, revision: Revision): Serving {
  return {
    async http() {
      const handler = createMcpHandler(() => v2Server(service, revision), { legacy: 'reject' })
      const { notify } = handler
      const subscription = service.changes.subscribe(interestIn(service), change => {
        if (change.kind === 'tools') notify.toolsChanged()
        if (change.kind === 'prompts') notify.promptsChanged()
        if (change.kind === 'resources') notify.resourcesChanged()
        if (change.kind === 'resource') notify.resourceUpdated(change.uri)
      })
      const served = await listening((request, response) => passed(request, response, one => handler.fetch(one)))
      return {
        url: served.url,
        async close() {
          subscription[Symbol.dispose]()
          await handler.close()
          await served.close()
        },
      }
    },
    stdio(socket) {
      const served = serveStdio(
        () => {
          const made = v2Server(service, revision)
          tellChanges(service, made, { has: () => true }, (method, params) => made.notification({ method, params }))
          return made
        },
        { transport: new StdioV2(socket, socket), legacy: 'reject' },
      )
      return { close: () => ended(socket, served.close()) }
    },
  }
}

function inSessions(service: Service, revision: Revision): Serving {
  return {
    async http() {
      const sessions = new Map<string, HttpV2>()
      return listening((request, response) =>
        passed(request, response, async one => {
          let transport = sessions.get(one.headers.get('mcp-session-id') ?? '')
          if (transport === undefined) {
            const opened = new HttpV2({
              sessionIdGenerator: randomUUID,
              onsessioninitialized: session => void sessions.set(session, opened),
            })
            await v2Server(service, revision).connect(opened)
            transport = opened
          }
          return transport.handleRequest(one)
        }),
      )
    },
    stdio(socket) {
      const made = v2Server(service, revision)
      void made.connect(new StdioV2(socket, socket))
      return { close: () => ended(socket, made.close()) }
    },
  }
}

async function ended(socket: Socket, closing: Promise<unknown>): Promise<void> {
  await closing
  socket.destroy()
}

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

async function listening(listener: Listener): Promise<{ readonly url: URL; close(): Promise<unknown> }> {
  const http = createServer((request, response) => void listener(request, response).catch(() => response.destroy()))
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`), // it listens on a port
    close() {
      http.closeAllConnections()
      return new Promise(resolve => http.close(resolve))
    },
  }
}

/** Between Node's requests and the platform's. */
async function passed(
  request: IncomingMessage,
  response: ServerResponse,
  fetch: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const { method = 'GET', headers } = request
  const body = method === 'POST' ? { body: await text(request) } : {}
  const known = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  const answered = await fetch(
    new Request(`http://127.0.0.1${request.url}`, { method, headers: known, signal: gone.signal, ...body }),
  )
  response.writeHead(answered.status, Object.fromEntries(answered.headers))
  response.flushHeaders()
  for await (const piece of answered.body ?? []) response.write(piece)
  response.end()
}
