import type { Readable, Writable } from 'node:stream'
import {
  Cancellation,
  type Connection,
  code,
  errorResponse,
  IdSalvage,
  messageLimits,
  type Principal,
  type Receiver,
  serialise,
  Unreadable,
} from '@interlock/protocol'
import { batchRefusal, isBatch, receiveBatch } from '../batch.ts'
import { failQuestion } from '../broken-answer.ts'
import { type ConnectedBinding, ConnectionExchange } from '../connection-exchange.ts'
import { Inbox, type InboxLimits, type Parsed } from './inbox.ts'
import { LineSplitter, type OversizeSink } from './lines.ts'
import { lineWriter } from './writer.ts'

export interface StdioServerOptions {
  /** Default: standard input. */
  readonly input?: Readable
  /** Default: standard output. */
  readonly output?: Writable
  /** Largest message in bytes. Default `messageLimits.messageBytes`. */
  readonly messageBytes?: number
  readonly limits?: Partial<StdioLimits>
  /** Who is at the other end. Default: whoever started the server, without limits. */
  readonly principal?: Principal
}

export interface StdioLimits extends InboxLimits {
  /** Bytes waiting for a client that does not read; above it the connection is given up. */
  readonly bufferedBytes: number
  /** Bytes waiting from which on progress and log messages are spared. */
  readonly congestedBytes: number
}

export const stdioLimits: StdioLimits = {
  /** Far above what calls in flight answer with, since the client is lost with it. */
  bufferedBytes: 64 * 1024 * 1024,
  congestedBytes: 1024 * 1024,
  /** Bytes that a client has not read, above which its further requests wait. Holds a large result or two. */
  unreadBytes: 8 * 1024 * 1024,
  /**
   * Requests that wait for it to read, above which its input is not read either. Holds the largest message; a client that
   * writes more than this before it reads anything has to read first.
   */
  waitingBytes: 16 * 1024 * 1024,
  /** How long a client that has closed its end may read nothing while its requests wait: it must not keep the server. */
  unreadMs: 10_000,
}

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
  const limits: StdioLimits = { ...stdioLimits, ...options.limits }
  const gone = new Cancellation()
  const inputEnded = new Cancellation()
  const closed = deferred()
  const writer = lineWriter(output, {
    limit: limits.bufferedBytes,
    onOverflow: () => lose(),
    onDrain: () => inbox.drained(),
    onClosed: () => lose(),
  })
  const lose = (): void => {
    inbox.drop()
    gone.abort(new Error('the client is gone'))
    closed.resolve()
  }
  const connection: Connection = {
    closed: gone,
    inputEnded,
    get isCongested() {
      return writer.buffered > limits.congestedBytes
    },
    send: message => writer.write(serialise(message)),
  }
  const { principal } = options
  const binding: ConnectedBinding = {
    transport: 'stdio',
    connection,
    ...(principal === undefined ? {} : { principal }),
  }
  const inbox = new Inbox(limits, {
    unread: () => writer.buffered,
    take: parsed => take(parsed, receiver, binding, array => writer.write(array)),
    pause: isPaused => (isPaused ? input.pause() : input.resume()),
    onInputEnd: () => inputEnded.abort(),
    onEnd: () => closed.resolve(),
  })
  const lines = new LineSplitter(messageBytes, {
    line: text => inbox.line(text),
    oversize: refuseOversize(receiver, binding, messageBytes),
  })
  input.on('data', (chunk: Uint8Array) => lines.push(chunk))
  whenEnded(input, () => {
    lines.end()
    inbox.end()
  })
  return {
    closed: closed.promise,
    async close(graceMs) {
      // The input is read on meanwhile: calls in flight may wait for an answer, or be cancelled. Requests that wait are
      // refused as those that still come.
      await Promise.all([receiver.close(graceMs), inbox.release()])
      input.pause()
      await Promise.race([writer.flushed(), after(flushMs)])
      lose()
    },
  }
}

/** Calls back once, in whichever way the input ends. */
function whenEnded(input: Readable, onEnd: () => void): void {
  let hasEnded = false
  const end = (): void => {
    if (!hasEnded) onEnd()
    hasEnded = true
  }
  for (const event of ['end', 'error', 'close']) input.once(event, end)
}

/** @param write takes the responses to a batch */
function take(message: Parsed, receiver: Receiver, binding: ConnectedBinding, write: (array: string) => void): void {
  const { connection } = binding
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
  receiver.receive(new ConnectionExchange(message, binding))
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
