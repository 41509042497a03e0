import { clip, type Params, TransportError, type TransportErrorCode } from '@interlock/protocol'
import type { Answering } from '../../results.ts'
import type { Subscriptions } from '../../subscriptions.ts'

/** The resources that a session is asked to tell of, kept in step with those that somebody wants to hear of. */
export class WatchedResources {
  readonly #subscriptions: Subscriptions
  readonly #request: (method: string, params: Params) => Promise<object>
  readonly #answering: Answering
  #subscribed: Set<string> = new Set()
  /** Resources that the server does not tell of in this session: asked for again only by whoever wants them anew. */
  #refused: Set<string> = new Set()
  #turn: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(
    subscriptions: Subscriptions,
    request: (method: string, params: Params) => Promise<object>,
    answering: Answering,
  ) {
    this.#subscriptions = subscriptions
    this.#request = request
    this.#answering = answering
  }

  /** One change at a time, each seeing what is wanted when its turn comes. With `asked`, a refusal of that one rejects. */
  update(asked?: string): Promise<void> {
    const turn = this.#turn.then(() => this.#apply(asked))
    this.#turn = turn.catch(() => {})
    return turn
  }

  /** A new session was asked for nothing yet. */
  forget(): void {
    this.#subscribed = new Set()
    this.#refused = new Set()
  }

  stop(): void {
    this.#isStopped = true
  }

  async #apply(asked: string | undefined): Promise<void> {
    if (this.#isStopped) return
    const { uris } = this.#subscriptions.wanted
    let refusal: unknown
    for (const uri of uris) {
      if (this.#subscribed.has(uri) || (this.#refused.has(uri) && uri !== asked)) continue
      try {
        await this.#request('resources/subscribe', { uri })
        this.#subscribed.add(uri)
        this.#refused.delete(uri)
      } catch (error) {
        if (isGone(error)) throw error
        this.#refused.add(uri)
        if (uri === asked) refusal = error
        else this.#warnOf(uri, error)
      }
    }
    for (const uri of this.#refused) if (!uris.has(uri)) this.#refused.delete(uri)
    for (const uri of this.#subscribed) {
      if (uris.has(uri)) continue
      this.#subscribed.delete(uri)
      await this.#request('resources/unsubscribe', { uri })
    }
    if (refusal !== undefined) throw refusal
  }

  #warnOf(uri: string, error: unknown): void {
    const { name, warn } = this.#answering
    const why = error instanceof Error ? error.message : String(error)
    warn(`${name} does not tell of changes to ${clip(uri, 200)}: ${why}`)
  }
}

/** Whether other requests would fare no better. */
const isGone = (error: unknown): boolean => error instanceof TransportError && goneCodes.has(error.code)
const goneCodes: ReadonlySet<TransportErrorCode> = new Set(['closed', 'exited', 'unreachable'])
