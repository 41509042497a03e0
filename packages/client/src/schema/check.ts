import { clip } from '@interlock/protocol'
import { type Check, Checking } from './apply.ts'
import { SchemaDocument } from './document.ts'
import { Run, Undecided, Unusable } from './run.ts'

/** What a check has found, and the steps that it took. */
export type Verdict = { readonly steps: number } & (
  | { readonly kind: 'fits' }
  /** As in `temperature must be a number, not a string`, behind what the value is called. */
  | { readonly kind: 'faulty'; readonly says: string }
  /** The schema must not pass for one that allows everything. The reason follows what it is called. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** Nobody knows; the reason follows what the schema is called. */
  | { readonly kind: 'undecided'; readonly reason: string }
)

/** Tells whether values fit. */
export type ValueCheck = (value: unknown, called: string, run?: Run) => Verdict

/**
 * A check against a JSON Schema that a stranger wrote. Never throws, fetches nothing, runs none of the schema's patterns
 * on the platform, and takes at most the steps of its run. Values are JSON.
 */
export function valueCheck(schema: unknown): ValueCheck {
  const checks = new Map<object, readonly Check[]>()
  let document: SchemaDocument | undefined
  return (value, called, run = new Run()) => {
    try {
      document ??= new SchemaDocument(schema, run)
      const found = new Checking(document, checks, run).apply(schema, value)
      if (found === undefined) return { kind: 'fits', steps: run.spent }
      const place = found.path.reverse().map(step)
      return { kind: 'faulty', says: `${called}${clip(place.join(''), placeLength)} ${found.says}`, steps: run.spent }
    } catch (error) {
      const { spent: steps } = run
      if (error instanceof Unusable) return { kind: 'unusable', reason: error.message, steps }
      if (error instanceof Undecided) return { kind: 'undecided', reason: error.message, steps }
      // Called where the stack is nearly full already.
      if (error instanceof RangeError) return { kind: 'undecided', reason: 'the stack is exhausted', steps }
      throw error
    }
  }
}

/** Characters of a place that a sentence names. */
const placeLength = 200

function step(name: string | number): string {
  if (typeof name === 'number') return `[${name}]`
  return /^[A-Za-z_$][\w$]{0,59}$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 60))}]`
}
