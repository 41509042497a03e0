import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Client, connect, type LogMessage } from '@interlock/client'
import { gateway, type ServerSpec } from '@interlock/gateway'
import {
  type Change,
  type ElicitRequestParams,
  type ElicitResult,
  newest,
  type Receiver,
  type Revision,
  type Transport,
} from '@interlock/protocol'
import { httpTransport } from '@interlock/transport'
import { listenHttp } from '@interlock/transport/node'
import { listenStdio, type StdioListener, stdioTransport } from '@interlock/transport/stdio'
import { type Seen, seen } from '../support/events.ts'
import { speaking } from '../support/revision-proxy.ts'
import { type Behind, behind } from './server.ts'

export type Binding = 'http' | 'stdio'

/** What the host of the client under test was asked and told, and what it answers. */
export interface HostSide {
  readonly asked: Seen<{ readonly method: string; readonly params: object; readonly signal: AbortSignal }>
  readonly logs: Seen<LogMessage>
  readonly changes: Seen<Change>
  /** Ids of the pages at which the user is done. */
  readonly pages: Seen<string>
  /** Codes of errors as they were on the wire. */
  readonly codes: number[]
  elicit: (request: ElicitRequestParams) => ElicitResult | Promise<ElicitResult>
  sample: () => object | Promise<object>
}

/** A client and a server, each of one revision, and the gateway between them. */
export interface Way {
  readonly near: Revision
  readonly far: Revision
  readonly client: Client
  readonly host: HostSide
  readonly behind: Behind
}

/** The gateway before the server, with which it speaks one revision. */
export interface Hop extends AsyncDisposable {
  readonly far: Revision
  readonly behind: Behind
  readonly front: Published
}

export async function hop(far: Revision, binding: Binding): Promise<Hop> {
  const made = behind()
  const server = await published(made.server.receiver, binding)
  const door = await server.door(far.version)
  const between = gateway({ info: { name: 'between', version: '1.0.0' }, servers: [door.spec] })
  await between.started
  const front = await published(between.receiver, binding)
  const opened = [server, door, between, front]
  return {
    far,
    behind: made,
    front,
    async [Symbol.asyncDispose]() {
      for (const one of opened.reverse()) await one[Symbol.asyncDispose]()
    },
  }
}

export async function way(near: Revision, { far, behind: server, front }: Hop): Promise<Way & AsyncDisposable> {
  const door = await front.door(near.version)
  const host = hostSide()
  const client = await connect(tapped(door.transport(), host.codes), {
    onElicit: (params, { signal }) => {
      host.asked.add({ method: 'elicitation/create', params, signal })
      return host.elicit(params)
    },
    elicitUrl: true,
    onPageDone: id => host.pages.add(id),
    onSample: async (params, { signal }) => {
      host.asked.add({ method: 'sampling/createMessage', params, signal })
      return (await host.sample()) as never // what each test answers
    },
    sampleTools: true,
    onRoots: () => [{ uri: 'file:///work', name: 'work' }],
    onLog: message => host.logs.add(message),
    cache: false,
  })
  client.onChange(change => host.changes.add(change))
  if (near.features.era === 'legacy') await client.setLogLevel('info')
  return {
    near,
    far,
    client,
    host,
    behind: server,
    async [Symbol.asyncDispose]() {
      await client.close()
      await door[Symbol.asyncDispose]()
    },
  }
}

function hostSide(): HostSide {
  return {
    asked: seen('question'),
    logs: seen('log'),
    changes: seen('change'),
    pages: seen('page'),
    codes: [],
    elicit: () => ({ action: 'cancel' }),
    sample: () => ({ role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } }),
  }
}

function tapped(transport: Transport, codes: number[]): Transport {
  const exchange = transport.exchange.bind(transport)
  transport.exchange = async (...args) => {
    const reply = await exchange(...args)
    if ('error' in reply.response) codes.push(reply.response.error.code)
    return reply
  }
  return transport
}

/** A receiver that clients can reach until this is disposed of. */
interface Published extends AsyncDisposable {
  /** A way in where one revision is spoken. */
  door(version: string): Promise<Door>
}

interface Door extends AsyncDisposable {
  readonly spec: ServerSpec
  transport(): Transport
}

const published = (receiver: Receiver, binding: Binding): Promise<Published> =>
  binding === 'http' ? overHttp(receiver) : overStdio(receiver)

async function overHttp(receiver: Receiver): Promise<Published> {
  const listener = await listenHttp(receiver)
  return {
    async door(version) {
      const { url, [Symbol.asyncDispose]: close } = await speaking(version, listener.url)
      return {
        spec: { name: 'behind', disabled: false, kind: 'http', url, headers: {} },
        transport: () => httpTransport(url),
        [Symbol.asyncDispose]: close,
      }
    },
    [Symbol.asyncDispose]: () => listener.close(),
  }
}

const relay = fileURLToPath(new URL('relay.mjs', import.meta.url))

/** Whoever connects starts a program of its own, which leads here. */
async function overStdio(receiver: Receiver): Promise<Published> {
  const listeners = new Set<StdioListener>()
  const sockets = createServer(socket => {
    socket.on('error', () => {})
    listeners.add(listenStdio(receiver, { input: socket, output: socket }))
  })
  sockets.listen(0, '127.0.0.1')
  await once(sockets, 'listening')
  const { port } = sockets.address() as AddressInfo // it listens on a port
  return {
    async door(version) {
      const args = [relay, String(port), ...(version === newest.version ? [] : [version])]
      return {
        spec: { name: 'behind', disabled: false, kind: 'stdio', command: process.execPath, args, env: {} },
        transport: () => stdioTransport({ command: process.execPath, args }),
        async [Symbol.asyncDispose]() {},
      }
    },
    async [Symbol.asyncDispose]() {
      sockets.close()
      await Promise.all([...listeners].map(listener => listener.close(0)))
    },
  }
}
