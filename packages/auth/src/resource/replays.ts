/** Remembers proofs, so that each is good once (RFC 9449 section 11.1). */
export interface ReplayStore {
  /**
   * Takes a proof that nobody has taken yet, in one step.
   * @param key a digest
   * @param untilMs Unix time in milliseconds from which it would be refused anyway
   * @returns false: it was taken before, or cannot be remembered
   */
  take(key: string, untilMs: number): boolean | Promise<boolean>
}

/** In this process. When it is full of proofs that are still good, further ones are refused: forgetting would let them in again. */
export function memoryReplays(maximum: number): ReplayStore {
  const taken = new Map<string, number>()
  return {
    take(key, untilMs) {
      const now = Date.now()
      // Proofs live about equally long, so the oldest come first.
      for (const [old, until] of taken) {
        if (until > now) break
        taken.delete(old)
      }
      if ((taken.get(key) ?? 0) > now || taken.size >= maximum) return false
      taken.delete(key)
      taken.set(key, untilMs)
      return true
    },
  }
}
