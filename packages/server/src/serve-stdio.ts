import { Console } from 'node:console'
import type { Receiver } from '@interlock/protocol'
import { listenStdio } from '@interlock/transport/stdio/server'

export interface ServeStdioOptions {
  /** What whoever starts the server may do. Default: all that the server can. */
  readonly localScopes?: readonly string[]
}

/**
 * Runs a server on standard input and output until its client leaves or the process is told to end (SIGTERM, SIGINT),
 * lets calls in flight finish, and ends the process, as `serve` does when it is not told to use HTTP. Reads no words of
 * the command line, and brings nothing of HTTP into a bundle. stdout belongs to the protocol meanwhile: what is logged
 * on the console goes to stderr.
 */
export async function serveStdio(
  server: { readonly receiver: Receiver },
  options: ServeStdioOptions = {},
): Promise<void> {
  await runStdio(server.receiver, options)
  process.exit()
}

/** The same without the end of the process. */
export async function runStdio(receiver: Receiver, { localScopes }: ServeStdioOptions): Promise<void> {
  Object.assign(console, new Console(process.stderr))
  const local = localScopes === undefined ? {} : { principal: { subject: 'local', scopes: localScopes } }
  const listener = listenStdio(receiver, local)
  await Promise.race([listener.closed, toldToEnd()])
  await listener.close()
}

/** Settles when the process is asked to end. */
export const toldToEnd = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
