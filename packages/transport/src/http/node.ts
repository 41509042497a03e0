import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Receiver } from '@interlock/protocol'
import { isLoopbackHost } from './guard.ts'
import type { Headers } from './headers.ts'
import type { Body, HttpRequest, TextStream } from './request.ts'
import { type EdgeOptions, httpEdge } from './server.ts'

export const nodeLimits: Readonly<Record<NodeLimit, number>> = {
  /** Bytes of all headers of one request. Tokens fit; `Mcp-Param-*` values that do not should be in the body. */
  headerBytes: 32 * 1024,
  /** Time for a client to send its headers. */
  headersMs: 10_000,
  /** Time for a client to send its whole request. */
  requestMs: 60_000,
  /** Time an idle connection is kept for the next request; above the 60 s of common proxies. */
  keepAliveMs: 65_000,
  /** Time for the rest of an oversize body to be discarded, so that its sender reads the refusal. */
  discardMs: 5_000,
  connections: 10_000,
}

type NodeLimit = 'headerBytes' | 'headersMs' | 'requestMs' | 'keepAliveMs' | 'discardMs' | 'connections'

export interface ListenOptions extends Omit<EdgeOptions, 'isLoopback'> {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default: any free port. */
  readonly port?: number
}

export interface HttpListener extends AsyncDisposable {
  /** The MCP endpoint. */
  readonly url: URL
  /** Stops accepting, lets the receiver finish, and closes what is left. */
  close(graceMs?: number): Promise<void>
}

/** Serves a receiver on Streamable HTTP. Rejects when the address cannot be bound. */
export async function listenHttp(receiver: Receiver, options: ListenOptions = {}): Promise<HttpListener> {
  const { host = '127.0.0.1', port = 0, path = '/mcp' } = options
  const edge = httpEdge(receiver, { ...options, isLoopback: isLoopbackHost(host) })
  const server = createServer({ maxHeaderSize: nodeLimits.headerBytes }, (request, response) =>
    edge(new NodeRequest(request, response)),
  )
  server.headersTimeout = nodeLimits.headersMs
  server.requestTimeout = nodeLimits.requestMs
  server.keepAliveTimeout = nodeLimits.keepAliveMs
  server.maxConnections = nodeLimits.connections
  await bind(server, host, port)
  const { port: bound } = server.address() as AddressInfo // listening on TCP, so it is an address and not a pipe's name
  const close = async (graceMs?: number): Promise<void> => {
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    server.closeIdleConnections()
    await receiver.close(graceMs)
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 100).unref()
    await closed
  }
  return {
    url: new URL(`http://${host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host}:${bound}${path}`),
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      server.off('error', reject)
      resolve()
    })
  })
}

class NodeRequest implements HttpRequest {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request
    this.#response = response
  }

  get method(): string {
    return this.#request.method ?? 'GET'
  }

  get url(): string {
    return this.#request.url ?? '/'
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  body(maximumBytes: number): Promise<Body> {
    return readBody(this.#request, maximumBytes)
  }

  respond(status: number, headers: Headers, text?: string): void {
    const response = this.#response
    if (response.headersSent || response.destroyed) return
    // An unread rest of the request would keep the connection busy: it is closed after the answer.
    const closing = this.#request.complete ? undefined : { connection: 'close' }
    const bytes = text === undefined ? 0 : Buffer.byteLength(text)
    response.writeHead(status, { ...headers, ...closing, 'content-length': bytes })
    response.end(text)
    if (closing !== undefined) discard(this.#request)
  }

  stream(status: number, headers: Headers): TextStream {
    const response = this.#response
    response.writeHead(status, headers)
    response.flushHeaders()
    return {
      write: text => void response.write(text),
      get buffered() {
        return response.writableLength
      },
      end: text => void response.end(text),
    }
  }

  onGone(listener: () => void): void {
    const response = this.#response
    response.once('close', () => {
      if (!response.writableFinished) listener()
    })
  }
}

function readBody(request: IncomingMessage, maximumBytes: number): Promise<Body> {
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let bytes = 0
    const settle = (body: Body): void => {
      request.off('data', onData)
      resolve(body)
    }
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > maximumBytes) settle({ kind: 'oversize', prefix: Buffer.concat(chunks) })
    }
    request.on('data', onData)
    request.once('end', () =>
      settle({ kind: 'text', text: chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString() }),
    )
    request.once('close', () => settle({ kind: 'gone' }))
    request.once('error', () => settle({ kind: 'gone' }))
  })
}

/** Reads on for a while and throws it away: a sender that is still writing would not see the answer otherwise. */
function discard(request: IncomingMessage): void {
  request.resume()
  const timer = setTimeout(() => request.destroy(), nodeLimits.discardMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
