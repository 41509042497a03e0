import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fixture, interlock, ownFilesystem, type Running, root, start, up } from './command.ts'
import type { Way } from './faces/index.ts'
import { freePort } from './http.ts'
import { marker } from './processes.ts'
import { type Scratch, scratch } from './scratch.ts'

/** Real servers behind a gateway, of every make and way, and the gateway in front of them as a process. */
export interface House extends AsyncDisposable {
  readonly folder: Scratch
  /** The gateway on HTTP, started once. */
  http(): Promise<Way>
  /** The gateway as a command that each client starts for itself. */
  readonly stdio: Way
  /** Processes that are left of the gateways that clients started, after at most `ms`. */
  left(ms: number): Promise<readonly number[]>
  /** Waits until our server has written this word to its journal this often. */
  journalled(word: string, count: number): Promise<void>
  /** How often it has been written until now. */
  journal(word: string): Promise<number>
}

/** What stands behind the gateway, by name. */
export const behind = ['everything', 'everything_http', 'official_files', 'fast', 'files', 'ours', 'ours_http'] as const

const packageBin = (name: string): string => `${root}node_modules/@modelcontextprotocol/${name}/dist/index.js`

/** A configured server that Node runs. */
const node = (...args: string[]): object => ({ command: process.execPath, args })

export async function house(): Promise<House> {
  const opened: AsyncDisposable[] = []
  try {
    return await build(opened)
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/** The last one first. */
async function closeAll(opened: AsyncDisposable[]): Promise<void> {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]()
}

async function build(opened: AsyncDisposable[]): Promise<House> {
  const keep = <One extends AsyncDisposable>(one: One): One => {
    opened.push(one)
    return one
  }
  const folder = keep(await scratch())
  const journalFile = await folder.file('journal.txt', '')
  await folder.file('note.txt', 'all is well')
  const port = await freePort()
  const everything = keep(
    start(packageBin('server-everything'), ['streamableHttp'], { cwd: folder.path, env: { PORT: String(port) } }),
  )
  const ours = keep(start(fixture('ours.mjs'), [journalFile, '--http', '--port', '0'], { cwd: folder.path }))
  const [, oursUrl = ''] = await ours.err(/listening on (http\S+)/)
  await everything.err(/listening on port/)
  const servers: Record<(typeof behind)[number], object> = {
    everything: node(packageBin('server-everything')),
    everything_http: { type: 'http', url: `http://127.0.0.1:${port}/mcp` },
    official_files: node(packageBin('server-filesystem'), folder.path),
    fast: node(fixture('fastmcp.mjs')),
    files: node(ownFilesystem, folder.path),
    ours: node(fixture('ours.mjs'), journalFile),
    ours_http: { url: oursUrl },
  }
  const config = await folder.config(servers)
  const journal = async (word: string): Promise<number> =>
    (await readFile(journalFile, 'utf8')).split('\n').filter(line => line === word).length
  const started = marker()
  keep({ [Symbol.asyncDispose]: async () => started.sweep() })
  let running: Promise<Running & { readonly url: URL }> | undefined
  return {
    folder,
    async http() {
      running ??= up(config, { cwd: folder.path }).then(gateway => keep(gateway))
      return { kind: 'http', url: (await running).url }
    },
    stdio: {
      kind: 'stdio',
      command: process.execPath,
      args: [interlock, 'run', '--config', config],
      env: { PATH: process.env['PATH'] ?? '', HOME: folder.path, ...started.env },
    },
    left: ms => started.left(ms),
    journal,
    async journalled(word, count) {
      for (const deadline = performance.now() + 5_000; (await journal(word)) < count; await sleep(20)) {
        if (performance.now() > deadline) throw new Error(`"${word}" was not written ${count} times to the journal`)
      }
    },
    [Symbol.asyncDispose]: () => closeAll(opened),
  }
}
