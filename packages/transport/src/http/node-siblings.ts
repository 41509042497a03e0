import {
  Agent,
  type ClientRequestArgs,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http'
import { connect } from 'node:net'
import { type Duplex, pipeline } from 'node:stream'
import { code, errorResponse, serialise } from '@interlock/protocol'
import { jsonHeaders } from './headers.ts'

/** The other processes that serve at the same address, each with sessions of its own. */
export interface Siblings {
  /** Where they reach this one: the path of a socket, or a pipe's name on Windows, that nobody else may open. */
  readonly door: string
  /** The door of the one that holds a session; undefined when it is held here, or by none of them. */
  doorOf(sessionId: string): string | undefined
}

export interface Forwarding extends Disposable {
  /**
   * Passes a request on to the one that holds its session and the answer back. That one checks the request as if it had
   * come there, so nothing is checked before.
   * @returns whether another one holds its session
   */
  forward(request: IncomingMessage, response: ServerResponse): boolean
}

/**
 * A hop between processes of one machine. A connection may carry requests of several sessions, and which it comes to is the
 * system's choice, so requests are passed on one by one.
 */
export function forwarding(siblings: Siblings): Forwarding {
  // Kept open for the next request; they are closed on this side, so none is used that is closing on the other.
  const agent = new Doors({ keepAlive: true, timeout: idleMs })
  return {
    forward(request, response) {
      const sessionId = request.headers['mcp-session-id']
      const door = typeof sessionId === 'string' ? siblings.doorOf(sessionId) : undefined
      if (door === undefined) return false
      pass(request, response, door, agent)
      return true
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

/** Time after which a connection to a sibling that is not used is closed. */
const idleMs = 30_000

/** A sibling that is busy has no room for further connections for a moment: how long that is waited for, how often tried. */
const busy = { longestMs: 10_000, everyMs: 20 }

type Dialled = (error: Error | null, stream: Duplex) => void

/** Nothing of a request is written before there is a connection, so that trying again repeats no call. */
class Doors extends Agent {
  override createConnection(options: ClientRequestArgs, callback?: Dialled): undefined {
    const until = Date.now() + busy.longestMs
    const dial = (): void => {
      const socket = connect({ path: options.socketPath ?? '' })
      const fail = (error: Error): void => {
        if ('code' in error && error.code === 'EAGAIN' && Date.now() < until) setTimeout(dial, busy.everyMs).unref()
        else callback?.(error, socket)
      }
      socket.once('error', fail).once('connect', () => {
        socket.off('error', fail)
        callback?.(null, socket)
      })
    }
    dial()
  }
}

function pass(request: IncomingMessage, response: ServerResponse, door: string, agent: Agent): void {
  const { method, url: path } = request
  const onward = openRequest({ agent, socketPath: door, method, path, headers: endToEnd(request.rawHeaders) })
  onward.once('response', answer => {
    const headers = endToEnd(answer.rawHeaders, 'transfer-encoding') // chunked anew, if the client's version knows it
    // Answered before all of it was read: what is left of it is not waited for.
    if (!request.complete) headers.push('connection', 'close')
    response.writeHead(answer.statusCode ?? 502, headers)
    pipeline(answer, response, () => {})
  })
  onward.once('error', error => {
    request.unpipe(onward)
    request.resume()
    if (response.headersSent) response.destroy()
    else refuse(response, refusalFor(error))
  })
  response.once('close', () => {
    if (!response.writableFinished) onward.destroy()
  })
  request.pipe(onward)
}

/** Headers but those that concern one connection alone, as a list of names and values. */
function endToEnd(rawHeaders: readonly string[], besides?: string): string[] {
  const kept: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    const lower = name.toLowerCase()
    if (!ofOneConnection.has(lower) && lower !== besides) kept.push(name, rawHeaders[at + 1] ?? '')
  }
  return kept
}

const ofOneConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'expect', 'upgrade', 'trailer', 'te'])

/** What is answered in the place of a sibling. */
interface Refusal {
  readonly status: number
  readonly code: number
  readonly message: string
}

const refusals = {
  gone: {
    status: 404,
    code: code.invalidRequest,
    message: 'Session not found: it has ended; send initialize to start a new one',
  },
  busy: { status: 503, code: code.internalError, message: 'the server is too busy; nothing was done, try again later' },
  brokeOff: {
    status: 502,
    code: code.internalError,
    message: 'the server broke off; whether the call took effect is unknown',
  },
} satisfies Record<string, Refusal>

const byErrno: ReadonlyMap<unknown, Refusal> = new Map<unknown, Refusal>([
  ['ENOENT', refusals.gone],
  ['ECONNREFUSED', refusals.gone],
  ['EAGAIN', refusals.busy],
])

const refusalFor = (error: Error): Refusal =>
  ('code' in error ? byErrno.get(error.code) : undefined) ?? refusals.brokeOff

function refuse(response: ServerResponse, { status, code, message }: Refusal): void {
  const body = serialise(errorResponse(undefined, { code, message }))
  response.writeHead(status, { ...jsonHeaders, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
