import { type Ended, type Transport, TransportError } from '@interlock/protocol'
import { type Authorize, httpTransport, sseTransport } from '@interlock/transport'
import { nodeSend } from '@interlock/transport/node'
import { type StdioTransportOptions, stdioTransport } from '@interlock/transport/stdio'
import { type HttpLaunch, takesLogin } from '../config/http.ts'
import type { ServerCommon, ServerSpec } from '../config/server.ts'
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

/**
 * How the gateway logs in to one server, if it does. Never asked for one that has credentials of its own.
 * @param user the subject of the principal whose own login is used, and nobody else's; where that is said (`perUser`)
 */
export type AuthorizeServer = (spec: ServerCommon & HttpLaunch, user?: string) => Authorize | undefined

/** Opens transports as the configuration says, for all or for one user alone. */
export const opener =
  (authorize: AuthorizeServer = () => undefined, user?: string): Open =>
  (spec, options = {}) => {
    if (spec.kind !== 'stdio') {
      const over = spec.kind === 'sse' ? sseTransport : httpTransport
      const login = takesLogin(spec) ? authorize(spec, user) : undefined
      const send = login === undefined ? nodeSend : login(nodeSend, spec.url)
      return openedOver(over(spec.url, { headers: spec.headers, send }))
    }
    const { command, args, env, cwd } = spec
    const transport = stdioTransport(
      { command, args, env, ...(cwd === undefined ? {} : { cwd }) },
      { ...options, isPerTurn: true, keepsSource: true },
    )
    return openedOver(transport, () => transport.stderrTail())
  }

export const openTransport: Open = opener()

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
