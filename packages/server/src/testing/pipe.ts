import { PassThrough } from 'node:stream'
import type { Receiver } from '@interlock/protocol'
import { listenStdio, type StdioListener, type StdioServerOptions } from '@interlock/transport/stdio'

/** The client's end of a server on stdio, in the same process. */
export interface Pipe {
  readonly listener: StdioListener
  /** Writes bytes as they are. */
  write(bytes: string | Uint8Array): void
  /** The next line of the server, parsed; undefined when there will be none. */
  next(): Promise<Record<string, unknown> | undefined>
  /** Closes the server's input. */
  end(): void
  /** Stops reading, so that the server's output backs up. */
  readonly output: PassThrough
}

export function pipe(receiver: Receiver, options: StdioServerOptions = {}): Pipe {
  const input = new PassThrough()
  const output = new PassThrough()
  const listener = listenStdio(receiver, { ...options, input, output })
  const lines = read(output)
  return {
    listener,
    output,
    write: bytes => void input.write(bytes),
    end: () => void input.end(),
    async next() {
      const { value, done } = await lines.next()
      return done === true ? undefined : value
    },
  }
}

async function* read(output: PassThrough): AsyncGenerator<Record<string, unknown>, undefined> {
  let text = ''
  for await (const chunk of output) {
    text += String(chunk)
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield JSON.parse(text.slice(0, end)) as Record<string, unknown>
      text = text.slice(end + 1)
    }
  }
  return undefined
}
