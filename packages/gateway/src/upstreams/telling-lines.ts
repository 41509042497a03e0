/** Lines of standard error that are shown with a reason: an error with its hints fits, a log does not. */
const shownLines = 5

/**
 * Of the end of a server's standard error, the lines that say why it failed: at most five, without stack frames, quoted
 * source and dumped members. Where more are left, they begin with the first that names an error, or are the last; of a
 * Python traceback, they begin with the error that it ends with. When nothing is left, the last lines as they are.
 */
export function tellingLines(lines: readonly string[]): readonly string[] {
  const pythonError = lines.some(line => traceback.test(line)) ? lines.findLastIndex(line => typed.test(line)) : -1
  const from = Math.max(pythonError, 0)
  const rest = lines.slice(from).filter((line, at) => !isNoise(line) && !isQuoted(lines, from + at))
  if (rest.length === 0) return lines.slice(-shownLines)
  if (pythonError >= 0 || rest.length <= shownLines) return rest.slice(0, shownLines)
  // What a program dies of bears a type; "error" alone may be a line of its log.
  const uncaught = rest.findIndex(line => typed.test(line))
  const first = uncaught >= 0 ? uncaught : rest.findIndex(line => named.test(line))
  return first < 0 ? rest.slice(-shownLines) : rest.slice(first, first + shownLines)
}

const traceback = /Traceback \(most recent call last\):$/

/** `TypeError: …`, also within the frame that Python draws around groups of exceptions. */
const typed = /^(?:\s*\| )?(?:Uncaught )?[\w.]*(?:Error|Exception|Exit|Interrupt)(?: \[\w+\])?(?::|$)/

const named = /\b(?:error|fatal|exception|panic(?:ked)?|cannot|denied|not found)\b/i

const noise: readonly RegExp[] = [
  /^\s+at /, // a frame of a stack
  /^\s+(?:code|errno|syscall|requireStack): /, // members of an error that Node prints below it
  /^[\s{}[\](),;|+-]*$/, // brackets and frames
  /^Node\.js v\d/,
]

const carets = /^\s*[\^~]+$/

const isNoise = (line: string): boolean => carets.test(line) || noise.some(pattern => pattern.test(line))

/** Whether a line is source above carets, or says where that stands: `file.js:12`. */
const isQuoted = (lines: readonly string[], at: number): boolean =>
  carets.test(lines[at + 1] ?? '') || (/:\d+$/.test(lines[at] ?? '') && carets.test(lines[at + 2] ?? ''))
