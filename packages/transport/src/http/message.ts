import {
  code,
  type ErrorObject,
  errorResponse,
  IdSalvage,
  type Message,
  parse,
  type RequestId,
  serialise,
  Unreadable,
} from '@interlock/protocol'
import { type Headers, jsonHeaders, none } from './headers.ts'
import type { HttpRequest } from './request.ts'

/**
 * Reads what a POST carries. When there is nothing to be read, or it is `Unreadable`, the request was answered, or its
 * sender is gone.
 */
export async function readMessage(
  request: HttpRequest,
  cors: Headers,
  messageBytes: number,
): Promise<Message | Unreadable | readonly unknown[] | undefined> {
  const type = request.header('content-type')
  if (type === undefined || !/^application\/json\s*(?:;|$)/i.test(type)) {
    const message = 'Unsupported media type: send application/json'
    return refuse(request, 415, { code: code.invalidRequest, message }, cors)
  }
  const body = await request.body(messageBytes)
  if (body.kind === 'gone') return undefined
  if (body.kind === 'text') {
    const parsed = parse(body.text)
    if (parsed instanceof Unreadable) refuse(request, 400, parsed.reply.error, cors, parsed.reply.id)
    return parsed
  }
  const salvage = new IdSalvage()
  salvage.bytes(body.prefix)
  const message = `Invalid request: the message is larger than ${messageBytes} bytes`
  const reply = errorResponse(salvage.id, { code: code.invalidRequest, message })
  refuse(request, 413, reply.error, cors, reply.id)
  return new Unreadable(reply, salvage.answers)
}

/** Answers with a status and a JSON-RPC error. */
export function refuse(
  request: HttpRequest,
  status: number,
  error: ErrorObject,
  cors: Headers = none,
  id?: RequestId,
): undefined {
  request.respond(status, { ...cors, ...jsonHeaders }, serialise(errorResponse(id, error)))
}
