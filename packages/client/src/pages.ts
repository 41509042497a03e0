import { clientLimits } from './limits.ts'

/** A page that a person was sent to. */
export interface Page {
  /** Resolves when the server, or the person, says that what was to be done there is done. */
  readonly done: Promise<void>
}

interface Known extends Page {
  finish(): void
}

function unfinished(): Known {
  const finishers: (() => void)[] = []
  const done = new Promise<void>(resolve => finishers.push(resolve))
  return { done, finish: () => finishers[0]?.() }
}

/**
 * Pages that servers sent the person to, by `elicitationId`, until they are done (specification, 2025-11-25: Elicitation,
 * Completion Notifications for URL Mode Elicitation).
 */
export class Pages {
  readonly #known = new Map<string, Known>()
  readonly #onDone: (elicitationId: string) => void

  /** `onDone` hears of each page once. */
  constructor(onDone: (elicitationId: string) => void) {
    this.#onDone = onDone
  }

  expect(elicitationId: string): Page {
    const known = this.#known.get(elicitationId)
    if (known !== undefined) return known
    const page = unfinished()
    this.#known.set(elicitationId, page)
    const [oldest] = this.#known.keys()
    if (this.#known.size > clientLimits.openPages && oldest !== undefined) this.#known.delete(oldest)
    return page
  }

  /** Pages that nobody was sent to, or that are done, are ignored, as the specification demands. */
  finish(elicitationId: unknown): void {
    const page = typeof elicitationId === 'string' ? this.#known.get(elicitationId) : undefined
    if (page === undefined || typeof elicitationId !== 'string') return
    this.#known.delete(elicitationId)
    page.finish()
    this.#onDone(elicitationId)
  }
}
