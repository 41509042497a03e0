/**
 * Splits a command line into words as a shell would, without one: blanks separate, quotes join, and a backslash keeps
 * the next quote, blank or backslash. A backslash before anything else stands for itself, as in Windows paths.
 * @throws TypeError when a quote is not closed.
 */
export function words(line: string): string[] {
  const found: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at)
    const next = line.charAt(at + 1)
    if (quote === "'") {
      if (character === quote) quote = undefined
      else word += character
    } else if (character === '\\' && (quote === undefined ? /["'\\\s]/ : /["\\]/).test(next)) {
      word = (word ?? '') + next
      at += 1
    } else if (character === quote) {
      quote = undefined
    } else if (quote === undefined && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (quote === undefined && /\s/.test(character)) {
      if (word !== undefined) found.push(word)
      word = undefined
    } else {
      word = (word ?? '') + character
    }
  }
  if (quote !== undefined) throw new TypeError(`the command line ends within a quotation that ${quote} begins: ${line}`)
  if (word !== undefined) found.push(word)
  return found
}
