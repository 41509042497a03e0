import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Era } from '../load/messages.ts'
import { listeningOn, type Program } from '../machine/program.ts'

/** A way to reach the tools of the upstream, or, for comparison, tools of its own. */
export interface Contestant {
  readonly name: string
  /** What is spoken with its clients. */
  readonly front: Era
  readonly transport: 'http' | 'sse'
  /** Keeps no session, though it speaks a revision that has some. */
  readonly isStateless?: true
  /** Goes before the names of tools. */
  readonly prefix?: string
  /** Starts a process for each request, so that 32 connections would ask for 32 processes at once. */
  readonly isSlow?: true
  /** How it is started, at a port that is free. */
  program(place: Place): Omit<Program, 'name'>
}

/** What a contestant may need to be started. */
export interface Place {
  /** Nobody listens there. */
  readonly port: number
  /** A folder of its own, empty. */
  readonly folder: string
}

/** The name of the contestants that others are measured against: no gateway at all. */
export const direct = 'direct: interlock server'

const pathOf = (contestant: string): string => fileURLToPath(new URL(`../contestants/${contestant}`, import.meta.url))

/** By which the upstream's process is known. */
export const upstreamScript: string = pathOf('upstream.js')
const upstreamCommand = [process.execPath, upstreamScript] as const

/** For gateways of other makers: they stay on loopback, whatever they fetch when they start, and keep nothing. */
const confined = (folder: string): Record<string, string> => ({
  NODE_OPTIONS: `--require ${pathOf('loopback-only.cjs')}`,
  // For the programs that they start: there is no such proxy.
  all_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
  http_proxy: 'http://127.0.0.1:9',
  no_proxy: '127.0.0.1,localhost',
  HOME: folder,
  XDG_STATE_HOME: folder,
  XDG_DATA_HOME: folder,
  XDG_CONFIG_HOME: folder,
  ERA: 'legacy',
})

const eras: readonly Era[] = ['modern', 'legacy']

/** In the order of the tables; of each front the baseline first. */
export const contestants: readonly Contestant[] = eras.flatMap(front => [
  server(direct, front, 'ours.js'),
  server('direct: bare server', front, 'bare-http.js'),
  interlockUp(front, 'legacy'),
  interlockUp(front, 'modern'),
  ...(front === 'modern' ? [mcpProxy('mcp-proxy', front)] : legacyGateways()),
])

/** A program that only passes bytes on. */
export const copying: Contestant = {
  name: 'copying the bytes',
  front: 'legacy',
  transport: 'http',
  isStateless: true,
  program: () => ({ script: 'copy.js', args: upstreamCommand, env: { ERA: 'legacy' }, listens: listeningOn }),
}

function legacyGateways(): Contestant[] {
  return [
    mcpProxy('mcp-proxy, stateful', 'legacy'),
    mcpProxy('mcp-proxy, stateful, no event store', 'legacy', '--no-eventStore'),
    { ...mcpProxy('mcp-proxy, stateless', 'legacy', '--stateless'), isStateless: true },
    supergateway('supergateway, stateful', '--stateful'),
    { ...supergateway('supergateway, stateless'), isStateless: true, isSlow: true },
    mcpHub(),
  ]
}

/** A server whose tools are its own. */
function server(name: string, front: Era, script: string): Contestant {
  const env = { HTTP: '1', ERA: front, REPLY: 'json', SCHEMA: 'json-schema' }
  return { name, front, transport: 'http', program: () => ({ script, env, listens: listeningOn }) }
}

function interlockUp(front: Era, upstream: Era): Contestant {
  return {
    name: `interlock up, ${upstream} upstream`,
    front,
    transport: 'http',
    prefix: 'up__',
    program: ({ folder }) => ({
      script: '../../packages/cli/bin/interlock.js',
      args: ['up', '--port', '0', '--config', configuration(folder, upstream)],
      env: { HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, NO_COLOR: '1' },
      listens: /endpoint\s+(http:\S+)/,
    }),
  }
}

function mcpProxy(name: string, front: Era, ...flags: readonly string[]): Contestant {
  return {
    name,
    front,
    transport: 'http',
    program: ({ port, folder }) => ({
      script: 'node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs',
      args: [...flags, '--port', String(port), '--', ...upstreamCommand],
      env: confined(folder),
      listens: endpoint(port),
    }),
  }
}

function supergateway(name: string, ...flags: readonly string[]): Contestant {
  const options = ['--outputTransport', 'streamableHttp', '--logLevel', 'none', '--stdio', upstreamCommand.join(' ')]
  return {
    name,
    front: 'legacy',
    transport: 'http',
    program: ({ port, folder }) => ({
      script: 'node_modules/supergateway/dist/index.js',
      args: [...flags, ...options, '--port', String(port)],
      env: confined(folder),
      listens: endpoint(port),
    }),
  }
}

/** The only other one that puts many servers behind one endpoint. */
function mcpHub(): Contestant {
  return {
    name: 'mcp-hub',
    front: 'legacy',
    transport: 'sse',
    prefix: 'up__',
    program: ({ port, folder }) => ({
      script: 'node_modules/mcp-hub/dist/cli.js',
      args: ['--port', String(port), '--config', configuration(folder, 'legacy')],
      env: confined(folder),
      listens: endpoint(port),
    }),
  }
}

const endpoint = (port: number): URL => new URL(`http://127.0.0.1:${port}/mcp`)

/** Writes the file that many clients and gateways read alike. */
function configuration(folder: string, upstream: Era): string {
  const [command, ...args] = upstreamCommand
  const path = join(folder, 'servers.json')
  writeFileSync(path, JSON.stringify({ mcpServers: { up: { command, args, env: { ERA: upstream } } } }))
  return path
}
