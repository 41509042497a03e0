import { type Gateway, gateway, type ServerSpec } from '@interlock/gateway'
import { isLoopbackHost } from '@interlock/transport'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { Command, InvalidArgumentError } from 'commander'
import { authorizing } from '../authorizing.ts'
import { clientLines } from '../client-lines.ts'
import { configured } from '../configured.ts'
import { CommandError, exit } from '../exit.ts'
import { type Front, type FrontOptions, frontOf } from '../front.ts'
import { type Io, paint, print, printJson, tell } from '../io.ts'
import { leaveYoung } from '../leave-young.ts'
import { StatusFeed } from '../status-feed.ts'
import { gatewayInfo, version } from '../version.ts'
import type { CommandFactory } from './index.ts'

interface UpOptions extends FrontOptions {
  readonly port?: number
  readonly config?: string
  readonly allowOrigin?: readonly string[]
  readonly allowHost?: readonly string[]
  readonly sse?: true
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
    .option('--auth-issuer <url>', 'authorization server whose tokens clients have to show')
    .option('--auth-resource <url>', 'URL that clients use for the gateway (default: where it listens)')
    .option('--auth-scope <scope...>', 'scopes that a token needs')
    .option('--auth-audience <name...>', 'names in tokens for the gateway, where the provider does not write its URL')
    .option('--auth-token-type <type...>', 'types of access tokens; some providers write JWT (default: at+jwt)')
    .option('--api-keys <file>', 'file of keys, one of which clients have to show; see: interlock keys')
    .option('--allow-unauthenticated', 'let in everybody who reaches the address, without any of your logins')
    .option('--sse', 'serve HTTP+SSE as well, for old clients that have nothing else; it is deprecated')
    .option('-v, --verbose', 'show what servers write to standard error')
    .option('--json', 'print one JSON object when the gateway is up')
    .action(async (options: UpOptions) => done(await serveUp(io, options)))

async function serveUp(io: Io, options: UpOptions): Promise<number> {
  leaveYoung()
  const door = await frontOf(io, options)
  const { servers, file } = await configured(io, options.config)
  const port = options.port ?? portOf(io)
  const others = servers.filter(server => !isItself(io, server, port))
  const lines = new StatusFeed(io)
  await using front = gateway({
    servers: others,
    info: gatewayInfo,
    authorize: authorizing(io, { ...options, isForOthers: door !== undefined || isReachable(options) }),
    audience: door !== undefined ? 'named' : isReachable(options) ? 'anyone' : 'one',
    onStatus: status => lines.take(status),
    ...(options.verbose ? { onStderr: (server: string, line: string) => tell(io, `[${server}] ${line}`) } : {}),
  })
  const listener = await listen(front, options, port, door)
  if (options.json) {
    await Promise.race([front.started, aborted(io.signal)])
    printJson(io, { url: listener.url.href, ...sseOf(listener), config: file ?? null, servers: front.servers() })
  } else {
    printHead(io, listener, file, door)
    if (others.length === 0) print(io, '  no servers: name some in the configuration, and start again')
    lines.open(front.servers())
  }
  await aborted(io.signal)
  if (!options.json) print(io, '\nstopping …')
  lines.close()
  await listener.close()
  return exit.ok
}

/** A server of the configuration that is this very gateway: it would wait for itself. */
function isItself(io: Io, server: ServerSpec, port: number): boolean {
  if (server.kind === 'stdio' || !isLoopbackHost(server.url.hostname) || Number(server.url.port) !== port) return false
  tell(io, `note: server "${server.name}" is this gateway itself and was left out`)
  return true
}

/** What is known at once; the servers follow as they come up. */
function printHead(io: Io, listener: HttpListener, file: string | undefined, door: Front | undefined): void {
  const { url } = listener
  const { bold, dim } = paint(io)
  print(io, `${bold('interlock')} ${version}\n`)
  print(io, `  endpoint  ${bold(url.href)}`)
  const { sseUrl } = sseOf(listener)
  if (sseUrl !== undefined) print(io, `  HTTP+SSE  ${bold(sseUrl)}  ${dim('(deprecated, for old clients)')}`)
  for (const line of door?.lines ?? []) print(io, `  access    ${line}`)
  print(io, `  config    ${file ?? 'none'}\n`)
  print(io, bold('Add it to an AI client'))
  for (const line of clientLines(url, file)) print(io, `  ${line}`)
  print(io, `\n${bold('Servers')}  ${dim('(Ctrl-C stops the gateway and all of them)')}`)
}

/** Where old clients go, if they are served. */
const sseOf = ({ sseUrl }: HttpListener): { readonly sseUrl?: string } =>
  sseUrl === undefined ? {} : { sseUrl: sseUrl.href }

async function listen(
  front: Gateway,
  options: UpOptions,
  port: number,
  door: Front | undefined,
): Promise<HttpListener> {
  const allowedHosts = hostsOf(options)
  try {
    return await listenHttp(front.receiver, {
      host: options.host,
      port,
      ...(options.sse === undefined ? {} : { sse: true }),
      ...(options.allowOrigin === undefined ? {} : { allowedOrigins: options.allowOrigin }),
      ...(allowedHosts === undefined ? {} : { allowedHosts }),
      ...(door === undefined ? {} : { auth: door.auth }),
    })
  } catch (error) {
    if (error instanceof TypeError && door !== undefined) throw new CommandError(error.message)
    throw new CommandError(describeBind(error, options.host, port), exit.failed)
  }
}

/** Whether others than who sits at this machine may come: by its address, through a proxy, or because it is said so. */
const isReachable = ({ host, allowHost = [], allowUnauthenticated }: UpOptions): boolean =>
  !isLoopbackHost(host) || allowHost.length > 0 || allowUnauthenticated === true

/** Names that the gateway is reached by: also the one in its public URL, which a proxy on this machine passes on. */
function hostsOf({ allowHost, authResource, host }: UpOptions): readonly string[] | undefined {
  const isNamed = authResource !== undefined && URL.canParse(authResource)
  if (!isNamed || (allowHost === undefined && !isLoopbackHost(host))) return allowHost
  return [...(allowHost ?? []), new URL(authResource).hostname]
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

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
