import { type Ended, type Transport, TransportError } from '@interlock/protocol'
import { httpTransport, sseTransport } from '@interlock/transport'
import { nodeSend } from '@interlock/transport/node'
import { type StdioTransportOptions, stdioTransport } from '@interlock/transport/stdio'
import type { ServerSpec } from '../config/server.ts'
import { fullReason, publicReason } from './reason.ts'
import { tellingLines } from './telling-lines.ts'

/** A transport to a configured server, and how to tell why it is down. */
export interface Opened {
  readonly transport: Transport
  /** For the person who runs the gateway: one line, or a few where the server said something on standard error. */
  describe(reason: unknown): string
  /** For clients: nothing of the machine, and nothing that the server wrote. */
  tell(reason: unknown): string
  /** Whether starting it again would fail in the same way: its command cannot be run. */
  readonly isHopeless: boolean
}

export type Open = (spec: ServerSpec, options?: StdioTransportOptions) => Opened

export const openTransport: Open = (spec, options = {}) => {
  if (spec.kind !== 'stdio') {
    const over = spec.kind === 'sse' ? sseTransport : httpTransport
    return openedOver(over(spec.url, { headers: spec.headers, send: nodeSend }))
  }
  const { command, args, env, cwd } = spec
  const transport = stdioTransport({ command, args, env, ...(cwd === undefined ? {} : { cwd }) }, options)
  return openedOver(transport, () => transport.stderrTail())
}

export function openedOver(transport: Transport, lastWords: () => readonly string[] = () => []): Opened {
  let end: Ended
  void transport.ended.then(reason => {
    end = reason
  })
  return {
    transport,
    describe(reason) {
      // That the process ended says more than that the connection was closed by it.
      const message = fullReason(end ?? reason)
      const tail = tellingLines(lastWords())
      return tail.length === 0 ? message : `${message}; it wrote:\n${tail.map(line => `    ${line}`).join('\n')}`
    },
    tell: reason => publicReason(end ?? reason),
    get isHopeless() {
      return end instanceof TransportError && end.code === 'launch_failed'
    },
  }
}
