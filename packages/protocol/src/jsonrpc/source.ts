import { type CutOut, piecesOf } from './cut-out.ts'
import { type Message, RawJson, type ResultResponse } from './message.ts'

/**
 * The texts that large members of one result were read from, by the value that they became. What is passed on unchanged
 * is written as it was read, instead of being serialised again.
 *
 * The values are frozen, so that none can come to differ from its text: whoever changes a result makes another one, and a
 * member that was replaced is no key here. @see docs/decisions/0016-unchanged-results-keep-their-text.md
 */
export type Source = ReadonlyMap<object, RawJson>

export const sourceLimits: { readonly characters: number; readonly charactersPerStep: number } = {
  /** Shorter messages are serialised in less time than it takes to look for their texts. */
  characters: 64 * 1024,
  /**
   * A step of the search is a quotation mark, an escape before one, or a character outside of strings. A text with more
   * of them than one in so many characters is not searched to its end: serialising costs about as much then. Pictures,
   * documents and files are a few long strings.
   */
  charactersPerStep: 64,
}

/**
 * Finds the source of a result. Nothing is found in short texts, in those with too much to look at, and in those that two
 * readers could take for two different things: with one name twice in an object, an escape in a name, or a line break
 * between values.
 * @param text what `message` was parsed from
 * @param cutOuts what stands in the message where there are placeholders in the text
 */
export function sourceOf(text: string, message: Message, cutOuts: readonly CutOut[] = []): Source | undefined {
  const length = cutOuts.reduce((sum, cutOut) => sum + cutOut.text.length, text.length)
  if (length < sourceLimits.characters || !('result' in message)) return undefined
  const shortest = cutOuts.length === 0 ? sourceLimits.characters : 0
  const spans = new Search(text, length / sourceLimits.charactersPerStep, shortest).run()
  return spans === undefined ? undefined : kept(text, spans, message, cutOuts)
}

/**
 * The JSON of a result, with the texts that are known of its members.
 * @param head what the object begins with
 */
export function writtenFrom(source: Source, result: object, head: string = '{'): RawJson {
  const pieces: (string | CutOut)[] = [head]
  let isFirst = head === '{'
  for (const [name, value] of Object.entries(result)) {
    const known = source.get(value)
    const texts = known === undefined ? [JSON.stringify(value)] : (known.pieces ?? [known.text])
    if (texts[0] === undefined) continue
    pieces.push(`${isFirst ? '' : ','}${JSON.stringify(name)}:`, ...texts)
    isFirst = false
  }
  return RawJson.join([...pieces, '}'])
}

interface Span {
  readonly name: string
  readonly from: number
  readonly to: number
}

function kept(
  text: string,
  spans: readonly Span[],
  { result }: ResultResponse,
  cutOuts: readonly CutOut[],
): Source | undefined {
  const texts = new Map<object, RawJson>()
  for (const { name, from, to } of spans) {
    const value = (result as Record<string, unknown>)[name]
    if (typeof value !== 'object' || value === null) continue
    const pieces = piecesOf(text.slice(from, to), cutOuts)
    if (to - from < sourceLimits.characters && pieces.length === 1) continue
    freeze(value)
    texts.set(value, RawJson.join(pieces))
  }
  return texts.size === 0 ? undefined : texts
}

/** Goes as deep as messages may be nested. */
function freeze(value: object): void {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freeze(member)
  Object.freeze(value)
}

/** Walks over a text that `JSON.parse` has accepted, from one token that matters to the next. */
class Search {
  readonly #text: string
  readonly #mostSteps: number
  /** Characters of a member that is to be found. */
  readonly #shortest: number
  readonly #spans: Span[] = []
  /** Of each object that is open, the names so far; of each array, nothing. */
  readonly #open: (Set<string> | undefined)[] = []
  #at = 0
  #steps = 0
  /** The next string is a name. */
  #isNameNext = false
  /** The last name in the message itself, and in its result. */
  #member = ''
  #name = ''
  #from = 0

  constructor(text: string, mostSteps: number, shortest: number) {
    this.#text = text
    this.#mostSteps = mostSteps
    this.#shortest = shortest
  }

  /** Where large members of the result are; undefined when that is not to be known. */
  run(): readonly Span[] | undefined {
    while (this.#at < this.#text.length) {
      this.#steps += 1
      if (this.#steps > this.#mostSteps || !this.#step()) return undefined
    }
    return this.#spans
  }

  get #isInResult(): boolean {
    return this.#open.length === 2 && this.#member === 'result'
  }

  /** Whether the search goes on. */
  #step(): boolean {
    switch (this.#text[this.#at++]) {
      case '"':
        return this.#string()
      case '{':
        this.#open.push(new Set())
        this.#isNameNext = true
        return true
      case '[':
        this.#open.push(undefined)
        this.#isNameNext = false
        return true
      case ':':
        if (this.#isInResult) this.#from = this.#at
        return true
      case ',':
        this.#endOfValue()
        this.#isNameNext = this.#open.at(-1) !== undefined
        return true
      case '}':
      case ']':
        this.#endOfValue()
        this.#open.pop()
        return true
      case '\r':
      case '\n':
        return false
      default:
        return true
    }
  }

  #string(): boolean {
    const from = this.#at
    let end = this.#text.indexOf('"', from)
    while (this.#isEscaped(end)) {
      if (this.#steps > this.#mostSteps) return false
      end = this.#text.indexOf('"', end + 1)
    }
    this.#at = end + 1
    if (!this.#isNameNext) return true
    this.#isNameNext = false
    return this.#take(this.#text.slice(from, end))
  }

  #take(name: string): boolean {
    const names = this.#open.at(-1)
    if (names === undefined || names.has(name) || name.includes('\\')) return false
    names.add(name)
    if (this.#open.length === 1) this.#member = name
    if (this.#isInResult) this.#name = name
    return true
  }

  #isEscaped(quote: number): boolean {
    let at = quote
    while (this.#text[at - 1] === '\\') at -= 1
    this.#steps += quote - at
    return (quote - at) % 2 === 1
  }

  #endOfValue(): void {
    if (!this.#isInResult || this.#at - this.#from < this.#shortest) return
    this.#spans.push({ name: this.#name, from: this.#from, to: this.#at - 1 })
  }
}
