/** How long to wait before a server that ended is started again. */
export interface BackoffOptions {
  /** First wait: a crash is usually over at once. */
  readonly firstMs: number
  /** Longest wait, so that a server that was mended comes back within a minute. */
  readonly longestMs: number
  /** A server that lived this long has its crashes forgotten. */
  readonly healthyMs: number
}

export const backoffDefaults: BackoffOptions = { firstMs: 500, longestMs: 60_000, healthyMs: 60_000 }

/** Waits that double with each crash in a row. */
export class Backoff {
  readonly #options: BackoffOptions
  #crashes = 0

  constructor(options: BackoffOptions = backoffDefaults) {
    this.#options = options
  }

  /** @param livedMs how long the server was up, 0 if it never was */
  next(livedMs: number): number {
    if (livedMs >= this.#options.healthyMs) this.#crashes = 0
    const wait = Math.min(this.#options.firstMs * 2 ** this.#crashes, this.#options.longestMs)
    this.#crashes += 1
    return wait
  }
}
