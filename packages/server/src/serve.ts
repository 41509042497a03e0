import {
  type ChangeBus,
  clip,
  type Implementation,
  type Receiver,
  type ServerCapabilities,
  tasksExtension,
} from '@interlock/protocol'
import type { Protection } from '@interlock/transport'
import { runStdio, toldToEnd } from './serve-stdio.ts'
import { StartError } from './start-error.ts'
import type { Worker } from './workers/worker.ts'

export interface ServeOptions {
  /**
   * Command-line words after the program's name. Default: those of this process. `--http` serves Streamable HTTP instead
   * of stdio, with `--port` and `--host`, and with `--sse` the deprecated HTTP+SSE besides; `--workers` runs the program in
   * several processes on that port. `--help` tells of them. Other words are left to the author.
   */
  readonly argv?: readonly string[]
  /** Further origins that browsers may call from, on HTTP. */
  readonly allowedOrigins?: readonly string[]
  /** Further names that this server is reached by, on HTTP. */
  readonly allowedHosts?: readonly string[]
  /**
   * Who may use the server on HTTP: what `protect` of `@interlock/auth` makes, or a function that is told the endpoint.
   * Default: everybody who reaches it. On stdio it is whoever started the server.
   */
  readonly auth?: Protection | ((endpoint: URL) => Protection)
  /** What whoever starts the server may do on stdio. Default: all that the server can. */
  readonly localScopes?: readonly string[]
}

/**
 * Runs a server until its client leaves (stdio) or the process is told to end (SIGTERM, SIGINT), lets calls in flight
 * finish, and ends the process. stdout belongs to the protocol meanwhile: what is logged on the console goes to stderr.
 * Words that cannot be meant end it with exit code 2, an address that cannot be listened on with 1.
 */
export async function serve(server: Served, options: ServeOptions = {}): Promise<void> {
  try {
    await run(server, options)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    await write(process.stderr, `${error.message}\n`)
    process.exit(error.exitCode)
  }
  process.exit()
}

/** What `server()` makes. The name and version are for `--help`, the rest for several processes. */
interface Served {
  readonly receiver: Receiver
  readonly info?: Implementation
  readonly changes?: ChangeBus
  capabilities?(): ServerCapabilities
}

type Values = Readonly<Record<string, unknown>>

async function run(served: Served, options: ServeOptions): Promise<void> {
  // Loaded here: whoever uses `serveStdio` does not pay for it.
  const { parseArgs } = await import('node:util')
  // Authors have flags of their own, so unknown ones are left to them.
  const { values } = parseArgs({
    args: [...(options.argv ?? process.argv.slice(2))],
    options: {
      http: { type: 'boolean' },
      port: { type: 'string' },
      host: { type: 'string' },
      sse: { type: 'boolean' },
      workers: { type: 'string' },
      help: { type: 'boolean' },
    },
    strict: false,
  })
  if (values['help'] === true) return write(process.stdout, usage(served.info))
  if (values['http'] === true) {
    return values['workers'] === undefined
      ? serveHttp(served, options, values)
      : serveByWorkers(served, options, values)
  }
  const idle = ['port', 'host', 'sse', 'workers'].find(name => values[name] !== undefined)
  if (idle !== undefined) throw new StartError(2, `--${idle} is for HTTP; add --http, or leave out --${idle} for stdio`)
  await runStdio(served.receiver, options)
}

const usage = (info: Implementation | undefined): string => `${info ? `${info.name} ${info.version}\n\n` : ''}\
Serves the Model Context Protocol on standard input and output.

  --http         Streamable HTTP instead
  --port <n>     port for --http, 0 for any free one; ${defaultPort} if left out
  --host <name>  address for --http; ${defaultHost} if left out
  --sse          HTTP+SSE as well as --http, for old clients that have nothing else; it is deprecated
  --workers <n>  for --http, this many processes on the port; auto for one on each processor
  --help         this text
`

const defaultPort = 3000
const defaultHost = '127.0.0.1'

