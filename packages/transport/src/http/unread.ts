/** An answer that was ended, and may not have been read. */
interface Ended {
  readonly writableLength: number
  /**
   * Its `setTimeout` tells the answer when nothing was read for so long; 0 takes that back. Node looks at the end of each
   * such time whether there was progress, so that it may take twice as long.
   */
  readonly socket: { setTimeout(ms: number): unknown } | null
  on(event: 'close' | 'timeout', listener: () => void): unknown
  prependListener(event: 'finish', listener: () => void): unknown
  destroy(): unknown
}

export interface UnreadLimits {
  /** Bytes of whole answers, of all connections together, that wait for clients to read them. */
  readonly unreadBytes: number
  /** Once there are more: how long one may wait without any of it being read. */
  readonly unreadMs: number
}

/** Answers below this are not counted: the system's own buffers take them. */
const counted = 64 * 1024

/**
 * Bounds what clients that do not read cost together, however many connections they open: while too much waits, answers
 * that nobody reads are given up with their connections, and everybody else is served on. Who reads slowly is left alone.
 */
export class Unread {
  readonly #limits: UnreadLimits
  /** Bytes of each that waits. */
  readonly #waiting = new Map<Ended, number>()
  /** Those of them that may wait as long as they like. */
  readonly #calm = new Set<Ended>()
  #bytes = 0

  constructor(limits: UnreadLimits) {
    this.#limits = limits
  }

  /** To be called when an answer was ended. `bytes` of it are to be read still. */
  track(response: Ended, bytes: number): void {
    if (bytes < counted || response.writableLength === 0) return
    this.#waiting.set(response, bytes)
    this.#calm.add(response)
    this.#bytes += bytes
    // Before Node itself sets how long the connection may stay idle, and for the next answer on it.
    response.prependListener('finish', () => this.#forget(response))
    response.on('close', () => this.#forget(response))
    response.on('timeout', () => this.#giveUp(response))
    if (!this.#isTooMuch) return
    for (const one of this.#calm) one.socket?.setTimeout(this.#limits.unreadMs)
    this.#calm.clear()
  }

  get #isTooMuch(): boolean {
    return this.#bytes > this.#limits.unreadBytes
  }

  /** Nothing was read of it. There may be room again by now. */
  #giveUp(response: Ended): void {
    if (!this.#waiting.has(response)) return
    if (this.#isTooMuch) {
      this.#forget(response)
      response.destroy()
    } else {
      response.socket?.setTimeout(0)
      this.#calm.add(response)
    }
  }

  #forget(response: Ended): void {
    const bytes = this.#waiting.get(response)
    if (bytes === undefined) return
    this.#bytes -= bytes
    this.#waiting.delete(response)
    if (!this.#calm.delete(response)) response.socket?.setTimeout(0)
  }
}
