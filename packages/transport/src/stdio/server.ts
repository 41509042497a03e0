import type { Readable, Writable } from 'node:stream'
import {
  Cancellation,
  type Connection,
  code,
  errorResponse,
  IdSalvage,
  isRequest,
  messageLimits,
  parse,
  type Receiver,
  serialise,
  Unreadable,
} from '@interlock/protocol'
import { ConnectionExchange } from '../connection-exchange.ts'
import { LineSplitter } from './lines.ts'
import { lineWriter } from './writer.ts'

export interface StdioServerOptions {
  /** Default: standard input. */
  readonly input?: Readable
  /** Default: standard output. */
  readonly output?: Writable
  /** Largest message in bytes. Default `messageLimits.messageBytes`. */
  readonly messageBytes?: number
}

/** Bytes waiting for a client that does not read; above it the connection is given up. */
const bufferedBytes = 64 * 1024 * 1024

export interface StdioListener {
  /** Settles when the client has closed its end, or cannot be written to any more. */
  readonly closed: Promise<void>
  /** Lets calls in flight finish, writes what is left and settles. */
  close(graceMs?: number): Promise<void>
}

/** Serves a receiver on standard input and output, one message a line. */
export function listenStdio(receiver: Receiver, options: StdioServerOptions = {}): StdioListener {
  const { input = process.stdin, output = process.stdout, messageBytes = messageLimits.messageBytes } = options
  const gone = new Cancellation()
  const closed = deferred()
  const writer = lineWriter(output, {
    limit: bufferedBytes,
    onOverflow: () => lose(),
    onClosed: () => lose(),
  })
  const lose = (): void => {
    gone.abort(new Error('the client is gone'))
    closed.resolve()
  }
  const connection: Connection = { closed: gone, send: message => writer.write(serialise(message)) }
  const lines = new LineSplitter(messageBytes, {
    line: text => takeLine(text, receiver, connection),
    oversize: refuseOversize(connection, messageBytes),
  })
  input.on('data', (chunk: Uint8Array) => lines.push(chunk))
  input.once('end', () => {
    lines.end()
    closed.resolve()
  })
  input.once('error', () => closed.resolve())
  return {
    closed: closed.promise,
    async close(graceMs) {
      input.pause()
      await receiver.close(graceMs)
      await writer.flushed()
      lose()
    },
  }
}

function takeLine(text: string, receiver: Receiver, connection: Connection): void {
  const message = parse(text)
  if (message instanceof Unreadable) return connection.send(message.reply)
  if (isBatch(message)) {
    const fault = { code: code.invalidRequest, message: 'Invalid request: send one message at a time' }
    return connection.send(errorResponse(undefined, fault))
  }
  const exchange = new ConnectionExchange(message, 'stdio', connection)
  // A client that goes away without end of input takes its calls with it.
  if (isRequest(message) && connection.closed.aborted) exchange.cancellation.abort()
  receiver.receive(exchange)
}

const isBatch = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** An oversize message costs only itself: its id is read as it passes, and it is answered. */
function refuseOversize(
  connection: Connection,
  messageBytes: number,
): { start(): void; bytes(piece: Uint8Array): void; end(): void } {
  let salvage = new IdSalvage()
  return {
    start: () => {
      salvage = new IdSalvage()
    },
    bytes: piece => salvage.bytes(piece),
    end: () => {
      const message = `Invalid request: the message is larger than ${messageBytes} bytes`
      connection.send(errorResponse(salvage.id, { code: code.invalidRequest, message }))
    },
  }
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => {}
  const promise = new Promise<void>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
