import { type Cursors, nearest, type Outcome, Pages } from '@interlock/protocol'

/** Named things in the order they were added, and the pages in which clients are told of them. */
export class List<Definition, Entry> {
  readonly #member: string
  readonly #entry: (definition: Definition) => Entry
  readonly #cursors: Cursors
  readonly #definitions = new Map<string, Definition>()
  #pages: Pages | undefined
  /** Whether clients may ask for this list: once it was offered it stays so, though it be empty. */
  isOffered = false

  /** @param member name of the list in a result */
  constructor(member: string, entry: (definition: Definition) => Entry, cursors: Cursors) {
    this.#member = member
    this.#entry = entry
    this.#cursors = cursors
  }

  add(name: string, definition: Definition): void {
    if (this.#definitions.has(name)) throw new TypeError(`there is already one of ${this.#member} called "${name}"`)
    this.#definitions.set(name, definition)
    this.#pages = undefined
    this.isOffered = true
  }

  remove(definition: unknown): boolean {
    for (const [name, known] of this.#definitions) {
      if (known !== definition) continue
      this.#pages = undefined
      return this.#definitions.delete(name)
    }
    return false
  }

  get(name: string): Definition | undefined {
    return this.#definitions.get(name)
  }

  values(): IterableIterator<Definition> {
    return this.#definitions.values()
  }

  /** What to tell a client that asked for a name that is not there. */
  hint(name: string): { didYouMean: string } | undefined {
    const known = nearest(name, this.#definitions.keys())
    return known === undefined ? undefined : { didYouMean: known }
  }

  /** @param subject the principal who asks */
  page(cursor: unknown, subject: string | undefined): Outcome | Promise<Outcome> {
    this.#pages ??= new Pages(this.#member, [...this.#definitions.values()].map(this.#entry), this.#cursors)
    return this.#pages.page(cursor, subject)
  }
}
