import { InFlight } from '@interlock/protocol'

/** What wants to be called from time to time. */
export interface Beating {
  keepAlive(): void
}

/** Turns between two calls of the same: those of many streams are spread over them, so that none holds up the others. */
const slots = 25

/**
 * Calls many things at the same interval with one timer. A timer for each took 250 bytes of every stream that is open, and
 * all streams opened in one burst were written to in one burst ever after.
 */
export class Heartbeat {
  readonly #everyMs: number
  readonly #slots: readonly InFlight<Beating, Beating>[] = Array.from({ length: slots }, () => new InFlight())
  #at = 0
  #count = 0
  #timer: NodeJS.Timeout | undefined

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  /** The first call comes after the interval, or up to a slot earlier. @returns where it is, to be taken away again */
  add(beating: Beating): number {
    this.#count += 1
    this.#timer ??= setInterval(() => this.#beat(), this.#everyMs / slots).unref()
    this.#slots[this.#at]?.set(beating, beating)
    return this.#at
  }

  remove(beating: Beating, slot: number): void {
    if (this.#slots[slot]?.delete(beating) !== true) return
    this.#count -= 1
    if (this.#count > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #beat(): void {
    this.#at = (this.#at + 1) % slots
    for (const beating of this.#slots[this.#at]?.values() ?? []) beating.keepAlive()
  }
}
