import { connect } from '@interlock/client'
import { gateway } from '@interlock/gateway'
import { type CallToolResult, type ContentBlock, isObject, nearest, type Tool } from '@interlock/protocol'
import { Command } from 'commander'
import { readArguments } from '../arguments.ts'
import { askPerson } from '../ask-person.ts'
import { authorizing } from '../authorizing.ts'
import { configured } from '../configured.ts'
import { CommandError, exit } from '../exit.ts'
import { foreign } from '../foreign.ts'
import { type Io, print, printJson, tell } from '../io.ts'
import { only } from '../only.ts'
import { gatewayInfo } from '../version.ts'
import { waiting } from '../waiting.ts'
import type { CommandFactory } from './index.ts'
import { reportDown } from './tools.ts'

interface CallOptions {
  readonly config?: string
  readonly json?: string | true
  readonly verbose?: true
}

export const call: CommandFactory = (io, done) =>
  new Command('call')
    .description('Call one tool of one server and print what it gives.')
    .argument('<server>', 'name of a server in the configuration')
    .argument('<tool>', 'name of the tool, as the server calls it')
    .argument('[key=value...]', "arguments; numbers, booleans, lists and objects as JSON, as the tool's schema says")
    .option('-c, --config <file>', 'configuration (default: the nearest .mcp.json, here or above)')
    .option('-v, --verbose', 'show what the server writes to standard error')
    .option('--json [object]', 'give all arguments as one JSON object, and print the whole result as JSON')
    .action(async (server: string, tool: string, pairs: readonly string[], options: CallOptions) =>
      done(await callTool(io, server, tool, pairs, options)),
    )

async function callTool(
  io: Io,
  server: string,
  tool: string,
  pairs: readonly string[],
  options: CallOptions,
): Promise<number> {
  const servers = only(await configured(io, options.config), server)
  await using front = gateway({
    servers,
    info: gatewayInfo,
    authorize: authorizing(io, options),
    eofMs: 300,
    ...(options.verbose ? { onStderr: (_: string, line: string) => tell(io, line) } : {}),
  })
  await waiting(io, `starting ${server}`, front.started)
  if (reportDown(io, front)) return exit.failed
  const args = readArguments(pairs, options.json, find(front.tools(server), server, tool))
  await using client = await connect(front, {
    info: gatewayInfo,
    onElicit: request => askPerson(io, request, server),
    elicitUrl: true,
    onLog: ({ level, data }) =>
      tell(io, foreign(io, `${level}: ${typeof data === 'string' ? data : JSON.stringify(data)}`)),
  })
  const onProgress = ({ progress, total, message }: { progress: number; total?: number; message?: string }): void => {
    if (io.stderr.isTTY)
      tell(io, `${progress}${total === undefined ? '' : ` of ${total}`} ${foreign(io, message ?? '')}`)
  }
  const result = await client.callTool(front.exposed(server, tool), args, { signal: io.signal, onProgress })
  if (options.json !== undefined) printJson(io, result)
  else printResult(io, result)
  return result.isError === true ? exit.failed : exit.ok
}

function find(list: readonly Tool[], server: string, name: string): Tool {
  const found = list.find(tool => tool.name === name)
  if (found !== undefined) return found
  const meant = nearest(
    name,
    list.map(tool => tool.name),
  )
  const hint = meant === undefined ? `see: interlock tools ${server}` : `did you mean "${meant}"?`
  throw new CommandError(`server "${server}" has no tool "${name}"; ${hint}`)
}

function printResult(io: Io, { content, structuredContent, isError }: CallToolResult): void {
  const out = isError === true ? tell : print
  for (const block of content) out(io, foreign(io, asText(block)))
  if (content.length === 0 && structuredContent !== undefined) out(io, JSON.stringify(structuredContent, null, 2))
}

function asText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'image':
    case 'audio':
      return `[${block.type} ${block.mimeType}, ${Math.floor((block.data.length * 3) / 4)} bytes; --json prints it]`
    case 'resource_link':
      return `[resource ${block.uri}${block.description === undefined ? '' : `: ${block.description}`}]`
    case 'resource':
      return isObject(block.resource) && 'text' in block.resource
        ? String(block.resource.text)
        : `[resource ${block.resource.uri}]`
  }
}
