/** Lines compared; enough for any source file, and a bound on the time a wrong edit costs. */
const comparedLines = 20_000

/** Characters of a line compared. */
const comparedCharacters = 200

/** The least likeness worth mentioning: half of the letter pairs. */
const leastLikeness = 0.5

export interface NumberedLine {
  readonly number: number
  readonly text: string
}

/** The line of `text` most like the first line of `wanted` that is not blank, if any comes near. */
export function nearestLine(text: string, wanted: string): NumberedLine | undefined {
  const first = wanted.split('\n').find(line => line.trim() !== '')
  if (first === undefined) return undefined
  const pairs = pairsOf(first)
  let best: NumberedLine | undefined
  let likeness = leastLikeness
  for (const [index, line] of text.split('\n', comparedLines).entries()) {
    const like = likenessOf(pairs, pairsOf(line))
    if (like <= likeness) continue
    likeness = like
    best = { number: index + 1, text: line.replace(/\r$/, '') }
  }
  return best
}

function pairsOf(line: string): ReadonlyMap<string, number> {
  const letters = ` ${line.trim().slice(0, comparedCharacters).toLowerCase()} `
  const pairs = new Map<string, number>()
  for (let at = 0; at < letters.length - 1; at++) {
    const pair = letters.slice(at, at + 2)
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  return pairs
}

/** Sørensen–Dice coefficient of two bags of letter pairs: 1 for the same, 0 for nothing in common. */
function likenessOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let shared = 0
  for (const [pair, count] of a) shared += Math.min(count, b.get(pair) ?? 0)
  const total = [...a.values(), ...b.values()].reduce((sum, count) => sum + count, 0)
  return (2 * shared) / total
}
