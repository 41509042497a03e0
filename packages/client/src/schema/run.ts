import { schemaLimits } from './limits.ts'

/** A check that cannot be finished, or not be done at all. The message says why, as in "the schema …". */
export class Undecided extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'Undecided'
  }
}

/** A schema that no value can be checked against, and that must not pass for one which allows everything. */
export class Unusable extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'Unusable'
  }
}

/** What one check has left to spend. */
export class Run {
  readonly #steps: number
  #left: number
  #depth = 0

  constructor(steps: number = schemaLimits.steps) {
    this.#steps = steps
    this.#left = steps
  }

  get spent(): number {
    return this.#steps - this.#left
  }

  /** @throws Undecided when there is no more. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw new Undecided(`checking takes more than ${this.#steps} steps`)
  }

  /** A schema is applied within another. */
  enter(): void {
    this.#depth += 1
    this.spend(1)
    if (this.#depth > schemaLimits.depth) {
      throw new Undecided(`schemas are applied more than ${schemaLimits.depth} levels deep`)
    }
  }

  leave(): void {
    this.#depth -= 1
  }
}
