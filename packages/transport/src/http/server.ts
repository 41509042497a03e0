import {
  type Binding,
  code,
  errorResponse,
  IdSalvage,
  messageLimits,
  type Principal,
  parse,
  type Receiver,
  type Response,
  serialise,
  Unreadable,
} from '@interlock/protocol'
import { batchRefusal, isBatch, receiveBatch } from '../batch.ts'
import { HttpBinding, HttpExchange, HttpReply, HttpStream } from './exchange.ts'
import { type GuardOptions, guard } from './guard.ts'
import { type Headers, jsonHeaders, none } from './headers.ts'
import type { HttpRequest } from './request.ts'

/** Tells who sends a request. Refuses it by returning an answer. */
export type Authenticate = (
  request: HttpRequest,
) => Promise<Principal | undefined | { readonly status: number; readonly headers: Headers; readonly text?: string }>

export interface EdgeOptions extends GuardOptions {
  /** Path of the MCP endpoint. Default `/mcp`. */
  readonly path?: string
  /** Largest message in bytes. Default `messageLimits.messageBytes`. */
  readonly messageBytes?: number
  readonly authenticate?: Authenticate
}

/** Turns HTTP requests into exchanges for a receiver. Knows no method names. */
export function httpEdge(receiver: Receiver, options: EdgeOptions): (request: HttpRequest) => void {
  const { path = '/mcp', messageBytes = messageLimits.messageBytes, authenticate } = options
  const judge = guard(options)

  const serve = async (request: HttpRequest, cors: Headers): Promise<void> => {
    let principal: Principal | undefined
    if (authenticate !== undefined) {
      const verdict = await authenticate(request)
      if (verdict !== undefined && 'status' in verdict) {
        return request.respond(verdict.status, { ...cors, ...verdict.headers }, verdict.text)
      }
      principal = verdict
    }
    const binding = new HttpBinding(request, principal)
    switch (request.method) {
      case 'POST':
        return post(receiver, request, binding, cors, messageBytes)
      case 'GET':
        if (accepts(request, 'text/event-stream')) return receiver.listen(new HttpStream(request, binding, cors))
        return request.respond(405, { ...cors, allow, 'content-type': 'text/plain; charset=utf-8' }, aboutGet)
      case 'DELETE':
        return request.respond(receiver.terminate(binding), cors)
      case 'OPTIONS':
        return request.respond(204, { ...cors, allow })
      default:
        return request.respond(405, { ...cors, allow })
    }
  }

  return request => {
    const verdict = judge(request)
    if (verdict.kind === 'deny') return refuse(request, 403, code.invalidRequest, `Forbidden: ${verdict.reason}`)
    const question = request.url.indexOf('?')
    if ((question < 0 ? request.url : request.url.slice(0, question)) !== path) {
      return request.respond(404, textPlain, `Not found. The MCP endpoint of this server is ${path}\n`)
    }
    const cors = verdict.origin === undefined ? none : corsHeaders(verdict.origin)
    serve(request, cors).catch((error: unknown) => {
      console.error('an HTTP request failed:', error)
      refuse(request, 500, code.internalError, 'Internal error', cors)
    })
  }
}

const allow = 'POST, GET, DELETE, OPTIONS'
const aboutGet = 'This is an MCP endpoint: an MCP client talks to it with POST.\n'
const textPlain: Headers = { 'content-type': 'text/plain; charset=utf-8' }

const corsHeaders = (origin: string): Headers => ({
  'access-control-allow-origin': origin,
  'access-control-allow-methods': allow,
  'access-control-allow-headers': '*, authorization',
  'access-control-expose-headers': 'mcp-session-id, mcp-protocol-version, www-authenticate',
  vary: 'origin',
})

async function post(
  receiver: Receiver,
  request: HttpRequest,
  binding: Binding,
  cors: Headers,
  messageBytes: number,
): Promise<void> {
  const type = request.header('content-type')
  if (type === undefined || !/^application\/json\s*(?:;|$)/i.test(type)) {
    return refuse(request, 415, code.invalidRequest, 'Unsupported media type: send application/json', cors)
  }
  const body = await request.body(messageBytes)
  if (body.kind === 'gone') return
  if (body.kind === 'oversize') {
    const salvage = new IdSalvage()
    salvage.bytes(body.prefix)
    const message = `Invalid request: the message is larger than ${messageBytes} bytes`
    return respond(request, 413, cors, errorResponse(salvage.id, { code: code.invalidRequest, message }))
  }
  const parsed = parse(body.text)
  if (parsed instanceof Unreadable) return respond(request, 400, cors, parsed.reply)
  if (!isBatch(parsed)) return receiver.receive(new HttpExchange(parsed, binding, new HttpReply(request, cors)))
  const refusal = batchRefusal(parsed, receiver, binding)
  if (refusal !== undefined) return respond(request, 400, cors, refusal)
  const reply = new HttpReply(request, cors)
  receiveBatch(parsed, receiver, {
    binding,
    cancellation: reply.cancellation,
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

function refuse(request: HttpRequest, status: number, errorCode: number, message: string, cors: Headers = none): void {
  respond(request, status, cors, errorResponse(undefined, { code: errorCode, message }))
}

function respond(request: HttpRequest, status: number, cors: Headers, response: Response): void {
  request.respond(status, { ...cors, ...jsonHeaders }, serialise(response))
}
