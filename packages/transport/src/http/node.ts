import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import type { AddressInfo, ListenOptions as NetListenOptions } from 'node:net'
import type { Pieces, Receiver } from '@interlock/protocol'
import { encode, isLong } from '../stdio/encode.ts'
import { isLoopbackHost } from './guard.ts'
import type { Headers } from './headers.ts'
import { type Forwarding, forwarding, type Siblings } from './node-siblings.ts'
import { NodeStream } from './node-stream.ts'
import type { Protection } from './protection.ts'
import type { Body, HttpRequest, TextStream } from './request.ts'
import { type EdgeOptions, httpEdge, ssePathOf } from './server.ts'
import { Unread } from './unread.ts'

export const nodeLimits: NodeLimits = {
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
  connections: 20_000,
  /**
   * Requests that a connection may have waiting behind the one being answered. Clients hardly ever pipeline; one that
   * goes beyond this is cut off.
   */
  pipelinedRequests: 100,
  /** Bytes of whole answers, of all connections together, that wait for clients to read them. */
  unreadBytes: 64 * 1024 * 1024,
  /** How long one of them may wait, once they are more than that, without any of it being read; then its connection is cut. */
  unreadMs: 2_000,
}

export type NodeLimits = Readonly<
  Record<
    | 'headerBytes'
    | 'headersMs'
    | 'requestMs'
    | 'keepAliveMs'
    | 'discardMs'
    | 'connections'
    | 'pipelinedRequests'
    | 'unreadBytes'
    | 'unreadMs',
    number
  >
>

export interface ListenOptions extends Omit<EdgeOptions, 'isLoopback' | 'auth'> {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default: any free port. */
  readonly port?: number
  readonly limits?: Partial<NodeLimits>
  /**
   * Who may use the endpoint; or a function that is told the endpoint once it is known, for servers whose own address is
   * their public one. Default: everybody who reaches it.
   */
  readonly auth?: Protection | ((endpoint: URL) => Protection)
  /** Other processes that serve at the same address. Default: this is the only one. */
  readonly siblings?: Siblings
}

export interface HttpListener extends AsyncDisposable {
  /** The MCP endpoint. */
  readonly url: URL
  /** Where HTTP+SSE is served, if it was asked for. */
  readonly sseUrl?: URL
  /**
   * Lets the receiver finish and closes what is left. New requests are refused meanwhile, but not new connections: the
   * answer that a call in flight waits for comes over one.
   */
  close(graceMs?: number): Promise<void>
}

/** Serves a receiver on Streamable HTTP. Rejects when the address cannot be bound. */
export async function listenHttp(receiver: Receiver, options: ListenOptions = {}): Promise<HttpListener> {
  const { host = '127.0.0.1', port = 0, path = '/mcp', auth, siblings, ...rest } = options
  const edgeFor = (protection: Protection | undefined): ReturnType<typeof httpEdge> =>
    httpEdge(receiver, {
      ...rest,
      path,
      isLoopback: isLoopbackHost(host),
      ...(protection === undefined ? {} : { auth: protection }),
    })
  let edge = typeof auth === 'function' ? undefined : edgeFor(auth)
  const ssePath = ssePathOf(options)
  const limits: NodeLimits = { ...nodeLimits, ...options.limits }
  const timing = timingOf(limits)
  const inTurn = turns(limits.pipelinedRequests)
  const unread = new Unread(limits)
  const hop = siblings && forwarding(siblings)
  const take =
    (forward?: Forwarding['forward']) =>
    (request: IncomingMessage, response: ServerResponse): void => {
      if (edge === undefined) return void response.destroy()
      const serve = edge
      inTurn(request, response, () => {
        if (forward?.(request, response)) return
        serve(new NodeRequest(request, response, limits.discardMs, unread))
      })
    }
  const server = createServer(timing, take(hop?.forward))
  // What a sibling passes on is for this process, if for any; it closes the connections that it does not need.
  const inner = siblings && createServer({ ...timing, keepAliveTimeout: 0 }, take())
  const servers = inner === undefined ? [server] : [inner, server]
  for (const one of servers) one.maxConnections = limits.connections
  if (inner !== undefined && siblings !== undefined)
    await bind(inner, { path: siblings.door, exclusive: true, backlog: doorBacklog })
  await bind(server, { port, host: host.replace(/^\[|\]$/g, '') }).catch((error: unknown) => {
    inner?.close()
    throw error
  })
  const { port: bound } = server.address() as AddressInfo // listening on TCP, so it is an address and not a pipe's name
  const close = async (graceMs?: number): Promise<void> => {
    await receiver.close(graceMs)
    await Promise.all(servers.map(closeServer))
    hop?.[Symbol.dispose]()
  }
  const base = `http://${host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host}:${bound}`
  const url = new URL(path, base)
  try {
    if (typeof auth === 'function') edge = edgeFor(auth(url))
  } catch (error) {
    for (const one of servers) one.close()
    throw error
  }
  return {
    url,
    ...(ssePath === undefined ? {} : { sseUrl: new URL(ssePath, base) }),
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

/**
 * Connections of siblings that may wait to be taken while this process is busy; the system may hold it to fewer. At a
 * socket's path the ones beyond are not kept waiting, as they are over TCP, but fail.
 */
const doorBacklog = 4096

/** Time for the last answers to be written when the server closes. */
const lastBytesMs = 100

const timingOf = (limits: NodeLimits): ServerOptions => ({
  maxHeaderSize: limits.headerBytes,
  headersTimeout: limits.headersMs,
  requestTimeout: limits.requestMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: Math.min(30_000, limits.headersMs, limits.requestMs),
})

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), lastBytesMs).unref()
  await closed
}

