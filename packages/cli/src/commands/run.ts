import { gateway } from '@interlock/gateway'
import { listenStdio } from '@interlock/transport/stdio'
import { Command } from 'commander'
import { authorizing } from '../authorizing.ts'
import { configured } from '../configured.ts'
import { exit } from '../exit.ts'
import { type Io, tell } from '../io.ts'
import { gatewayInfo } from '../version.ts'
import type { CommandFactory } from './index.ts'

interface RunOptions {
  readonly config?: string
  readonly verbose?: true
}

export const run: CommandFactory = (io, done) =>
  new Command('run')
    .description('Run the gateway on standard input and output, for clients that start a command.')
    .option('-c, --config <file>', 'configuration (default: the nearest .mcp.json, here or above)')
    .option('-v, --verbose', 'show on standard error what servers write there')
    .action(async (options: RunOptions) => done(await serveRun(io, options)))

async function serveRun(io: Io, options: RunOptions): Promise<number> {
  const { servers } = await configured(io, options.config)
  await using front = gateway({
    servers,
    info: gatewayInfo,
    authorize: authorizing(io, options),
    onStatus: status => {
      if (status.state === 'down') tell(io, `server "${status.name}" is down: ${status.reason}`)
    },
    ...(options.verbose ? { onStderr: (server: string, line: string) => tell(io, `[${server}] ${line}`) } : {}),
  })
  const listener = listenStdio(front.receiver, { input: io.stdin, output: io.stdout })
  const told = new Promise<void>(resolve => io.signal.addEventListener('abort', () => resolve(), { once: true }))
  await Promise.race([listener.closed, told])
  await listener.close()
  return exit.ok
}
