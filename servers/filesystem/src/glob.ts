import { quoted, Refusal } from './refusal.ts'

/** Alternatives `{a,b}` may expand to; more is a mistake or an attack. */
const mostAlternatives = 64

/** Says whether names on the way from the searched folder to an entry fit a pattern. */
export type Glob = (names: readonly string[]) => boolean

type Piece = { readonly kind: 'star' } | { readonly kind: 'one'; readonly fits: (letter: string) => boolean }
type Segment = '**' | readonly Piece[]

/**
 * Reads a glob: `*` and `?` within a name, `**` for any folders, `[a-z]`, `[!a]` and `{a,b}`. One without `/` is
 * compared with the last name only. Matching takes time in proportion to pattern times path, whatever the pattern.
 */
export function glob(pattern: string): Glob {
  const alternatives = expand(pattern.replace(/^\.?\//, '')).map(segmentsOf)
  return names => alternatives.some(segments => matches(segments, names))
}

function segmentsOf(alternative: string): readonly Segment[] {
  const segments = alternative.split('/').map((segment): Segment => (segment === '**' ? '**' : pieces(segment)))
  return segments.length === 1 ? ['**', ...segments] : segments
}

const matches = (segments: readonly Segment[], names: readonly string[]): boolean =>
  matchSequence(segments, names, segment => segment === '**', nameFits)

function nameFits(segment: Segment, name: string): boolean {
  if (segment === '**') return true
  return matchSequence(
    segment,
    [...name],
    piece => piece.kind === 'star',
    (piece, letter) => piece.kind === 'star' || piece.fits(letter),
  )
}

/** Matches with wild parts that stand for any number of items; going back to the last one only is enough. */
function matchSequence<Part, Item>(
  parts: readonly Part[],
  items: readonly Item[],
  isWild: (part: Part) => boolean,
  fits: (part: Part, item: Item) => boolean,
): boolean {
  let part = 0
  let item = 0
  let wildPart = -1
  let wildItem = 0
  while (item < items.length) {
    const wanted = parts[part]
    const given = items[item]
    if (wanted !== undefined && isWild(wanted)) {
      wildPart = part++
      wildItem = item
    } else if (wanted !== undefined && given !== undefined && fits(wanted, given)) {
      part++
      item++
    } else if (wildPart >= 0) {
      part = wildPart + 1
      item = ++wildItem
    } else {
      return false
    }
  }
  return parts.slice(part).every(isWild)
}

function pieces(segment: string): readonly Piece[] {
  const found: Piece[] = []
  for (const [token] of segment.matchAll(/\[[!^]?\]?[^\]]*\]|\\?./gsu)) {
    if (token === '*') found.push({ kind: 'star' })
    else if (token === '?') found.push({ kind: 'one', fits: () => true })
    else if (token.length > 2 && token.startsWith('['))
      found.push({ kind: 'one', fits: letterClass(token.slice(1, -1)) })
    else found.push({ kind: 'one', fits: letter => letter === token.replace(/^\\(?=.)/s, '') })
  }
  return found
}

function letterClass(body: string): (letter: string) => boolean {
  const isNegated = /^[!^]/.test(body)
  const ranges = [...body.slice(isNegated ? 1 : 0).matchAll(/(.)-(.)|(.)/gsu)].map(
    ([, from, to, single]) => [from ?? single ?? '', to ?? single ?? ''] as const,
  )
  return letter => ranges.some(([from, to]) => letter >= from && letter <= to) !== isNegated
}

function expand(pattern: string): string[] {
  const finished: string[] = []
  const pending = [pattern]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const braces = /\{([^{}]*,[^{}]*)\}/.exec(next)
    if (braces?.[1] === undefined) {
      finished.push(next)
    } else {
      const [before, after] = [next.slice(0, braces.index), next.slice(braces.index + braces[0].length)]
      pending.push(...braces[1].split(',').map(choice => before + choice + after))
    }
    if (finished.length + pending.length > mostAlternatives) {
      throw new Refusal(`the glob ${quoted(pattern)} has more than ${mostAlternatives} alternatives; search in steps`)
    }
  }
  return finished
}
