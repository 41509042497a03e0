import { gateway, type ServerStatus } from '@interlock/gateway'
import { Command } from 'commander'
import { authorizing } from '../authorizing.ts'
import { configured } from '../configured.ts'
import { exit } from '../exit.ts'
import { type Io, paint, print, printJson } from '../io.ts'
import { statusLines } from '../status-lines.ts'
import { gatewayInfo } from '../version.ts'
import { waiting } from '../waiting.ts'
import type { CommandFactory } from './index.ts'

interface ListOptions {
  readonly config?: string
  readonly json?: true
}

export const list: CommandFactory = (io, done) =>
  new Command('list')
    .description('Start every configured server once and say which are up, and why one is not.')
    .option('-c, --config <file>', 'configuration (default: the nearest .mcp.json, here or above)')
    .option('--json', 'print JSON')
    .action(async (options: ListOptions) => done(await listServers(io, options)))

async function listServers(io: Io, options: ListOptions): Promise<number> {
  const { servers, file, faulty } = await configured(io, options.config)
  await using front = gateway({ servers, info: gatewayInfo, authorize: authorizing(io, options), eofMs: 300 })
  await waiting(io, 'starting servers', front.started)
  const states = [...front.servers(), ...[...faulty].map(([name, mistakes]) => leftOut(name, mistakes))]
  if (options.json) printJson(io, { config: file ?? null, servers: states })
  else if (states.length === 0) print(io, `no servers in ${file}`)
  else for (const line of statusLines(states, paint(io))) print(io, line)
  const allAreUp = states.every(({ state }) => state === 'ready' || state === 'disabled')
  if (faulty.size > 0) return exit.usage
  return allAreUp ? exit.ok : exit.failed
}

/** A server that the configuration names, but that cannot be started as it is written there. */
const leftOut = (name: string, mistakes: readonly string[]): ServerStatus => ({
  name,
  state: 'down',
  reason: `left out because of a mistake in the configuration: ${mistakes[0] ?? ''}`,
  tools: 0,
  resources: 0,
  templates: 0,
  prompts: 0,
  warnings: [],
})
