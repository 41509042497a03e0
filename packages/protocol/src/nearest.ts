/** The candidate most like `word`, letter case aside, when one is like enough to be what was meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.slice(0, longest).toLowerCase()
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  let left = considered
  for (const candidate of candidates) {
    if (left-- === 0) break
    const known = candidate.slice(0, longest).toLowerCase()
    const limit = Math.min(least, reach(Math.min(wanted.length, known.length)) + 1)
    const distance = editDistance(wanted, known, limit)
    if (distance >= limit) continue
    best = candidate
    least = distance
  }
  return best
}

/** Edits that a slip of the pen makes in a word of some letters: at two edits "id" would already be "cwd". */
const reach = (letters: number): number => (letters <= 4 ? 1 : letters <= 12 ? 2 : 3)

/** Characters compared; names are shorter. */
const longest = 64
/** Candidates looked at, so that a wrong name costs little on a server with thousands. */
const considered = 2000

/** Insertions, deletions and replacements between two words; gives up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    if (Math.min(...row) >= limit) return limit
    previous = row
  }
  return previous[b.length] ?? limit
}
