import type { Io } from './io.ts'

/**
 * Text that a server or a model wrote, made fit for a terminal: without the control characters that could move the
 * cursor, change what stands there already, or turn the direction of writing. Into a file or a pipe it goes as it is.
 */
export const foreign = (io: Io, text: string): string =>
  io.stdout.isTTY === true || io.stderr.isTTY === true ? withoutControls(text) : text

export function withoutControls(text: string): string {
  return text.replace(escapeSequences, '').replace(/\r\n?/g, '\n').replace(controls, '')
}

const escape = '\\u001B'
/** CSI and OSC sequences whole, so that their letters do not stay behind. */
const escapeSequences = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007\\u001B]*(?:\\u0007|${escape}\\\\)?)`,
  'g',
)
/** C0 without tab and line feed, delete, C1, and the marks of bidirectional writing. */
const controls = new RegExp(
  '[\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]',
  'g',
)
