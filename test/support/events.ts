/** What came so far, in order, and a way to wait for what has not come yet. */
export interface Seen<Event> {
  readonly all: readonly Event[]
  add(event: Event): void
  /** The first event, seen or yet to come, that fits and came after another one. Rejects when none comes in time. */
  first(fits: (event: Event) => boolean, after?: Event): Promise<Event>
  /** The first event that fits and has not come yet. */
  next(fits: (event: Event) => boolean): Promise<Event>
}

/** Longer than anything that a test waits for takes on a busy machine. */
const patienceMs = 10_000

export function seen<Event>(what = 'event'): Seen<Event> {
  const all: Event[] = []
  const waiting = new Set<(event: Event) => void>()
  const next = (fits: (event: Event) => boolean): Promise<Event> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(tell)
        const last = JSON.stringify(all.slice(-8))
        reject(new Error(`no such ${what} within ${patienceMs} ms; the last ones were: ${last}`))
      }, patienceMs)
      const tell = (event: Event): void => {
        if (!fits(event)) return
        clearTimeout(timer)
        waiting.delete(tell)
        resolve(event)
      }
      waiting.add(tell)
    })
  return {
    all,
    add(event) {
      all.push(event)
      for (const tell of waiting) tell(event)
    },
    async first(fits, after) {
      const from = after === undefined ? 0 : all.indexOf(after) + 1
      return all.slice(from).find(fits) ?? (await next(fits))
    },
    next,
  }
}