/** In the process that was started, starts others and waits for them; in those, serves. */
async function serveByWorkers(served: Served, options: ServeOptions, values: Values): Promise<void> {
  const { becomeWorker, isWorker, runWorkers, workerCount } = await import('./workers/index.ts')
  const count = workerCount(values['workers'])
  if (values['sse'] === true) throw new StartError(2, sseByWorkers)
  if (served.capabilities?.().extensions?.[tasksExtension] !== undefined) throw new StartError(2, tasksByWorkers)
  if (isWorker()) return serveHttp(served, options, values, await becomeWorker(count, served.changes))
  const address = { port: portOf(values['port']), host: hostOf(values['host']) }
  await runWorkers({
    ...address,
    count,
    toldToEnd: toldToEnd(),
    onServing: url => {
      console.error(`listening on ${url} with ${count} ${count === 1 ? 'worker' : 'workers'}`)
      void warnOfOpenDoors(options, address.host)
    },
  }).catch((error: unknown) => {
    throw error instanceof StartError ? error : new StartError(1, whyNot(error, address), { cause: error })
  })
}

const sseByWorkers = '--sse serves from one process only; leave out --workers, or --sse'
const tasksByWorkers =
  'tools that run as tasks are served from one process only, since a task lives in it; leave out --workers, or "task"'

async function serveHttp(served: Served, options: ServeOptions, values: Values, worker?: Worker): Promise<void> {
  const { receiver } = served
  const { allowedOrigins, allowedHosts, auth } = options
  const host = hostOf(values['host'])
  const port = worker?.port ?? portOf(values['port'])
  // Loaded when it is needed, so that a server on stdio does not pay for it.
  const { listenHttp } = await import('@interlock/transport/node')
  const listener = await listenHttp(receiver, {
    port,
    host,
    sse: values['sse'] === true,
    ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    ...(auth === undefined ? {} : { auth }),
    ...(worker === undefined ? {} : { siblings: worker.siblings }),
  }).catch((error: unknown) => {
    if (error instanceof TypeError) throw error // the author's options, not the address
    throw new StartError(1, whyNot(error, { host, port }), { cause: error })
  })
  if (worker === undefined) {
    console.error(`listening on ${listener.url}`)
    if (listener.sseUrl !== undefined)
      console.error(`and on ${listener.sseUrl} for clients of HTTP+SSE, which is deprecated`)
    await warnOfOpenDoors(options, host)
    await toldToEnd()
  } else {
    worker.serves(listener.url)
    await worker.toldToEnd
    await receiver.close()
    await worker.drained()
  }
  await listener.close()
}

async function warnOfOpenDoors({ auth }: ServeOptions, host: string): Promise<void> {
  const { isLoopbackHost } = await import('@interlock/transport')
  if (auth !== undefined || isLoopbackHost(host)) return
  console.error(`warning: anyone who reaches this machine on ${host} can use the server, since nobody has to log in`)
}

function portOf(value: unknown): number {
  if (value === undefined) return defaultPort
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (port <= 65_535) return port
  const given = typeof value === 'string' ? `, not ${JSON.stringify(clip(value))}` : ''
  throw new StartError(2, `--port must be a number from 0 to 65535${given}`)
}

function hostOf(value: unknown): string {
  if (value === undefined) return defaultHost
  if (typeof value === 'string' && value !== '') return value
  throw new StartError(2, `--host must be an address of this machine; leave it out for ${defaultHost}`)
}

/** Why an address cannot be listened on. */
function whyNot(error: unknown, { host, port }: { readonly host: string; readonly port: number }): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken; stop what listens there, or use another --port (0 for any free one)`
    case 'EACCES':
      return `port ${port} needs more rights than this user has; use a --port above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${JSON.stringify(clip(host))}; leave out --host for ${defaultHost}`
    default:
      return `cannot listen on port ${port} of ${host}: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Settles when the text is handed over, so that the process may end. */
const write = (stream: NodeJS.WritableStream, text: string): Promise<void> =>
  new Promise(resolve => {
    stream.write(text, () => resolve())
  })
