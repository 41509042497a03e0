import { type Check, type Checking, fault } from '../apply.ts'
import type { Seen } from '../seen.ts'
import { arrayOf, type Keyword } from './keyword.ts'

const fits = (schema: unknown, value: unknown, checking: Checking, seen: Seen | undefined): boolean =>
  checking.apply(schema, value, seen) === undefined

const allOf: Keyword = (value, place) => {
  const branches = arrayOf('allOf', value, place)
  return (instance, checking, seen) => {
    for (const branch of branches) {
      const found = checking.apply(branch, instance, seen)
      if (found !== undefined) return found
    }
    return undefined
  }
}

const anyOf: Keyword = (value, place) => {
  const branches = arrayOf('anyOf', value, place)
  return (instance, checking, seen) => {
    let fitting = 0
    for (const branch of branches) {
      if (fits(branch, instance, checking, seen)) fitting += 1
      if (fitting > 0 && seen === undefined) return undefined
    }
    return fitting > 0 ? undefined : fault('must match one of the alternatives')
  }
}

const oneOf: Keyword = (value, place) => {
  const branches = arrayOf('oneOf', value, place)
  return (instance, checking, seen) => {
    let fitting = 0
    for (const branch of branches) {
      if (fits(branch, instance, checking, seen)) fitting += 1
      if (fitting > 1) return fault('must match exactly one alternative, not several')
    }
    return fitting === 1 ? undefined : fault('must match one of the alternatives')
  }
}

const not: Keyword = value => (instance, checking) =>
  checking.apply(value, instance) === undefined ? fault('must not match what the schema excludes') : undefined

function conditional(condition: unknown, { schema }: Parameters<Keyword>[1]): Check {
  const { then = true, else: otherwise = true } = schema
  return (instance, checking, seen) =>
    checking.apply(fits(condition, instance, checking, seen) ? then : otherwise, instance, seen)
}

export const combinations: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['allOf', allOf],
  ['anyOf', anyOf],
  ['oneOf', oneOf],
  ['not', not],
  ['if', conditional],
])
