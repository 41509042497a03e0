import { type Gateway, gateway } from '@interlock/gateway'
import { isLoopbackHost } from '@interlock/transport'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { Command, InvalidArgumentError } from 'commander'
import { clientLines } from '../client-lines.ts'
import { configured } from '../configured.ts'
import { CommandError, exit } from '../exit.ts'
import { type Io, paint, print, printJson, tell } from '../io.ts'
import { statusLines } from '../status-lines.ts'
import { gatewayInfo, version } from '../version.ts'
import type { CommandFactory } from './index.ts'

interface UpOptions {
  readonly port?: number
  readonly host: string
  readonly config?: string
  readonly allowOrigin?: readonly string[]
  readonly allowHost?: readonly string[]
  readonly allowUnauthenticated?: true
  readonly verbose?: true
  readonly json?: true
}

/** Not used by anything well known, so that two commands rarely meet. */
const defaultPort = 7411

export const up: CommandFactory = (io, done) =>
  new Command('up')
    .description('Start the gateway on Streamable HTTP: all your servers behind one endpoint.')
    .option(
      '-p, --port <number>',
      `port to listen on, 0 for any free one (default: $PORT, else ${defaultPort})`,
      readPort,
    )
    .option('--host <address>', 'address to listen on; other machines can reach only a non-loopback one', '127.0.0.1')
    .option('-c, --config <file>', 'configuration (default: the nearest .mcp.json, here or above)')
    .option('--allow-origin <origin...>', 'web origins that may call the gateway besides loopback ones')
    .option('--allow-host <name...>', 'host names that the gateway is reached by besides loopback ones')
    .option('--allow-unauthenticated', 'listen on a non-loopback address although anyone there can use your servers')
    .option('-v, --verbose', 'show what servers write to standard error')
    .option('--json', 'print one JSON object when the gateway is up')
    .action(async (options: UpOptions) => done(await serveUp(io, options)))

async function serveUp(io: Io, options: UpOptions): Promise<number> {
  if (!isLoopbackHost(options.host) && !options.allowUnauthenticated) {
    throw new CommandError(
      `on ${options.host} anyone who reaches this machine could use your servers, since nobody has to log in yet; ` +
        'leave out --host, or add --allow-unauthenticated where the network is yours',
    )
  }
  const { servers, file } = await configured(io, options.config)
  await using front = gateway({
    servers,
    info: gatewayInfo,
    ...(options.verbose ? { onStderr: (server: string, line: string) => tell(io, `[${server}] ${line}`) } : {}),
  })
  const listener = await listen(io, front, options)
  if (!options.json)
    print(io, `${paint(io).bold('interlock')} ${version}  starting ${counted(servers.length, 'server')} …`)
  await Promise.race([front.started, aborted(io.signal)])
  if (!io.signal.aborted) {
    if (options.json) printJson(io, { url: listener.url.href, config: file ?? null, servers: front.servers() })
    else printReady(io, listener, front, file)
    await aborted(io.signal)
  }
  if (!options.json) print(io, '\nstopping: letting calls in flight finish …')
  await listener.close()
  return exit.ok
}

function printReady(io: Io, { url }: HttpListener, front: Gateway, file: string | undefined): void {
  const { bold, dim } = paint(io)
  print(io, `\n  endpoint  ${bold(url.href)}`)
  print(
    io,
    `  config    ${file ?? dim('none found: serving a scratch folder; put an .mcp.json here to serve your own')}\n`,
  )
  for (const line of statusLines(front.servers(), paint(io))) print(io, `  ${line}`)
  print(io, `\n${bold('Add it to an AI client')}`)
  for (const line of clientLines(url, file)) print(io, `  ${line}`)
  print(io, `\n${dim('Ctrl-C stops the gateway and every server.')}`)
}

async function listen(io: Io, front: Gateway, options: UpOptions): Promise<HttpListener> {
  const port = options.port ?? portOf(io)
  try {
    return await listenHttp(front.receiver, {
      host: options.host,
      port,
      ...(options.allowOrigin === undefined ? {} : { allowedOrigins: options.allowOrigin }),
      ...(options.allowHost === undefined ? {} : { allowedHosts: options.allowHost }),
    })
  } catch (error) {
    throw new CommandError(describeBind(error, options.host, port), exit.failed)
  }
}

function describeBind(error: unknown, host: string, port: number): string {
  const errno = error instanceof Error && 'code' in error ? error.code : undefined
  switch (errno) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken, perhaps by another gateway; stop that one, or use --port 0 for a free port`
    case 'EACCES':
      return `port ${port} needs more rights than this user has; use one above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address "${host}"; leave out --host for 127.0.0.1`
    default:
      return `cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`
  }
}

function portOf({ env }: Io): number {
  const { PORT } = env
  if (!PORT) return defaultPort
  try {
    return readPort(PORT)
  } catch {
    throw new CommandError(`the environment variable PORT is "${PORT}"; a port is a number from 0 to 65535`)
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
