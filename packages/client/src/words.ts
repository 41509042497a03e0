/**
 * Splits a command line into words as a shell would, without one: blanks separate, quotes join, and a backslash keeps
 * the next quote, blank or backslash. A backslash before anything else stands for itself, as in Windows paths.
 * @throws TypeError when a quote is not closed.
 */
export function words(line: string): string[] {
  const found: string[] = []
  let word: string | undefined
  for (const [whole, single, double, kept] of line.matchAll(piece)) {
    if (blank.test(whole)) {
      if (word !== undefined) found.push(word)
      word = undefined
    } else if (whole === '"' || whole === "'") {
      throw new TypeError(`the command line ends within a quotation that ${whole} begins: ${line}`)
    } else {
      word = (word ?? '') + (single ?? double?.replace(/\\(["\\])/g, '$1') ?? kept ?? whole)
    }
  }
  if (word !== undefined) found.push(word)
  return found
}

/** Blanks, a quotation of either kind, a character kept by a backslash, or any other character. */
const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\["\\]|\\(?!["\\]))*)"|\\(["'\\\s])|[^]/g
const blank = /^\s/
