/** Remembers proofs, so that each is good once (RFC 9449 section 11.1). */
export interface ReplayStore {
  /**
   * Takes a proof that nobody has taken yet, in one step.
   * @param key a digest
   * @param untilMs Unix time in milliseconds from which it would be refused anyway
   * @param subject whose proof it is, so that nobody takes the room of all
   * @returns false: it was taken before, or cannot be remembered
   */
  take(key: string, untilMs: number, subject: string): boolean | Promise<boolean>
}

/**
 * In this process. When it is full of proofs that are still good, or has as many of one subject as may be, further ones are
 * refused: forgetting would let them in again.
 */
export function memoryReplays(maximum: number, maximumPerSubject: number = maximum): ReplayStore {
  const taken = new Map<string, { readonly untilMs: number; readonly subject: string }>()
  const counts = new Map<string, number>()
  const count = (subject: string, change: 1 | -1): void => {
    const sum = (counts.get(subject) ?? 0) + change
    if (sum === 0) counts.delete(subject)
    else counts.set(subject, sum)
  }
  const forget = (key: string): void => {
    const known = taken.get(key)
    if (known === undefined) return
    taken.delete(key)
    count(known.subject, -1)
  }
  return {
    take(key, untilMs, subject) {
      const now = Date.now()
      // Proofs live about equally long, so the oldest come first.
      for (const [old, known] of taken) {
        if (known.untilMs > now) break
        forget(old)
      }
      if ((taken.get(key)?.untilMs ?? 0) > now) return false
      forget(key)
      if (taken.size >= maximum || (counts.get(subject) ?? 0) >= maximumPerSubject) return false
      taken.set(key, { untilMs, subject })
      count(subject, 1)
      return true
    },
  }
}
