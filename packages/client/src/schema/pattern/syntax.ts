import { schemaLimits } from '../limits.ts'
import { type Run, Undecided } from '../run.ts'

/** Whether one character (a code point, or a code unit of a pattern without `u`) is meant. */
export type Meant = (character: number) => boolean

/** What a pattern is made of. */
export type Node =
  | { readonly kind: 'character'; readonly isMeant: Meant }
  | { readonly kind: 'assertion'; readonly sign: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }

export interface Syntax {
  readonly root: Node
  /** Whether it is read by code points. */
  readonly isUnicode: boolean
}

/**
 * Reads a regular expression of ECMAScript. The platform says whether it is one, so that this only has to find where
 * each part ends; which characters a class or an escape means is asked of the platform as well, one character at a time.
 * @throws Undecided for one that is no pattern, is too long, or looks ahead, behind or back
 */
export function readPattern(source: string, run: Run): Syntax {
  if (source.length > schemaLimits.patternLength) {
    throw new Undecided(`a pattern is longer than ${schemaLimits.patternLength} characters`)
  }
  run.spend(patternSteps + source.length)
  // Many are written without "u" in mind, with escapes that it forbids.
  const flags = isPattern(source, 'u') ? 'u' : ''
  if (flags === '' && !isPattern(source, '')) throw new Undecided(`the pattern ${quoted(source)} is none`)
  return { root: new Reader(source, flags, run).choice(), isUnicode: flags === 'u' }
}

function isPattern(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) instanceof RegExp
  } catch {
    return false
  }
}

/** What it costs to have the platform read a pattern, or a part of one, and make ready to run it. */
const patternSteps = 100

class Reader {
  readonly #source: string
  readonly #flags: string
  readonly #run: Run
  #at = 0

  constructor(source: string, flags: string, run: Run) {
    this.#source = source
    this.#flags = flags
    this.#run = run
  }

  choice(): Node {
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'choice', parts }
  }

  #sequence(): Node {
    const parts: Node[] = []
    while (this.#at < this.#source.length && !this.#sees('|') && !this.#sees(')')) parts.push(this.#repeated())
    return { kind: 'sequence', parts }
  }

  #repeated(): Node {
    const part = this.#part()
    const match = this.#match(/[*+?]|\{(\d+)(?:(,)(\d*))?\}/y)
    if (match === undefined) return part
    this.#take('?') // which of several matches is found makes no difference
    const [sign, from, comma, to] = match
    if (from === undefined)
      return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity }
    const most = comma === undefined ? Number(from) : to === '' ? Infinity : Number(to)
    return { kind: 'repeat', part, least: Number(from), most }
  }

  #part(): Node {
    if (this.#take('(')) return this.#group()
    const sign = this.#match(/\^|\$|\\[bB]/y)?.[0]
    if (sign === '^' || sign === '$' || sign === '\\b' || sign === '\\B') return { kind: 'assertion', sign }
    const backReference = this.#flags === 'u' ? /\\(?:[1-9]|k)/y : /\\(?:\d|k)/y
    if (this.#match(backReference) !== undefined) throw this.#beyond()
    const atom = this.#match(this.#flags === 'u' ? atomOfPoints : atomOfUnits)?.[0] ?? ''
    return { kind: 'character', isMeant: meant(atom, this.#flags, this.#run) }
  }

  #group(): Node {
    if (this.#match(/\?(?::|<[^=!>]+>)/y) === undefined && this.#sees('?')) throw this.#beyond()
    const inside = this.choice()
    this.#take(')')
    return inside
  }

  #beyond(): Undecided {
    return new Undecided(`the pattern ${quoted(this.#source)} looks ahead, behind or back, which takes unbounded time`)
  }

  #sees(text: string): boolean {
    return this.#source.startsWith(text, this.#at)
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false
    this.#at += text.length
    return true
  }

  #match(what: RegExp): RegExpExecArray | undefined {
    what.lastIndex = this.#at
    const match = what.exec(this.#source)
    if (match !== null) this.#at += match[0].length
    return match ?? undefined
  }
}

const classAtom = String.raw`\[(?:\\[^]|[^\]\\])*\]`
const escapes = String.raw`\\c[A-Za-z]|\\x[\dA-Fa-f]{2}`
const surrogates = String.raw`\\u[dD][89abAB][\dA-Fa-f]{2}\\u[dD][c-fC-F][\dA-Fa-f]{2}`
/** One class, escape or character. */
const atomOfPoints = new RegExp(
  String.raw`${classAtom}|${escapes}|${surrogates}|\\u\{[\dA-Fa-f]+\}|\\u[\dA-Fa-f]{4}|\\[pP]\{[^}]*\}|\\[^]|[^]`,
  'yu',
)
const atomOfUnits = new RegExp(String.raw`${classAtom}|${escapes}|\\u[\dA-Fa-f]{4}|\\[^]|[^]`, 'y')

/** Characters whose answers are kept. */
const keptCharacters = 128

function meant(atom: string, flags: string, run: Run): Meant {
  const literal = atom.codePointAt(0) ?? 0
  const isOne = atom.length === (literal > 0xffff ? 2 : 1)
  if (isOne && atom !== '.') return character => character === literal
  run.spend(patternSteps)
  const whole = new RegExp(`^${atom}$`, flags)
  const known: (boolean | undefined)[] = []
  return character => {
    if (character >= keptCharacters) return whole.test(String.fromCodePoint(character))
    known[character] ??= whole.test(String.fromCodePoint(character))
    return known[character]
  }
}

const quoted = (source: string): string => JSON.stringify(source.length > 60 ? `${source.slice(0, 60)}…` : source)
