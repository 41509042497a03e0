import type { Cursors } from './cursors.ts'
import { type Complete, complete } from './handler.ts'
import { invalidParams } from './jsonrpc/error.ts'

/** Entries in one page of a list. Large enough that ordinary servers have one page. */
export const pageSize = 1000

/**
 * A list cut into pages. Each is made once and given to every client; but where there are several, principals have cursors
 * of their own, which are made for each request.
 */
export class Pages {
  readonly entries: readonly unknown[]
  readonly #member: string
  readonly #cursors: Cursors
  /** By what asks for it: a cursor, or nothing for the first. */
  #pages: ReadonlyMap<unknown, Complete> | undefined
  #cutting: Promise<ReadonlyMap<unknown, Complete>> | undefined

  /** @param member name of the list in a result */
  constructor(member: string, entries: readonly unknown[], cursors: Cursors) {
    this.entries = entries
    this.#member = member
    this.#cursors = cursors
    if (entries.length <= pageSize) this.#pages = new Map([[undefined, this.#page(0, undefined, true)]])
  }

  /** Whether all clients get the same pages, cursors included. */
  isSharedWith(subject: string | undefined): boolean {
    return subject === undefined || this.entries.length <= pageSize
  }

  /**
   * At once, but for lists of several pages.
   * @param subject the principal who asks
   * @throws ProtocolError −32602 for a cursor that was not given out, or not to this principal
   */
  page(cursor: unknown, subject?: string): Complete | Promise<Complete> {
    if (!this.isSharedWith(subject)) return this.#cut(subject).then(pages => pick(pages, cursor))
    if (this.#pages !== undefined) return pick(this.#pages, cursor)
    this.#cutting ??= this.#cut().then(pages => {
      this.#pages = pages
      return pages
    })
    return this.#cutting.then(pages => pick(pages, cursor))
  }

  async #cut(subject?: string): Promise<ReadonlyMap<unknown, Complete>> {
    const count = Math.ceil(this.entries.length / pageSize)
    const cursors = await Promise.all(
      Array.from({ length: count - 1 }, (_, before) => this.#cursors.of(this.#member, before + 1, subject)),
    )
    const pages = new Map<unknown, Complete>()
    for (let page = 0; page < count; page += 1) {
      const made = this.#page(page, cursors[page]?.[0], subject === undefined)
      for (const cursor of page === 0 ? [undefined] : (cursors[page - 1] ?? [])) pages.set(cursor, made)
    }
    return pages
  }

  #page(page: number, nextCursor: string | undefined, isShared: boolean): Complete {
    const slice = this.entries.slice(page * pageSize, (page + 1) * pageSize)
    const next = nextCursor === undefined ? {} : { nextCursor }
    return { ...complete({ [this.#member]: slice, ...next }), ...(isShared && { isShared }) }
  }
}

function pick(pages: ReadonlyMap<unknown, Complete>, cursor: unknown): Complete {
  const page = pages.get(cursor)
  if (page === undefined) throw invalidParams('Invalid cursor: start again without one')
  return page
}
