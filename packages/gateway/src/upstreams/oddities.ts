/** What is remembered of a server's oddities: enough to see a pattern, however many there are. */
const remembered = 10

/** What went wrong with a server without ending it. */
export interface Oddities {
  note(what: string): void
  /** The last different ones, oldest first, with how often each came. */
  lines(): readonly string[]
}

export function oddities(): Oddities {
  const counts = new Map<string, number>()
  return {
    note(what) {
      const count = counts.get(what) ?? 0
      counts.delete(what)
      counts.set(what, count + 1)
      const [oldest] = counts.keys()
      if (counts.size > remembered && oldest !== undefined) counts.delete(oldest)
    },
    lines: () => [...counts].map(([what, count]) => (count === 1 ? what : `${what} (${count} times)`)),
  }
}
