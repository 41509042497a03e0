import { type Complete, complete } from './handler.ts'
import { invalidParams } from './jsonrpc/error.ts'

/** Entries in one page of a list. Large enough that ordinary servers have one page. */
export const pageSize = 1000

/** A list cut into pages, each made once and given to every client. */
export class Pages {
  readonly #pages: readonly Complete[]

  /** @param member name of the list in a result */
  constructor(member: string, entries: readonly unknown[]) {
    const count = Math.max(1, Math.ceil(entries.length / pageSize))
    this.#pages = Array.from({ length: count }, (_, page) => {
      const slice = entries.slice(page * pageSize, (page + 1) * pageSize)
      const next = page + 1 < count ? { nextCursor: cursorOf(page + 1) } : {}
      return { ...complete({ [member]: slice, ...next }), isShared: true }
    })
  }

  /** @throws ProtocolError −32602 for a cursor that was not given out */
  page(cursor: unknown): Complete {
    const page = this.#pages[cursor === undefined ? 0 : pageOf(cursor)]
    if (page === undefined) throw invalidParams('Invalid cursor: start again without one')
    return page
  }
}

const cursorOf = (page: number): string => `page-${page}`

function pageOf(cursor: unknown): number {
  const found = typeof cursor === 'string' ? /^page-([1-9]\d{0,6})$/.exec(cursor) : null
  return found === null ? -1 : Number(found[1])
}
