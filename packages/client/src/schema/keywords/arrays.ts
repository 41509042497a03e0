import { type Check, fault } from '../apply.ts'
import { canonical } from '../equal.ts'
import { arrayOf, counted, type Keyword, numberOf, type Place } from './keyword.ts'

/** A check of arrays; anything else is allowed. */
const ofArrays =
  (check: (items: readonly unknown[], ...rest: Tail) => ReturnType<Check>): Check =>
  (value, ...rest) =>
    Array.isArray(value) ? check(value, ...rest) : undefined
type Tail = Parameters<Check> extends [unknown, ...infer Rest] ? Rest : never

/** One schema for each of the first items. */
const first = (schemas: readonly unknown[]): Check =>
  ofArrays((items, checking, seen) => {
    const count = Math.min(items.length, schemas.length)
    for (let at = 0; at < count; at += 1) {
      const found = checking.applyBelow(at, schemas[at], items[at])
      if (found !== undefined) return found
    }
    if (seen !== undefined) seen.itemsBefore = Math.max(seen.itemsBefore, count)
    return undefined
  })

/** One schema for all items from one on. */
const rest = (start: number, schema: unknown): Check =>
  ofArrays((items, checking, seen) => {
    for (let at = start; at < items.length; at += 1) {
      const found = checking.applyBelow(at, schema, items[at])
      if (found !== undefined) return found
    }
    if (seen !== undefined) seen.itemsBefore = Math.max(seen.itemsBefore, items.length)
    return undefined
  })

function items(value: unknown, { schema, document }: Place): Check {
  if (Array.isArray(value) && document.dialect < 2020) return first(value)
  const { prefixItems } = schema
  const start = document.dialect >= 2020 && Array.isArray(prefixItems) ? prefixItems.length : 0
  return rest(start, value)
}

const prefixItems: Keyword = (value, place) =>
  place.document.dialect >= 2020 ? first(arrayOf('prefixItems', value, place)) : undefined

const additionalItems: Keyword = (value, { schema, document }) =>
  document.dialect < 2020 && Array.isArray(schema['items']) ? rest(schema['items'].length, value) : undefined

function contains(value: unknown, { schema, document }: Place): Check {
  const isCounted = document.dialect >= 2019
  const { minContains, maxContains } = schema
  const least = isCounted && minContains !== undefined ? numberOf('minContains', minContains) : 1
  const most = isCounted && maxContains !== undefined ? numberOf('maxContains', maxContains) : Infinity
  return ofArrays((items, checking, seen) => {
    let count = 0
    for (const [at, item] of items.entries()) {
      if (checking.apply(value, item) !== undefined) continue
      count += 1
      if (document.dialect >= 2020) seen?.items.add(at)
      // Enough, unless somebody asks which ones, or whether there are more.
      if (count >= least && most === Infinity && seen === undefined) return undefined
    }
    const kind = 'of the kind under "contains"'
    if (count < least) return fault(`must have at least ${counted(least, 'item')} ${kind}`)
    return count > most ? fault(`must have at most ${counted(most, 'item')} ${kind}`) : undefined
  })
}

const size =
  (keyword: string, holds: (length: number, limit: number) => boolean, says: string): Keyword =>
  value => {
    const bound = numberOf(keyword, value)
    return ofArrays(items =>
      holds(items.length, bound) ? undefined : fault(`must have at ${says} ${counted(bound, 'item')}`),
    )
  }

const uniqueItems: Keyword = value =>
  value !== true
    ? undefined
    : ofArrays((items, { run }) => {
        const texts = new Set<string>()
        for (const item of items) {
          const text = canonical(item, run)
          if (texts.has(text)) return fault('must not have the same item twice')
          texts.add(text)
        }
        return undefined
      })

export const arrays: ReadonlyMap<string, Keyword> = new Map([
  ['prefixItems', prefixItems],
  ['items', items],
  ['additionalItems', additionalItems],
  ['contains', contains],
  ['minItems', size('minItems', (a, b) => a >= b, 'least')],
  ['maxItems', size('maxItems', (a, b) => a <= b, 'most')],
  ['uniqueItems', uniqueItems],
])
