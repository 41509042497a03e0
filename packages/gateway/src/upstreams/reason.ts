import { ConnectError } from '@interlock/client'
import { code, ProtocolError, TransportError, type TransportErrorCode } from '@interlock/protocol'
import { loginNeededIn } from './login-needed.ts'

/** There is no server to pass a call to. The message names it and is fit for clients; the call was not sent. */
export class Unavailable extends TransportError {}

/** Why a server does not answer, for the person who runs the gateway: everything that is known. */
export function fullReason(reason: unknown): string {
  if (reason === undefined) return 'the connection was closed'
  const need = loginNeededIn(reason)
  if (need !== undefined) return need.message
  if (reason instanceof ConnectError) return `${reason.step} failed: ${fullReason(reason.cause)}`
  return reason instanceof Error ? reason.message : String(reason)
}

/**
 * The same for clients and their models, who may be strangers: what happened, without paths, addresses and what the
 * server wrote.
 */
export const publicReason = (reason: unknown): string => loginNeededIn(reason)?.told ?? whatHappened(reason)

function whatHappened(reason: unknown): string {
  if (reason instanceof ConnectError) return whatHappened(reason.cause)
  if (reason instanceof ProtocolError) {
    return reason.code === code.unsupportedVersion ? 'it speaks no protocol version known here' : 'it refused to start'
  }
  if (!(reason instanceof TransportError)) return 'the connection to it was closed'
  switch (reason.code) {
    case 'exited':
      return exitOf(reason.message)
    case 'launch_failed':
      return 'it cannot be started'
    case 'unreachable':
      return 'it cannot be reached'
    case 'broken':
      return 'the connection to it broke'
    case 'timeout':
      return 'it did not answer in time'
    case 'http_status':
      return reason.status === undefined ? 'it answered with an HTTP error' : `it answered HTTP ${reason.status}`
    case 'bad_reply':
      return unreadable(reason.message)
    case 'closed':
    case 'aborted':
      return 'the connection to it was closed'
  }
}

/** Whether a call that ended like this may have taken effect: nobody knows after a break, so it is not repeated. */
export const isOutcomeUnknown = (error: TransportError): boolean =>
  !(error instanceof Unavailable) && (breaks.has(error.code) || (error.status !== undefined && error.status >= 500))

const breaks: ReadonlySet<TransportErrorCode> = new Set(['timeout', 'exited', 'closed', 'broken', 'bad_reply'])

/** Of a sentence about a command, only how it ended. */
function exitOf(message: string): string {
  const exit = /ended with exit code (\d+)$/.exec(message)
  if (exit !== null) return `its process ended with exit code ${exit[1]}`
  const signal = /was ended by (SIG[A-Z0-9]+)$/.exec(message)
  return signal === null ? 'its process ended' : `its process was ended by ${signal[1]}`
}

function unreadable(message: string): string {
  const size = /a message of (\d+) bytes, more than the (\d+) that are read$/.exec(message)
  return size === null
    ? 'its answer cannot be read'
    : `its answer of ${size[1]} bytes is larger than the ${size[2]} that are read; ask for less`
}
