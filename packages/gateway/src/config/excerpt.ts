import { members } from './members.ts'

/** Columns of an excerpt. Fits a terminal of 80 with the indentation of a hint. */
const excerptColumns = 72

const shown = new Set<string>([...members, 'mcpServers', 'servers', 'true', 'false', 'null'])

/**
 * The line at `offset` with a caret under the column, as two lines. Values are masked with `*`, because a broken line
 * may hold a secret and an error ends up in logs: member names, punctuation and the character at fault stay readable.
 */
export function excerpt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  const end = text.slice(offset).search(/[\r\n]/)
  const line = masked(text.slice(start, end === -1 ? undefined : offset + end))
  const column = offset - start
  const from = column < excerptColumns ? 0 : column - Math.floor(excerptColumns / 2)
  return `${line.slice(from, from + excerptColumns).trimEnd()}\n${' '.repeat(column - from)}^`
}

/** A word is shown when it is one of ours, or when a closing quote and a colon make it the name of a member. */
function masked(line: string): string {
  const words = line.replace(/[\p{L}\p{N}_$.+/=~@%&!*-]+/gu, (word, at: number) => {
    const named = word.length <= 40 && /^["']\s*:/.test(line.slice(at + word.length))
    return named || shown.has(word) ? word : '*'.repeat(word.length)
  })
  // Control characters would move the caret or the terminal's cursor.
  return words.replace(/\p{Cc}/gu, ' ')
}
