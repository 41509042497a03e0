import { isObject } from '@interlock/protocol'
import type { SchemaDocument } from './document.ts'
import { checksOf } from './keywords/index.ts'
import { type Run, Undecided } from './run.ts'
import { Seen } from './seen.ts'

/** What is wrong with a value, and where: the steps from the value down, the last one first. */
export interface Fault {
  readonly path: (string | number)[]
  /** What follows the place in a sentence, as in `must be a number`. */
  readonly says: string
}

/** One keyword of one schema. What it looked at is noted where somebody asks for it. */
export type Check = (value: unknown, check: Checking, seen: Seen | undefined) => Fault | undefined

export const fault = (says: string): Fault => ({ path: [], says })

/** One check of a value: the schema, what has been prepared of it, and what is left to spend. */
export class Checking {
  readonly run: Run
  readonly document: SchemaDocument
  readonly #checks: Map<object, readonly Check[]>

  constructor(document: SchemaDocument, checks: Map<object, readonly Check[]>, run: Run) {
    this.document = document
    this.#checks = checks
    this.run = run
  }

  /** Applies a schema to a value. What it looked at counts only when the value fits. */
  apply(schema: unknown, value: unknown, seen?: Seen): Fault | undefined {
    if (schema === true) return undefined
    if (schema === false) return fault('is not allowed')
    if (!isObject(schema)) throw new Undecided('a part of it that should be a schema is none')
    const { run } = this
    run.enter()
    // What a keyword leaves over is told of this schema alone, not of those around it.
    const own = this.document.isNoting ? new Seen() : undefined
    for (const check of this.#checksOf(schema)) {
      run.spend(1)
      const found = check(value, this, own)
      if (found !== undefined) {
        run.leave()
        return found
      }
    }
    run.leave()
    if (own !== undefined && seen !== undefined) {
      run.spend(own.size)
      seen.add(own)
    }
    return undefined
  }

  /** Applies a schema to what is one step down. */
  applyBelow(step: string | number, schema: unknown, value: unknown): Fault | undefined {
    const found = this.apply(schema, value)
    found?.path.push(step)
    return found
  }

  #checksOf(schema: Record<string, unknown>): readonly Check[] {
    const known = this.#checks.get(schema)
    if (known !== undefined) return known
    const made = checksOf(schema, this.document, this.run)
    this.#checks.set(schema, made)
    return made
  }
}
