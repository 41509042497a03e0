import { type Call, type Caller, code, type Handler, type Outcome, ProtocolError } from '@interlock/protocol'
import { ParkedCall } from './parked-call.ts'

export interface ParkingLimits {
  /**
   * Calls that wait for answers at once. Each holds a call open at its server. As many outcomes are kept of calls that
   * were over before their answers came.
   */
  readonly calls: number
  /** The same of one principal, so that nobody takes the places of all others. */
  readonly callsPerPrincipal: number
  /**
   * How long one may wait for answers; then it is cancelled at its server. A person fills in a form in this time, and a
   * client that never comes back does not keep others from being asked by the same server for longer.
   */
  readonly waitMs: number
}

export const parkingLimits: ParkingLimits = { calls: 200, callsPerPrincipal: 50, waitMs: 5 * 60_000 }

/** Tells the names of parked calls from what servers want to have brought back. */
const mark = 'interlock-parked:'

/**
 * Calls of stateless clients to servers that ask over a live session. Such a server has begun to act and cannot be run
 * again, so its call is kept open while the client fetches the answers. What the client carries names the call; the era
 * that serves the client seals it, bound to principal and request.
 */
export class Parking {
  readonly #limits: ParkingLimits
  readonly #calls = new Map<string, ParkedCall>()
  /** Of calls that were over before the answers came: nothing is held open for them. */
  readonly #over = new Map<string, ParkedCall>()

  constructor(limits: Partial<ParkingLimits> = {}) {
    this.#limits = { ...parkingLimits, ...limits }
  }

  /** Whether a client has come back with what a gateway gave it, this one or one before it; no server is to see that. */
  owns(state: string | undefined): boolean {
    return state?.startsWith(mark) === true
  }

  /** Gives a call that waits to a caller that waits as well: its questions, and its outcome. */
  handOver(id: string, caller: Caller): Promise<Outcome> {
    const parked = this.#calls.get(id) ?? this.#over.get(id)
    this.#forget(id)
    return parked?.handOver(caller) ?? Promise.reject(gone())
  }

  /** Runs a call until its server has finished, or wants to know something. */
  begin(call: Call, next: Handler): Promise<Outcome> {
    const parked = new ParkedCall(call.caller)
    const round = parked.begin({ ...call, caller: parked.caller }, next)
    return this.#settle(undefined, parked, round)
  }

  /** Goes on with a call that waits for answers. @throws ProtocolError when it is gone */
  async resume(call: Call): Promise<Outcome> {
    const id = call.resume?.state ?? ''
    const parked = this.#calls.get(id) ?? this.#over.get(id)
    if (parked === undefined) throw gone()
    return this.#settle(id, parked, parked.resume(call))
  }

  /** Cancels every call that waits. */
  close(): void {
    for (const parked of [...this.#calls.values(), ...this.#over.values()]) parked.cancel('the gateway is closing')
    this.#calls.clear()
    this.#over.clear()
  }

  /**
   * Keeps the call if its round ended with questions, and forgets it otherwise.
   * @param known its name, once it has one: most calls are over before they need one
   */
  async #settle(known: string | undefined, parked: ParkedCall, round: Promise<Outcome>): Promise<Outcome> {
    let outcome: Outcome
    try {
      outcome = await round
    } catch (error) {
      if (known !== undefined) this.#forget(known)
      throw error
    }
    if (outcome.kind !== 'input_required') {
      if (known !== undefined) this.#forget(known)
      return outcome
    }
    const id = known ?? mark + crypto.randomUUID()
    if (!this.#calls.has(id) && !this.#hasRoomFor(parked)) {
      parked.cancel('too many calls wait for answers')
      throw new ProtocolError(
        code.internalError,
        'too many calls wait for answers; answer those first or try again later; whether this one took effect is unknown',
      )
    }
    this.#calls.set(id, parked)
    parked.waitFor(this.#limits.waitMs, () => this.#forget(id))
    void parked.over.then(() => this.#release(id, parked))
    return { ...outcome, state: id }
  }

  #hasRoomFor({ owner }: ParkedCall): boolean {
    const { calls, callsPerPrincipal } = this.#limits
    if (this.#calls.size >= calls) return false
    if (owner === undefined) return true
    return [...this.#calls.values()].filter(other => other.owner === owner).length < callsPerPrincipal
  }

  #forget(id: string): void {
    this.#calls.delete(id)
    this.#over.delete(id)
  }

  /** The call needs its place no longer; only its outcome is kept for the client. */
  #release(id: string, parked: ParkedCall): void {
    if (!this.#calls.delete(id)) return
    this.#over.set(id, parked)
    const [oldest] = this.#over
    if (this.#over.size <= this.#limits.calls || oldest === undefined) return
    oldest[1].cancel('too many calls wait for answers')
    this.#over.delete(oldest[0])
  }
}

const gone = (): ProtocolError =>
  new ProtocolError(
    code.internalError,
    'The call that asked this is gone, and whether it took effect is unknown: call again from the start',
  )
