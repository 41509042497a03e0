import type { Verified } from './verifier.ts'

/** A token that was good, and what that rests on. */
export interface Kept<By> {
  readonly verified: Verified
  /** Whose checks it went through. */
  readonly by: By
  /** The keys of its issuer as they were: with others it is checked anew, since its key may be withdrawn. */
  readonly keys: object
  /** Unix time in milliseconds from which it has expired. */
  readonly untilMs: number
}

export interface VerifiedTokensLimits {
  readonly verifiedTokens: number
  readonly verifiedTokenChars: number
}

/**
 * Remembers tokens that were verified, by the whole token, until they expire: reading one and checking its signature costs
 * several times what the rest of a small request costs. When there are too many the oldest goes and is checked anew the
 * next time. What is given to handlers is frozen, so that no request changes what the next one may do.
 */
export class VerifiedTokens<By> {
  readonly #limits: VerifiedTokensLimits
  readonly #kept = new Map<string, Kept<By>>()

  constructor(limits: VerifiedTokensLimits) {
    this.#limits = limits
  }

  get(token: string): Kept<By> | undefined {
    const kept = this.#kept.get(token)
    if (kept === undefined || kept.untilMs > Date.now()) return kept
    this.#kept.delete(token)
    return undefined
  }

  forget(token: string): void {
    this.#kept.delete(token)
  }

  keep(token: string, kept: Kept<By>): void {
    const { verifiedTokens, verifiedTokenChars } = this.#limits
    if (verifiedTokens <= 0 || token.length > verifiedTokenChars || !(kept.untilMs > Date.now())) return
    this.#kept.delete(token)
    for (const old of this.#kept.keys()) {
      if (this.#kept.size < verifiedTokens) break
      this.#kept.delete(old)
    }
    freeze(kept.verified)
    this.#kept.set(token, kept)
  }
}

/** Claims are what `JSON.parse` made: they have no cycles, and no deeper ones than it takes. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
}
