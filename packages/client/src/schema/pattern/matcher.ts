import type { Run } from '../run.ts'
import { type Meant, type Node, readPattern } from './syntax.ts'

/** Whether a text holds a match of the pattern. */
export type Matcher = (text: string, run: Run) => boolean

/** One thing to do at a place in the text. */
type Step =
  | { readonly do: 'read'; readonly isMeant: Meant }
  | { readonly do: 'fork'; readonly to: readonly number[] }
  | { readonly do: 'assert'; readonly sign: '^' | '$' | '\\b' | '\\B' }
  | { readonly do: 'accept' }

/**
 * Makes a matcher that follows all ways through the pattern at once, so that its time is at most the product of the
 * lengths of pattern and text; what it takes is spent from the run of each use. What it finds is what `RegExp` finds.
 * @throws Undecided for a pattern that cannot be followed so, or takes too much to make
 */
export function matcher(source: string, run: Run): Matcher {
  const { root, isUnicode } = readPattern(source, run)
  const program: Step[] = []
  emit(root, program, run)
  program.push({ do: 'accept' })
  return (text, use) => new Search(program, text, isUnicode, use).run()
}

/** Appends the steps for a node; after them comes what follows it. */
function emit(node: Node, program: Step[], run: Run): void {
  run.spend(1)
  switch (node.kind) {
    case 'character':
      program.push({ do: 'read', isMeant: node.isMeant })
      return
    case 'assertion':
      program.push({ do: 'assert', sign: node.sign })
      return
    case 'sequence':
      for (const part of node.parts) emit(part, program, run)
      return
    case 'choice':
      return emitChoice(node.parts, program, run)
    case 'repeat':
      return emitRepeat(node, program, run)
  }
}

function emitChoice(parts: readonly Node[], program: Step[], run: Run): void {
  const entries: number[] = []
  const ends: number[][] = []
  program.push({ do: 'fork', to: entries })
  for (const part of parts) {
    entries.push(program.length)
    emit(part, program, run)
    const end: number[] = []
    ends.push(end)
    program.push({ do: 'fork', to: end })
  }
  for (const end of ends) end.push(program.length)
}

function emitRepeat({ part, least, most }: Extract<Node, { kind: 'repeat' }>, program: Step[], run: Run): void {
  for (let time = 0; time < least; time += 1) emit(part, program, run)
  if (most === Infinity) {
    const loop = program.length
    const to = [loop + 1]
    program.push({ do: 'fork', to })
    emit(part, program, run)
    program.push({ do: 'fork', to: [loop] })
    to.push(program.length)
    return
  }
  const exits: number[][] = []
  for (let time = least; time < most; time += 1) {
    const to = [program.length + 1]
    exits.push(to)
    program.push({ do: 'fork', to })
    emit(part, program, run)
  }
  for (const exit of exits) exit.push(program.length)
}

/** One search through a text: the places in the program that are reached at the current character. */
class Search {
  readonly #program: readonly Step[]
  readonly #text: string
  readonly #isUnicode: boolean
  readonly #run: Run
  /** The character at which each place was reached last, so that none is followed twice. */
  readonly #reachedAt: Int32Array
  #at = 0

  constructor(program: readonly Step[], text: string, isUnicode: boolean, run: Run) {
    run.spend(1 + Math.floor(program.length / 64))
    this.#program = program
    this.#text = text
    this.#isUnicode = isUnicode
    this.#run = run
    this.#reachedAt = new Int32Array(program.length).fill(-1)
  }

  run(): boolean {
    let places: number[] = []
    for (;;) {
      // A match may begin at every character.
      if (this.#reach(0, places)) return true
      this.#run.spend(1 + places.length)
      const character = this.#isUnicode ? this.#text.codePointAt(this.#at) : this.#unit(this.#at)
      if (character === undefined) return false
      this.#at += character > 0xffff ? 2 : 1
      const next: number[] = []
      for (const place of places) {
        const step = this.#program[place]
        if (step?.do === 'read' && step.isMeant(character) && this.#reach(place + 1, next)) return true
      }
      places = next
    }
  }

  /** Notes all characters that may be read from a place on. Whether the pattern can be over there. */
  #reach(start: number, places: number[]): boolean {
    const pending = [start]
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      if (this.#reachedAt[place] === this.#at) continue
      this.#reachedAt[place] = this.#at
      this.#run.spend(1)
      const step = this.#program[place]
      if (step === undefined || step.do === 'accept') return true
      if (step.do === 'read') places.push(place)
      else if (step.do === 'fork') this.#fork(step.to, pending)
      else if (this.#holds(step.sign)) pending.push(place + 1)
    }
    return false
  }

  #fork(to: readonly number[], pending: number[]): void {
    this.#run.spend(to.length)
    for (const place of to) pending.push(place)
  }

  #holds(sign: '^' | '$' | '\\b' | '\\B'): boolean {
    if (sign === '^') return this.#at === 0
    if (sign === '$') return this.#at === this.#text.length
    const isBoundary = isWord(this.#unit(this.#at - 1)) !== isWord(this.#unit(this.#at))
    return isBoundary === (sign === '\\b')
  }

  #unit(at: number): number | undefined {
    return at >= 0 && at < this.#text.length ? this.#text.charCodeAt(at) : undefined
  }
}

const isWord = (unit: number | undefined): boolean => unit !== undefined && /^\w$/.test(String.fromCharCode(unit))
