import { connect, type Socket } from 'node:net'
import { type Answer, closedLoop, type Driver } from './drive.ts'
import { type Era, handshake, httpHeaders, isRight, request, versions } from './messages.ts'
import type { Workload } from './workloads.ts'

/** Connections with one request in flight each: enough to keep one core busy, few enough to fit any limit. */
export const connections = 32

export interface HttpLoad {
  /** Connections; default `connections`. */
  readonly atOnce?: number
  /** The server keeps no session, though its revision has some. */
  readonly isStateless?: boolean
  /** Headers that say who calls, made for each call. Default: none. */
  readonly credentials?: Credentials
}

/** Headers that say who calls, made for each call of an endpoint. */
export type Credentials = (url: URL) => Readonly<Record<string, string>>

const none = {}

/**
 * Calls a tool over keep-alive connections. Plain sockets: a client of Node's own would cost more than the servers that
 * are measured, and the load generator would become the bottleneck.
 */
export async function driveHttp(
  url: URL,
  era: Era,
  workload: Workload,
  { atOnce = connections, isStateless = false, credentials = () => none }: HttpLoad = {},
): Promise<Driver> {
  const sessionId = era === 'legacy' && !isStateless ? await openSession(url) : undefined
  const head = requestLines(url, httpHeaders(era, workload.tool, sessionId))
  let call = 0
  const ask = async (connection: Connection): Promise<Answer> => {
    call += 1
    const id = call
    const body = request(era, workload, id)
    const { status, text, messages } = await connection.ask(
      `${head}${headerLines(credentials(url))}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    return { isRight: status === 200 && isRight(era, workload, id, messages), text }
  }
  return { open: () => closedLoop(() => Connection.open(url), atOnce, ask) }
}

/** Opens a session of the legacy era. @throws {Error} when there is none */
export async function openSession(url: URL): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const opened = await fetch(url, { method: 'POST', headers, body: handshake.initialize })
  const answer = await opened.text()
  const sessionId = opened.headers.get('mcp-session-id')
  if (!opened.ok || sessionId === null) throw new Error(`initialize was answered with ${opened.status}: ${answer}`)
  const more = { 'mcp-session-id': sessionId, 'mcp-protocol-version': versions.legacy }
  await fetch(url, { method: 'POST', headers: { ...headers, ...more }, body: handshake.initialized })
  return sessionId
}

export async function endSession(url: URL, sessionId: string): Promise<number> {
  const headers = { 'mcp-session-id': sessionId, 'mcp-protocol-version': versions.legacy }
  const { status } = await fetch(url, { method: 'DELETE', headers })
  return status
}

/** Ends where the length of the body stands. */
export const requestHead = (url: URL, headers: Readonly<Record<string, string>>): string =>
  `${requestLines(url, headers)}content-length: `

const requestLines = (url: URL, headers: Readonly<Record<string, string>>): string =>
  `POST ${url.pathname} HTTP/1.1\r\n${headerLines({ host: url.host, ...headers })}`

const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

export interface HttpReply {
  readonly status: number
  readonly text: string
  readonly messages: readonly unknown[]
}

/** One connection with one request in flight. */
export class Connection {
  readonly #socket: Socket
  #received = ''
  #waiter: { resolve(reply: HttpReply): void; reject(error: Error): void } | undefined

  static open(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
      socket.once('connect', () => resolve(new Connection(socket)))
      socket.once('error', reject)
    })
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    // All that the workloads say is ASCII, so that bytes, which HTTP counts, are characters.
    socket.setEncoding('latin1').on('data', (text: string) => this.#take(text))
    socket.on('close', () => this.#waiter?.reject(new Error('the contestant closed a connection that was in use')))
  }

  ask(text: string): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
      this.#socket.write(text)
    })
  }

  close(): void {
    this.#waiter = undefined
    this.#socket.destroy()
  }

  #take(text: string): void {
    this.#received += text
    const reply = readReply(this.#received)
    if (reply === undefined) return
    this.#received = ''
    this.#waiter?.resolve(reply)
  }
}

/** Reads a response to the only request in flight; undefined while it has not come whole. */
export function readReply(received: string): HttpReply | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.slice(0, end).toLowerCase()
  const isChunked = head.includes('\ntransfer-encoding: chunked')
  const body = isChunked ? unchunk(received, end + 4) : sized(received, end + 4, head)
  if (body === undefined) return undefined
  const text = `${received.slice(0, end)}\n\n${body}`
  const messages = head.includes('\ncontent-type: text/event-stream') ? eventData(body) : parseAll([body])
  return { status: Number(head.slice(9, 12)), text, messages }
}

function sized(received: string, from: number, head: string): string | undefined {
  const length = Number(/\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0)
  return received.length < from + length ? undefined : received.slice(from, from + length)
}

function unchunk(received: string, from: number): string | undefined {
  let body = ''
  for (let start = from; ; ) {
    const sizeEnd = received.indexOf('\r\n', start)
    const size = sizeEnd < 0 ? NaN : Number.parseInt(received.slice(start, sizeEnd), 16)
    const next = sizeEnd + 2 + size + 2
    if (Number.isNaN(size) || received.length < next) return undefined
    if (size === 0) return body
    body += received.slice(sizeEnd + 2, next - 2)
    start = next
  }
}

const eventData = (body: string): unknown[] =>
  parseAll(
    body
      .split('\n')
      .filter(line => line.startsWith('data:'))
      .map(line => line.slice('data:'.length).trim())
      .filter(data => data !== ''),
  )

/** What is no JSON is passed on as nothing, which is no right answer to anything. */
function parseAll(texts: readonly string[]): unknown[] {
  return texts.map(text => {
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  })
}
