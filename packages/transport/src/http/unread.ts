/** An answer that was ended, and may not have been read. */
interface Ended {
  readonly writableLength: number
  on(event: 'close', listener: () => void): unknown
  destroy(): unknown
}

export interface UnreadLimits {
  /** Bytes of whole answers, of all connections together, that wait for clients to read them. */
  readonly unreadBytes: number
  /** How long an answer is left waiting once there are more. A client that reads at all is done by then. */
  readonly unreadMs: number
}

/** Answers below this are not counted: the system's own buffers take them. */
const counted = 64 * 1024

interface Waiting {
  readonly sinceMs: number
  bytes: number
}

/**
 * Bounds what clients that do not read cost together, however many connections they open: when too much waits, the
 * answers that have waited longest are given up with their connections, and everybody else is served on.
 */
export class Unread {
  readonly #limits: UnreadLimits
  /** The one that has waited longest in front. */
  readonly #waiting = new Map<Ended, Waiting>()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor(limits: UnreadLimits) {
    this.#limits = limits
  }

  /** To be called when an answer of so many bytes was ended. */
  track(response: Ended, bytes: number): void {
    if (bytes < counted || response.writableLength === 0) return
    this.#waiting.set(response, { sinceMs: performance.now(), bytes })
    this.#bytes += bytes
    response.on('close', () => this.#forget(response))
    this.#relieve()
  }

  #forget(response: Ended): void {
    const known = this.#waiting.get(response)
    if (known === undefined) return
    this.#waiting.delete(response)
    this.#bytes -= known.bytes
    if (this.#waiting.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #relieve(): void {
    const { unreadBytes, unreadMs } = this.#limits
    for (const [response, { sinceMs }] of this.#waiting) {
      if (this.#bytes <= unreadBytes) return
      const leftMs = sinceMs + unreadMs - performance.now()
      if (leftMs > 0) return this.#later(leftMs)
      this.#forget(response)
      response.destroy()
    }
  }

  #later(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#relieve()
    }, ms + 1).unref()
  }
}
