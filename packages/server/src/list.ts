import { complete, invalidParams, nearest, type Outcome } from '@interlock/protocol'

/** Entries in one page of a list. Large enough that ordinary servers have one page. */
export const pageSize = 1000

/** Named things in the order they were added, and the pages in which clients are told of them. */
export class List<Definition, Entry> {
  readonly #member: string
  readonly #entry: (definition: Definition) => Entry
  readonly #definitions = new Map<string, Definition>()
  #pages: readonly Outcome[] | undefined
  /** Whether clients may ask for this list: once it was offered it stays so, though it be empty. */
  isOffered = false

  /** @param member name of the list in a result */
  constructor(member: string, entry: (definition: Definition) => Entry) {
    this.#member = member
    this.#entry = entry
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

  /** A page is made once and given to every client until the list changes. */
  page(cursor: unknown): Outcome {
    this.#pages ??= this.#paginate()
    const page = this.#pages[cursor === undefined ? 0 : pageOf(cursor)]
    if (page === undefined) throw invalidParams('Invalid cursor: start again without one')
    return page
  }

  #paginate(): readonly Outcome[] {
    const entries = [...this.#definitions.values()].map(this.#entry)
    const count = Math.max(1, Math.ceil(entries.length / pageSize))
    return Array.from({ length: count }, (_, page) => {
      const slice = entries.slice(page * pageSize, (page + 1) * pageSize)
      const next = page + 1 < count ? { nextCursor: cursorOf(page + 1) } : {}
      return { ...complete({ [this.#member]: slice, ...next }), isShared: true }
    })
  }
}

const cursorOf = (page: number): string => `page-${page}`

function pageOf(cursor: unknown): number {
  const found = typeof cursor === 'string' ? /^page-([1-9]\d{0,6})$/.exec(cursor) : null
  return found === null ? -1 : Number(found[1])
}
