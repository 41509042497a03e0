import { Console } from 'node:console'
import { parseArgs } from 'node:util'
import type { Receiver } from '@interlock/protocol'

export interface ServeOptions {
  /**
   * Command-line words after the program's name. Default: those of this process. `--http` serves Streamable HTTP instead
   * of stdio, with `--port` and `--host`.
   */
  readonly argv?: readonly string[]
  /** Further origins that browsers may call from, on HTTP. */
  readonly allowedOrigins?: readonly string[]
  /** Further names that this server is reached by, on HTTP. */
  readonly allowedHosts?: readonly string[]
}

/**
 * Runs a server until its client leaves (stdio) or the process is told to end (SIGTERM, SIGINT), lets calls in flight
 * finish, and ends the process. stdout belongs to the protocol meanwhile: what is logged on the console goes to stderr.
 */
export async function serve(server: { readonly receiver: Receiver }, options: ServeOptions = {}): Promise<void> {
  const { values } = parseArgs({
    args: [...(options.argv ?? process.argv.slice(2))],
    options: { http: { type: 'boolean' }, port: { type: 'string' }, host: { type: 'string' } },
    strict: false,
  })
  if (values['http'] === true) await serveHttp(server.receiver, options, values)
  else await serveStdio(server.receiver)
  process.exit()
}

async function serveStdio(receiver: Receiver): Promise<void> {
  Object.assign(console, new Console(process.stderr))
  // Loaded when it is needed, so that a server on one transport does not pay for the other.
  const { listenStdio } = await import('@interlock/transport/stdio')
  const listener = listenStdio(receiver)
  await Promise.race([listener.closed, toldToEnd()])
  await listener.close()
}

async function serveHttp(
  receiver: Receiver,
  { allowedOrigins, allowedHosts }: ServeOptions,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { listenHttp } = await import('@interlock/transport/node')
  const host = values['host']
  const listener = await listenHttp(receiver, {
    port: portOf(values['port']),
    ...(typeof host === 'string' ? { host } : {}),
    ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
  })
  console.error(`listening on ${listener.url}`)
  await toldToEnd()
  await listener.close()
}

function portOf(value: unknown): number {
  if (value === undefined) return 3000
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (port <= 65_535) return port
  throw new TypeError(`--port must be a number from 0 to 65535, not "${String(value)}"`)
}

const toldToEnd = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
