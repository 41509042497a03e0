import { type Implementation, type Transport, TransportError } from '@interlock/protocol'
import type { Authorize, HttpSend } from '@interlock/transport'
import { type CacheLimits, ResultCache } from './cache.ts'
import { Client } from './client.ts'
import { ConnectError } from './connect-error.ts'
import { Host, type HostCallbacks, type HostOptions } from './host.ts'
import { clientLimits } from './limits.ts'
import { OutputSchemas } from './output-schemas.ts'
import { type EraName, open, remember } from './probe.ts'
import { Subscriptions } from './subscriptions.ts'
import { type Destination, destination, type Target } from './target.ts'
import type { Trace } from './trace.ts'
import { Wire } from './wire.ts'

export interface ConnectOptions
  extends HostCallbacks,
    Pick<HostOptions, 'capabilities' | 'extensions' | 'revisions' | 'takesTasks' | 'questionTasks' | 'pageMs'> {
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
  /**
   * Logs in to a server over HTTP, and adds credentials to requests. The handshake lets a person log in for as long as
   * `connectMs`.
   */
  readonly auth?: Authorize
  /** Results are kept for as long as their server says, within these limits; `false` keeps nothing. */
  readonly cache?: false | Partial<CacheLimits>
  /**
   * Holds tools that were listed to their `outputSchema`: a call whose result breaks it rejects with `OutputMismatch`.
   * Default: true.
   */
  readonly checkOutput?: boolean
  /** Asked for the current trace context with every call that the host makes; it goes into the request's `_meta`. */
  readonly trace?: Trace
}

/**
 * Connects to a server of whatever revision. When that fails, everything that was opened is closed again. A program that
 * ends when it is asked what it is gets started once more, as a server with sessions; whoever gives a transport instead
 * of a target finds out from `mayBeLegacy`.
 * @throws ConnectError naming the target, the step that failed, and why; TypeError when the target cannot be one, or
 * a revision or an extension is none.
 */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<Client> {
  const to = destination(target, options)
  const deadlineAt = Date.now() + (options.connectMs ?? clientLimits.connectMs)
  try {
    return await attempt(to, options, deadlineAt)
  } catch (error) {
    const isOurs = typeof target === 'string' || 'command' in target
    if (!isOurs || !mayBeLegacy(error)) throw error
    const client = await attempt(to, { ...options, era: 'legacy' }, deadlineAt).catch(again => {
      throw hasExited(again) ? error : again
    })
    if (to.key !== undefined) remember(to.key, 'legacy')
    return client
  }
}

const mayBeLegacy = (error: unknown): boolean => error instanceof ConnectError && error.mayBeLegacy

const hasExited = (error: unknown): boolean =>
  error instanceof ConnectError && error.cause instanceof TransportError && error.cause.code === 'exited'

async function attempt(
  { name, key, open: openTransport }: Destination,
  options: ConnectOptions,
  deadlineAt: number,
): Promise<Client> {
  const { timeoutMs = clientLimits.callMs, maxTotalMs = Math.max(timeoutMs, clientLimits.totalMs), era } = options
  const host = new Host({ ...options, info: options.info ?? anonymous }) // what is wrong there is told first
  const transport = await openTransport()
  transport.onNoise(what => host.warn(`${name} sent ${what}`))
  const wire = new Wire(transport, name)
  const cache = options.cache === false ? undefined : new ResultCache(options.cache)
  const answering = { name, warn: (warning: string): void => host.warn(warning) }
  const outputs = options.checkOutput === false ? undefined : new OutputSchemas(answering)
  const subscriptions = new Subscriptions(cache, outputs)
  try {
    const known = { ...(key && { key }), ...(era && { era }) }
    const opening = { wire, host, subscriptions, deadlineAt, isPatient: options.auth !== undefined, ...known }
    const conversation = await open(opening)
    const sharing = {
      ...(cache && { cache }),
      ...(outputs && { outputs }),
      ...(options.trace && { trace: options.trace }),
    }
    return new Client(wire, host, conversation, subscriptions, { timeoutMs, maxTotalMs }, sharing)
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
  const said = lines.filter((line): line is string => typeof line === 'string' && !isNoise(line))
  // Of a program that dies of an error, that one; Python prints the causes before it.
  const uncaught = said.findLastIndex(line => /^[\w.]*(?:Error|Exception)(?: \[\w+\])?:/.test(line))
  const words = uncaught < 0 ? said.slice(-lastWords) : said.slice(uncaught, uncaught + lastWords)
  if (words.length > 0) error.message += `; its last words: ${JSON.stringify(words.join('\n'))}`
  return error
}

/** Frames of a stack, brackets and carets, and what Node prints below an error. */
const isNoise = (line: string): boolean =>
  /^(?:\s+at .*|[\s{}[\](),;^~]*|\s+(?:code|errno|syscall|requireStack): .*|Node\.js v\d.*)$/.test(line)
