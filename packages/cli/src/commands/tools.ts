import { type Gateway, gateway } from '@interlock/gateway'
import type { Tool } from '@interlock/protocol'
import { Command } from 'commander'
import { authorizing } from '../authorizing.ts'
import { configured } from '../configured.ts'
import { exit } from '../exit.ts'
import { foreign } from '../foreign.ts'
import { type Io, paint, print, printJson, tell } from '../io.ts'
import { only } from '../only.ts'
import { gatewayInfo } from '../version.ts'
import { waiting } from '../waiting.ts'
import type { CommandFactory } from './index.ts'

interface ToolsOptions {
  readonly config?: string
  readonly json?: true
}

export const tools: CommandFactory = (io, done) =>
  new Command('tools')
    .description('List the tools of one server, or of all.')
    .argument('[server]', 'name of a server in the configuration (default: all)')
    .option('-c, --config <file>', 'configuration (default: the nearest .mcp.json, here or above)')
    .option('--json', 'print JSON, with schemas')
    .action(async (server: string | undefined, options: ToolsOptions) => done(await listTools(io, server, options)))

async function listTools(io: Io, server: string | undefined, options: ToolsOptions): Promise<number> {
  const servers = only(await configured(io, options.config), server)
  await using front = gateway({ servers, info: gatewayInfo, authorize: authorizing(io, options), eofMs: 300 })
  await waiting(io, 'starting servers', front.started)
  if (servers.length === 0) tell(io, 'no servers: name some in the configuration')
  const offers = front.servers().map(({ name }) => ({ server: name, tools: front.tools(name) }))
  if (options.json) printJson(io, offers)
  else for (const { server: name, tools: list } of offers) printTools(io, name, list)
  return reportDown(io, front) ? exit.failed : exit.ok
}

function printTools(io: Io, server: string, list: readonly Tool[]): void {
  const { bold, dim } = paint(io)
  for (const { name, description, inputSchema } of list) {
    const required = new Set(Array.isArray(inputSchema['required']) ? inputSchema['required'] : [])
    const properties = inputSchema['properties'] ?? {}
    const args = Object.keys(properties).map(argument => (required.has(argument) ? argument : `[${argument}]`))
    print(io, `${bold(server)} ${bold(foreign(io, name))} ${dim(foreign(io, args.join(' ')))}`)
    const [summary] = (description ?? '').trim().split('\n')
    if (summary) print(io, `    ${foreign(io, summary)}`)
  }
}

/** Says which servers could not be asked. */
export function reportDown(io: Io, front: Gateway): boolean {
  const down = front.servers().filter(({ state }) => state === 'down' || state === 'starting')
  for (const { name, reason } of down)
    tell(io, `server "${name}" is down: ${foreign(io, reason ?? 'it did not start in time')}`)
  return down.length > 0
}
