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

const escape = String.fromCharCode(0x1b)
const bell = String.fromCharCode(0x07)
/** CSI and OSC sequences whole, so that their letters do not stay behind. */
const escapeSequences = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?)`,
  'g',
)
/** Every control character but tab and line feed, and the marks of bidirectional writing. */
const controls = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu
