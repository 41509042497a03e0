import {
  type Caller,
  isLogged,
  isLoggingLevel,
  type LoggingLevel,
  type Params,
  type RequestEvent,
} from '@interlock/protocol'
import type { Host } from './host.ts'
import { HostCaller } from './host-caller.ts'
import type { Flight, Wire } from './wire.ts'

/**
 * Takes progress and log messages, which are the same in both eras. `own` is the call on whose stream the message came;
 * on a stream that all calls share there is none.
 */
export function takeNotice(wire: Wire, host: Host, method: string, params: Params, own?: Flight): boolean {
  switch (method) {
    case 'notifications/progress':
      takeProgress(wire, params)
      return true
    case 'notifications/message':
      takeLog(wire, host, params, own)
      return true
    default:
      return false
  }
}

/** The token of a request is its id. */
function takeProgress(wire: Wire, params: Params): void {
  const { progressToken, progress, total, message } = params
  if (typeof progressToken !== 'number' || typeof progress !== 'number') return
  const flight = wire.find(progressToken)
  if (flight === undefined) return
  flight.touch()
  // Progress only increases (specification: Progress); what does not is a sign of life and no more.
  if (progress <= flight.progress) return
  flight.progress = progress
  if (!flight.caller?.wantsProgress) return
  flight.caller.notify({
    kind: 'progress',
    progress,
    ...(typeof total === 'number' ? { total } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  })
}

function takeLog(wire: Wire, host: Host, params: Params, own: Flight | undefined): void {
  const { level, logger, data } = params
  if (!isLoggingLevel(level)) return
  const event: RequestEvent = { kind: 'log', level, data, ...(typeof logger === 'string' ? { logger } : {}) }
  const caller = own?.caller ?? soleCaller(wire.flights) ?? latestWanting(wire, level)
  if (caller !== undefined) return caller.notify(event)
  const { kind: _, ...message } = event
  host.log(message)
}

/** The caller of all these calls, if they have but one; calls of the host itself count as one. */
export function soleCaller(flights: Iterable<Flight>): Caller | undefined {
  let found: Caller | undefined
  for (const { caller } of flights) {
    if (caller === undefined || caller === found) continue
    const isSameHost = caller instanceof HostCaller && found instanceof HostCaller
    if (found !== undefined && !isSameHost) return undefined
    found = caller
  }
  return found
}

/** Where all calls in flight are one client's: its latest call that wants such messages. */
function latestWanting(wire: Wire, level: LoggingLevel): Caller | undefined {
  const callers = wire.flights.flatMap(({ caller }) => caller ?? [])
  const [first] = callers
  if (first === undefined || !callers.every(caller => isOfSameClient(caller, first))) return undefined
  return callers.findLast(({ logLevel }) => isLogged(level, logLevel))
}

/** Calls of one session have one peer; where there are no sessions, one principal may hear what its calls cause. */
function isOfSameClient(one: Caller, other: Caller): boolean {
  if (one instanceof HostCaller && other instanceof HostCaller) return true
  const subject = one.peer.principal?.subject
  return one.peer === other.peer || (subject !== undefined && subject === other.peer.principal?.subject)
}
