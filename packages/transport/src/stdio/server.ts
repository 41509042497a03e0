import type { Readable, Writable } from 'node:stream'
import {
  Cancellation,
  type Connection,
  code,
  errorResponse,
  IdSalvage,
  isRequest,
  messageLimits,
  type Principal,
  parse,
  type Receiver,
  serialise,
  Unreadable,
} from '@interlock/protocol'
import { batchRefusal, isBatch, receiveBatch } from '../batch.ts'
import { failQuestion } from '../broken-answer.ts'
import { type ConnectedBinding, ConnectionExchange } from '../connection-exchange.ts'
import { LineSplitter, type OversizeSink } from './lines.ts'
import { lineWriter } from './writer.ts'

export interface StdioServerOptions {
  /** Default: standard input. */
  readonly input?: Readable
  /** Default: standard output. */
  readonly output?: Writable
  /** Largest message in bytes. Default `messageLimits.messageBytes`. */
  readonly messageBytes?: number
  /** Who is at the other end. Default: whoever started the server, without limits. */
  readonly principal?: Principal
}

/** Bytes waiting for a client that does not read; above it the connection is given up. */
const bufferedBytes = 64 * 1024 * 1024
/** Bytes waiting from which on progress and log messages are spared. */
const congestedBytes = 1024 * 1024
/** Time for a client to read the last answers when the server ends; one that does not read must not keep it alive. */
const flushMs = 1000

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
  const inputEnded = new Cancellation()
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
  const connection: Connection = {
    closed: gone,
    inputEnded,
    get isCongested() {
      return writer.buffered > congestedBytes
    },
    send: message => writer.write(serialise(message)),
  }
  const { principal } = options
  const binding: ConnectedBinding = {
    transport: 'stdio',
    connection,
    ...(principal === undefined ? {} : { principal }),
  }
  const lines = new LineSplitter(messageBytes, {
    line: text => takeLine(text, receiver, binding, array => writer.write(array)),
    oversize: refuseOversize(receiver, binding, messageBytes),
  })
  input.on('data', (chunk: Uint8Array) => lines.push(chunk))
  const endInput = (): void => {
    if (inputEnded.aborted) return
    lines.end()
    inputEnded.abort()
    closed.resolve()
  }
  for (const event of ['end', 'error', 'close']) input.once(event, endInput)
  return {
    closed: closed.promise,
    async close(graceMs) {
      // The input is read on meanwhile: calls in flight may wait for an answer, or be cancelled.
      await receiver.close(graceMs)
      input.pause()
      await Promise.race([writer.flushed(), after(flushMs)])
      lose()
    },
  }
}

/** @param write takes the responses to a batch */
function takeLine(text: string, receiver: Receiver, binding: ConnectedBinding, write: (array: string) => void): void {
  const { connection } = binding
  const message = parse(text)
  if (message instanceof Unreadable) {
    connection.send(message.reply)
    return failQuestion(message, receiver, binding)
  }
  if (isBatch(message)) {
    const refusal = batchRefusal(message, receiver, binding)
    if (refusal !== undefined) return connection.send(refusal)
    return receiveBatch(message, receiver, {
      binding,
      get isCongested() {
        return connection.isCongested === true
      },
      send: more => connection.send(more),
      finish: array => array !== undefined && write(array),
    })
  }
  const exchange = new ConnectionExchange(message, binding)
  // A client that goes away without end of input takes its calls with it.
  if (isRequest(message) && connection.closed.aborted) exchange.cancellation.abort()
  receiver.receive(exchange)
}

/** An oversize message costs only itself: its id is read as it passes, and it is answered. */
function refuseOversize(receiver: Receiver, binding: ConnectedBinding, messageBytes: number): OversizeSink {
  let salvage = new IdSalvage()
  return {
    start: () => {
      salvage = new IdSalvage()
    },
    bytes: piece => salvage.bytes(piece),
    end: () => {
      const message = `Invalid request: the message is larger than ${messageBytes} bytes`
      const reply = errorResponse(salvage.id, { code: code.invalidRequest, message })
      binding.connection.send(reply)
      failQuestion(new Unreadable(reply, salvage.answers), receiver, binding)
    },
  }
}

const after = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms).unref())

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let settle: (() => void) | undefined
  const promise = new Promise<void>(resolve => {
    settle = resolve
  })
  return { promise, resolve: () => settle?.() }
}
