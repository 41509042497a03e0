import { type Caller, type Reply, TransportError } from '@interlock/protocol'
import { Backoff } from '../../backoff.ts'
import type { Host } from '../../host.ts'
import { clientLimits } from '../../limits.ts'
import { unlessAborted } from '../../signals.ts'
import type { Timing, Wire } from '../../wire.ts'
import { endSession, openSession, type Session } from './session.ts'
import { UnaskedStream } from './unasked.ts'

export interface RenewalEvents {
  /** Something may have been missed. */
  onGap(): void
  /** There is a new session, which knows nothing of what the old one was asked for. */
  onRenewed(): void
}

/** The session that is spoken in, and the next one when the server has forgotten it. */
export class Renewal {
  readonly #wire: Wire
  readonly #host: Host
  readonly #events: RenewalEvents
  readonly #reopening: Backoff = new Backoff()
  #session: Session
  #renewing: Promise<void> | undefined
  #unasked: UnaskedStream | undefined
  #isClosed = false

  constructor(wire: Wire, host: Host, session: Session, events: RenewalEvents) {
    this.#wire = wire
    this.#host = host
    this.#session = session
    this.#events = events
    this.#hear()
  }

  get session(): Session {
    return this.#session
  }

  /**
   * Sends; when the server does not know the session's id it has not done anything and wants a new session, so one is
   * opened and the request is sent again, once (specification, revisions with sessions: Session Management).
   */
  send(send: () => Promise<Reply>, caller: Pick<Caller, 'signal'>): Promise<Reply> {
    return this.#session.id === undefined ? send() : this.#sendIn(this.#session, send, caller)
  }

  async #sendIn(session: Session, send: () => Promise<Reply>, caller: Pick<Caller, 'signal'>): Promise<Reply> {
    try {
      const reply = await send()
      const text = 'error' in reply.response ? reply.response.error.message : ''
      if (!isSessionLost(reply.status, text)) return reply
    } catch (error) {
      if (!isLostWith(error, session)) throw error
    }
    await unlessAborted(this.#renew(session), caller.signal)
    return send()
  }

  /** Tells the server something; a new session needs not be told. */
  async tell(send: (session: Session) => Promise<void>): Promise<void> {
    const session = this.#session
    try {
      await send(session)
    } catch (error) {
      if (!isLostWith(error, session)) throw error
      await this.#renew(session)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#unasked?.close()
    this.#reopening.stop()
    await this.#end(this.#session)
  }

  async #end(session: Session): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, clientLimits.terminateMs)
    })
    await Promise.race([endSession(this.#wire.transport, session).catch(() => {}), patience])
    clearTimeout(timer)
  }

  /** Opens a new session in place of the lost one. Everybody who finds it lost waits for the same new one. */
  #renew(lost: Session): Promise<void> {
    if (this.#isClosed) return Promise.reject(closed())
    if (this.#session !== lost) return this.#renewing ?? Promise.resolve()
    this.#renewing ??= this.#replace().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  async #replace(): Promise<void> {
    const session = await openSession(this.#wire, this.#host, usual)
    if (this.#isClosed) {
      await this.#end(session)
      throw closed()
    }
    // Not before: until then it is the old stream that finds out when a session can be had again.
    this.#unasked?.close()
    this.#session = session
    this.#hear()
    this.#events.onRenewed()
  }

  #hear(): void {
    const { headers } = this.#session
    if (headers === undefined || this.#wire.transport.listen === undefined) return
    const session = this.#session
    const events = { onGap: () => this.#events.onGap(), onSessionLost: () => this.#renewUnasked(session) }
    this.#unasked = new UnaskedStream(this.#wire.transport, headers, events, this.#reopening)
  }

  /** Nobody waits for the new session but those who want to hear of changes, so it may take more than one attempt. */
  #renewUnasked(lost: Session): void {
    this.#renew(lost).catch(error => {
      if (this.#isClosed || this.#session !== lost) return
      const why = error instanceof Error ? error.message : String(error)
      this.#host.warn(`the session of ${this.#wire.name} was lost: ${why}`)
      this.#reopening.next(() => this.#renewUnasked(lost))
    })
  }
}

/** How long a request of the session's own may take. */
export const usual: Timing = { timeoutMs: clientLimits.callMs, maxTotalMs: clientLimits.callMs }

const closed = (): TransportError => new TransportError('closed', 'the connection was closed')

const isLostWith = (error: unknown, { id }: Session): boolean =>
  id !== undefined && error instanceof TransportError && isSessionLost(error.status, error.message)

/** 404 as the specification has it; servers built on older official libraries say it with a 400 and words. */
const isSessionLost = (status: number | undefined, text: string): boolean =>
  status === 404 || (status === 400 && /session/i.test(text))
