import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { isObject, newest } from '@interlock/protocol'

/** A URL in front of another one, where nothing but one revision is spoken, whatever both ends could speak as well. */
export async function speaking(version: string, to: URL): Promise<AsyncDisposable & { readonly url: URL }> {
  if (version === newest.version) return { url: to, async [Symbol.asyncDispose]() {} }
  const stop = new AbortController()
  const server = createServer((request, response) => {
    forward(version, to, request, response, stop.signal).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${to.pathname}`),
    async [Symbol.asyncDispose]() {
      stop.abort()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function forward(
  version: string,
  to: URL,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { method = 'GET' } = request
  const body = method === 'POST' ? rewritten(version, await text(request)) : undefined
  if (body === '') return void response.writeHead(404).end()
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const names = ['accept', 'content-type', 'mcp-session-id', 'mcp-protocol-version', 'last-event-id']
  const headers = names.flatMap(name => {
    const value = request.headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  const answer = await fetch(to, {
    method,
    headers: Object.fromEntries(headers),
    signal: AbortSignal.any([signal, gone.signal]),
    ...(body === undefined ? {} : { body }),
  })
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.flushHeaders()
  for await (const piece of answer.body ?? []) response.write(piece)
  response.end()
}

/** What a client of that revision would have sent; empty for what it would not. */
function rewritten(version: string, body: string): string {
  const message: unknown = JSON.parse(body)
  if (!isObject(message) || message['method'] === 'server/discover') return ''
  const { params } = message
  if (message['method'] !== 'initialize' || !isObject(params)) return body
  return JSON.stringify({ ...message, params: { ...params, protocolVersion: version } })
}
