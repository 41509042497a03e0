import type { Check } from '../apply.ts'
import { Undecided } from '../run.ts'
import type { Keyword } from './keyword.ts'

export function reference(value: unknown): Check {
  if (typeof value !== 'string') throw new Undecided('a reference in it is no text')
  return (instance, checking, seen) => checking.apply(checking.document.find(value, checking.run), instance, seen)
}

/** In one document without further `$id`, a dynamic reference finds what a plain one does. */
const since =
  (first: number): Keyword =>
  (value, place) =>
    place.document.dialect >= first ? reference(value) : undefined

export const references: ReadonlyMap<string, Keyword> = new Map([
  ['$ref', reference],
  ['$recursiveRef', since(2019)],
  ['$dynamicRef', since(2020)],
])
