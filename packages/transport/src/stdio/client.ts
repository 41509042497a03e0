import type { Buffer } from 'node:buffer'
import {
  type Ended,
  IdSalvage,
  type Message,
  messageLimits,
  parse,
  type Request,
  serialise,
  sourceOf,
  type Transport,
  TransportError,
  Unreadable,
} from '@interlock/protocol'
import { isBatch, messagesInBatch } from '../batch.ts'
import { RequestTable } from '../request-table.ts'
import { LineSplitter, type OversizeSink } from './lines.ts'
import { parseAround } from './long-strings.ts'
import { type Exit, type LaunchSpec, launch, type StopOptions } from './process.ts'
import { lineWriter } from './writer.ts'

export interface StdioTransportOptions extends StopOptions {
  /** Largest message in bytes. Default `messageLimits.messageBytes`. */
  readonly messageBytes?: number
  /** Hears each line that the server writes to standard error. */
  readonly onStderr?: (line: string) => void
  /** Joins what is sent in one turn of the event loop into one write: for whoever passes on what many clients send. */
  readonly isPerTurn?: boolean
  /** Keeps what large results were read from, and freezes those: for whoever passes them on. */
  readonly keepsSource?: boolean
}

/** A transport that owns a local server's process. */
export interface StdioTransport extends Transport {
  readonly kind: 'stdio'
  readonly pid: number | undefined
  /** The last lines of the server's standard error, fit to be shown. */
  stderrTail(): readonly string[]
}

/** Bytes waiting for a server that does not read its input; above it the server is given up. */
const bufferedBytes = 64 * 1024 * 1024

/** Starts a local server and talks to it over its standard input and output. Never throws: see `ended`. */
export function stdioTransport(spec: LaunchSpec, options: StdioTransportOptions = {}): StdioTransport {
  const { messageBytes = messageLimits.messageBytes, onStderr, isPerTurn = false, keepsSource = false } = options
  const child = launch(spec)
  const table = new RequestTable()
  let isClosing = false
  if (onStderr !== undefined) child.onStderr(onStderr)
  const writer = lineWriter(child.stdin, {
    limit: bufferedBytes,
    isPerTurn,
    onOverflow: () => void child.stop({ eofMs: 0 }),
  })
  const write = (message: Request): void => writer.write(serialise(message))
  const lines = new LineSplitter(messageBytes, {
    line: text => takeLine(text, table, keepsSource),
    long: bytes => keepsSource && takeBytes(bytes, table),
    oversize: passOversize(table, messageBytes),
  })
  child.stdout.on('data', (chunk: Uint8Array) => lines.push(chunk))
  let isMute = false
  child.stdout.once('end', () => {
    lines.end()
    // A process that ends closes its output first; one that lives on without can answer nothing any more.
    void Promise.race([child.exited, after(mutedMs)]).then(exit => {
      if (exit !== undefined || isClosing) return
      isMute = true
      table.close(closedOutput(spec.command))
      void child.stop({ ...options, eofMs: 0 })
    })
  })
  const ended = child.exited.then((exit): Ended => {
    const reason = isMute ? closedOutput(spec.command) : describeExit(spec.command, exit)
    table.close(isClosing ? undefined : reason)
    return isClosing ? undefined : reason
  })
  return {
    kind: 'stdio',
    pid: child.pid,
    ended,
    stderrTail: () => child.stderrTail(),
    takesCancellation: true,
    exchange: (request, more) => table.exchange(request, write, more),
    async send(message) {
      writer.write(serialise(message))
    },
    onMessage: listener => table.onMessage(listener),
    onNoise: listener => table.onNoise(listener),
    async [Symbol.asyncDispose]() {
      isClosing = true
      table.close()
      // What was sent last goes out first, unless the server does not read.
      await Promise.race([writer.flushed(), after(flushMs)])
      await child.stop(options)
    },
  }
}

/** Time for a process that has closed its output to end by itself. */
const mutedMs = 500

const closedOutput = (command: string): TransportError =>
  new TransportError('exited', `"${command}" closed its standard output, so it was ended`)

/** Time for a server to read what was sent to it last. */
const flushMs = 500

const after = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms).unref())

function takeLine(text: string, table: RequestTable, keepsSource: boolean): void {
  const message = parse(text)
  if (isBatch(message)) for (const one of messagesInBatch(message)) take(one, text, table)
  else if (keepsSource && !(message instanceof Unreadable)) table.take(message, sourceOf(text, message))
  else take(message, text, table)
}

/** Whether a long line is one that can be read without decoding all of it. */
function takeBytes(bytes: Buffer, table: RequestTable): boolean {
  const found = parseAround(bytes)
  if (found !== undefined) table.take(found.message, found.source)
  return found !== undefined
}

function take(message: Message | Unreadable, text: string, table: RequestTable): void {
  if (message instanceof Unreadable) table.refuse(message.answers, `a line that is no message: ${quote(text)}`)
  else table.take(message)
}

/** An oversize message is not kept, but when it is a response, the request that it answers is told. */
function passOversize(table: RequestTable, messageBytes: number): OversizeSink {
  let salvage = new IdSalvage()
  return {
    start: () => {
      salvage = new IdSalvage()
    },
    bytes: piece => salvage.bytes(piece),
    end: bytes =>
      table.refuse(salvage.answers, `a message of ${bytes} bytes, more than the ${messageBytes} that are read`),
  }
}

/** Enough of a line to recognise it by. */
const quote = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text)

function describeExit(command: string, exit: Exit): TransportError {
  switch (exit.kind) {
    case 'exit':
      return new TransportError('exited', `"${command}" ended with exit code ${exit.code}`)
    case 'signal':
      return new TransportError('exited', `"${command}" was ended by ${exit.signal}`)
    case 'failed':
      return new TransportError('launch_failed', exit.error.message, { cause: exit.error })
  }
}
