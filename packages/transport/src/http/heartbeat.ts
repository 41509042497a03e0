import { Places } from '@interlock/protocol'

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
  readonly #slots: readonly Places<Beating>[] = Array.from({ length: slots }, () => new Places<Beating>())
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
    const place = this.#slots[this.#at]?.add(beating) ?? 0
    return place * slots + this.#at
  }

  /** @param place that `add` returned, once */
  remove(place: number): void {
    this.#slots[place % slots]?.remove(Math.floor(place / slots))
    this.#count -= 1
    if (this.#count > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #beat(): void {
    this.#at = (this.#at + 1) % slots
    for (const beating of this.#slots[this.#at] ?? []) beating.keepAlive()
  }
}
