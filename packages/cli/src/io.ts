import type { Readable, Writable } from 'node:stream'

/** What a command sees of the world, so that tests can give it another one. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Aborted when the person wants the command to end. */
  readonly signal: AbortSignal
}

export const print = (io: Io, text: string): void => void io.stdout.write(`${text}\n`)
export const tell = (io: Io, text: string): void => void io.stderr.write(`${text}\n`)
export const printJson = (io: Io, value: unknown): void => print(io, JSON.stringify(value, null, 2))

/** Colours where a person looks on and has not said otherwise (https://no-color.org). */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
}

export function paint(io: Io): Paint {
  const isPainted = io.stdout.isTTY === true && !io.env['NO_COLOR'] && io.env['TERM'] !== 'dumb'
  const code =
    (start: number, end: number) =>
    (text: string): string =>
      isPainted ? `\u001B[${start}m${text}\u001B[${end}m` : text
  return { bold: code(1, 22), dim: code(2, 22), good: code(32, 39), bad: code(31, 39) }
}
