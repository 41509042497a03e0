import { ConnectError } from '@interlock/client'
import { type Ended, type Transport, TransportError } from '@interlock/protocol'
import { httpTransport } from '@interlock/transport'
import { nodeSend } from '@interlock/transport/node'
import { type StdioTransportOptions, stdioTransport } from '@interlock/transport/stdio'
import type { ServerSpec } from '../config/server.ts'

/** A transport to a configured server, and how to tell a person why it is down. */
export interface Opened {
  readonly transport: Transport
  /** One line, or a few where the server said something on standard error. */
  describe(reason: unknown): string
  /** Whether starting it again would fail in the same way: its command cannot be run. */
  readonly isHopeless: boolean
}

/** Lines of standard error that are shown with the reason; the end of a stack trace says little. */
const shownLines = 5

export function openTransport(spec: ServerSpec, options: StdioTransportOptions = {}): Opened {
  if (spec.kind === 'http') {
    const transport = httpTransport(spec.url, { headers: spec.headers, send: nodeSend })
    return { transport, describe: messageOf, isHopeless: false }
  }
  const { command, args, env, cwd } = spec
  const transport = stdioTransport({ command, args, env, ...(cwd === undefined ? {} : { cwd }) }, options)
  let end: Ended
  void transport.ended.then(reason => {
    end = reason
  })
  return {
    transport,
    describe(reason) {
      // That the process ended says more than that the connection was closed by it.
      const message = messageOf(end ?? reason)
      const tail = transport.stderrTail().slice(-shownLines)
      return tail.length === 0 ? message : `${message}; it wrote:\n${tail.map(line => `    ${line}`).join('\n')}`
    },
    get isHopeless() {
      return end instanceof TransportError && end.code === 'launch_failed'
    },
  }
}

function messageOf(reason: unknown): string {
  if (reason === undefined) return 'the connection was closed'
  if (reason instanceof ConnectError) return `${reason.step} failed: ${messageOf(reason.cause)}`
  return reason instanceof Error ? reason.message : String(reason)
}
