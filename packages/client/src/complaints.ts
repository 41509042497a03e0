import { clientLimits } from './limits.ts'

/** What is wrong with the entries of one list: the first few are told one by one, the rest as a number. */
export class Complaints {
  readonly #told: string[] = []
  #rest = 0

  /** Whether the next one is told and not only counted, for whoever works to find out what it says. */
  get isHeard(): boolean {
    return this.#told.length < clientLimits.complaints
  }

  add(say: () => string): void {
    if (this.isHeard) this.#told.push(say())
    else this.#rest += 1
  }

  tell(warn: (warning: string) => void, ofRest: (rest: number) => string): void {
    for (const warning of this.#told) warn(warning)
    if (this.#rest > 0) warn(ofRest(this.#rest))
  }
}
