import type { Implementation, Transport } from '@interlock/protocol'
import type { HttpSend } from '@interlock/transport'
import { Client } from './client.ts'
import { Host, type HostCallbacks, type HostOptions } from './host.ts'
import { clientLimits } from './limits.ts'
import { ConnectError, type EraName, open } from './probe.ts'
import { Subscriptions } from './subscriptions.ts'
import { destination, type Target } from './target.ts'
import { Wire } from './wire.ts'

export interface ConnectOptions extends HostCallbacks, Pick<HostOptions, 'capabilities'> {
  /** Who this client says it is. */
  readonly info?: Implementation
  /** Skips finding out which kind of revision the server speaks. */
  readonly era?: EraName
  /** Longest time of a call without an answer or a sign of progress. */
  readonly timeoutMs?: number
  /** Longest time of a call in all. */
  readonly maxTotalMs?: number
  /** Longest time of the handshake, the start of a program included. */
  readonly connectMs?: number
  /** Sends HTTP requests instead of the platform, for example with credentials added. */
  readonly send?: HttpSend
}

/**
 * Connects to a server of whatever revision. When that fails, everything that was opened is closed again.
 * @throws ConnectError naming the target, the step that failed, and why; TypeError when the target cannot be one.
 */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<Client> {
  const {
    timeoutMs = clientLimits.callMs,
    maxTotalMs = Math.max(timeoutMs, clientLimits.totalMs),
    connectMs = clientLimits.connectMs,
  } = options
  const { name, key, open: openTransport } = destination(target, options.send)
  const transport = await openTransport()
  const host = new Host({ ...options, info: options.info ?? anonymous })
  transport.onNoise(what => host.warn(`${name} sent ${what}`))
  const wire = new Wire(transport, name)
  const subscriptions = new Subscriptions()
  const timing = { timeoutMs: connectMs, maxTotalMs: connectMs }
  try {
    const opening = { wire, host, subscriptions, timing, ...(key && { key }), ...(options.era && { era: options.era }) }
    const conversation = await open(opening)
    return new Client(wire, host, conversation, subscriptions, { timeoutMs, maxTotalMs })
  } catch (error) {
    await transport[Symbol.asyncDispose]()
    throw withLastWords(error, transport)
  }
}

const anonymous: Implementation = { name: 'interlock', version: '0.1.0' }

/** Lines of a program's standard error that an error repeats. */
const lastWords = 3

/** A program that does not start says why on its standard error, if anywhere. */
function withLastWords(error: unknown, transport: Transport): unknown {
  if (!(error instanceof ConnectError) || !('stderrTail' in transport)) return error
  const { stderrTail } = transport
  const lines: unknown = typeof stderrTail === 'function' ? stderrTail() : []
  if (!Array.isArray(lines)) return error
  const said = lines.filter(
    (line): line is string => typeof line === 'string' && /\S/.test(line) && !isStackFrame(line),
  )
  if (said.length > 0) error.message += `; its last words: ${JSON.stringify(said.slice(-lastWords).join('\n'))}`
  return error
}

const isStackFrame = (line: string): boolean => /^\s+at /.test(line)