function bind(server: Server, address: NetListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/**
 * Serves the requests of one connection one after the other, each when the answer before it was taken by the system. So a
 * peer that sends many and reads nothing costs one answer: sixteen such connections took 820 MB when all that had come was
 * served at once.
 */
function turns(most: number): (request: IncomingMessage, response: ServerResponse, serve: () => void) => void {
  const waiting = new WeakMap<object, number>()
  return (request, response, serve) => {
    // Node gives a response its socket when the one before is done with it.
    if (response.socket !== null) return serve()
    const { socket } = request
    const before = waiting.get(socket) ?? 0
    if (before >= most) return void socket.destroy()
    waiting.set(socket, before + 1)
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
      // Not within the turn in which the answer before it ended.
      setImmediate(serve)
    })
  }
}

class NodeRequest implements HttpRequest {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse

  readonly #discardMs: number
  readonly #unread: Unread

  constructor(request: IncomingMessage, response: ServerResponse, discardMs: number, unread: Unread) {
    this.#request = request
    this.#response = response
    this.#discardMs = discardMs
    this.#unread = unread
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

  headerCount(name: string): number {
    // `headersDistinct` would make an object of all headers to answer for one.
    const { rawHeaders } = this.#request
    let count = 0
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const sent = rawHeaders[at]
      if (sent?.length === name.length && sent.toLowerCase() === name) count += 1
    }
    return count
  }

  body(maximumBytes: number): Promise<Body> {
    return readBody(this.#request, maximumBytes)
  }

  respond(status: number, headers: Headers, text?: string, pieces?: Pieces): void {
    const response = this.#response
    if (response.headersSent || response.destroyed) return
    if (pieces !== undefined && this.#request.complete) return this.#respondPieces(status, headers, pieces)
    // A long text is not handed over as one: it would be joined with the headers first.
    const body = text !== undefined && isLong(text) ? encode(text) : text
    const bytes = body === undefined ? 0 : Buffer.byteLength(body)
    if (this.#request.complete || !hasBody(this.#request)) {
      // A member before what is spread: after it, the object took a microsecond more to make.
      response.writeHead(status, { 'content-length': bytes, ...headers })
      response.end(body)
      this.#unread.track(response, bytes)
    } else {
      response.writeHead(status, { 'content-length': bytes, connection: 'close', ...headers })
      if (body !== undefined) response.write(body)
      discard(this.#request, this.#discardMs, () => response.end())
    }
  }

  /** What is there as bytes is written as it is. */
  #respondPieces(status: number, headers: Headers, pieces: Pieces): void {
    const response = this.#response
    const all = pieces.map(piece => (typeof piece === 'string' ? Buffer.from(piece) : piece.bytes))
    const bytes = all.reduce((sum, piece) => sum + piece.byteLength, 0)
    response.writeHead(status, { ...headers, 'content-length': bytes })
    for (const piece of all) response.write(piece)
    response.end()
    this.#unread.track(response, bytes)
  }

  stream(status: number, headers: Headers): TextStream {
    return new NodeStream(this.#response, status, headers, this.#unread)
  }

  onGone(listener: () => void): void {
    const response = this.#response
    if (response.closed || response.destroyed) return listener()
    // Not `once`, whose bookkeeping outweighs the listener: a response closes once.
    response.on('close', () => {
      if (!response.writableFinished) listener()
    })
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

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
    if (request.destroyed) settle({ kind: 'gone' })
  })
}

/**
 * Reads on for a while and throws it away, since a sender that is still writing would not see the answer otherwise; then
 * `onEnd` ends the answer and with it the connection.
 */
function discard(request: IncomingMessage, discardMs: number, onEnd: () => void): void {
  const timer = setTimeout(() => request.destroy(), discardMs)
  timer.unref()
  request.once('end', onEnd)
  request.once('close', () => {
    clearTimeout(timer)
    onEnd()
  })
  request.resume()
}
