import { type Transport, TransportError } from '@interlock/protocol'
import type { Headers } from '@interlock/transport'
import { Backoff } from '../../backoff.ts'
import { clientLimits } from '../../limits.ts'

export interface UnaskedEvents {
  /** The stream is about to be opened again after a break: something may have been missed. */
  onGap(): void
  /** The server does not know the session any more. */
  onSessionLost(): void
}

/**
 * Keeps the stream open on which a server speaks unasked over HTTP (specification, revisions with sessions: Listening
 * for Messages from the Server). Not every server has one.
 */
export class UnaskedStream {
  readonly #transport: Transport
  readonly #headers: Headers
  readonly #events: UnaskedEvents
  readonly #stop = new AbortController()
  readonly #backoff: Backoff
  /** It was open once, so the server has such streams. */
  #wasOpen = false

  /** `backoff` goes on where an earlier session's stream left off. */
  constructor(transport: Transport, headers: Headers, events: UnaskedEvents, backoff: Backoff) {
    this.#transport = transport
    this.#headers = headers
    this.#events = events
    this.#backoff = backoff
    void this.#open()
  }

  close(): void {
    this.#backoff.cancel()
    this.#stop.abort()
  }

  async #open(): Promise<void> {
    const openedAt = Date.now()
    try {
      await this.#transport.listen?.({ headers: this.#headers, signal: this.#stop.signal })
      this.#wasOpen = true
    } catch (error) {
      if (this.#stop.signal.aborted) return
      if (error instanceof TransportError && error.code === 'closed') return
      const status = error instanceof TransportError ? error.status : undefined
      // A server that never had the stream may say so with a 404 as well; a lost session is then found out by a call.
      const hasSession = this.#headers['mcp-session-id'] !== undefined
      if (status === 404 && hasSession && this.#wasOpen) return this.#events.onSessionLost()
      if (status !== undefined && status < 500 && status !== 429) return
    }
    if (this.#stop.signal.aborted || this.#transport.listen === undefined) return
    if (Date.now() - openedAt > clientLimits.steadyMs) this.#backoff.reset()
    this.#backoff.next(() => {
      this.#events.onGap()
      void this.#open()
    })
  }
}
