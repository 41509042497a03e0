import { type Client, connect } from '@interlock/client'
import { type Gateway, gateway, parseConfig, type ServerStatus } from '@interlock/gateway'
import { ownFilesystem } from './command.ts'
import { type Seen, seen } from './events.ts'
import { type Marker, marker } from './processes.ts'
import { type Scratch, scratch } from './scratch.ts'

/** A gateway in this process with our filesystem server, `good`, on a temporary folder beside those under test. */
export interface Scene extends AsyncDisposable {
  readonly front: Gateway
  readonly client: Client
  /** Every state that a server has been in. */
  readonly states: Seen<ServerStatus>
  readonly marker: Marker
  status(name: string): ServerStatus
  /** The text that a tool gives, under the names of its server. */
  call(server: string, tool: string, args?: Readonly<Record<string, unknown>>): Promise<string>
  /** Reads a file through the good server, to see that it still answers. */
  readGood(): Promise<string>
}

/** Waits until every server is up or known to be down, unless that is not to be awaited. */
export async function scene(
  servers: Readonly<Record<string, object>>,
  { isAwaited = true }: { readonly isAwaited?: boolean } = {},
): Promise<Scene> {
  const folder = await scratch()
  const mark = marker()
  process.env['INTERLOCK_TREE'] = mark.env.INTERLOCK_TREE
  try {
    return await open(folder, mark, servers, isAwaited)
  } catch (error) {
    mark.sweep()
    await folder[Symbol.asyncDispose]()
    throw error
  }
}

async function open(
  folder: Scratch,
  mark: Marker,
  servers: Readonly<Record<string, object>>,
  isAwaited: boolean,
): Promise<Scene> {
  await folder.file('note.txt', 'all is well')
  const good = { command: process.execPath, args: [ownFilesystem, folder.path] }
  const text = JSON.stringify({ mcpServers: { good, ...servers } })
  const states = seen<ServerStatus>('state')
  const front = gateway({
    servers: parseConfig(text, `${folder.path}/servers.json`, { env: {} }).servers,
    info: { name: 'gateway', version: '1.0.0' },
    onStatus: status => states.add(status),
  })
  if (isAwaited) await front.started
  const client = await connect(front)
  const call: Scene['call'] = async (server, tool, args) => {
    const { content } = await client.callTool(`${server}__${tool}`, args)
    return content.map(block => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n')
  }
  return {
    front,
    client,
    states,
    marker: mark,
    status: name => front.servers().find(status => status.name === name) ?? unknown(name),
    call,
    readGood: () => call('good', 'read_file', { path: 'note.txt' }),
    async [Symbol.asyncDispose]() {
      try {
        await client.close()
        await front.close()
      } finally {
        mark.sweep()
        await folder[Symbol.asyncDispose]()
      }
    },
  }
}

function unknown(name: string): never {
  throw new Error(`no server "${name}"`)
}
