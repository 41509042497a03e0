import {
  type Binding,
  code,
  type ErrorObject,
  messageLimits,
  type Principal,
  type Receiver,
  Unreadable,
} from '@interlock/protocol'
import { batchRefusal, isBatch, receiveBatch } from '../batch.ts'
import { failQuestion } from '../broken-answer.ts'
import { HttpBinding, HttpExchange, HttpReply, HttpStream } from './exchange.ts'
import { type GuardOptions, guard } from './guard.ts'
import { type Headers, none } from './headers.ts'
import { readMessage, refuse } from './message.ts'
import { documentEdge, type Protection } from './protection.ts'
import type { HttpRequest } from './request.ts'
import { type SseOptions, sseEdge } from './sse-server.ts'

export interface EdgeOptions extends GuardOptions {
  /** Path of the MCP endpoint. Default `/mcp`. */
  readonly path?: string
  /** Largest message in bytes. Default `messageLimits.messageBytes`. */
  readonly messageBytes?: number
  /** Who may use the endpoint, HTTP+SSE included. Default: everybody who reaches it. */
  readonly auth?: Protection
  /**
   * Serves HTTP+SSE besides, the transport of the oldest revision, at a path of its own. Default: no.
   * @deprecated The specification replaced it by Streamable HTTP; it is here for clients that have nothing else.
   */
  readonly sse?: boolean | SseOptions
}

/** Turns HTTP requests into exchanges for a receiver. Knows no method names. */
export function httpEdge(receiver: Receiver, options: EdgeOptions): (request: HttpRequest) => void {
  const { path = '/mcp', messageBytes = messageLimits.messageBytes, auth } = options
  const judge = guard(options)
  const ssePath = ssePathOf(options)
  const sse = ssePath === undefined ? undefined : sseEdge(receiver, ssePath, messageBytes)
  const isDocument = auth === undefined ? undefined : documentEdge(auth)

  const serve = async (request: HttpRequest, asked: string, cors: Headers): Promise<void> => {
    let principal: Principal | undefined
    // Browsers ask beforehand (CORS), without credentials.
    if (auth !== undefined && request.method !== 'OPTIONS') {
      const verdict = await auth.authenticate(request)
      if (verdict !== undefined && 'status' in verdict) {
        return request.respond(verdict.status, { ...cors, ...verdict.headers }, verdict.text)
      }
      principal = verdict
    }
    if (sse !== undefined && asked === ssePath) return sse(request, principal, cors)
    const binding = new HttpBinding(request, principal, auth)
    switch (request.method) {
      case 'POST':
        return post(receiver, request, binding, cors, messageBytes)
      case 'GET':
        if (accepts(request, 'text/event-stream')) return receiver.listen(new HttpStream(request, binding, cors))
        return request.respond(405, { ...cors, allow, 'content-type': 'text/plain; charset=utf-8' }, aboutGet)
      case 'DELETE':
        return respondEmpty(request, receiver.terminate(binding), cors)
      case 'OPTIONS':
        return request.respond(204, { ...cors, allow })
      default:
        return request.respond(405, { ...cors, allow })
    }
  }

  return request => {
    const question = request.url.indexOf('?')
    const asked = question < 0 ? request.url : request.url.slice(0, question)
    if (isDocument?.(request, asked)) return
    const verdict = judge(request)
    if (verdict.kind === 'deny') return refuse(request, 403, forbidden(verdict.reason))
    if (asked !== path && asked !== ssePath) {
      return request.respond(404, textPlain, `Not found. The MCP endpoint of this server is ${path}\n`)
    }
    const cors = verdict.origin === undefined ? none : corsHeaders(verdict.origin)
    serve(request, asked, cors).catch((error: unknown) => {
      console.error('an HTTP request failed:', error)
      refuse(request, 500, { code: code.internalError, message: 'Internal error' }, cors)
    })
  }
}

/** Where HTTP+SSE is served, if it is. */
export function ssePathOf({ sse, path = '/mcp' }: Pick<EdgeOptions, 'sse' | 'path'>): string | undefined {
  if (sse === undefined || sse === false) return undefined
  const { path: own = '/sse' } = sse === true ? {} : sse
  if (own === path) throw new TypeError(`HTTP+SSE needs a path of its own, other than ${path}`)
  return own
}

const forbidden = (reason: string): ErrorObject => ({ code: code.invalidRequest, message: `Forbidden: ${reason}` })

const allow = 'POST, GET, DELETE, OPTIONS'
const aboutGet = 'This is an MCP endpoint: an MCP client talks to it with POST.\n'
const textPlain: Headers = { 'content-type': 'text/plain; charset=utf-8' }

const corsHeaders = (origin: string): Headers => ({
  'access-control-allow-origin': origin,
  'access-control-allow-methods': allow,
  'access-control-allow-headers': '*, authorization',
  'access-control-expose-headers': 'mcp-session-id, mcp-protocol-version, www-authenticate, dpop-nonce',
  vary: 'origin',
})

/** @param status 405 where there is nothing that could be ended */
const respondEmpty = (request: HttpRequest, status: number, cors: Headers): void =>
  request.respond(status, status === 405 ? { ...cors, allow: 'POST' } : cors)

async function post(
  receiver: Receiver,
  request: HttpRequest,
  binding: Binding,
  cors: Headers,
  messageBytes: number,
): Promise<void> {
  const parsed = await readMessage(request, cors, messageBytes)
  if (parsed === undefined) return
  if (parsed instanceof Unreadable) return failQuestion(parsed, receiver, binding)
  if (!isBatch(parsed)) return receiver.receive(new HttpExchange(parsed, binding, new HttpReply(request, cors)))
  const refusal = batchRefusal(parsed, receiver, binding)
  if (refusal !== undefined) return refuse(request, 400, refusal.error, cors)
  const reply = new HttpReply(request, cors)
  receiveBatch(parsed, receiver, {
    binding,
    cancellation: reply.cancellation,
    get isCongested() {
      return reply.isCongested
    },
    send: message => reply.send(message),
    finish: text => reply.finish(text),
  })
}

function accepts(request: HttpRequest, type: string): boolean {
  const accept = request.header('accept')
  return (
    accept === undefined ||
    accept.includes(type) ||
    accept.includes('*/*') ||
    accept.includes(`${type.split('/')[0]}/*`)
  )
}
