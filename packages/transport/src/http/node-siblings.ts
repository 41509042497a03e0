import { Agent, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
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
  const agent = new Agent({ keepAlive: true, timeout: idleMs })
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
    else refuse(response, 'code' in error && isNobodyThere(error.code))
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

const isNobodyThere = (errno: unknown): boolean => errno === 'ENOENT' || errno === 'ECONNREFUSED'

/** @param isSessionOver whether the process that held it has ended; else it broke off, perhaps after it did the work */
function refuse(response: ServerResponse, isSessionOver: boolean): void {
  const message = isSessionOver
    ? 'Session not found: it has ended; send initialize to start a new one'
    : 'the server broke off; whether the call took effect is unknown'
  const body = serialise(
    errorResponse(undefined, { code: isSessionOver ? code.invalidRequest : code.internalError, message }),
  )
  response.writeHead(isSessionOver ? 404 : 502, { ...jsonHeaders, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
