import { keepReserved } from './expand.ts'
import type { Expression, Part, Variable } from './parse.ts'

/** One step in reading a URI; the others are named by their index in the program. */
export type Step =
  | { readonly kind: 'end' }
  | { readonly kind: 'text'; readonly text: string; next: number }
  /** Characters not in `endsAt`, as few as will do. Where the variable explodes, this is one item of its list. */
  | { readonly kind: 'value'; readonly variable: Variable; readonly endsAt: string; readonly next: number }
  /** A name that stands without a value. */
  | { readonly kind: 'bare'; readonly variable: Variable; readonly next: number }
  /** The first of several ways that leads to the end. No step comes back to itself without reading something. */
  | { readonly kind: 'choice'; readonly next: readonly number[] }

export interface Program {
  readonly steps: readonly Step[]
  readonly start: number
}

/** Makes the steps that read the URIs of a template, from the last part to the first. */
export function compile(parts: readonly Part[]): Program {
  const steps: Step[] = [{ kind: 'end' }]
  const add = (step: Step): number => steps.push(step) - 1
  const start = parts.reduceRight((next, part) => {
    if (typeof part === 'string') return readText(part, next, add)
    return part.operator.isNamed ? readNamed(part, next, add, steps) : readList(part, next, add)
  }, 0)
  return { steps, start }
}

type Add = (step: Step) => number

/** Text of the template as it expands, or as it was written. */
function readText(text: string, next: number, add: Add): number {
  const encoded = add({ kind: 'text', text: keepReserved(text), next })
  return keepReserved(text) === text
    ? encoded
    : add({ kind: 'choice', next: [encoded, add({ kind: 'text', text, next })] })
}

/** Values in the template's order. Each may have been left out; an earlier one is taken to be there first. */
function readList({ operator, variables }: Expression, next: number, add: Add): number {
  let whenFirst = next
  let whenLater = next
  for (const variable of variables.toReversed()) {
    const endsAt = variable.explodes ? operator.endsAt.replace(operator.separator, '') : operator.endsAt
    const value = add({ kind: 'value', variable: { ...variable, explodes: false }, endsAt, next: whenLater })
    const first = operator.first === '' ? value : add({ kind: 'text', text: operator.first, next: value })
    const later = add({ kind: 'text', text: operator.separator, next: value })
    whenFirst = add({ kind: 'choice', next: [first, whenFirst] })
    whenLater = add({ kind: 'choice', next: [later, whenLater] })
  }
  return whenFirst
}

/** Named values in any order, because people who write a query by hand do not keep the template's. */
function readNamed({ operator, variables }: Expression, next: number, add: Add, steps: Step[]): number {
  const after = (mark: string): { readonly variable: Variable; readonly valued: number; readonly bare: number }[] =>
    variables.map(variable => ({
      variable,
      valued: add({ kind: 'text', text: `${mark}${variable.name}=`, next }),
      bare: add({ kind: 'text', text: mark + variable.name, next }),
    }))
  const choose = (ways: ReturnType<typeof after>): number =>
    add({ kind: 'choice', next: [...ways.flatMap(({ valued, bare }) => [valued, bare]), next] })
  const first = after(operator.first)
  const later = after(operator.separator)
  const more = choose(later)
  for (const { variable, valued, bare } of [...first, ...later]) {
    lead(steps[valued], add({ kind: 'value', variable, endsAt: operator.endsAt, next: more }))
    lead(steps[bare], add({ kind: 'bare', variable, next: more }))
  }
  return choose(first)
}

/** Joins a text to the step after it, which could be made only later. */
function lead(step: Step | undefined, next: number): void {
  if (step?.kind === 'text') step.next = next
}
