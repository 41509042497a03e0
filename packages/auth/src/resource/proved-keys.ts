import type { ProofKey } from './signed-proof.ts'

/** The key by which the sender of a token has proved to hold what the token is bound to. */
export interface ProvedKey extends ProofKey {
  /** Digest of the token, as proofs name it. */
  readonly ath: string
}

/**
 * Remembers the key of each token, so that a further proof costs its signature check, and not the import of the key and
 * two more digests. It says nothing of the token, nor of a proof: both are checked each time. The oldest makes room.
 */
export class ProvedKeys {
  readonly #maximum: number
  readonly #maximumChars: number
  readonly #kept = new Map<string, ProvedKey>()

  constructor({
    verifiedTokens,
    verifiedTokenChars,
  }: {
    readonly verifiedTokens: number
    readonly verifiedTokenChars: number
  }) {
    this.#maximum = verifiedTokens
    this.#maximumChars = verifiedTokenChars
  }

  get(token: string, header: string, thumbprint: string): ProvedKey | undefined {
    const kept = this.#kept.get(token)
    return kept?.header === header && kept.thumbprint === thumbprint ? kept : undefined
  }

  keep(token: string, proved: ProvedKey): void {
    if (this.#maximum <= 0 || token.length + proved.header.length > this.#maximumChars) return
    this.#kept.delete(token)
    for (const old of this.#kept.keys()) {
      if (this.#kept.size < this.#maximum) break
      this.#kept.delete(old)
    }
    this.#kept.set(token, proved)
  }
}
